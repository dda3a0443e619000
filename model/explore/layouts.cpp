#include "model/explore/layouts.h"

#include "model/finance/fleet.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>

namespace atlas::explore {

namespace {

constexpr int kMonthsPerYear = 12;
constexpr int kPlansAsked = 150; ///< of which the first of each shape is kept

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
std::vector<scenario::LayoutChoice> shapesOf(const training::Plan& plan, std::size_t most) {
    std::vector<scenario::LayoutChoice> shapes;
    for (const training::StepAnatomy& step : plan.best) {
        const training::Layout& l = step.layout;
        const bool known = std::ranges::any_of(
            shapes, [&](const auto& s) { return s.tp == l.tp && s.pp == l.pp && s.cp == l.cp; });
        if (!known && shapes.size() < most) {
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

/// Pilots are drawn far beyond any draw of a run.
constexpr std::uint64_t kFirstPilot = std::uint64_t{1} << 40;

/// Seconds of a step under one set of numbers, by shape; infinite where it does not fit.
using StepTimes = std::vector<double>;

StepTimes stepTimes(const ModelInputs& inputs, const TrainingKey& key,
                    const std::vector<scenario::LayoutChoice>& shapes, std::stop_token stop) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster* cluster = s.cluster(key.cluster);
    const scenario::TrainJob* job = s.trainJob(key.job);
    StepTimes times(shapes.size(), std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < shapes.size() && cluster != nullptr && job != nullptr; ++i) {
        const auto step = training::fastestOfJob(s, *cluster, *job, key.placement, key.month,
                                                 std::span(&shapes[i], 1), stop);
        times[i] = step ? step->stepTimeS / step->tokensPerStep : times[i];
    }
    return times;
}

/// One after the other the shapes with which the draws' steps are longest least, over the shortest that all
/// shapes allow; in all `kept`, fewer where no other shortens any.
std::vector<std::size_t> servingBest(const std::vector<StepTimes>& draws, std::size_t kept) {
    constexpr double kNone = 1; // counted for a draw in which nothing chosen fits: twice as long
    std::vector<std::size_t> chosen;
    std::vector<double> excess(draws.size(), kNone); // by draw, with what is chosen
    while (chosen.size() < kept) {
        std::size_t next = 0;
        double most = 0;
        std::vector<double> then;
        for (std::size_t shape = 0; shape < draws.front().size(); ++shape) {
            std::vector<double> with = excess;
            double saved = 0;
            for (std::size_t d = 0; d < draws.size(); ++d) {
                const double shortest = *std::ranges::min_element(draws[d]);
                const double here = draws[d][shape] / shortest - 1; // no number where nothing fits
                with[d] = here < excess[d] ? here : excess[d];
                saved += excess[d] - with[d];
            }
            if (saved > most) {
                most = saved;
                next = shape;
                then = std::move(with);
            }
        }
        if (then.empty()) {
            break;
        }
        chosen.push_back(next);
        excess = std::move(then);
    }
    return chosen;
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
                              const std::vector<const scenario::Strategy*>& strategies, std::stop_token stop,
                              std::size_t shapes) {
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
            choices[i] = shapesOf(*plan, shapes);
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
        if (layouts.m_layouts.emplace(key, layouts.m_layouts.at(planned)).second) {
            layouts.m_like.emplace(key, planned);
        }
    }
    return layouts;
}

Result<Layouts> Layouts::fitted(const Uncertainty& uncertainty, std::size_t pilots, std::size_t kept,
                                std::stop_token stop) const {
    std::vector<TrainingKey> keys;
    for (const auto& [key, shapes] : m_layouts) {
        if (!m_like.contains(key) && shapes.size() > kept) {
            keys.push_back(key);
        }
    }
    std::vector<std::vector<StepTimes>> times(pilots, std::vector<StepTimes>(keys.size())); // by draw and key
    tbb::parallel_for(std::size_t{0}, pilots, [&](std::size_t pilot) {
        const ModelInputs inputs = uncertainty.draw(uncertainty.central().scenario.seed, kFirstPilot + pilot);
        for (std::size_t k = 0; k < keys.size() && !stop.stop_requested(); ++k) {
            times[pilot][k] = stepTimes(inputs, keys[k], m_layouts.at(keys[k]), stop);
        }
    });
    if (stop.stop_requested()) {
        return failure("cancelled");
    }
    Layouts few = *this;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        std::vector<StepTimes> ofKey;
        for (std::vector<StepTimes>& ofPilot : times) {
            ofKey.push_back(std::move(ofPilot[k]));
        }
        std::vector<scenario::LayoutChoice>& shapes = few.m_layouts.at(keys[k]);
        std::vector<scenario::LayoutChoice> best;
        for (const std::size_t shape : servingBest(ofKey, kept)) {
            best.push_back(shapes[shape]);
        }
        shapes = std::move(best);
    }
    for (const auto& [key, planned] : m_like) {
        few.m_layouts.at(key) = few.m_layouts.at(planned);
    }
    return few;
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
