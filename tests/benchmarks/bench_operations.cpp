// Ninety days of half a million GPUs with all that happens to them, beside its floor: the random numbers that
// no layout of those days does without, one uniform for every step's barrier. Limits: the days 1 s, a frame
// of them 8 ms, on two cores.
#include "model/core/philox.h"
#include "model/operations/training_timeline.h"
#include "model/scenario/scenario_loader.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace atlas;

namespace {

constexpr double kSpanS = 90 * 86'400.0;

template <class T>
T must(Result<T> result) {
    if (!result) {
        std::fputs(text(result.errors()).c_str(), stderr);
        std::abort();
    }
    return std::move(*result);
}

/// 550,000 GB200 in three halls; everything that can happen has the program's rates.
const scenario::Scenario& site() {
    static const scenario::Scenario scenario =
        must(scenario::parseScenario(
                 "start: 2026-01\nhorizon: 6 months\n"
                 "clusters: {c: {islands: {i: {gpu: GB200, gpu_count: \"550000\", halls: 3}}}}\n"
                 "train_jobs: {t: {model: llama-3-1-405b, global_batch: 128 M tokens}}\n",
                 "benchmark", ATLAS_SOURCE_RESOURCES))
            .scenario;
    return scenario;
}

std::shared_ptr<const operations::Timeline> timeline() {
    static const auto floor = must(cluster::buildCluster(site(), site().clusters.front()));
    return must(operations::makeTimeline(site(), site().strategies.front().assignments.front(), floor));
}

double randomTime(std::uint64_t i) {
    return kSpanS * random::uniform(1, random::Purpose::MonteCarlo, i);
}

/// The floor of the days: as many uniforms as steps, on one thread.
double uniformsOf(std::uint64_t steps) {
    double sum = 0;
    for (std::uint64_t step = 0; step < steps; step += 2) {
        const auto w = random::words(7, random::Purpose::StepMaximum, step / 2);
        sum += random::uniform(w[0], w[1]) + random::uniform(w[2], w[3]);
    }
    return sum;
}

/// The floor of a frame: a random number for every GPU, on one thread.
std::uint32_t numbersOf(cluster::Index gpus, std::uint64_t step) {
    std::uint32_t all = 0;
    for (cluster::Index quad = 0; quad < gpus / 4; ++quad) {
        const auto four = random::words(7, random::Purpose::StepMember, step, quad);
        all ^= four[0] ^ four[1] ^ four[2] ^ four[3];
    }
    return all;
}

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds of `floor`, called in the same run as what it is the floor of.
template <class Floor>
double secondsOf(int times, const Floor& floor) {
    const auto start = Clock::now();
    for (int i = 0; i < times; ++i) {
        benchmark::DoNotOptimize(floor(static_cast<std::uint64_t>(i)));
    }
    return secondsSince(start) / times;
}

/// Every step of ninety days summed, every failure, episode and restart listed: from a plan to the account.
void ninetyDays550k(benchmark::State& state) {
    operations::Account account;
    std::size_t events = 0;
    double spentS = 0;
    for (auto _ : state) {
        state.PauseTiming();
        const auto fresh = timeline(); // planned once, outside; nothing laid out yet
        state.ResumeTiming();
        const auto start = Clock::now();
        account = fresh->account(0, kSpanS);
        events = fresh->events(0, kSpanS).size();
        spentS += secondsSince(start);
    }
    const double floorS = secondsOf(5, [&](std::uint64_t) { return uniformsOf(account.steps); });
    state.counters["floor_ms"] = 1e3 * floorS;
    state.counters["times_floor"] = spentS / static_cast<double>(state.iterations()) / floorS;
    state.counters["steps"] = static_cast<double>(account.steps);
    state.counters["events"] = static_cast<double>(events);
    state.counters["interruptions"] = static_cast<double>(account.interruptions);
    state.counters["goodput"] = account.goodput;
}
BENCHMARK(ninetyDays550k)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

/// A frame at any instant of those days, nothing laid out around it before.
void frameOfNinetyDays(benchmark::State& state) {
    const auto running = timeline();
    std::uint64_t i = 0;
    double spentS = 0;
    for (auto _ : state) {
        const auto start = Clock::now();
        benchmark::DoNotOptimize(running->frameAt(randomTime(i++)));
        spentS += secondsSince(start);
    }
    const cluster::Index gpus = running->cluster()->gpuCount;
    const double floorS = secondsOf(50, [&](std::uint64_t step) { return numbersOf(gpus, step); });
    state.counters["floor_ms"] = 1e3 * floorS;
    state.counters["times_floor"] = spentS / static_cast<double>(state.iterations()) / floorS;
}
BENCHMARK(frameOfNinetyDays)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

} // namespace

BENCHMARK_MAIN();
