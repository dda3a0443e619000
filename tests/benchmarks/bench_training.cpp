// One layout evaluated, a full plan for 220,000 GPUs and a whole scaling curve, beside a floor measured in
// the same run: the divisions, logarithms and powers that one evaluation cannot do without.
#include "model/explore/scaling.h"
#include "model/scenario/scenario_loader.h"
#include "model/training/placement.h"
#include "model/training/planner.h"

#include <benchmark/benchmark.h>

#include <cmath>

using namespace atlas;
using namespace atlas::training;

namespace {

Pool hopper(std::int64_t gpus) {
    Pool pool;
    pool.gpu = "H100-SXM";
    pool.name = "Hopper";
    pool.gpus = gpus;
    pool.bf16FlopPerS = 989e12;
    pool.fp8FlopPerS = 1979e12;
    pool.hbmBytes = 85.9e9;
    pool.hbmBytesPerS = 3.35e12;
    pool.nvlinkBytesPerS = 450e9;
    pool.nvlinkDomain = 8;
    pool.nicBytesPerS = 50e9;
    pool.nicEfficiency = 0.95;
    pool.tdpW = 700;
    pool.idleW = 75;
    pool.levels = {{NetworkLevel::Kind::Switch, "NVLink domain", 8, 450e9, 1.5e-6, true},
                   {NetworkLevel::Kind::Switch, "rail leaf", 64, 50e9, 2.5e-6, false},
                   {NetworkLevel::Kind::Switch, "spine", (gpus + 511) / 512, 50e9, 4e-6, false}};
    return pool;
}

Pool ampere(std::int64_t gpus) {
    Pool pool = hopper(gpus);
    pool.gpu = "A100-80GB";
    pool.name = "Ampere";
    pool.bf16FlopPerS = 312e12;
    pool.fp8FlopPerS = 0;
    pool.hbmBytesPerS = 2.039e12;
    pool.tdpW = 400;
    return pool;
}

Job denseJob() {
    Job job;
    job.model.id = "llama-3-1-405b";
    job.model.layers = 126;
    job.model.hidden = 16384;
    job.model.ffnHidden = 53248;
    job.model.heads = 128;
    job.model.kvHeads = 8;
    job.model.headDim = 128;
    job.model.vocab = 128256;
    job.sequence = 8192;
    job.globalBatch = 16384;
    return job;
}

Job expertJob() {
    Job job = denseJob();
    job.model.id = "moe";
    job.model.layers = 96;
    job.model.hidden = 12288;
    job.model.ffnHidden = 4352;
    job.model.heads = 96;
    job.model.experts = 384;
    job.model.topK = 8;
    job.model.sharedExperts = 1;
    job.model.denseLayers = 1;
    job.model.denseFfnHidden = 36864;
    job.precision = Precision::Fp8;
    return job;
}

Layout layoutOf(const Job& job) {
    Layout layout;
    layout.tp = 8;
    layout.pp = 8;
    layout.vp = 4;
    layout.cp = 2;
    layout.ep = job.model.experts > 0 ? 16 : 1;
    layout.dp = 64;
    layout.globalBatch = job.globalBatch;
    layout.recompute = Recompute::Auto;
    return layout;
}

void floorOfArithmetic(benchmark::State& state) {
    double x = 1.000001;
    for (auto unused : state) {
        double sum = 0;
        for (int i = 0; i < 60; ++i) {
            sum += 1 / (x + i);
        }
        sum += std::pow(x, 8.0) + std::log(x) + std::sqrt(x);
        x += 1e-9 * sum;
        benchmark::DoNotOptimize(sum);
    }
}

void evaluateLayout(benchmark::State& state) {
    const Job job = state.range(0) == 0 ? denseJob() : expertJob();
    const Machine machine{"machine", {hopper(220000)}, 0, 0};
    const auto setup = setUp(machine, job, Calibration::builtin());
    Layout layout = layoutOf(job);
    for (auto unused : state) {
        layout.microBatch = 3 - layout.microBatch; // not the same twice
        benchmark::DoNotOptimize(outcomeOf(*setup, layout));
    }
}

void planMachine(benchmark::State& state) {
    Job job = state.range(0) == 0 ? denseJob() : expertJob();
    Machine machine{"machine", {hopper(220000)}, 0, 0};
    if (state.range(1) == 1) {
        machine = {"machine", {hopper(165000), ampere(55000)}, 51.2e12, 83e-6};
        job.placement = Placement::Proportional;
    }
    std::int64_t evaluated = 0;
    for (auto unused : state) {
        const auto found = plan(machine, job);
        evaluated += found ? found->evaluated : 0;
    }
    state.counters["layouts/s"] =
        benchmark::Counter(static_cast<double>(evaluated), benchmark::Counter::kIsRate);
}

/// A whole scaling curve, 8 to 1,000,000 GPUs: a plan at each of 18 points and at the 16 steps of its knee.
/// "all" is every class and mix of the Colossus scenario.
void scaleJob(benchmark::State& state) {
    const auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                               ATLAS_SOURCE_RESOURCES);
    if (!loaded) {
        state.SkipWithError("the scenario cannot be read");
        return;
    }
    explore::ScalingOptions options;
    if (state.range(0) == 0) {
        options.curves = {"H100-SXM"};
    }
    std::size_t points = 0;
    for (auto unused : state) {
        const auto scaling = explore::scaling(loaded->scenario, options);
        for (const explore::ScalingCurve& curve : scaling->curves) {
            points += curve.points.size() + (curve.knee ? 16 : 0);
        }
    }
    state.counters["plans/s"] = benchmark::Counter(static_cast<double>(points), benchmark::Counter::kIsRate);
}

} // namespace

BENCHMARK(floorOfArithmetic);
BENCHMARK(evaluateLayout)->ArgName("experts")->Arg(0)->Arg(1);
BENCHMARK(planMachine)
    ->ArgNames({"experts", "mixed"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(scaleJob)->ArgName("all")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_MAIN();
