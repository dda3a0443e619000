// The strategies table of the shipped scenario, whole and in its parts. The floor of a comparison is the
// serial sum of its draws over the cores: one draw of one strategy is `draw`.
#include "model/explore/outcome.h"
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

void compareWithRanges(benchmark::State& state) {
    explore::CompareOptions options;
    options.draws = static_cast<int>(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(explore::compare(shipped(), options).ok());
    }
}
BENCHMARK(compareWithRanges)->Arg(0)->Arg(200)->Unit(benchmark::kMillisecond)->UseRealTime();

void planLayouts(benchmark::State& state) {
    const auto inputs = explore::ModelInputs::central(shipped());
    std::vector<const scenario::Strategy*> strategies;
    for (const auto& strategy : shipped().strategies) {
        strategies.push_back(&strategy);
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(explore::Layouts::plan(inputs, strategies, {}).ok());
    }
}
BENCHMARK(planLayouts)->Unit(benchmark::kMillisecond)->UseRealTime();

void draw(benchmark::State& state) {
    const auto& strategy = shipped().strategies.at(static_cast<std::size_t>(state.range(0)));
    const explore::Uncertainty uncertainty(explore::ModelInputs::central(shipped()));
    const auto layouts = explore::Layouts::plan(uncertainty.central(), {&strategy}, {});
    std::uint64_t number = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(explore::evaluate(uncertainty.draw(7, number++), strategy, *layouts).ok());
    }
    state.SetLabel(strategy.id);
}
BENCHMARK(draw)->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
