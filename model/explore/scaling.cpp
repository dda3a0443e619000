#include "model/explore/scaling.h"

#include "model/explore/compare.h"
#include "model/explore/scaling_knee.h"
#include "model/operations/outlook.h"
#include "model/validation/validity.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMtokens = 1e6;

const scenario::Island* islandWith(const scenario::Scenario& s, const std::string& gpu) {
    for (const scenario::Cluster& cluster : s.clusters) {
        const auto found = std::ranges::find(cluster.islands, gpu, &scenario::Island::gpu);
        if (found != cluster.islands.end()) {
            return &*found;
        }
    }
    return nullptr;
}

/// GPUs of a hall: of the island's own halls where it has several, else as many as two tiers of its switches
/// join.
double hallGpus(const scenario::Scenario& s, const scenario::Island& island) {
    if (island.halls > 1) {
        return island.gpuCount.value / island.halls;
    }
    const auto* fabric = s.fabric(island.fabric);
    return fabric == nullptr
               ? island.gpuCount.value
               : static_cast<double>(fabric->leafDownPorts) * fabric->rails * fabric->spinePorts;
}

const scenario::TrainJob* jobFor(const scenario::Scenario& s, const std::string& id) {
    if (!id.empty()) {
        return s.trainJob(id);
    }
    for (const scenario::Strategy& strategy : s.strategies) {
        for (const scenario::Assignment& a : strategy.assignments) {
            if (a.activity == scenario::Activity::Train) {
                return s.trainJob(a.job);
            }
        }
    }
    return s.trainJobs.empty() ? nullptr : &s.trainJobs.front();
}

std::string inWords(scenario::Placement placement) {
    switch (placement) {
    case scenario::Placement::Naive:
        return "equal shares";
    case scenario::Placement::Proportional:
        return "shares in proportion to speed";
    case scenario::Placement::ClassStages:
        return "stages by class";
    case scenario::Placement::LocalSgd:
        return "local SGD between islands";
    case scenario::Placement::DropSlowest:
        break;
    }
    return "slowest class left out";
}

std::vector<ScalingCurve> curvesOf(const scenario::Scenario& s, const std::vector<std::string>& asked) {
    std::vector<ScalingCurve> curves;
    const auto add = [&](ScalingCurve curve) {
        const bool known = std::ranges::find(curves, curve.id, &ScalingCurve::id) != curves.end();
        if (!known && (asked.empty() || std::ranges::find(asked, curve.id) != asked.end())) {
            curves.push_back(std::move(curve));
        }
    };
    // In the order of the catalogue, which is that of the generations.
    for (const scenario::GpuClass& gpu : s.gpus) {
        if (islandWith(s, gpu.id) != nullptr) {
            ScalingCurve curve;
            curve.id = gpu.id;
            curve.name = gpu.name;
            curve.gpu = gpu.id;
            add(std::move(curve));
        }
    }
    for (const scenario::Strategy& strategy : s.strategies) {
        for (const scenario::Assignment& a : strategy.assignments) {
            const scenario::Cluster* cluster = s.cluster(a.cluster);
            std::set<std::string> classes;
            for (const scenario::Island& island :
                 cluster != nullptr ? cluster->islands : std::vector<scenario::Island>{}) {
                classes.insert(island.gpu);
            }
            if (a.activity == scenario::Activity::Train && classes.size() > 1) {
                ScalingCurve curve;
                curve.id = mixId(a.cluster, a.placement);
                curve.name =
                    (cluster->name.empty() ? cluster->id : cluster->name) + " mix, " + inWords(a.placement);
                curve.cluster = a.cluster;
                curve.placement = a.placement;
                add(std::move(curve));
            }
        }
    }
    return curves;
}

double growFrom(const ScalingOptions& options) {
    return options.growFromGpus > 0 ? options.growFromGpus
                                    : validation::ValidatedRange::training().largestGpus;
}

