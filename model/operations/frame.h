// What a cluster does at one instant: an immutable snapshot that scenes and charts read, and nothing else.
#pragma once

#include "model/cluster/cluster.h"
#include "model/operations/account.h"
#include "model/operations/attribution.h"
#include "model/operations/events.h"
#include "model/operations/phases.h"
#include "model/operations/serving_detail.h"
#include "model/operations/step_work.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::serving {
class Fleet;
}

namespace atlas::operations {

/// State of one GPU. The order is the order of the legend; `worst` of a group is the highest severity(state).
enum class GpuState : std::uint8_t {
    Unpowered,
    Idle,
    Computing,
    Communicating,
    Waiting, ///< at the barrier, for others
    Culprit, ///< holds the others up
    Fault,
    Checkpoint,
    Restart,
    Prefill, ///< serving: reading prompts
    Decode,  ///< serving: writing tokens
};
inline constexpr std::size_t kStateCount = 11;
[[nodiscard]] const char* name(GpuState state);
/// 0 calm .. 3 cannot be missed (culprit, fault).
[[nodiscard]] int severity(GpuState state);

struct RackSummary {
    std::uint8_t meanUtilisation = 0; ///< 0..255
    GpuState dominant = GpuState::Unpowered;
    GpuState worst = GpuState::Unpowered; ///< by severity: never averaged away
    std::uint8_t worstCount = 0;
};

/// GPUs that are slower than they should be, whether anybody waits for them now or not.
struct SlowPart {
    cluster::Part part;
    Component component = Component::Thermal;
    double slowdown = 1; ///< of its compute time, or of the time its network takes
};

struct Frame {
    double timeS = 0;      ///< simulated, from the scenario's start
    bool training = false; ///< false: serving, leased or idle
    Phase phase = Phase::Idle;
    double phaseStartS = 0; ///< of the stall, or of the run of steps between two stalls
    double phaseEndS = 0;
    double capacity = 1; ///< replicas that run, of the layout's
    /// Counted from the last restart of the job: a far instant then needs no step before it to be drawn.
    std::uint64_t step = 0;
    double stepStartS = 0;
    double stepTimeS = 0;
    double stepFraction = 0;                 ///< where in the step `timeS` lies, 0..1
    cluster::Index culprit = cluster::kNone; ///< slowest GPU of this step
    double culpritSlowdown = 1;              ///< its time over the median of its class
    double waitGpuSeconds = 0;               ///< GPU-seconds of waiting in this step
    std::vector<std::uint8_t> state;         ///< [gpuCount], GpuState
    std::vector<std::uint8_t> utilisation;   ///< [gpuCount], 0..255
    std::vector<RackSummary> racks;          ///< [racks]
    std::vector<float> linkLoad;             ///< [linkGroups], 0..1 of capacity now
    std::vector<float> linkHealth;           ///< [linkGroups], share of the capacity left; empty: all of it
    std::vector<SlowPart> slow;              ///< few; empty where nothing is slow
    std::array<std::uint32_t, kStateCount> counts{}; ///< GPUs by state
    [[nodiscard]] double busyShare() const;          ///< computing, prefill, decode over powered
};

/// Charts over a span of time without drawing every GPU.
struct TimelineSample {
    double timeS = 0;
    float utilisation = 0; ///< mean over powered GPUs
    float waiting = 0;     ///< share of powered GPUs waiting
    float stepTimeS = 0;
    float queue = 0;       ///< serving: interactive requests that wait before the replicas
    float promiseKept = 1; ///< serving: share of interactive requests
};

/// One GPU at one instant, for the inspector. Times are those of the current step, seconds.
struct GpuDetail {
    GpuState state = GpuState::Idle;
    float utilisation = 0; ///< 0..1
    std::string gpuClass;  ///< name for people
    bool member = false;   ///< takes part in the job
    bool culprit = false;

    // Training: place in the layout, counted from 0; sizes of the groups.
    int tpRank = 0, cpRank = 0, ppStage = 0;
    std::int64_t dpReplica = 0;
    int tp = 1, cp = 1, pp = 1;
    std::int64_t dp = 1;
    double computeS = 0;
    double communicateS = 0;
    double bubbleS = 0;             ///< pipeline fill and drain
    double waitS = 0;               ///< at the barrier
    double classMedianComputeS = 0; ///< of its class in any step
    double staticSlowdown = 1;      ///< lasting: its time over that of a typical GPU of its class
    double slowdown = 1;            ///< for now: its compute or network time over the normal one
    std::string slowText;           ///< why
    double stepTimeS = 0;
    /// The step without this GPU (all other draws unchanged), and what the others would have saved.
    double stepTimeWithoutS = 0;
    double causedWaitGpuHours = 0;
    /// The same without its whole class: what mixing costs the others in this step. Equal to the step where
    /// there is one class only.
    double stepTimeWithoutClassS = 0;
    double classCausedWaitGpuHours = 0;

