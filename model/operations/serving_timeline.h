// The life of a cluster that serves: replicas work alone, each with its own queue, so that nobody waits for
// anybody.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/frame_pool.h"

#include <array>
#include <cstdint>
#include <vector>

namespace atlas::operations {

/// How GPUs of one island serve.
struct ServingClass {
    cluster::Index island = 0;
    int replicaGpus = 0;     ///< 0: the model does not fit, its GPUs stay idle
    int batchPerReplica = 0; ///< requests at full load
    double prefillShare = 0; ///< of a replica's time at full load
};

struct ServingPhase {
    scenario::Month from;
    std::vector<ServingClass> classes; ///< empty: idle
    std::string note;
};

struct ServingInputs {
    std::string activity = "serving";
    std::uint64_t seed = 7;
    scenario::Month start;
    scenario::Month end;
    std::array<double, 24> hourlyDemand{}; ///< of a weekday, relative to its mean
    double weekendFactor = 1;
    double headroom = 1; ///< load of a replica at a weekday's peak
    std::vector<ServingPhase> phases;
};

/// Demand follows day and week; the balancer spreads it evenly, and what is in a replica's batch at an
/// instant is Poisson around its share (M/G/infinity), a pure function of seed, replica and time.
class ServingTimeline final : public Timeline {
public:
    ServingTimeline(std::shared_ptr<const cluster::Cluster> cluster, ServingInputs inputs);

    [[nodiscard]] std::shared_ptr<const Frame> frameAt(double timeS) const override;
    [[nodiscard]] std::vector<TimelineSample> samples(double fromS, double toS, int count) const override;
    [[nodiscard]] Waterfall waterfall() const override { return {}; }
    [[nodiscard]] GpuDetail detailAt(double timeS, cluster::Index gpu) const override;
    [[nodiscard]] std::string activity() const override { return m_inputs.activity; }
    [[nodiscard]] double stepBoundary(double timeS, int) const override { return timeS; }
    [[nodiscard]] std::vector<std::string> notes() const override;

    /// Mean load of a replica, 0..1.
    [[nodiscard]] double loadAt(double timeS) const;

private:
    struct ReplicaNow {
        GpuState state = GpuState::Idle;
        std::uint8_t utilisation = 0;
        double fill = 0; ///< of the batch
    };
    [[nodiscard]] double clamped(double timeS) const;
    [[nodiscard]] const ServingPhase* phaseAt(scenario::Month month) const;
    [[nodiscard]] ReplicaNow replicaNow(const ServingClass& serving, std::uint64_t replica, double timeS,
                                        double load) const;
    void paintIsland(Frame& frame, cluster::Index island, const ServingClass* serving,
                     scenario::Month month) const;

    ServingInputs m_inputs;
    FramePool m_pool;
};

} // namespace atlas::operations
