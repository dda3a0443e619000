// The life of a cluster that trains: idle until the job starts, then one stretch for each set of GPUs that
// has power, with all that happens to it.
#pragma once

#include "model/operations/frame_pool.h"
#include "model/operations/job_course.h"
#include "model/operations/static_speeds.h"
#include "model/operations/step_members.h"
#include "model/operations/step_painter.h"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace atlas::operations {

/// What a plan found; without an anatomy the GPUs with power stay idle.
struct PlannedStep {
    std::optional<training::StepAnatomy> anatomy;
    StepVolumes volumes;
    std::string note;   ///< what the plan had to give up
    Diagnostics errors; ///< why there is none
    /// What is to be expected of some of its classes; null: nothing happens to them.
    JobCourse::OutlookOf outlookOf;
    OuterBarrier outer; ///< of local SGD
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
    scenario::Operations operations;
    std::vector<Event> injections; ///< in order of time
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
    [[nodiscard]] std::vector<std::string> notesOf(double fromS, double toS) const override;

    [[nodiscard]] std::vector<Event> events(double fromS, double toS) const override;
    [[nodiscard]] std::vector<PhaseSpan> phases(double fromS, double toS,
                                                std::size_t most = 4096) const override;
    [[nodiscard]] std::vector<StepSpan> steps(double fromS, double toS, std::size_t most) const override;
    [[nodiscard]] std::vector<StateSpan> statesOf(double timeS, cluster::Index gpu) const override;
    [[nodiscard]] std::optional<StepWork> workAt(double timeS,
                                                 std::span<const cluster::Index> gpus) const override;
    [[nodiscard]] std::optional<Attribution> attributionAt(double timeS) const override;
    [[nodiscard]] Account account(double fromS, double toS, std::stop_token stop = {}) const override;

    /// What runs in a stretch, once planned.
    struct Running {
        std::unique_ptr<const JobCourse> job; ///< null: nothing runs
        std::string note;
        Diagnostics errors;
    };
    /// A stretch with one plan.
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
    [[nodiscard]] const std::deque<Stretch>& stretches() const { return m_stretches; }
    /// Plans the stretch if that has not been done.
    const Running& running(const Stretch& stretch) const;

private:
    TrainingTimeline(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs);
    [[nodiscard]] double clamped(double timeS) const;
    [[nodiscard]] const Stretch& stretchAt(double timeS) const;

    TrainingInputs m_inputs;
    StaticSpeeds m_speeds;
    std::shared_ptr<const Hazards> m_hazards; ///< null: nothing happens by chance
    std::deque<Stretch> m_stretches;
    FramePool m_pool;
};

} // namespace atlas::operations