    ServingDetail serving;
};

/// A moment worth a mark on the scrubber.
struct TimelineMark {
    double timeS = 0;
    std::string text; ///< "training begins", "220,032 GPUs have power"
};

/// The life of one cluster under one assignment, as a pure function of scenario, seed and time: any instant,
/// in any order, from any thread, gives the same bytes.
class Timeline {
public:
    virtual ~Timeline() = default;
    [[nodiscard]] virtual std::shared_ptr<const Frame> frameAt(double timeS) const = 0;
    /// `count` samples evenly over [fromS, toS].
    [[nodiscard]] virtual std::vector<TimelineSample> samples(double fromS, double toS, int count) const = 0;
    /// Mean over the assignment's time, weighted by GPUs with power; empty where there is no training.
    [[nodiscard]] virtual Waterfall waterfall() const = 0;
    /// Precondition: gpu < cluster()->gpuCount.
    [[nodiscard]] virtual GpuDetail detailAt(double timeS, cluster::Index gpu) const = 0;
    /// In order of time; time 0 has none.
    [[nodiscard]] virtual std::vector<TimelineMark> marks() const { return {}; }

    // What happens over time. Where nothing trains, all of it is empty.
    /// Events whose time or episode lies in [fromS, toS), in order of time.
    [[nodiscard]] virtual std::vector<Event> events(double fromS, double toS) const;
    /// What the job did, without gaps over [fromS, toS]. Checkpoints are spans of their own where they are
    /// fewer than `most`, else part of Running.
    [[nodiscard]] virtual std::vector<PhaseSpan> phases(double fromS, double toS,
                                                        std::size_t most = 4096) const;
    /// Steps that begin in [fromS, toS), at most `most` of them, the first ones.
    [[nodiscard]] virtual std::vector<StepSpan> steps(double fromS, double toS, std::size_t most) const;
    /// States of one GPU over the step at `timeS`, from its start to its end, as frames show them; one span
    /// over the stall where there is no step.
    [[nodiscard]] virtual std::vector<StateSpan> statesOf(double timeS, cluster::Index gpu) const;
    /// The step at `timeS` and the times of these GPUs in it; nothing outside of steps.
    [[nodiscard]] virtual std::optional<StepWork> workAt(double timeS,
                                                         std::span<const cluster::Index> gpus) const;
    /// Who held up the step at `timeS`; nothing outside of steps.
    [[nodiscard]] virtual std::optional<Attribution> attributionAt(double timeS) const;
    /// What a span was spent on. Stops early, with what there is, when asked to.
    [[nodiscard]] virtual Account account(double fromS, double toS, std::stop_token stop = {}) const;

    /// Where it serves: demand, queues and latency of the fleet at any instant; null elsewhere.
    [[nodiscard]] virtual const serving::Fleet* fleet() const { return nullptr; }
    /// What people should know about this timeline ("2026-03: no layout fits 4,608 GPUs").
    [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
    /// Those about [fromS, toS) only, without looking elsewhere.
    [[nodiscard]] virtual std::vector<std::string> notesOf(double fromS, double toS) const;
    [[nodiscard]] virtual std::string activity() const = 0; ///< "training", "serving for Anthropic", "idle"
    /// Where the step that contains `timeS` begins, and the next one; equal to timeS where there are no
    /// steps.
    [[nodiscard]] virtual double stepBoundary(double timeS, int direction) const = 0;
    [[nodiscard]] const std::shared_ptr<const cluster::Cluster>& cluster() const { return m_cluster; }

protected:
    explicit Timeline(std::shared_ptr<const cluster::Cluster> c)
        : m_cluster(std::move(c)) {}

private:
    std::shared_ptr<const cluster::Cluster> m_cluster;
};

/// The timeline of one assignment of a strategy (plans the layout, prepares jitter or demand).
[[nodiscard]] Result<std::shared_ptr<const Timeline>>
makeTimeline(const scenario::Scenario& scenario, const scenario::Assignment& assignment,
             std::shared_ptr<const cluster::Cluster> cluster);

} // namespace atlas::operations
