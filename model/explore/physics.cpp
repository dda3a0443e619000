#include "model/explore/physics.h"

#include "model/explore/roadmap.h"
#include "model/orbit/flown_site.h"
#include "model/serving/fleet_pools.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

using scenario::Activity;

/// Mean IT power of a machine with every GPU powered, W, at a mean draw per GPU of each class.
double itPowerW(const scenario::Scenario& s, const scenario::Cluster& cluster, Activity activity,
                double utilisation) {
    double watts = 0;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = s.gpu(island.gpu);
        if (gpu == nullptr) {
            continue;
        }
        const double busy = std::max(gpu->idleW.value, s.economics.loadFactor.value * gpu->tdpW.value);
        const double share = activity == Activity::Idle ? 0.0 : utilisation;
        watts += island.gpuCount.value *
                 (gpu->idleW.value + share * (busy - gpu->idleW.value) + gpu->hostOverheadW.value);
    }
    return watts;
}

double trainingItPowerW(const scenario::Scenario& s, const scenario::Cluster& cluster, double gpuPowerW) {
    double gpus = 0;
    double hosts = 0;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = s.gpu(island.gpu);
        gpus += island.gpuCount.value;
        hosts += gpu == nullptr ? 0.0 : island.gpuCount.value * gpu->hostOverheadW.value;
    }
    return gpuPowerW * gpus + hosts;
}

finance::ClusterUse usePowerOnly(const scenario::Assignment& a, double itPowerW) {
    finance::ClusterUse use;
    use.cluster = a.cluster;
    use.activity = finance::activityName(a.activity);
    use.itPowerW = itPowerW;
    return use;
}

void train(const ModelInputs& inputs, const scenario::Strategy& strategy, const scenario::Assignment& a,
           const Layouts& layouts, std::stop_token stop, Physics& out) {
    const scenario::Cluster& cluster = *inputs.scenario.cluster(a.cluster);
    auto course = trainingCourse(inputs, strategy, a, layouts, stop);
    if (!course) {
        out.notes.push_back(cluster.name + " trains nothing: " + course.errors().front().message);
        out.use.push_back(usePowerOnly(a, itPowerW(inputs.scenario, cluster, Activity::Idle, 0)));
        return;
    }
    if (!course->note.empty()) {
        out.notes.push_back(course->note);
    }
    out.use.push_back(usePowerOnly(a, 0)); // until it is known what it trains when
    out.courses.push_back(std::move(*course));
}

void add(serving::ServingRate& sum, const serving::ServingRate& more) {
    const double all = sum.outputTokensPerS + more.outputTokensPerS;
    const auto weighted = [&](double a, double b) {
        return (a * sum.outputTokensPerS + b * more.outputTokensPerS) / all;
    };
    sum.meanUtilisation = weighted(sum.meanUtilisation, more.meanUtilisation);
    sum.sloAttainment = weighted(sum.sloAttainment, more.sloAttainment);
    sum.outputTokensPerS = all;
    sum.inputTokensPerS += more.inputTokensPerS;
    sum.usersServed += more.usersServed;
    sum.classes.insert(sum.classes.end(), more.classes.begin(), more.classes.end());
    sum.notes.insert(sum.notes.end(), more.notes.begin(), more.notes.end());
}

void add(serving::ServingOutlook& sum, const serving::ServingOutlook& more) {
    const double before = sum.outputTokensPerDay;
    const double all = before + more.outputTokensPerDay;
    const auto weighted = [&](double a, double b) {
        return all > 0 ? (a * before + b * more.outputTokensPerDay) / all : b;
    };
    sum.promiseKept = weighted(sum.promiseKept, more.promiseKept);
    sum.meanUtilisation = weighted(sum.meanUtilisation, more.meanUtilisation);
    sum.givenUpShare = weighted(sum.givenUpShare, more.givenUpShare);
    for (std::size_t k = 0; k < serving::kKinds; ++k) {
        sum.kept[k] = weighted(sum.kept[k], more.kept[k]);
    }
    sum.offeredLoad = std::max(sum.offeredLoad, more.offeredLoad);
    sum.users += more.users;
    sum.inputTokensPerDay += more.inputTokensPerDay;
    sum.outputTokensPerDay = all;
}

/// A service at the end of its assignment: what its pools can do, and what its traffic makes of them.
struct Served {
    serving::ServingRate rate;
    serving::ServingOutlook outlook;
    double cachedShare = 0; ///< of input tokens
};

