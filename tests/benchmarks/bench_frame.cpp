// A frame of half a million GPUs, beside its floors: drawing that many random numbers, and copying that many
// bytes.
#include "model/core/philox.h"
#include "model/operations/training_timeline.h"
#include "tests/model/cluster/cluster_fixtures.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace atlas;
using namespace atlas::testing;

namespace {

constexpr cluster::Index kGpus = 550'000;

std::shared_ptr<const cluster::Cluster> floorPlan() {
    static const auto built = [] {
        auto result = cluster::buildCluster(catalogue(), blackwellSpec());
        if (!result) {
            std::abort();
        }
        return *result;
    }();
    return built;
}

operations::TrainingInputs trainingInputs() {
    training::StepAnatomy step;
    step.stepTimeS = 4;
    training::ClassShare share;
    share.gpu = "GB200";
    share.pool = "GB200 island";
    share.count = 549'888;
    share.computeS = 2.9;
    share.communicateS = 0.6;
    share.waitS = 0.5;
    step.classes.push_back(share);
    step.breakdown.dp = 0.3;
    step.breakdown.optimizer = 0.05;
    step.breakdown.bubble = 0.5;
    step.kernelS = 1.5;
    step.layout.tp = 8;
    step.layout.pp = 16;
    step.layout.dp = 4296;
    step.layout.globalBatch = 4296 * 32;
    operations::TrainingInputs inputs;
    inputs.start = scenario::Month::of(2026, 1);
    inputs.end = scenario::Month::of(2026, 4); // 90 days
    inputs.staticSpeedSpread = 0.01;
    inputs.stepJitter = 0.003;
    inputs.phases.push_back(
        {inputs.start, [step] { return operations::PlannedStep{step, {}, {}, {}, {}, {}}; }});
    return inputs;
}

std::shared_ptr<const operations::TrainingTimeline> training() {
    auto made = operations::TrainingTimeline::make(floorPlan(), trainingInputs());
    if (!made) {
        std::abort();
    }
    return *made;
}

double randomTime(std::uint64_t i) {
    return 90 * 86'400.0 * random::uniform(1, random::Purpose::MonteCarlo, i);
}

void buildCluster550k(benchmark::State& state) {
    const auto scenario = catalogue();
    const auto spec = blackwellSpec();
    for (auto _ : state) {
        benchmark::DoNotOptimize(cluster::buildCluster(scenario, spec));
    }
}
BENCHMARK(buildCluster550k)->Unit(benchmark::kMillisecond)->UseRealTime();

void makeTimeline550k(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(training());
    }
}
BENCHMARK(makeTimeline550k)->Unit(benchmark::kMillisecond)->UseRealTime();

/// From a fresh timeline to the clock of 90 days.
void clockOf90Days(benchmark::State& state) {
    for (auto _ : state) {
        const auto timeline = training();
        benchmark::DoNotOptimize(timeline->stepBoundary(90 * 86'400.0 - 10, 1));
    }
}
BENCHMARK(clockOf90Days)->Unit(benchmark::kMillisecond)->UseRealTime();

void frameAtRandomTimes(benchmark::State& state) {
    const auto timeline = training();
    benchmark::DoNotOptimize(timeline->frameAt(90 * 86'400.0));
    std::uint64_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(timeline->frameAt(randomTime(i++)));
    }
}
BENCHMARK(frameAtRandomTimes)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Where the time may go beside a frame: a day of samples, and all details of one GPU that holds the others
/// up.
void samplesOfADay(benchmark::State& state) {
    const auto timeline = training();
    benchmark::DoNotOptimize(timeline->frameAt(90 * 86'400.0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(timeline->samples(86'400, 2 * 86'400, 400));
    }
}
BENCHMARK(samplesOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();

void detailOfTheCulprit(benchmark::State& state) {
    const auto timeline = training();
    const auto frame = timeline->frameAt(80 * 86'400.0);
    for (auto _ : state) {
        benchmark::DoNotOptimize(timeline->detailAt(frame->timeS, frame->culprit));
    }
}
BENCHMARK(detailOfTheCulprit)->Unit(benchmark::kMillisecond)->UseRealTime();

void floorOfRandomNumbers(benchmark::State& state) {
    std::uint64_t step = 0;
    for (auto _ : state) {
        ++step;
        std::uint32_t all = 0;
        for (cluster::Index quad = 0; quad < kGpus / 4; ++quad) {
            const auto four = random::words(7, random::Purpose::StepMember, step, quad);
            all ^= four[0] ^ four[1] ^ four[2] ^ four[3];
        }
        benchmark::DoNotOptimize(all);
    }
}
BENCHMARK(floorOfRandomNumbers)->Unit(benchmark::kMillisecond)->UseRealTime();

void floorOfCopyingTheFrame(benchmark::State& state) {
    const auto frame = training()->frameAt(1000);
    std::vector<std::uint8_t> target(2 * std::size_t{kGpus});
    for (auto _ : state) {
        std::memcpy(target.data(), frame->state.data(), kGpus);
        std::memcpy(target.data() + kGpus, frame->utilisation.data(), kGpus);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(floorOfCopyingTheFrame)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
