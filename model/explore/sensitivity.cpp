#include "model/explore/sensitivity.h"

#include "model/explore/programme.h"

#include <tbb/enumerable_thread_specific.h>
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
                                       const std::string& key, const SensitivityOptions& options) {
    const auto named = strategyNamed(scenario, strategyId);
    if (!named) {
        return named.errors();
    }
    const auto row = rowOf(key);
    if (!row) {
        return failure("there is no headline '" + key + "'", "name a row of the strategies table");
    }
    const scenario::Strategy* strategy = *named;
    const Uncertainty uncertainty(ModelInputs::central(scenario));
    const auto layouts = Layouts::plan(uncertainty.central(), {strategy}, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    const auto physics = physicsOf(uncertainty.central(), *strategy, *layouts, options.stop);
    if (!physics) {
        return physics.errors();
    }
    const auto valueOf = [&](const ModelInputs& inputs, const Physics& its) -> std::optional<double> {
        const auto money = moneyOf(inputs, *strategy, its);
        return money ? programmeNumbers(inputs.scenario, its, *money).values[*row] : std::nullopt;
    };
    const auto central = valueOf(uncertainty.central(), *physics);
    if (!central) {
        return failure("'" + programmeRows()[*row].label + "' does not apply to '" + strategy->name + "'",
                       "choose another row or strategy");
    }
    const auto end = [&](Workbench& bench, std::size_t i, Uncertainty::End which) -> std::optional<double> {
        bench.setInput(i, which);
        if (uncertainty.inputs()[i].moneyOnly) {
            return valueOf(bench.inputs(), *physics);
        }
        const auto its = physicsOf(bench.inputs(), *strategy, *layouts, options.stop);
        return its ? valueOf(bench.inputs(), *its) : std::nullopt;
    };
    std::vector<Swing> swings(uncertainty.inputs().size());
    std::atomic<std::size_t> done = 0;
    tbb::enumerable_thread_specific<Workbench> benches([&] { return Workbench(uncertainty); });
    tbb::parallel_for(std::size_t{0}, swings.size(), [&](std::size_t i) {
        if (options.stop.stop_requested()) {
            return;
        }
        Workbench& bench = benches.local();
        swings[i] = {uncertainty.inputs()[i], end(bench, i, Uncertainty::End::Low),
                     end(bench, i, Uncertainty::End::High), *central};
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