/// Serves with the GPUs that have power when the assignment ends.
Result<Served> serviceOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                         const scenario::Assignment& a) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::ServeJob* job = s.serveJob(a.job);
    const scenario::Transformer* model = job == nullptr ? nullptr : s.transformer(job->model);
    if (job == nullptr || model == nullptr) {
        return failure("strategy '" + strategy.id + "' serves '" + a.job +
                           "', which is no serving job with a known model",
                       "name a serving job of the scenario");
    }
    const scenario::Cluster& cluster = *s.cluster(a.cluster);
    auto fleet = serving::fleetInputsOf(s, *job, s.seed, 0, orbit::groundLinkS(s, cluster));
    if (!fleet) {
        return fleet.errors();
    }
    const Span span = spanOf(s, strategy, a);
    const auto poolsIn = [&](scenario::Month month) -> Result<serving::FleetPools> {
        auto machine = training::machineOf(s, cluster, month);
        if (!machine) {
            return machine.errors();
        }
        if (const scenario::OrbitalSite* site = orbit::siteOf(s, cluster)) { // those in shadow may pause
            for (training::Pool& pool : machine->pools) {
                pool.gpus = std::llround(static_cast<double>(pool.gpus) * orbit::poweredShare(*site));
            }
        }
        return serving::fleetPoolsOf(*machine, *model, *job, fleet->classes, inputs.serving);
    };
    auto pools = poolsIn({span.until.index - 1});
    if (!pools) {
        return pools.errors();
    }
    fleet->phases = {{0, std::move(pools->pools)}};
    Served served;
    served.outlook = serving::outlookOf(*fleet, span.until.index - 1 - span.from.index);
    served.rate = std::move(pools->rate);
    served.rate.meanUtilisation = served.outlook.meanUtilisation;
    served.rate.sloAttainment = served.outlook.promiseKept;
    served.rate.usersServed = served.outlook.users;
    served.cachedShare = serving::meanJob(*job, fleet->classes).cacheHit.value;
    return served;
}

void serve(const ModelInputs& inputs, const scenario::Strategy& strategy, const scenario::Assignment& a,
           Physics& out) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster& cluster = *s.cluster(a.cluster);
    finance::ClusterUse use;
    use.cluster = a.cluster;
    use.activity = finance::activityName(a.activity);
    use.utilisation = 0;
    if (a.activity == Activity::Serve || !a.job.empty()) { // a tenant may keep what it runs to itself
        auto served = serviceOf(inputs, strategy, a);
        if (!served) {
            out.notes.push_back(cluster.name + " serves nothing: " + served.errors().front().message);
        } else {
            constexpr double kDayS = 86'400;
            use.utilisation = served->outlook.meanUtilisation;
            use.sloAttainment = served->outlook.promiseKept;
            use.inputTokensPerS = served->outlook.inputTokensPerDay / kDayS;
            use.outputTokensPerS = served->outlook.outputTokensPerDay / kDayS;
            use.cachedShare = served->cachedShare;
            for (serving::ClassRate& c : served->rate.classes) {
                c.pool = cluster.name + ", " + c.pool;
            }
            if (out.serving) {
                add(*out.serving, served->rate);
            } else {
                out.serving = std::move(served->rate);
            }
            add(out.outlook, served->outlook);
        }
        use.itPowerW = itPowerW(s, cluster, a.activity, use.utilisation);
        out.use.push_back(std::move(use));
    } // else the draw is left to the provisioned power and its load factor
}

/// What runs when, and the mean draw of the clusters that train.
void layStints(const scenario::Scenario& s, Physics& out) {
    out.stints = stintsOf(s, out.courses, out.mainCourse, out.runCourses);
    for (const TrainingCourse& course : out.courses) {
        for (finance::ClusterUse& use : out.use) {
            if (use.cluster == course.assignment->cluster &&
                use.activity == finance::activityName(Activity::Train)) {
                use.itPowerW =
                    trainingItPowerW(s, *s.cluster(use.cluster), meanGpuPowerW(out.stints, use.cluster));
            }
        }
    }
}

/// The course that trains the target model first; where none does, the first course.
std::optional<std::size_t> mainOf(const scenario::Scenario& s, const std::vector<TrainingCourse>& courses) {
    std::optional<std::size_t> main;
    for (std::size_t i = 0; i < courses.size(); ++i) {
        const auto rank = [&](std::size_t k) {
            const bool target = !s.trainJobs.empty() && courses[k].job == &s.trainJobs.front();
            return std::make_pair(!target, courses[k].monthsToTrain.value_or(HUGE_VAL));
        };
        if (!main || rank(i) < rank(*main)) {
            main = i;
        }
    }
    return main;
}

} // namespace

Result<Physics> physicsOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                          const Layouts& layouts, std::stop_token stop) {
    const scenario::Scenario& s = inputs.scenario;
    Physics out;
    for (const scenario::Assignment& a : strategy.assignments) {
        const Span span = spanOf(s, strategy, a);
        if (s.cluster(a.cluster) == nullptr || span.until <= span.from) {
            continue; // unknown clusters are refused below, by the money
        }
        if (a.activity == Activity::Train) {
            train(inputs, strategy, a, layouts, stop, out);
        } else if (a.activity == Activity::Serve || a.activity == Activity::Lease) {
            serve(inputs, strategy, a, out);
        } else {
            out.use.push_back(usePowerOnly(a, itPowerW(s, *s.cluster(a.cluster), Activity::Idle, 0)));
        }
        if (stop.stop_requested()) {
            return failure("cancelled");
        }
    }
    out.mainCourse = mainOf(s, out.courses);
    if (const TrainingCourse* main = out.main()) {
        for (const std::string& job : runJobs(s, strategy, *main->assignment)) {
            const auto free = freeFor(s, job, *main, out.runCourses);
            if (!free) {
                break; // and whatever comes after it has no turn either
            }
            auto course = followingCourse(inputs, strategy, *main->assignment, {job, *free}, layouts, stop);
            if (course) {
                out.runCourses.push_back(std::move(*course));
            } else {
                out.notes.push_back(s.trainJob(job)->name +
                                    " is not trained: " + course.errors().front().message);
            }
        }
    }
    layStints(s, out);
    return out;
}

} // namespace atlas::explore
