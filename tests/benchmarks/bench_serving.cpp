// A day of serving on 220,000 GPUs in 27,000 replicas, and a frame of it, beside their floors: as many random
// numbers as replicas and instants, and copying the bytes of a frame. Goals: a day 1 s, a frame 8 ms.
#include "model/core/philox.h"
#include "model/operations/serving_timeline.h"
#include "tests/model/cluster/cluster_fixtures.h"
#include "tests/model/serving/fleet_fixtures.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>

using namespace atlas;
using namespace atlas::testing;

namespace {

constexpr double kDayS = 86'400;
constexpr cluster::Index kGpus = 220'000;
constexpr cluster::Index kReplicas = 27'500;

std::shared_ptr<const cluster::Cluster> floorPlan() {
    static const auto built = [] {
        auto result = cluster::buildCluster(catalogue(), mixedSpec());
        if (!result) {
            std::abort();
        }
        return *result;
    }();
    return built;
}

/// 20,625 replicas of 8 H100 and 6,875 of 8 A100 under everything traffic does.
serving::FleetInputs fleetInputs() {
    serving::FleetInputs in =
        test::fleetInputs({test::poolOf(20'625), test::poolOf(6'875, 3, "A100")}, 0.76, 0.1, 365);
    in.demand.peakOverMean = 1.6;
    in.demand.weekendFactor = 0.65;
    in.demand.burstiness = 0.05;
    in.demand.surgeEveryS = 2 * kDayS;
    in.demand.surgeHeight = 0.2;
    using catalog::Sourced;
    in.traffic.autoscaling = {Sourced(0.25), Sourced(1), Sourced(0.76), Sourced(600), Sourced(300)};
    in.traffic.routing = scenario::RequestRouting::ClassAware;
    return in;
}

operations::ServingTimeline timeline() {
    operations::ServingInputs inputs;
    inputs.start = scenario::Month::of(2026, 1);
    inputs.end = scenario::Month::of(2027, 1);
    inputs.fleet = std::make_shared<const serving::Fleet>(fleetInputs());
    return {floorPlan(), std::move(inputs)};
}

double randomTime(std::uint64_t i) {
    return 365 * kDayS * random::uniform(1, random::Purpose::MonteCarlo, i);
}

/// Demand, queues, routing, scaling and latency percentiles of every minute, and every replica every five
/// minutes.
void dayOfServing(benchmark::State& state) {
    for (auto _ : state) {
        const auto life = timeline();
        benchmark::DoNotOptimize(life.samples(0, kDayS, 1440));
        for (int i = 0; i < 288; ++i) {
            benchmark::DoNotOptimize(life.frameAt(i * 300.0));
        }
    }
}
BENCHMARK(dayOfServing)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The same without drawing replicas.
void dayOfTheFleet(benchmark::State& state) {
    for (auto _ : state) {
        const auto life = timeline();
        benchmark::DoNotOptimize(life.samples(0, kDayS, 1440));
    }
}
BENCHMARK(dayOfTheFleet)->Unit(benchmark::kMillisecond)->UseRealTime();

/// From a fresh fleet to its queues after a year.
void yearOfQueues(benchmark::State& state) {
    for (auto _ : state) {
        const serving::Fleet fleet(fleetInputs());
        benchmark::DoNotOptimize(fleet.at(364 * kDayS, serving::Fleet::Detail::Flows));
    }
}
BENCHMARK(yearOfQueues)->Unit(benchmark::kMillisecond)->UseRealTime();

void servingFrameAtRandomTimes(benchmark::State& state) {
    const auto life = timeline();
    benchmark::DoNotOptimize(life.frameAt(364 * kDayS));
    std::uint64_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(life.frameAt(randomTime(i++)));
    }
}
BENCHMARK(servingFrameAtRandomTimes)->Unit(benchmark::kMillisecond)->UseRealTime();

/// While it plays: the next frame a few seconds on.
void servingFrameWhilePlaying(benchmark::State& state) {
    const auto life = timeline();
    double t = 40'000;
    for (auto _ : state) {
        benchmark::DoNotOptimize(life.frameAt(t += 5));
    }
}
BENCHMARK(servingFrameWhilePlaying)->Unit(benchmark::kMillisecond)->UseRealTime();

void detailOfAReplica(benchmark::State& state) {
    const auto life = timeline();
    for (auto _ : state) {
        benchmark::DoNotOptimize(life.detailAt(40'000, 4711));
    }
}
BENCHMARK(detailOfAReplica)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// One draw a replica and five minutes of a day.
void floorOfADay(benchmark::State& state) {
    for (auto _ : state) {
        std::uint32_t all = 0;
        for (std::uint32_t i = 0; i < 288; ++i) {
            for (cluster::Index replica = 0; replica < kReplicas; ++replica) {
                all ^= random::words(7, random::Purpose::Serving, replica, i)[0];
            }
        }
        benchmark::DoNotOptimize(all);
    }
}
BENCHMARK(floorOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();

void floorOfCopyingTheFrame(benchmark::State& state) {
    const auto frame = timeline().frameAt(1000);
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
