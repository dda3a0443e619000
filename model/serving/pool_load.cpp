#include "model/serving/pool_load.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kBlindS = 1e9; ///< a router whose knowledge is older than this knows nothing
constexpr double kPace = 0.9;   ///< of the promised time per token, that the engine lets a step take

/// A replica's requests, from the rates of its pool.
struct ReplicaMix {
    Rates rate{}; ///< at one replica
    double all = 0;
    double promptS = 0, promptSquareS2 = 0; ///< means
    double output = 0, context = 0;
};

ReplicaMix mixOf(const PoolNow& now, const PoolPlan& plan) {
    ReplicaMix mix;
    double tokens = 0;
    for (std::size_t k = 0; k < kKinds; ++k) {
        mix.rate[k] = now.active > 0 ? now.rate[k] / now.active : 0;
        mix.all += mix.rate[k];
        mix.promptS += mix.rate[k] * plan.cost[k].promptS;
        mix.promptSquareS2 += mix.rate[k] * plan.cost[k].promptSquareS2;
        tokens += mix.rate[k] * plan.cost[k].output;
        mix.context += mix.rate[k] * plan.cost[k].output * plan.cost[k].context;
    }
    if (mix.all > 0) {
        mix.context /= tokens;
        mix.output = tokens / mix.all;
        mix.promptS /= mix.all;
        mix.promptSquareS2 /= mix.all;
    }
    return mix;
}

} // namespace

QueueLaw numberLaw(const PoolNow& now, const PoolPlan& plan, double lagS) {
    const ReplicaMix mix = mixOf(now, plan);
    ReplicaQueue queue;
    queue.arrivalsPerS = mix.all;
    queue.places = plan.places;
    queue.routerLagS = lagS;
    const double forTokens = std::max(1e-6, 1 - mix.all * mix.promptS);
    queue.departuresPerS = [&](double k) {
        return k > 0 ? k * forTokens / (mix.output * plan.pool.curve.stepS(k, mix.context)) : 0.0;
    };
    return QueueLaw(queue);
}

double lagOf(const scenario::Traffic& traffic, scenario::RequestRouting routing) {
    return routing == scenario::RequestRouting::Random ? 2 * kBlindS
                                                       : std::max(1e-3, traffic.routerLagS.value);
}

GroupLoad groupLoad(const PoolNow& now, const PoolPlan& plan, const QueueLaw& law, double lagS) {
    const ReplicaMix mix = mixOf(now, plan);
    const ReplicaCurve& curve = plan.pool.curve;
    const double groups = std::max(1, curve.groups);
    GroupLoad load;
    load.stepS = curve.stepS(now.batch, mix.context);
    load.arrivalsPerS = mix.all / groups;
    load.promptS = mix.promptS * groups;
    load.promptSquareS2 = mix.promptSquareS2 * groups * groups;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        load.urgentPerS += mix.rate[k] / groups;
        load.urgentS += mix.rate[k] * plan.cost[k].promptS;
        load.urgentSquareS2 += mix.rate[k] * plan.cost[k].promptSquareS2 * groups;
        load.urgentCubeS3 += mix.rate[k] * plan.cost[k].promptCubeS3 * groups * groups;
    }
    if (load.urgentPerS > 0) {
        load.urgentS /= load.urgentPerS;
        load.urgentSquareS2 /= load.urgentPerS;
        load.urgentCubeS3 /= load.urgentPerS;
    }
    load.chunkS = pacedChunkS(load.stepS, load.promptShare(), kPace * plan.paceS,
                              curve.chunkTokens * curve.promptS * groups);
    // Among how many the router finds the emptiest: all, less those that have changed since it last heard.
    const double all = std::max(1.0, now.active * groups);
    load.pooled = lagS > kBlindS ? 1 : 1 + (all - 1) / (1 + all * load.arrivalsPerS * lagS);
    const double reach = std::max(1.0, 0.5 * std::sqrt(law.variance()));
    const double slope = (curve.stepS(now.batch + reach, mix.context) - load.stepS) / reach;
    load.stepVarianceS2 = slope * slope * law.variance();
    load.placeWaitS = law.stable() ? law.meanWaitS() : 0;
    load.placeWaitShare = law.waitShare();
    return load;
}