scenario::TrainJob jobAt(const scenario::TrainJob& job, const ScalingOptions& options, std::int64_t gpus) {
    scenario::TrainJob at = job;
    at.layout = {}; // one that was fixed for one number of GPUs says nothing about others
    at.precision = options.precision.value_or(job.precision);
    if (options.batch == BatchRule::Grows) {
        at.globalBatchTokens.value *= std::max(1.0, static_cast<double>(gpus) / growFrom(options));
    }
    return at;
}

double rentUsdPerS(const scenario::Scenario& s, const training::Machine& machine) {
    double usd = 0;
    for (const training::Pool& pool : machine.pools) {
        const scenario::GpuClass* gpu = s.gpu(pool.gpu);
        usd += gpu == nullptr ? 0 : static_cast<double>(pool.gpus) * gpu->rentUsdPerGpuHour.value;
    }
    return usd / kSecondsPerHour;
}

double peakFlopPerS(const training::Machine& machine) {
    double peak = 0;
    for (const training::Pool& pool : machine.pools) {
        peak += static_cast<double>(pool.gpus) * pool.bf16FlopPerS;
    }
    return peak;
}

/// 8, 16, 32, ... and the last one.
std::vector<std::int64_t> counts(const ScalingOptions& options) {
    std::vector<std::int64_t> list;
    for (std::int64_t gpus = std::max<std::int64_t>(1, options.fromGpus); gpus < options.toGpus; gpus *= 2) {
        list.push_back(gpus);
    }
    list.push_back(std::max(options.fromGpus, options.toGpus));
    return list;
}

} // namespace

std::string mixId(const std::string& cluster, scenario::Placement placement) {
    return cluster + ' ' + std::string(scenario::nameOf(placement));
}

const ScalingPoint* ScalingCurve::firstThatRuns() const {
    const auto found = std::ranges::find_if(points, &ScalingPoint::runs);
    return found == points.end() ? nullptr : &*found;
}

scenario::Cluster clusterAt(const scenario::Scenario& s, const ScalingCurve& curve, std::int64_t gpus) {
    scenario::Cluster cluster;
    if (curve.cluster.empty()) {
        const scenario::Island* example = islandWith(s, curve.gpu);
        if (example == nullptr) {
            return cluster;
        }
        cluster.id = curve.id;
        cluster.islands = {*example};
        cluster.islands.front().gpuCount.value = static_cast<double>(gpus);
        cluster.islands.front().halls =
            std::max(1, static_cast<int>(std::ceil(static_cast<double>(gpus) / hallGpus(s, *example))));
    } else {
        cluster = *s.cluster(curve.cluster);
        double all = 0;
        for (const scenario::Island& island : cluster.islands) {
            all += island.gpuCount.value;
        }
        const double scale = static_cast<double>(gpus) / all;
        for (scenario::Island& island : cluster.islands) {
            island.gpuCount.value = std::round(island.gpuCount.value * scale);
            island.halls = std::max(1, static_cast<int>(std::ceil(island.halls * scale)));
        }
        for (scenario::Trunk& trunk : cluster.trunks) {
            trunk.bytesPerS.value *= scale;
        }
    }
    for (scenario::Island& island : cluster.islands) {
        island.tranches.clear();
        island.firstMonth = s.start;
    }
    return cluster;
}

namespace {

/// Share of the GPUs that stand by where that delivers more: a job on the last GPU of its machine waits for
/// every repair.
constexpr double kStandby = 1.0 / 64;

training::Machine withStandby(training::Machine machine) {
    for (training::Pool& pool : machine.pools) {
        const std::int64_t domain = std::max(1, pool.nvlinkDomain);
        const double domains = static_cast<double>(pool.gpus) * kStandby / static_cast<double>(domain);
        const auto left = pool.gpus - static_cast<std::int64_t>(std::ceil(domains)) * domain;
        pool.gpus = left > 0 ? left : pool.gpus;
    }
    return machine;
}

} // namespace

