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

#include <optional>

namespace atlas::operations {

/// A planned step from a month on; without one the GPUs with power stay idle.
struct TrainingPhase {
    scenario::Month from;
    std::optional<training::StepAnatomy> anatomy;
    StepVolumes volumes;
    std::string note; ///< why nothing runs, or what the plan had to give up
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
    /// Errors: a phase whose anatomy does not fit the cluster.
    [[nodiscard]] static Result<std::shared_ptr<const TrainingTimeline>>
    make(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs);

    [[nodiscard]] std::shared_ptr<const Frame> frameAt(double timeS) const override;
    [[nodiscard]] std::vector<TimelineSample> samples(double fromS, double toS, int count) const override;
    [[nodiscard]] Waterfall waterfall() const override;
    [[nodiscard]] GpuDetail detailAt(double timeS, cluster::Index gpu) const override;
    [[nodiscard]] std::string activity() const override { return m_inputs.activity; }
    [[nodiscard]] double stepBoundary(double timeS, int direction) const override;
    [[nodiscard]] std::vector<TimelineMark> marks() const override;
    [[nodiscard]] std::vector<std::string> notes() const override;

private:
    /// A stretch of constant conditions.
    struct Stretch {
        double startS = 0;
        double endS = 0;
        scenario::Month month; ///< in which it begins: decides who has power
        cluster::Index powered = 0;
        std::uint32_t stream = 0;
        std::optional<StepShape> shape; ///< empty: nothing runs
        std::shared_ptr<const Barrier> barrier;
        std::shared_ptr<const StepClock> clock;
        LinkTraffic traffic;
    };
    TrainingTimeline(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs);
    [[nodiscard]] double clamped(double timeS) const;
    [[nodiscard]] const Stretch& stretchAt(double timeS) const;
    [[nodiscard]] std::uint64_t stepsBefore(const Stretch& stretch) const;
    [[nodiscard]] StepMembers membersAt(const Stretch& stretch, const StepAt& at) const;
    void paintIdle(Frame& frame, const Stretch& stretch) const;
    void paintStep(Frame& frame, const Stretch& stretch, const StepAt& at) const;
    void loadLinks(Frame& frame, const Stretch& stretch, const StepAt& at) const;

    TrainingInputs m_inputs;
    StaticSpeeds m_speeds;
    std::vector<Stretch> m_stretches;
    FramePool m_pool;
};

} // namespace atlas::operations
