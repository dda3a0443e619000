#include "model/operations/calendar.h"
#include "model/operations/injections.h"
#include "model/operations/serving_timeline.h"
#include "model/operations/training_timeline.h"
#include "model/orbit/flown_site.h"
#include "model/serving/fleet_pools.h"
#include "model/serving/serving_constants.h"
#include "model/training/model_shape.h"
#include "model/training/planner.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using scenario::Month;

/// Months from `from` on in which the set of GPUs with power changes, `from` first.
std::vector<Month> changesOfPower(const cluster::Cluster& cluster, Month from, Month end) {
    std::vector<Month> months;
    cluster::Index before = 0;
    for (Month month = from; month < end; ++month.index) {
        const cluster::Index powered = cluster.gpusPoweredBy(month);
        if (months.empty() || powered != before) {
            months.push_back(month);
        }
        before = powered;
    }
    return months;
}

/// The scenario's seed, different for every cluster but the same under every strategy: what-if comparisons
/// then differ by what was changed and not by luck. FNV-1a over the id.
std::uint64_t seedOf(std::uint64_t seed, const std::string& clusterId) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : clusterId) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return seed ^ hash;
}

/// What a GPU sends, from the shape of the model and the layout: 16-bit gradients and weights once a step,
/// tokens to the experts and back in forward and backward pass, activations between stages.
StepVolumes volumesOf(const training::ModelShape& model, const training::StepAnatomy& anatomy, int sequence) {
    const training::Layout& layout = anatomy.layout;
    const double cut = static_cast<double>(layout.tp) * layout.pp;
    constexpr double kBytes = 2;
    const double expertParams =
        model.experts > 0 ? model.expertLayers * model.experts * model.expertParams() : 0;
    StepVolumes volumes;
    volumes.denseGradient = 2 * kBytes * (model.totalParams() - expertParams) / cut;
    volumes.expertGradient = 2 * kBytes * expertParams / cut / std::max(1, layout.ep);
    volumes.everyMicroBatch = layout.sharding == training::Sharding::Fsdp;
    const double sequences =
        static_cast<double>(layout.globalBatch) / std::max<double>(1, static_cast<double>(layout.dp));
    const double tokens = sequences * sequence / layout.cp / layout.tp;
    if (model.experts > 0 && layout.ep > 1) {
        volumes.expertExchange =
            4 * kBytes * tokens * model.expertLayers / layout.pp * model.topK * model.hidden;
        volumes.expertCopies = std::max(1.0, model.topK);
    }
    if (layout.pp > 1) {
        volumes.pipeline = 2 * kBytes * tokens * model.hidden * std::max(1, layout.vp);
    }
    return volumes;
}

PlannedStep plannedStep(const scenario::Scenario& scenario, const scenario::Assignment& assignment,
                        Month month, const training::ModelShape& model) {
    PlannedStep step;
    const scenario::TrainJob& job = *scenario.trainJob(assignment.job);
    const auto plan =
        training::planJob(scenario, *scenario.cluster(assignment.cluster), job, assignment.placement, month);
    if (!plan || plan->best.empty()) {
        step.errors = plan.ok() ? failure("no layout fits") : plan.errors();
        return step;
    }
    step.anatomy = plan->best.front();
    step.outlookOf = [&scenario, cluster = assignment.cluster,
                      anatomy = *step.anatomy](const std::vector<std::size_t>& classes) {
        return outlookOf(scenario, *scenario.cluster(cluster), anatomy, classes);
    };
    step.outer = {static_cast<std::uint64_t>(step.anatomy->innerSteps),
                  step.anatomy->outerS * step.anatomy->innerSteps};
    step.volumes = volumesOf(model, *step.anatomy, job.sequence);
    for (const std::string& note : step.anatomy->notes) {
        step.note += (step.note.empty() ? "" : "; ") + note;
    }
    return step;
}