void fillReplicas(PoolNow& now, const PoolPlan& plan) {
    now.places = plan.places;
    const ReplicaMix mix = mixOf(now, plan);
    if (!(mix.all > 0)) {
        return;
    }
    PoolLoad load;
    load.rate = now.rate;
    now.load = std::min(1.0, usedReplicas(plan, load) / now.active);
    now.promptShare = std::min(1.0, mix.all * mix.promptS);
    // Little's law inside a replica: b sequences, each of which stays `output` tokens' time.
    const double forTokens = std::max(1e-6, 1 - mix.all * mix.promptS);
    const auto excess = [&](double b) {
        return mix.all * mix.output * plan.pool.curve.stepS(b, mix.context) / forTokens - b;
    };
    double low = 0;
    double high = plan.places;
    for (int i = 0; i < 50 && high - low > 1e-6 * high; ++i) {
        const double middle = (low + high) / 2;
        (excess(middle) > 0 ? low : high) = middle;
    }
    now.batch = high;
    now.stayS = now.batch / mix.all;
}

double keptShare(const PoolNow& now, const PoolPlan& plan, const RequestClasses& classes, double lagS) {
    const GroupLoad load = groupLoad(now, plan, numberLaw(now, plan, lagS), lagS);
    double asked = 0;
    double kept = 0;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        if (!(now.rate[k] > 0)) {
            continue;
        }
        const RequestClass& requests = classes[k];
        asked += now.rate[k];
        kept += now.rate[k] *
                firstToken(load, plan.cost[k], plan.pool.curve.groups, requests.input)
                    .within(requests.firstTokenS) *
                perToken(load, requests.output).within(requests.tokenS);
    }
    return asked > 0 ? kept / asked : 1;
}

double keptShareAt(double load, const PoolPlan& plan, const Rates& mix, const RequestClasses& classes,
                   double lagS) {
    PoolNow now;
    now.replicas = now.active = static_cast<double>(plan.pool.replicas);
    PoolLoad one;
    one.rate = mix;
    const double used = usedReplicas(plan, one);
    if (!(used > 0)) {
        return 1;
    }
    for (std::size_t k = 0; k < kKinds; ++k) {
        now.rate[k] = mix[k] * load * now.active / used;
    }
    fillReplicas(now, plan);
    return keptShare(now, plan, classes, lagS);
}

double promiseLoad(const PoolPlan& plan, const RequestClasses& classes, double lagS, double asked,
                   double most) {
    constexpr double kLeast = 0.1; // a fleet ten times too large keeps no promise either
    constexpr int kHalvings = 6;
    Rates mix{};
    for (std::size_t k = 0; k < kInteractive; ++k) {
        mix[k] = plan.takes[k] ? classes[k].share : 0;
    }
    const auto keeps = [&](double load) { return keptShareAt(load, plan, mix, classes, lagS) >= asked; };
    if (plan.pool.replicas < 1 || keeps(most) || !keeps(kLeast)) {
        return most;
    }
    double low = kLeast;
    double high = most;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (keeps(middle) ? low : high) = middle;
    }
    return low;
}

void aimAtPromises(FleetPlan& plan, const RequestClasses& classes, const scenario::Traffic& traffic) {
    constexpr double kMissesAimedAt = 0.8; // of those that the promise allows
    const double asked = 1 - kMissesAimedAt * (1 - traffic.promiseKept.value);
    const double lagS = lagOf(traffic, plan.routing);
    double carries = 0;
    double within = 0;
    for (PoolPlan& pool : plan.pools) {
        const double most = promiseLoad(pool, classes, lagS, asked, 1);
        pool.targetLoad = std::min(most, std::max(1e-3, traffic.autoscaling.target.value));
        double workS = 0;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            workS += pool.takes[k] ? classes[k].share * pool.workS[k] : 0;
        }
        const double rate = workS > 0 ? static_cast<double>(pool.pool.replicas) / workS : 0;
        carries += rate;
        within += rate * most;
    }
    plan.promisedLoad = carries > 0 ? within / carries : 1;
}

double grownLoad(const FleetPlan& plan, const scenario::Traffic& traffic) {
    const double ceiling = traffic.ceiling.value;
    return std::max(traffic.load.value, ceiling > 1 ? ceiling : std::min(ceiling, plan.promisedLoad));
}

} // namespace atlas::serving
