#include "model/explore/sensitivity.h"

#include "model/explore/outcome.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace atlas::explore {

double Swing::size() const {
    const double low = atLow ? std::abs(*atLow - central) : 0.0;
    const double high = atHigh ? std::abs(*atHigh - central) : 0.0;
    return std::max(low, high);
}

Result<std::vector<Swing>> sensitivity(const scenario::Scenario& scenario, const std::string& strategyId,
                                       const std::string& headline, const SensitivityOptions& options) {
    const scenario::Strategy* strategy = scenario.strategy(strategyId);
    if (strategy == nullptr) {
        return failure("there is no strategy '" + strategyId + "'", "name one of the scenario");
    }
    const auto& rows = headlineRows();
    const auto found = std::ranges::find(rows, headline, &Headline::key);
    if (found == rows.end()) {
        return failure("there is no headline '" + headline + "'", "name a row of the strategies table");
    }
    const auto row = static_cast<std::size_t>(found - rows.begin());
    const Uncertainty uncertainty(ModelInputs::central(scenario));
    const auto layouts = Layouts::plan(uncertainty.central(), {strategy}, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    const auto valueOf = [&](const ModelInputs& inputs) -> std::optional<double> {
        const auto outcome = evaluate(inputs, *strategy, *layouts, options.stop);
        return outcome ? outcome->money.values[row] : std::nullopt;
    };
    const auto central = valueOf(uncertainty.central());
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    if (!central) {
        return failure("'" + found->label + "' does not apply to '" + strategy->name + "'",
                       "choose another row or strategy");
    }
    std::vector<Swing> swings(uncertainty.inputs().size());
    std::atomic<std::size_t> done = 0;
    tbb::parallel_for(std::size_t{0}, swings.size(), [&](std::size_t i) {
        if (options.stop.stop_requested()) {
            return;
        }
        swings[i] = {uncertainty.inputs()[i], valueOf(uncertainty.at(i, Uncertainty::End::Low)),
                     valueOf(uncertainty.at(i, Uncertainty::End::High)), *central};
        if (options.progress) {
            options.progress(static_cast<double>(++done) / static_cast<double>(swings.size()));
        }
    });
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    std::erase_if(swings, [](const Swing& s) { return !(s.size() > 0); });
    std::ranges::stable_sort(swings, std::ranges::greater{}, &Swing::size);
    if (options.top > 0 && swings.size() > options.top) {
        swings.resize(options.top);
    }
    return swings;
}

} // namespace atlas::explore
