// The life of a cluster that serves: replicas work alone, each with its own queue, so that nobody waits for
// anybody.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/frame_pool.h"
#include "model/operations/replica_faults.h"
#include "model/operations/replica_map.h"
#include "model/serving/fleet.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace atlas::operations {

struct ServingInputs {
    std::string activity = "serving";
    std::uint64_t seed = 7;
    scenario::Month start;
    scenario::Month end;
    /// Pools are the islands of the cluster, in their order; null: idle.
    std::shared_ptr<const serving::Fleet> fleet;
    /// What the faults of the fleet come from, for lists and marks of slow parts; null: nothing breaks.
    std::shared_ptr<const ReplicaFaults> faults;
    std::vector<std::string> notes;
};

/// The fleet says what each pool does at an instant; this draws it replica by replica: which ones take
/// requests, how many sequences each has (from the law of the queue, a pure function of seed, replica and
/// time that changes about as fast as answers end), and who is out of order.
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
    [[nodiscard]] std::vector<TimelineMark> marks() const override;
    [[nodiscard]] std::vector<Event> events(double fromS, double toS) const override;
    [[nodiscard]] const serving::Fleet* fleet() const override { return m_inputs.fleet.get(); }

private:
    struct Draws;
    struct ReplicaNow {
        GpuState state = GpuState::Idle;
        std::uint8_t utilisation = 0;
        double number = 0; ///< requests in it
    };
    [[nodiscard]] double clamped(double timeS) const;
    [[nodiscard]] ReplicaMap mapOf(cluster::Index island, scenario::Month month) const;
    [[nodiscard]] Draws drawsOf(const serving::FleetNow& now, cluster::Index island) const;
    [[nodiscard]] ReplicaNow replicaNow(const Draws& draws, cluster::Index replica) const;
    void paintIsland(Frame& frame, const serving::FleetNow& now, cluster::Index island,
                     scenario::Month month) const;

    ServingInputs m_inputs;
    FramePool m_pool;
};

} // namespace atlas::operations
