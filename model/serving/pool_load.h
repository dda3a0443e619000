// A pool at a load: how full its replicas are, how many requests are in each, what of its promises it keeps.
#pragma once

#include "model/serving/latency.h"
#include "model/serving/queue.h"
#include "model/serving/router.h"

namespace atlas::serving {

/// One pool at an instant.
struct PoolNow {
    double replicas = 0; ///< that exist
    double active = 0;   ///< take requests, in sound replicas' worth
    double lost = 0;     ///< out or slow, in replicas' worth
    Rates rate{};        ///< served, requests/s, of the whole pool
    double load = 0;     ///< of an active replica: work over what fills it, 0..1
    double batch = 0;    ///< sequences in a replica, mean
    double places = 0;
    double promptShare = 0; ///< of a replica's time
    double stayS = 0;       ///< a request in a replica, mean
    [[nodiscard]] double utilisation() const { return replicas > 0 ? load * active / replicas : 0; }
};

/// Sequences in a replica, its load and how long a request stays, from the rates of the pool.
void fillReplicas(PoolNow& now, const PoolPlan& plan);

/// How old the loads are that a router acts on: beyond all use where it does not look.
[[nodiscard]] double lagOf(const scenario::Traffic& traffic, scenario::RequestRouting routing);

/// Law of the number of requests in one active replica.
[[nodiscard]] QueueLaw numberLaw(const PoolNow& now, const PoolPlan& plan, double lagS);

/// One of the parts of a replica that read prompts, at the pool's rates.
[[nodiscard]] GroupLoad groupLoad(const PoolNow& now, const PoolPlan& plan, const QueueLaw& law, double lagS);

/// Share of the interactive requests of a pool for which both promises hold.
[[nodiscard]] double keptShare(const PoolNow& now, const PoolPlan& plan, const RequestClasses& classes,
                               double lagS);

/// The same with all replicas at `load` of what fills them, requests coming in the proportions of `mix`.
[[nodiscard]] double keptShareAt(double load, const PoolPlan& plan, const Rates& mix,
                                 const RequestClasses& classes, double lagS);

/// The highest load, at most `most`, at which a pool keeps its promises to a share `asked` of the interactive
/// requests it takes; `most` where no load helps.
[[nodiscard]] double promiseLoad(const PoolPlan& plan, const RequestClasses& classes, double lagS,
                                 double asked, double most);

/// Sets what the replicas of each pool are filled to at most, so that promises hold with a fifth of the
/// misses to spare for bursts, and no more than the traffic says; and the share of the capacity at which all
/// pools are filled like that.
void aimAtPromises(FleetPlan& plan, const RequestClasses& classes, const scenario::Traffic& traffic);

/// Interactive requests/s, over the capacity, up to which demand grows: the ceiling, and no further than the
/// promises hold. A ceiling above 1 is one of a tenant who lets queues grow.
[[nodiscard]] double grownLoad(const FleetPlan& plan, const scenario::Traffic& traffic);

} // namespace atlas::serving