ScalingPoint scalingPoint(const scenario::Scenario& s, const ScalingCurve& curve,
                          const ScalingOptions& options, std::int64_t gpus) {
    ScalingPoint point;
    point.gpus = gpus;
    const auto fail = [&](const Diagnostics& errors) {
        point.reason = errors.front().message;
        return point;
    };
    const scenario::TrainJob* job = jobFor(s, options.job);
    const auto machine = training::machineOf(s, clusterAt(s, curve, gpus), s.start);
    if (!machine) {
        return fail(machine.errors());
    }
    const auto typed = training::jobOf(s, jobAt(*job, options, gpus), curve.placement);
    if (!typed) {
        return fail(typed.errors());
    }
    training::PlanOptions planning;
    planning.top = 1;
    planning.stop = options.stop;
    auto whole = training::plan(*machine, *typed, planning);
    if (!whole) {
        return fail(whole.errors());
    }
    const auto take = [&](training::StepAnatomy step) {
        step.gpusTotal = gpus; // what stands by is there, too
        const double goodput = operations::outlookOf(s, clusterAt(s, curve, gpus), step).goodput();
        if (point.step.gpusTotal == 0 || step.tokensPerS * goodput > point.tokensPerS) {
            point.tokensPerS = step.tokensPerS * goodput;
            point.goodput = goodput;
            point.step = std::move(step);
        }
    };
    take(std::move(whole->best.front()));
    if (auto spared = training::plan(withStandby(*machine), *typed, planning)) {
        take(std::move(spared->best.front()));
    }
    point.mfu = point.tokensPerS * point.step.modelFlopPerToken / peakFlopPerS(*machine);
    point.usdPerMtokens = rentUsdPerS(s, *machine) / point.tokensPerS * kMtokens;
    if (const auto setup = training::setUp(*machine, *typed, training::Calibration::builtin())) {
        point.outside = validation::assess(validation::claimOf(*setup)).allWords();
    }
    return point;
}

Result<Scaling> scaling(const scenario::Scenario& s, const ScalingOptions& options) {
    const scenario::TrainJob* job = jobFor(s, options.job);
    if (job == nullptr) {
        return failure(options.job.empty() ? "the scenario has no training job"
                                           : "there is no training job `" + options.job + "`",
                       "name one under train_jobs");
    }
    Scaling result;
    result.jobName = job->name.empty() ? job->id : job->name;
    result.precision = options.precision.value_or(job->precision);
    result.batch = options.batch;
    result.batchTokens = job->globalBatchTokens.value;
    result.growFromGpus = growFrom(options);
    result.kneeShare = options.kneeShare;
    result.curves = curvesOf(s, options.curves);
    if (result.curves.empty()) {
        return failure("there is no curve to draw", "name a GPU class of a cluster, or none for all");
    }
    const std::vector<std::int64_t> gpus = counts(options);
    const std::size_t all = result.curves.size() * gpus.size();
    for (ScalingCurve& curve : result.curves) {
        curve.points.resize(gpus.size());
    }
    std::atomic<std::size_t> done = 0;
    tbb::parallel_for(std::size_t{0}, all, [&](std::size_t k) {
        if (options.stop.stop_requested()) {
            return;
        }
        ScalingCurve& curve = result.curves[k / gpus.size()];
        curve.points[k % gpus.size()] = scalingPoint(s, curve, options, gpus[k % gpus.size()]);
        if (options.progress) {
            options.progress(static_cast<double>(++done) / static_cast<double>(all));
        }
    });
    tbb::parallel_for(std::size_t{0}, result.curves.size(), [&](std::size_t c) {
        ScalingCurve& curve = result.curves[c];
        setEfficiencies(curve.points);
        curve.knee = findKnee(curve.points, options.kneeShare,
                              [&](std::int64_t count) { return scalingPoint(s, curve, options, count); });
    });
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    return result;
}

} // namespace atlas::explore
