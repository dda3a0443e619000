#include "model/serving/fleet_pools.h"

#include "model/serving/batching.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kShortestPromiseS = 1e-3; ///< where the link alone breaks the promise
constexpr double kPointsAnOctave = 4;      ///< of the table of steps over batches

/// What a new prompt token at mean depth `depth` adds to the time of the replica beside a full batch.
double promptSeconds(const Replica& replica, RequestMix mix, double batch, double depth) {
    if (mix.newTokens <= 0) {
        return prefillSecondsPerToken(replica, depth);
    }
    mix.depth = depth;
    return (tokenSeconds(replica, mix, batch) - decodeSeconds(replica, mix, batch)) /
           (batch * mix.newTokensPerOutput());
}

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
    const Arithmetic arithmetic = arithmeticOf(pool, *shape, job.precision, job.engine, constants);
    const auto layouts = candidateLayouts(pool, *shape, model, job.engine);
    const auto chosen = std::ranges::find(layouts, layout, &ReplicaLayout::text);
    if (chosen == layouts.end()) {
        return curve;
    }
    const Replica replica{pool,       *shape,  model.hidden, model.layers,
                          arithmetic, *chosen, constants,    job.engine};
    curve.layout = layout;
    curve.gpus = chosen->gpus();
    curve.groups = std::max(1, static_cast<int>(std::lround(chosen->groups())));
    curve.places = std::max(1.0, std::floor(fittingBatch(replica, *mix)));
    const double most = std::max(2.0, curve.places);
    for (double b = 1; b < most; b *= std::exp2(1 / kPointsAnOctave)) {
        curve.batch.push_back(b);
    }
    curve.batch.push_back(most);
    RequestMix uncached = *mix;
    uncached.context = 0;
    for (const double b : curve.batch) {
        curve.step.push_back(decodeSeconds(replica, uncached, b));
    }
    const double at = std::max(1.0, batch);
    curve.contextS =
        (decodeSeconds(replica, *mix, at) - decodeSeconds(replica, uncached, at)) / (at * mix->context);
    curve.promptS = promptSeconds(replica, *mix, at, 0);
    curve.promptDepthS = (promptSeconds(replica, *mix, at, mix->depth) - curve.promptS) / mix->depth;
    curve.chunkTokens = job.engine.prefillChunkTokens.value;
    return curve;
}

Result<FleetInputs> fleetInputsOf(const scenario::Scenario& scenario, const scenario::ServeJob& job,
                                  std::uint64_t seed, int startWeekday, double linkS) {
    auto classes = requestClassesOf(scenario.traffic, job);
    if (!classes) {
        return classes.errors();
    }
    FleetInputs inputs;
    inputs.seed = seed;
    inputs.classes = *classes;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        double& promised = inputs.classes[k].firstTokenS;
        promised = std::max(promised - linkS, kShortestPromiseS);
    }
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
