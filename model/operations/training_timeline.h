// The life of a cluster that trains: idle until the job starts, then one stretch of steps for each set of
// GPUs that has power.
#pragma once

#include "model/operations/barrier.h"
#include "model/operations/frame_pool.h"
#include "model/operations/static_speeds.h"
#include "model/operations/step_clock.h"
#include "model/operations/step_members.h"
#include "model/operations/step_painter.h"
#include "model/operations/traffic.h"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace atlas::operations {

/// What a plan found; without an anatomy the GPUs with power stay idle.
struct PlannedStep {
    std::optional<training::StepAnatomy> anatomy;
    StepVolumes volumes;
    std::string note;    ///< what the plan had to give up
    Diagnostics errors;  ///< why there is none
    double timeKept = 1; ///< share of wall-clock time in kept steps (goodput.h)
};

/// From a month on, one plan. It is made when an instant of the phase is first asked for: a plan takes a
/// fraction of a second, and most frames are of one phase.
struct TrainingPhase {
    scenario::Month from;
    std::function<PlannedStep()> plan; ///< pure, may be called from any thread
};

struct TrainingInputs {
    std::string activity = "training";
    std::uint64_t seed = 7;
    scenario::Month start;             ///< month of time 0
    scenario::Month end;               ///< first month after the horizon
    double staticSpeedSpread = 0;      ///< sigma, relative
    double stepJitter = 0;             ///< sigma, relative
    std::vector<TrainingPhase> phases; ///< in order of months
};

class TrainingTimeline final : public Timeline {
public:
    /// Errors: a horizon without months; no phase that can be planned, with the reasons of the last.
    [[nodiscard]] static Result<std::shared_ptr<const TrainingTimeline>>
    make(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs);

    [[nodiscard]] std::shared_ptr<const Frame> frameAt(double timeS) const override;
    [[nodiscard]] std::vector<TimelineSample> samples(double fromS, double toS, int count) const override;
    [[nodiscard]] Waterfall waterfall() const override;
    [[nodiscard]] GpuDetail detailAt(double timeS, cluster::Index gpu) const override;
    [[nodiscard]] std::string activity() const override { return m_inputs.activity; }
    [[nodiscard]] double stepBoundary(double timeS, int direction) const override;
    [[nodiscard]] std::vector<TimelineMark> marks() const override;
    /// Plans what is not yet planned.
    [[nodiscard]] std::vector<std::string> notes() const override;

private:
    /// What runs in a stretch, once planned.
    struct Running {
        std::optional<StepShape> shape; ///< empty: nothing runs
        std::shared_ptr<const Barrier> barrier;
        std::shared_ptr<const StepClock> clock;
        LinkTraffic traffic;
        double timeKept = 1;
        std::string note;
        Diagnostics errors;
    };
    /// A stretch of constant conditions.
    struct Stretch {
        double startS = 0;
        double endS = 0;
        scenario::Month month; ///< in which it begins: decides who has power
        cluster::Index powered = 0;
        std::uint32_t stream = 0;
        const TrainingPhase* phase = nullptr; ///< null before the first
        mutable std::once_flag planned;
        mutable Running running;
    };
    TrainingTimeline(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs);
    [[nodiscard]] double clamped(double timeS) const;
    [[nodiscard]] const Stretch& stretchAt(double timeS) const;
    /// Plans the stretch if that has not been done.
    const Running& running(const Stretch& stretch) const;
    [[nodiscard]] StepMembers membersAt(const Stretch& stretch, const StepAt& at) const;
    void paintIdle(Frame& frame, const Stretch& stretch) const;
    void paintStep(Frame& frame, const Stretch& stretch, const StepAt& at) const;
    void loadLinks(Frame& frame, const Stretch& stretch, const StepAt& at) const;

    TrainingInputs m_inputs;
    StaticSpeeds m_speeds;
    std::deque<Stretch> m_stretches;
    FramePool m_pool;
};

} // namespace atlas::operations