Result<std::shared_ptr<const Timeline>> trainingTimeline(const scenario::Scenario& scenario,
                                                         const scenario::Assignment& assignment,
                                                         const scenario::Cluster& spec,
                                                         const scenario::TrainJob& job, std::string activity,
                                                         std::shared_ptr<const cluster::Cluster> cluster) {
    TrainingInputs inputs;
    inputs.activity = std::move(activity);
    inputs.seed = seedOf(scenario.seed, spec.id);
    inputs.start = scenario.start;
    inputs.end = {scenario.start.index + std::max(1, scenario.horizonMonths)};
    inputs.staticSpeedSpread = std::max(0.0, spec.staticSpeedSpread.value);
    inputs.stepJitter = std::max(0.0, spec.stepJitter.value);
    inputs.operations = scenario.operations;
    auto injections = resolveInjections(*cluster, scenario.operations);
    if (!injections) {
        return injections.errors();
    }
    inputs.injections = std::move(*injections);
    const scenario::Transformer* model = scenario.transformer(job.model);
    if (model == nullptr) {
        return failure("job `" + job.id + "` trains `" + job.model + "`, which is not in the catalogue",
                       "name one of its models");
    }
    const auto shape = training::shapeOf(*model);
    if (!shape) {
        return shape.errors();
    }
    // Plans are made later and elsewhere: they own what they read.
    const auto kept = std::make_shared<const scenario::Scenario>(scenario);
    for (const Month month : changesOfPower(*cluster, std::max(assignment.from, inputs.start), inputs.end)) {
        inputs.phases.push_back({month, [kept, assignment, month, model = *shape] {
                                     return plannedStep(*kept, assignment, month, model);
                                 }});
    }
    auto timeline = TrainingTimeline::make(std::move(cluster), std::move(inputs));
    if (!timeline) {
        return timeline.errors();
    }
    return std::shared_ptr<const Timeline>(std::move(*timeline));
}

/// The pools of a phase as islands of the cluster: those that serve nothing yet have no replicas.
Result<std::vector<serving::FleetPool>> poolsByIsland(const cluster::Cluster& cluster,
                                                      const serving::FleetPools& found) {
    std::vector<serving::FleetPool> pools(cluster.islands.size());
    for (std::size_t i = 0; i < pools.size(); ++i) {
        pools[i].name = cluster.islands[i].name;
        pools[i].gpu = cluster.gpuClasses[cluster.islands[i].gpuClass].id;
    }
    for (const serving::FleetPool& pool : found.pools) {
        const auto island = std::ranges::find(cluster.islands, pool.name, &cluster::Island::name);
        if (island == cluster.islands.end()) {
            return failure("the serving rates name `" + pool.name + "`, which is no island of `" +
                           cluster.id + '`');
        }
        pools[static_cast<std::size_t>(island - cluster.islands.begin())] = pool;
    }
    return pools;
}

