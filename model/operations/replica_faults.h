// What breaks or slows down, as replicas feel it: each goes at the pace of its slowest GPU or is out, and the
// others go on.
#pragma once

#include "model/operations/hazards.h"
#include "model/operations/replica_map.h"
#include "model/serving/fleet.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace atlas::operations {

/// How long a replica is away beside the repair of what broke.
struct ReplicaRecovery {
    double detectionS = 0;
    double startS = 0;  ///< another replica, or the same one, loads its weights
    double repairS = 0; ///< longest time that something stays out
};

/// From a time on, GPUs of a replica by island; 0 where nothing serves.
struct ReplicaSizes {
    double fromS = 0;
    std::vector<int> gpus;
};

class ReplicaFaults {
public:
    /// `injections`: in order of time. Failures by chance hit what the training of the same scenario would
    /// see hit.
    ReplicaFaults(std::shared_ptr<const cluster::Cluster> cluster, Hazards hazards,
                  std::vector<Event> injections, std::vector<ReplicaSizes> sizes, ReplicaRecovery recovery,
                  scenario::Month start);

    /// Failures and episodes that begin in [fromS, toS), in order of time, injections among them.
    [[nodiscard]] std::vector<Event> events(double fromS, double toS) const;
    /// Failures that are not repaired yet and episodes that last, at an instant.
    [[nodiscard]] std::vector<Event> lastingAt(double timeS) const;
    /// All faults that touch [fromS, toS), by replica and time; where two hit one replica at once the slower
    /// counts.
    [[nodiscard]] std::vector<serving::ReplicaFault> between(double fromS, double toS) const;

private:
    struct Hit {
        std::uint32_t pool = 0;
        std::uint32_t replica = 0;
        double fromS = 0, untilS = 0;
        double speed = 1;
    };
    /// By chance, from as far before a day as anything lasts to its end.
    using DayEvents = std::shared_ptr<const std::vector<Event>>;
    [[nodiscard]] DayEvents around(std::int64_t day) const;
    [[nodiscard]] double untilS(const Event& event) const;
    [[nodiscard]] ReplicaMap mapOf(cluster::Index island, double timeS) const;
    void add(const Event& event, std::vector<Hit>& hits) const;
    void addGpus(const Event& event, cluster::Range gpus, double speed, double untilS,
                 std::vector<Hit>& hits) const;

    std::shared_ptr<const cluster::Cluster> m_cluster;
    Hazards m_hazards;
    std::vector<Event> m_injections;
    std::vector<ReplicaSizes> m_sizes;
    ReplicaRecovery m_recovery;
    scenario::Month m_start;
    mutable std::mutex m_mutex;
    mutable std::pair<std::int64_t, DayEvents> m_around{-1, nullptr}; ///< lately asked for
};

} // namespace atlas::operations
