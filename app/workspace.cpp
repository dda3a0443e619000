#include "app/workspace.h"

#include "model/explore/strategy_validity.h"
#include "model/operations/calendar.h"
#include "model/orbit/flown_site.h"

#include <algorithm>

namespace atlas::app {

namespace {

/// By then the fast GPUs of a step wait, and the slow ones still compute.
constexpr double kLateInStep = 0.85;

using scenario::Activity;
using scenario::Assignment;

int interest(const Assignment& assignment) {
    switch (assignment.activity) {
    case Activity::Train:
        return 3;
    case Activity::Lease:
        return 2;
    case Activity::Serve:
        return 1;
    case Activity::Idle:
        return 0;
    }
    return 0;
}

/// True where the built cluster of the previous workspace still stands for `spec`: nothing it is built from
/// moved.
bool sameHardware(const scenario::Scenario& before, const scenario::Scenario& after,
                  const std::string& cluster) {
    bool same = true;
    std::vector<std::pair<std::string, double>> old;
    const auto concerns = [&](const std::string& path) {
        return path.starts_with("clusters." + cluster + ".") || path.starts_with("gpus.") ||
               path.starts_with("fabrics.");
    };
    scenario::visitInputs(before, [&](const std::string& path, const scenario::Sourced& n, units::Dimension) {
        if (concerns(path)) {
            old.emplace_back(path, n.value);
        }
    });
    std::size_t next = 0;
    scenario::visitInputs(after, [&](const std::string& path, const scenario::Sourced& n, units::Dimension) {
        if (concerns(path)) {
            same = same && next < old.size() && old[next].first == path && old[next].second == n.value;
            ++next;
        }
    });
    return same && next == old.size();
}

/// The first assignment of a strategy that serves something.
const Assignment* servingIn(const scenario::Scenario& scenario, const scenario::Strategy& strategy) {
    const auto found = std::ranges::find_if(strategy.assignments, [&](const Assignment& each) {
        return (each.activity == Activity::Serve || each.activity == Activity::Lease) &&
               scenario.serveJob(each.job) != nullptr;
    });
    return found == strategy.assignments.end() ? nullptr : &*found;
}

template <class Built>
Pane serviceOf(const Workspace& workspace, const Built& built) {
    for (const Side side : {Side::B, Side::A}) {
        if (workspace.pane(side).timeline && workspace.pane(side).timeline->fleet() != nullptr) {
            return workspace.pane(side);
        }
    }
    const scenario::Scenario& scenario = *workspace.scenario;
    std::vector<const scenario::Strategy*> strategies = {
        scenario.strategy(workspace.pane(Side::B).choice.strategy),
        scenario.strategy(workspace.pane(Side::A).choice.strategy)};
    for (const scenario::Strategy& strategy : scenario.strategies) {
        strategies.push_back(&strategy);
    }
    for (const scenario::Strategy* strategy : strategies) {
        const Assignment* assignment = strategy != nullptr ? servingIn(scenario, *strategy) : nullptr;
        const scenario::Cluster* spec =
            assignment != nullptr ? scenario.cluster(assignment->cluster) : nullptr;
        if (spec == nullptr) {
            continue;
        }
        Pane pane;
        pane.choice = {strategy->id, spec->id};
        pane.assignment = *assignment;
        pane.strategyName = strategy->name;
        pane.clusterName = spec->name;
        const auto cluster = built(*spec);
        auto timeline = cluster ? operations::makeTimeline(scenario, *assignment, *cluster)
                                : Result<std::shared_ptr<const operations::Timeline>>(cluster.errors());
        if (timeline) {
            pane.timeline = std::move(*timeline);
        } else {
            pane.problems = timeline.errors();
        }
        return pane;
    }
    return {};
}

} // namespace

const Assignment* featured(const scenario::Strategy& strategy, const std::string& cluster) {
    const Assignment* best = nullptr;
    for (const Assignment& assignment : strategy.assignments) {
        if (!cluster.empty() && assignment.cluster == cluster) {
            return &assignment;
        }
        if (best == nullptr || interest(assignment) > interest(*best)) {
            best = &assignment;
        }
    }
    return best;
}

std::shared_ptr<const Workspace> buildWorkspace(const WorkspaceRequest& request, std::stop_token stop) {
    auto workspace = std::make_shared<Workspace>();
    workspace->scenario = request.scenario;
    const scenario::Scenario& scenario = *request.scenario;

    const auto built = [&](const scenario::Cluster& spec) -> Result<std::shared_ptr<const cluster::Cluster>> {
        if (const auto here = workspace->clusters.find(spec.id); here != workspace->clusters.end()) {
            return here->second;
        }
        if (request.previous) {
            const auto there = request.previous->clusters.find(spec.id);
            if (there != request.previous->clusters.end() &&
                sameHardware(*request.previous->scenario, scenario, spec.id)) {
                return there->second;
            }
        }
        return cluster::buildCluster(scenario, spec);
    };

    for (const Side side : kSides) {
        Pane& pane = workspace->panes[index(side)];
        pane.choice = request.choices[index(side)];
        const scenario::Strategy* strategy = scenario.strategy(pane.choice.strategy);
        if (strategy == nullptr && !scenario.strategies.empty()) {
            strategy = side == Side::A ? &scenario.strategies.front() : &scenario.strategies.back();
        }
        const Assignment* assignment =
            strategy != nullptr ? featured(*strategy, pane.choice.cluster) : nullptr;
        if (assignment == nullptr) {
            pane.problems =
                failure("the scenario has no strategy that uses a cluster", "add one under `strategies`");
            continue;
        }
        pane.choice = {strategy->id, assignment->cluster};
        pane.assignment = *assignment;
        pane.strategyName = strategy->name;
        for (const Assignment& each : strategy->assignments) {
            if (std::ranges::find(pane.clusters, each.cluster) == pane.clusters.end()) {
                pane.clusters.push_back(each.cluster);
            }
        }
        const scenario::Cluster* spec = scenario.cluster(assignment->cluster);
        if (spec == nullptr) {
            pane.problems = failure("there is no cluster `" + assignment->cluster + "`");
            continue;
        }
        pane.clusterName = spec->name;
        pane.validity = explore::validityOf(scenario, *strategy, *assignment);
        if (stop.stop_requested()) {
            return workspace;
        }
        auto cluster = built(*spec);
        if (!cluster) {
            pane.problems = cluster.errors();
            continue;
        }
        workspace->clusters.emplace(spec->id, *cluster);
        if (const scenario::OrbitalSite* site = orbit::siteOf(scenario, *spec); site != nullptr) {
            auto flown = orbit::Constellation::make(*site, *cluster, scenario.start);
            if (!flown) {
                pane.problems = flown.errors();
                continue;
            }
            pane.flown = std::move(*flown);
        }
        auto timeline = operations::makeTimeline(scenario, *assignment, *cluster);
        if (!timeline) {
            pane.problems = timeline.errors();
            continue;
        }
        pane.timeline = std::move(*timeline);
        pane.waterfall = pane.timeline->waterfall();
    }
    if (!stop.stop_requested()) {
        workspace->service = serviceOf(*workspace, built);
    }
    if (request.aroundS && !stop.stop_requested()) {
        workspace->tellingS = tellingInstant(*workspace, *request.aroundS);
        for (const Pane& pane : workspace->panes) {
            if (pane.timeline) {
                const double begin = pane.timeline->stepBoundary(*workspace->tellingS, -1);
                workspace->slowestStepS =
                    std::max(workspace->slowestStepS, pane.timeline->stepBoundary(begin, +1) - begin);
            }
        }
    }
    return workspace;
}

double openedAtS(const scenario::Scenario& scenario) {
    return std::max(0.0, operations::monthStartS(scenario.start, scenario.compareAt));
}

double tellingInstant(const Workspace& workspace, double aroundS) {
    const auto& timeline = workspace.pane(Side::A).timeline;
    if (!timeline) {
        return aroundS;
    }
    // The next step in which something is to be seen: not a restart, not a checkpoint.
    constexpr int kLooks = 200;
    double from = timeline->stepBoundary(aroundS, 1);
    double to = timeline->stepBoundary(from, 1);
    for (int i = 0; i < kLooks && to > from; ++i) {
        const auto now = timeline->phases(from, to);
        if (now.empty() || now.front().phase == operations::Phase::Running) {
            break;
        }
        from = to;
        to = timeline->stepBoundary(from, 1);
    }
    return to > from ? from + kLateInStep * (to - from) : aroundS;
}

} // namespace atlas::app