Result<std::shared_ptr<const Timeline>> servingTimeline(const scenario::Scenario& scenario,
                                                        const scenario::Assignment& assignment,
                                                        const scenario::Cluster& spec,
                                                        const scenario::ServeJob& job, std::string activity,
                                                        std::shared_ptr<const cluster::Cluster> cluster) {
    ServingInputs inputs;
    inputs.activity = std::move(activity);
    inputs.seed = seedOf(scenario.seed, spec.id);
    inputs.start = scenario.start;
    inputs.end = {scenario.start.index + std::max(1, scenario.horizonMonths)};
    const scenario::Transformer* model = scenario.transformer(job.model);
    if (model == nullptr) {
        return failure("job `" + job.id + "` serves `" + job.model + "`, which is not in the catalogue",
                       "name one of its models");
    }
    auto fleet = serving::fleetInputsOf(scenario, job, inputs.seed, weekdayAt(inputs.start, 0),
                                        orbit::groundLinkS(scenario, spec));
    if (!fleet) {
        return fleet.errors();
    }
    fleet->untilS = monthStartS(inputs.start, inputs.end);
    auto injections = resolveInjections(*cluster, scenario.operations);
    if (!injections) {
        return injections.errors();
    }
    std::vector<ReplicaSizes> sizes;
    for (const Month month : changesOfPower(*cluster, std::max(assignment.from, inputs.start), inputs.end)) {
        const auto note = [&](const std::string& words) {
            inputs.notes.push_back(month.text() + ": " + words);
        };
        if (cluster->gpusPoweredBy(month) == 0) {
            note("no GPU has power yet");
            continue;
        }
        const auto machine = training::machineOf(scenario, spec, month);
        if (!machine) {
            return machine.errors();
        }
        const auto found =
            serving::fleetPoolsOf(*machine, *model, job, fleet->classes, serving::defaultConstants());
        if (!found) {
            return found.errors();
        }
        auto pools = poolsByIsland(*cluster, *found);
        if (!pools) {
            return pools.errors();
        }
        const double fromS = monthStartS(inputs.start, month);
        sizes.push_back({fromS, {}});
        for (const serving::FleetPool& pool : *pools) {
            sizes.back().gpus.push_back(pool.replicas > 0 ? pool.curve.gpus : 0);
        }
        fleet->phases.push_back({fromS, std::move(*pools)});
        for (const std::string& words : found->rate.notes) {
            note(words);
        }
    }
    // A replica that failed comes back as a new one does: it loads its weights.
    const scenario::FailStop& stop = scenario.operations.failStop;
    const ReplicaRecovery recovery{stop.detectionS.value, scenario.traffic.autoscaling.delayS.value,
                                   stop.repairS.value};
    inputs.faults = std::make_shared<const ReplicaFaults>(
        cluster, Hazards(cluster, scenario.operations, inputs.seed, inputs.start), std::move(*injections),
        std::move(sizes), recovery, inputs.start);
    fleet->faults = [faults = inputs.faults](double fromS, double toS) {
        return faults->between(fromS, toS);
    };
    inputs.fleet = std::make_shared<const serving::Fleet>(std::move(*fleet));
    return std::shared_ptr<const Timeline>(
        std::make_shared<ServingTimeline>(std::move(cluster), std::move(inputs)));
}

} // namespace

Result<std::shared_ptr<const Timeline>> makeTimeline(const scenario::Scenario& scenario,
                                                     const scenario::Assignment& assignment,
                                                     std::shared_ptr<const cluster::Cluster> cluster) {
    const scenario::Cluster* spec = scenario.cluster(assignment.cluster);
    if (spec == nullptr || cluster == nullptr) {
        return failure("there is no cluster `" + assignment.cluster + "`",
                       "name one of the scenario's clusters");
    }
    if (assignment.activity == scenario::Activity::Idle) {
        ServingInputs idle;
        idle.activity = "idle";
        idle.start = scenario.start;
        idle.end = {scenario.start.index + std::max(1, scenario.horizonMonths)};
        return std::shared_ptr<const Timeline>(
            std::make_shared<ServingTimeline>(std::move(cluster), std::move(idle)));
    }
    std::string tenant;
    if (assignment.activity == scenario::Activity::Lease) {
        const scenario::Contract* contract = scenario.contract(assignment.contract);
        tenant = contract != nullptr ? " for " + contract->tenant : " for a tenant";
    }
    if (assignment.activity != scenario::Activity::Train) {
        if (const scenario::ServeJob* job = scenario.serveJob(assignment.job)) {
            return servingTimeline(scenario, assignment, *spec, *job, "serving" + tenant, std::move(cluster));
        }
    }
    if (assignment.activity != scenario::Activity::Serve) {
        if (const scenario::TrainJob* job = scenario.trainJob(assignment.job)) {
            return trainingTimeline(scenario, assignment, *spec, *job, "training" + tenant,
                                    std::move(cluster));
        }
    }
    return failure("cluster `" + assignment.cluster + "` is to run `" + assignment.job +
                       "`, which is no job for that",
                   "name a job under train_jobs or serve_jobs");
}

} // namespace atlas::operations
