#include "model/explore/layouts.h"

#include "model/finance/fleet.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <set>

namespace atlas::explore {

namespace {

constexpr int kMonthsPerYear = 12;
constexpr int kPlansAsked = 150;       ///< of which the first of each shape is kept
constexpr std::size_t kShapesKept = 2; ///< tried in every draw

Result<training::Plan> planned(const ModelInputs& inputs, const TrainingKey& key,
                               const training::PlanOptions& options) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster* cluster = s.cluster(key.cluster);
    const scenario::TrainJob* job = s.trainJob(key.job);
    if (cluster == nullptr || job == nullptr) {
        return failure("there is no " +
                           (cluster == nullptr ? "cluster '" + key.cluster : "training job '" + key.job) +
                           "'",
                       "name one of the scenario");
    }
    auto plan = training::planJob(s, *cluster, *job, key.placement, key.month, options);
    if (!plan) {
        return plan.errors();
    }
    if (plan->best.empty()) {
        return failure("no layout was found for '" + key.job + "' on '" + key.cluster + "'");
    }
    return plan;
}

/// The fastest layouts of different tensor, pipeline and context degree. Experts, chunks and micro-batches
/// are left to the planner: another count of GPUs or another batch asks for others, and to search them costs
/// little.
std::vector<scenario::LayoutChoice> shapesOf(const training::Plan& plan) {
    std::vector<scenario::LayoutChoice> shapes;
    for (const training::StepAnatomy& step : plan.best) {
        const training::Layout& l = step.layout;
        const bool known = std::ranges::any_of(
            shapes, [&](const auto& s) { return s.tp == l.tp && s.pp == l.pp && s.cp == l.cp; });
        if (!known && shapes.size() < kShapesKept) {
            scenario::LayoutChoice shape;
            shape.tp = l.tp;
            shape.pp = l.pp;
            shape.cp = l.cp;
            shape.sharding = l.sharding;
            shapes.push_back(shape);
        }
    }
    return shapes;
}

} // namespace

std::vector<scenario::Month> machineMonths(const scenario::Scenario& s, const scenario::Cluster& cluster,
                                           scenario::Month from, scenario::Month until) {
    std::set<scenario::Month> months;
    if (const auto tranches = finance::tranchesOf(s, cluster)) {
        for (const finance::Tranche& tranche : *tranches) {
            const scenario::Month month = std::max(tranche.month, from);
            if (month < until) {
                months.insert(month);
            }
        }
    }
    if (!cluster.orbit.empty() && !months.empty()) { // where nobody repairs it shrinks from year to year
        for (scenario::Month month = *months.begin(); month < until; month.index += kMonthsPerYear) {
            months.insert(month);
        }
    }
    return {months.begin(), months.end()};
}

Span spanOf(const scenario::Scenario& s, const scenario::Strategy& strategy,
            const scenario::Assignment& assignment) {
    Span span{std::max(assignment.from, s.start), {s.start.index + s.horizonMonths}};
    bool later = false; // of two that begin together the last one named holds
    for (const scenario::Assignment& other : strategy.assignments) {
        if (&other != &assignment && other.cluster == assignment.cluster &&
            (other.from > assignment.from || (other.from == assignment.from && later))) {
            span.until = std::min(span.until, std::max(other.from, s.start));
        }
        later = later || &other == &assignment;
    }
    return span;
}

std::vector<std::string> runJobs(const scenario::Scenario& s, const scenario::Strategy& strategy,
                                 const scenario::Assignment& assignment) {
    const auto isTarget = [&](const scenario::Assignment& a) {
        return a.activity == scenario::Activity::Train && !s.trainJobs.empty() &&
               a.job == s.trainJobs.front().id;
    };
    std::vector<std::string> jobs;
    if (!isTarget(assignment) && std::ranges::any_of(strategy.assignments, isTarget)) {
        return jobs;
    }
    for (const scenario::ModelRun& run : s.runs) {
        if (s.trainJob(run.job) != nullptr && run.job != assignment.job &&
            std::ranges::find(jobs, run.job) == jobs.end()) {
            jobs.push_back(run.job);
        }
    }
    return jobs;
}

Result<Layouts> Layouts::plan(const ModelInputs& inputs,
                              const std::vector<const scenario::Strategy*>& strategies,
                              std::stop_token stop) {
    std::set<TrainingKey> keys;
    std::map<TrainingKey, TrainingKey> like; // a job that follows has on every machine the shapes of the last
    for (const scenario::Strategy* strategy : strategies) {
        for (const scenario::Assignment& a : strategy->assignments) {
            const scenario::Cluster* cluster = inputs.scenario.cluster(a.cluster);
            if (a.activity != scenario::Activity::Train || cluster == nullptr) {
                continue;
            }
            const Span span = spanOf(inputs.scenario, *strategy, a);
            const auto months = machineMonths(inputs.scenario, *cluster, span.from, span.until);
            for (const scenario::Month month : months) {
                keys.insert({a.cluster, a.job, a.placement, month});
            }
            for (const std::string& job : runJobs(inputs.scenario, *strategy, a)) {
                for (const scenario::Month month : months) {
                    const TrainingKey last{a.cluster, job, a.placement, months.back()};
                    keys.insert(last);
                    like.emplace(TrainingKey{a.cluster, job, a.placement, month}, last);
                }
            }
        }
    }
    const std::vector<TrainingKey> ordered(keys.begin(), keys.end());
    std::vector<std::vector<scenario::LayoutChoice>> choices(ordered.size());
    tbb::parallel_for(std::size_t{0}, ordered.size(), [&](std::size_t i) {
        training::PlanOptions options;
        options.top = kPlansAsked;
        options.stop = stop;
        if (const auto plan = planned(inputs, ordered[i], options)) {
            choices[i] = shapesOf(*plan);
        }
    });
    if (stop.stop_requested()) {
        return failure("cancelled");
    }
    Layouts layouts;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        layouts.m_layouts.emplace(ordered[i], std::move(choices[i]));
    }
    for (const auto& [key, planned] : like) {
        layouts.m_layouts.emplace(key, layouts.m_layouts.at(planned));
    }
    return layouts;
}

Result<training::StepAnatomy> Layouts::anatomy(const ModelInputs& inputs, const TrainingKey& key,
                                               std::stop_token stop) const {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster* cluster = s.cluster(key.cluster);
    const scenario::TrainJob* job = s.trainJob(key.job);
    const auto found = m_layouts.find(key);
    if (found != m_layouts.end() && !found->second.empty() && cluster != nullptr && job != nullptr) {
        auto best = training::fastestOfJob(s, *cluster, *job, key.placement, key.month, found->second, stop);
        if (best) {
            return best;
        }
    }
    training::PlanOptions options;
    options.top = 1;
    options.stop = stop;
    auto anew = planned(inputs, key, options);
    if (!anew) {
        return anew.errors();
    }
    return std::move(anew->best.front());
}

} // namespace atlas::explore
