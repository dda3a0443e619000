#include "model/explore/compare.h"

#include "model/explore/outcome.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>

namespace atlas::explore {

namespace {

Result<std::vector<const scenario::Strategy*>> chosen(const scenario::Scenario& s,
                                                      const std::vector<std::string>& ids) {
    std::vector<const scenario::Strategy*> strategies;
    std::string known;
    for (const scenario::Strategy& strategy : s.strategies) {
        known += (known.empty() ? "" : ", ") + strategy.id;
        if (ids.empty()) {
            strategies.push_back(&strategy);
        }
    }
    for (const std::string& id : ids) {
        const auto named = std::ranges::find(s.strategies, id, &scenario::Strategy::name);
        const scenario::Strategy* strategy =
            s.strategy(id) != nullptr || named == s.strategies.end() ? s.strategy(id) : &*named;
        if (strategy == nullptr) {
            return failure("there is no strategy '" + id + "'", "choose from " + known);
        }
        strategies.push_back(strategy);
    }
    if (strategies.empty()) {
        return failure("the scenario has no strategies to compare", "add one under `strategies`");
    }
    return strategies;
}

/// Headline values of every draw, by strategy.
using Draws = std::vector<std::vector<HeadlineValues>>;

Draws drawAll(const Uncertainty& uncertainty, const std::vector<const scenario::Strategy*>& strategies,
              const Layouts& layouts, const CompareOptions& options) {
    const auto count = static_cast<std::size_t>(std::max(0, options.draws));
    const std::uint64_t seed = uncertainty.central().scenario.seed;
    Draws values(strategies.size(), std::vector<HeadlineValues>(count));
    std::atomic<std::size_t> done = 0;
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t draw) {
        if (options.stop.stop_requested()) {
            return;
        }
        const ModelInputs inputs = uncertainty.draw(seed, draw);
        for (std::size_t i = 0; i < strategies.size(); ++i) {
            // Each value lands in its own place: the order of the threads leaves no trace.
            if (const auto outcome = evaluate(inputs, *strategies[i], layouts, options.stop)) {
                values[i][draw] = outcome->money.values;
            }
        }
        if (options.progress) {
            options.progress(static_cast<double>(++done) / static_cast<double>(count));
        }
    });
    return values;
}

void noteMissing(const std::vector<Headline>& rows, const std::vector<HeadlineValues>& draws,
                 std::vector<std::string>& notes) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto missing = std::ranges::count_if(draws, [i](const HeadlineValues& v) { return !v[i]; });
        if (rows[i].value && missing > 0) {
            notes.push_back(rows[i].label + ": no value in " + std::to_string(missing) + " of " +
                            std::to_string(draws.size()) + " draws, left out of its range");
        }
    }
}

Result<StrategyResult> resultOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                Outcome outcome, const std::vector<HeadlineValues>& draws) {
    auto cash = finance::cashFlow(inputs.scenario, strategy, outcome.physics.use);
    if (!cash) {
        return cash.errors();
    }
    StrategyResult result;
    result.id = strategy.id;
    result.name = strategy.name;
    result.headline = headlinesOf(outcome.money.values, draws);
    result.notes = std::move(outcome.physics.notes);
    if (const TrainingCourse* main = outcome.physics.main()) {
        result.training = main->telling().anatomy;
        result.trainingCluster = inputs.scenario.cluster(main->assignment->cluster)->name;
        result.goodput = main->telling().goodput;
        for (const std::string& note : result.training->notes) {
            result.notes.push_back(note);
        }
    }
    if (outcome.physics.serving) {
        result.notes.insert(result.notes.end(), outcome.physics.serving->notes.begin(),
                            outcome.physics.serving->notes.end());
    }
    result.serving = std::move(outcome.physics.serving);
    result.validity = validityOf(inputs.scenario, strategy, outcome.physics.main());
    result.cash = std::move(*cash);
    noteMissing(result.headline, draws, result.notes);
    return result;
}

} // namespace

Result<Comparison> compare(const scenario::Scenario& scenario, const CompareOptions& options) {
    const auto strategies = chosen(scenario, options.strategies);
    if (!strategies) {
        return strategies.errors();
    }
    const Uncertainty uncertainty(ModelInputs::central(scenario));
    const ModelInputs& central = uncertainty.central();
    const auto layouts = Layouts::plan(central, *strategies, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    std::vector<Outcome> outcomes;
    for (const scenario::Strategy* strategy : *strategies) {
        auto outcome = evaluate(central, *strategy, *layouts, options.stop);
        if (!outcome) {
            return outcome.errors();
        }
        outcomes.push_back(std::move(*outcome));
    }
    const Draws draws = drawAll(uncertainty, *strategies, *layouts, options);
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    Comparison comparison;
    comparison.draws = std::max(0, options.draws);
    comparison.seed = scenario.seed;
    for (std::size_t i = 0; i < strategies->size(); ++i) {
        auto result = resultOf(central, *(*strategies)[i], std::move(outcomes[i]), draws[i]);
        if (!result) {
            return result.errors();
        }
        comparison.strategies.push_back(std::move(*result));
    }
    return comparison;
}

Result<StrategyResult> evaluate(const scenario::Scenario& scenario, const scenario::Strategy& strategy) {
    const ModelInputs inputs = ModelInputs::central(scenario);
    const auto layouts = Layouts::plan(inputs, {&strategy}, {});
    if (!layouts) {
        return layouts.errors();
    }
    auto outcome = evaluate(inputs, strategy, *layouts);
    if (!outcome) {
        return outcome.errors();
    }
    return resultOf(inputs, strategy, std::move(*outcome), {});
}

bool clearlyBetter(const Headline& a, const Headline& b) {
    if (!a.value || !b.value || !a.hasRange || !b.hasRange || a.better == Better::Neither) {
        return false;
    }
    return a.better == Better::Higher ? a.low > b.high : a.high < b.low;
}

} // namespace atlas::explore
