// Fleets of invented hardware for tests: demand without day, week, noise or growth unless asked for.
#pragma once

#include "model/serving/fleet.h"

#include <cmath>

namespace atlas::test {

inline scenario::Traffic calmTraffic(double load) {
    using catalog::Sourced;
    scenario::Traffic t;
    t.load = Sourced(load);
    t.ceiling = Sourced(10);
    t.growthPerMonth = Sourced(1);
    t.surgeEveryS = Sourced(1e300);
    t.surgeS = Sourced(1800);
    t.patienceS = Sourced(600);
    t.promiseKept = Sourced(0.95);
    t.batch.deadlineS = Sourced(86'400);
    t.batch.fill = Sourced(0.9);
    t.routerLagS = Sourced(0.25);
    t.routing = scenario::RequestRouting::LeastLoaded;
    t.autoscaling.minShare = t.autoscaling.maxShare = t.autoscaling.target = Sourced(1);
    return t;
}

/// Chat as in Azure's conversation trace, agents as in Mooncake's, batch of long documents.
inline serving::RequestClasses threeKinds(double chat, double agent, double batch) {
    using serving::Lengths;
    serving::RequestClasses k;
    k[0] = {chat, Lengths::of(1155, 0.883, 131'072), Lengths::of(211, 0.611, 131'072), 0.366, 2, 0.08};
    k[1] = {agent, Lengths::of(8596, 0.574, 131'072), Lengths::of(182, 0.466, 131'072), 0.563, 2, 0.08};
    k[2] = {batch, Lengths::of(12'035, 0.574, 131'072), Lengths::of(343, 1, 131'072), 0.366, 0, 0};
    return k;
}

/// Eight GPUs that read and write about as a node of today does.
inline serving::ReplicaCurve nodeCurve(double slowness = 1) {
    serving::ReplicaCurve c;
    c.gpus = 8;
    c.places = 400;
    c.contextS = 3e-9 * slowness;
    c.promptS = 1.2e-5 * slowness;
    c.promptDepthS = 4e-10 * slowness;
    c.chunkTokens = 8192;
    for (const double b : {1., 2., 4., 8., 16., 32., 64., 128., 256., 400.}) {
        c.batch.push_back(b);
        c.step.push_back(slowness * (0.012 + 0.00008 * b + 0.004 * (1 - std::exp(-b / 20))));
    }
    return c;
}

inline serving::FleetPool poolOf(std::int64_t replicas, double slowness = 1, const char* gpu = "H100") {
    return {gpu, gpu, replicas, nodeCurve(slowness)};
}

inline serving::FleetInputs fleetInputs(std::vector<serving::FleetPool> pools, double load,
                                        double batchShare = 0, double days = 7) {
    serving::FleetInputs in;
    in.untilS = days * 86'400;
    in.classes = threeKinds((1 - batchShare) / 2, (1 - batchShare) / 2, batchShare);
    in.traffic = calmTraffic(load);
    in.userTokensPerDay = 500'000;
    in.phases = {{0, std::move(pools)}};
    return in;
}

inline bool closeTo(double value, double expected, double relative = 1e-9, double absolute = 0) {
    return std::abs(value - expected) <= relative * std::abs(expected) + absolute;
}

/// No instant may hold a number that is none.
inline bool finite(const serving::FleetNow& now) {
    bool ok = std::isfinite(now.outputTokensPerS) && std::isfinite(now.offeredLoad);
    for (const serving::KindNow& k : now.kinds) {
        for (const double x : {k.arrivals, k.served, k.givenUp, k.waiting, k.waitS, k.kept, k.firstTokenS[0],
                               k.firstTokenS[2], k.tokenS[0], k.tokenS[2]}) {
            ok = ok && std::isfinite(x) && x >= 0;
        }
    }
    for (const serving::PoolNow& p : now.pools) {
        ok = ok && std::isfinite(p.batch) && std::isfinite(p.load) && p.load <= 1 && p.batch <= p.places;
    }
    return ok;
}

} // namespace atlas::test
