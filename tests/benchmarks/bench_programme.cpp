// Ten thousand Monte Carlo programmes of the shipped scenario. The floor is one strategy's physics and money
// computed once each (`physics`, `money`): 1,250 of the first and 10,000 of the second over the cores.
#include "model/explore/monte_carlo.h"
#include "model/explore/programme.h"
#include "model/scenario/scenario_loader.h"

#include <benchmark/benchmark.h>

using namespace atlas;

namespace {

const scenario::Scenario& shipped() {
    static const scenario::Scenario scenario = [] {
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
    }();
    return scenario;
}

constexpr const char* kStrategy = "lease-1-train-2";

void tenThousandProgrammes(benchmark::State& state) {
    explore::MonteCarloOptions options;
    options.strategies = {kStrategy};
    for (auto _ : state) {
        benchmark::DoNotOptimize(explore::monteCarlo(shipped(), options).ok());
    }
}
BENCHMARK(tenThousandProgrammes)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

struct Parts {
    explore::Uncertainty uncertainty{explore::ModelInputs::central(shipped())};
    const scenario::Strategy* strategy = uncertainty.central().scenario.strategy(kStrategy);
    Result<explore::Layouts> layouts = explore::Layouts::plan(uncertainty.central(), {strategy}, {});
};

void physics(benchmark::State& state) {
    const Parts parts;
    std::uint64_t draw = 0;
    explore::Workbench bench(parts.uncertainty);
    std::vector<double> u(parts.uncertainty.variables().size());
    for (auto _ : state) {
        for (std::size_t v = 0; v < u.size(); ++v) {
            u[v] = parts.uncertainty.uniform(7, draw, v);
        }
        ++draw;
        bench.set(u);
        benchmark::DoNotOptimize(explore::physicsOf(bench.inputs(), *parts.strategy, *parts.layouts).ok());
    }
}
BENCHMARK(physics)->Unit(benchmark::kMicrosecond);

void money(benchmark::State& state) {
    const Parts parts;
    const auto known = explore::physicsOf(parts.uncertainty.central(), *parts.strategy, *parts.layouts);
    const scenario::Scenario& s = parts.uncertainty.central().scenario;
    for (auto _ : state) {
        const auto spent = explore::moneyOf(parts.uncertainty.central(), *parts.strategy, *known);
        benchmark::DoNotOptimize(explore::programmeNumbers(s, *known, *spent).values[0]);
    }
}
BENCHMARK(money)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
