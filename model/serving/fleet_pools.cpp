#include "model/serving/fleet_pools.h"

#include "model/serving/batching.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kPointsAnOctave = 4; ///< of the table of steps over batches

} // namespace

ReplicaCurve curveOf(const training::Pool& pool, const scenario::Transformer& model,
                     const scenario::ServeJob& job, const std::string& layout, double batch,
                     const ServingConstants& constants) {
    ReplicaCurve curve;
    const auto shape = shapeOf(model);
    const auto mix = requestMixOf(job, constants);
    if (!shape || !mix) {
        return curve;
    }
    const Arithmetic arithmetic = arithmeticOf(pool, job.precision, constants);
    const auto layouts = candidateLayouts(pool, *shape, model, constants);
    const auto chosen = std::ranges::find(layouts, layout, &ReplicaLayout::text);
    if (chosen == layouts.end()) {
        return curve;
    }
    const Replica replica{pool, *shape, model.hidden, model.layers, arithmetic, *chosen, constants};
    curve.layout = layout;
    curve.gpus = chosen->gpus();
    curve.groups = std::max(1, static_cast<int>(std::lround(chosen->groups())));
    const double room = kvRoomBytes(pool, *shape, arithmetic, *chosen, constants);
    curve.places =
        std::max(1.0, std::floor(room / kvBytesPerGpu(*shape, arithmetic, *chosen) / mix->context));
    const double most = std::max(2.0, curve.places);
    for (double b = 1; b < most; b *= std::exp2(1 / kPointsAnOctave)) {
        curve.batch.push_back(b);
    }
    curve.batch.push_back(most);
    for (const double b : curve.batch) {
        curve.step.push_back(decodeStep(replica, b, 0).total());
    }
    const double at = std::max(1.0, batch);
    curve.contextS = (decodeStep(replica, at, mix->context).total() - decodeStep(replica, at, 0).total()) /
                     (at * mix->context);
    curve.promptS = prefillSecondsPerToken(replica, 0);
    curve.promptDepthS = (prefillSecondsPerToken(replica, mix->depth) - curve.promptS) / mix->depth;
    curve.chunkTokens = constants.prefillChunkTokens.value;
    return curve;
}

Result<FleetInputs> fleetInputsOf(const scenario::Scenario& scenario, const scenario::ServeJob& job,
                                  std::uint64_t seed, int startWeekday) {
    auto classes = requestClassesOf(scenario.traffic, job);
    if (!classes) {
        return classes.errors();
    }
    FleetInputs inputs;
    inputs.seed = seed;
    inputs.classes = *classes;
    inputs.traffic = scenario.traffic;
    inputs.demand = DemandInputs::of(scenario.traffic, job, seed, startWeekday);
    inputs.userTokensPerDay = job.userTokensPerDay.value;
    return inputs;
}

Result<FleetPools> fleetPoolsOf(const training::Machine& machine, const scenario::Transformer& model,
                                const scenario::ServeJob& job, const RequestClasses& classes,
                                const ServingConstants& constants) {
    const scenario::ServeJob mean = meanJob(job, classes);
    auto rate = servingRate(machine, model, mean, constants);
    if (!rate) {
        return rate.errors();
    }
    FleetPools out;
    for (const ClassRate& c : rate->classes) {
        FleetPool pool;
        pool.name = c.pool;
        pool.gpu = c.gpu;
        const auto hardware = std::ranges::find(machine.pools, c.pool, &training::Pool::name);
        if (c.replicaGpus > 0 && hardware != machine.pools.end()) {
            pool.replicas = c.replicas;
            pool.curve = curveOf(*hardware, model, mean, c.layout, c.batchPerReplica, constants);
        }
        out.pools.push_back(std::move(pool));
    }
    out.rate = std::move(*rate);
    return out;
}

} // namespace atlas::serving
