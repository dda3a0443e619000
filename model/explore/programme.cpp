#include "model/explore/programme.h"

#include <algorithm>

namespace atlas::explore {

namespace {

void noteReasons(const finance::CashFlow& cash, std::vector<std::string>& notes) {
    if (!cash.irrNote.empty()) {
        notes.push_back("Internal rate of return: " + cash.irrNote);
    }
    if (!cash.paybackMonth) {
        notes.push_back("Paid back: not by the horizon, the resale of GPUs left out");
    }
    if (!cash.breakEvenFeeUsdPerMonth && !cash.breakEvenNote.empty()) {
        notes.push_back("Break-even lease fee: " + cash.breakEvenNote);
    }
}

} // namespace

Result<const scenario::Strategy*> strategyNamed(const scenario::Scenario& s, const std::string& idOrName) {
    if (const scenario::Strategy* strategy = s.strategy(idOrName)) {
        return strategy;
    }
    const auto named = std::ranges::find(s.strategies, idOrName, &scenario::Strategy::name);
    if (named != s.strategies.end()) {
        return &*named;
    }
    std::string known;
    for (const scenario::Strategy& strategy : s.strategies) {
        known += (known.empty() ? "" : ", ") + strategy.id;
    }
    return failure("there is no strategy '" + idOrName + "'",
                   known.empty() ? "add one under `strategies`" : "choose from " + known);
}

Result<Programme> programme(const scenario::Scenario& scenario, const std::string& strategyId,
                            std::stop_token stop) {
    const ModelInputs inputs = ModelInputs::central(scenario);
    const auto strategy = strategyNamed(inputs.scenario, strategyId);
    if (!strategy) {
        return strategy.errors();
    }
    const auto layouts = Layouts::plan(inputs, {*strategy}, stop);
    if (!layouts) {
        return layouts.errors();
    }
    return programmeOf(inputs, **strategy, *layouts, stop);
}

Result<Programme> programmeOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                              const Layouts& layouts, std::stop_token stop) {
    const auto outcome = evaluate(inputs, strategy, layouts, stop);
    if (!outcome) {
        return outcome.errors();
    }
    auto cash = finance::cashFlow(inputs.scenario, strategy, outcome->physics.use);
    if (!cash) {
        return cash.errors();
    }
    ProgrammeNumbers numbers = programmeNumbers(inputs.scenario, outcome->physics, outcome->money);
    Programme out;
    out.id = strategy.id;
    out.name = strategy.name;
    out.start = inputs.scenario.start;
    out.cash = std::move(*cash);
    out.runs = std::move(numbers.runs);
    out.stints = outcome->physics.stints;
    out.segments = numbers.segments;
    out.rows = programmeRows();
    for (std::size_t i = 0; i < out.rows.size(); ++i) {
        out.rows[i].value = numbers.values[i];
        out.rows[i].low = out.rows[i].high = numbers.values[i].value_or(0.0);
    }
    out.notes = outcome->physics.notes;
    noteReasons(out.cash, out.notes);
    return out;
}

} // namespace atlas::explore
