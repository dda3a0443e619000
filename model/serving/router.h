// Which class of GPU takes which requests, and how much of them at a given demand.
#pragma once

#include "model/serving/replica_curve.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace atlas::serving {

using Rates = std::array<double, kKinds>; ///< requests/s by kind

/// Replicas of one class of GPU.
struct FleetPool {
    std::string name; ///< of the island
    std::string gpu;
    std::int64_t replicas = 0;
    ReplicaCurve curve;
};

/// A pool with its part in the service.
struct PoolPlan {
    FleetPool pool;
    std::array<RequestCost, kKinds> cost;
    std::array<bool, kKinds> takes{};
    double places = 1;      ///< sequences at once: what memory and the strictest pace of what it takes allow
    double context = 0;     ///< cached tokens of a sequence, mean over the mix
    bool byMemory = false;  ///< what bounds the places
    double paceS = 0;       ///< the strictest time per token promised to what it takes
    Rates workS{};          ///< replica-seconds of a request in a full replica
    Rates fillWorkS{};      ///< in one filled up to where batch work is let in
    double floorTokenS = 0; ///< a token on an idle replica
    double targetLoad = 1;  ///< of a replica, that the autoscaler aims at (aimAtPromises)
    [[nodiscard]] double fillPlaces(double fill) const { return std::max(1.0, places * fill); }
};

struct FleetPlan {
    std::vector<PoolPlan> pools;
    std::array<std::size_t, kInteractive> order{}; ///< strictest first
    scenario::RequestRouting routing = scenario::RequestRouting::ClassAware;
    double batchFill = 1;
    /// Interactive requests/s, in the proportions of the shares, that fill every replica.
    double interactiveCapacity = 0;
    double promisedLoad = 1;        ///< share of it within which the promises hold (aimAtPromises)
    std::vector<std::string> notes; ///< "chat is not served on A100: a token takes at least 35 ms, ..."
};

/// Decides who takes what. Class-aware: the strictest kind goes to the fastest pools that carry it, so that
/// only their batches are bounded by its pace; the others go wherever their promises can be kept. A kind
/// whose promise no pool can keep is served nevertheless, on the fastest pool, and said so.
[[nodiscard]] FleetPlan planFleet(std::vector<FleetPool> pools, const RequestClasses& classes,
                                  scenario::RequestRouting routing, double batchFill);

/// Requests/s on each pool.
struct PoolLoad {
    Rates rate{};
};

/// Spreads interactive `demand` over pools of `capacity` replicas each: level by level (least loaded), or by
/// the number of replicas (random). `loads` has an entry a pool; what does not fit stays out of it.
void spread(const FleetPlan& plan, const Rates& demand, std::span<const double> capacity,
            std::span<PoolLoad> loads);

/// Share of the capacity of a pool that its load takes, in full replicas.
[[nodiscard]] double usedReplicas(const PoolPlan& pool, const PoolLoad& load);

} // namespace atlas::serving
