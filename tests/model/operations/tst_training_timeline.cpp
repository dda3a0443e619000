#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <tbb/global_control.h>

#include <cmath>
#include <numeric>
#include <thread>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

const training::StepAnatomy& mixedStep() {
    static const auto step =
        anatomyOf({{"H100-SXM", "H100 island", 96, 0.9, 0.3}, {"A100-SXM", "A100 island", 32, 2.5, 0.4}});
    return step;
}

StepVolumes gradient(double bytes) {
    StepVolumes volumes;
    volumes.denseGradient = bytes;
    return volumes;
}

std::size_t hashOf(const Frame& frame) {
    const auto bytes = [](const auto& v) {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<const char*>(v.data()), v.size() * sizeof(v[0])});
    };
    std::size_t hash = bytes(frame.state) ^ (bytes(frame.utilisation) * 3) ^ (bytes(frame.linkLoad) * 5);
    for (const RackSummary& rack : frame.racks) {
        hash =
            hash * 31 + rack.meanUtilisation + static_cast<std::size_t>(rack.worst) * 1000 + rack.worstCount;
    }
    return hash ^ std::hash<double>{}(frame.stepTimeS) ^ std::hash<double>{}(frame.waitGpuSeconds) ^
           frame.culprit;
}

std::uint32_t count(const Frame& frame, GpuState state) {
    return frame.counts[static_cast<std::size_t>(state)];
}

} // namespace

/// Frames, steps and shares of a cluster that trains.
class TestTrainingTimeline : public QObject {
    Q_OBJECT
private slots:
    void withoutNoiseTheStepIsThatOfThePlan() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0, 0));
        for (const double t : {0.0, 17.0, 100'000.0}) {
            QVERIFY(std::abs(timeline->frameAt(t)->stepTimeS - 2.9) < 1e-12);
        }
        // Barrier at 2.5 - 0.02 + 0.4 - 0.1; the fast class arrives after 0.88 + 0.2.
        const auto frame = timeline->frameAt(2.0);
        QCOMPARE(count(*frame, GpuState::Waiting), 96u);
        QVERIFY(std::abs(frame->waitGpuSeconds - 96 * (2.78 - 1.08)) < 1e-3);
        QVERIFY(frame->culprit >= 96);
        QVERIFY(std::abs(frame->culpritSlowdown - 1) < 1e-6);
    }
    void expectedJitterOfThePlanIsReplaced() {
        training::StepAnatomy step = mixedStep();
        step.breakdown.barrier = 0.2;
        step.stepTimeS += 0.2;
        for (training::ClassShare& share : step.classes) {
            share.waitS += 0.2;
        }
        QVERIFY(std::abs(timelineOf(smallMixedSpec(), inputsOf(step, 0, 0))->frameAt(5)->stepTimeS - 2.9) <
                1e-12);
    }
    void slowClassHoldsTheFastOne() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.003));
        for (double t = 0; t < 300; t += 0.37) {
            const auto frame = timeline->frameAt(t);
            QVERIFY(frame->training);
            QVERIFY(frame->culprit >= 96);
            const double inStep = frame->timeS - frame->stepStartS;
            if (inStep > 1.2 && inStep < 2.7) {
                QCOMPARE(count(*frame, GpuState::Waiting), 96u);
                QCOMPARE(count(*frame, GpuState::Culprit), 1u);
            }
            QVERIFY(frame->culpritSlowdown >= 0.98);
        }
    }
    void countsConserve() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.02, 0.01));
        const auto floor = timeline->cluster();
        for (double t = 0; t < 40; t += 0.173) {
            const auto frame = timeline->frameAt(t);
            QCOMPARE(std::accumulate(frame->counts.begin(), frame->counts.end(), 0u), floor->gpuCount);
            std::array<std::uint32_t, kStateCount> counted{};
            for (const std::uint8_t state : frame->state) {
                ++counted[state];
            }
            QCOMPARE(counted, frame->counts);
            QVERIFY(frame->stepStartS <= frame->timeS &&
                    frame->timeS < frame->stepStartS + frame->stepTimeS + 1e-9);
        }
    }
    void waitingAddsUpOverAStep() {
        // States sampled finely over one step against the sum of the members' waits.
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.02, 0.02));
        const double start = timeline->stepBoundary(100, 1);
        const double end = timeline->stepBoundary(start + 0.1, 1);
        constexpr int kInstants = 4000;
        double waits = 0;
        for (int i = 0; i < kInstants; ++i) {
            const double t = start + (end - start) * (i + 0.5) / kInstants;
            waits += count(*timeline->frameAt(t), GpuState::Waiting) * (end - start) / kInstants;
        }
        const double whole = timeline->frameAt((start + end) / 2)->waitGpuSeconds;
        QVERIFY2(std::abs(waits / whole - 1) < 1e-3, qPrintable(QString("%1 %2").arg(waits).arg(whole)));
    }
    void bubbleIsWaiting() {
        auto step = anatomyOf({{"H100-SXM", "H100 island", 128, 1.0, 0.2}}, 0.1, 0.02, 0.3);
        step.layout.tp = 4;
        step.layout.pp = 4;
        step.layout.dp = 8;
        step.layout.globalBatch = 64;
        const auto spec = clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 128)});
        const auto timeline = timelineOf(spec, inputsOf(step, 0, 0));
        QVERIFY(std::abs(timeline->frameAt(0)->waitGpuSeconds - 128 * 0.3) < 1e-3);
        // At once only stage 0 works; every stage's bubble is 0.3 s long.
        const auto first = timeline->frameAt(1e-6);
        QVERIFY(std::abs(static_cast<int>(count(*first, GpuState::Waiting)) - 96) <= 1); // or the culprit
        QCOMPARE(timeline->detailAt(0, 0).ppStage, 0);
        QCOMPARE(timeline->detailAt(0, 37).ppStage, 1);
        QCOMPARE(timeline->detailAt(0, 37).dpReplica, std::int64_t{1});
        QCOMPARE(timeline->detailAt(0, 37).tpRank, 1);
        std::array<double, 4> waits{};
        for (int i = 0; i < 1380; ++i) {
            const auto frame = timeline->frameAt((i + 0.5) * 1e-3);
            for (cluster::Index stage = 0; stage < 4; ++stage) {
                waits[stage] +=
                    frame->state[8 + 32 * stage] == static_cast<int>(GpuState::Waiting) ? 1e-3 : 0;
            }
        }
        for (const double wait : waits) {
            QVERIFY2(std::abs(wait - 0.3) < 5e-3 || std::abs(wait) < 1e-9, qPrintable(QString::number(wait)));
        }
    }
    void sameBytesInAnyOrderAndThread() {
        const auto spec = mixedSpec();
        auto step = anatomyOf(
            {{"H100-SXM", "H100 island", 165'000, 0.9, 0.3}, {"A100-SXM", "A100 island", 55'000, 2.5, 0.4}},
            0.1, 0.02, 0.1);
        step.layout.pp = 4;
        const std::vector<double> times{5e6, 0.0, 12.345, 7.7e6, 100.5, 12.345, 86'400.0, 1.0};
        std::vector<std::size_t> forward(times.size());
        {
            const auto timeline = timelineOf(spec, inputsOf(step, 0.01, 0.003));
            for (std::size_t i = 0; i < times.size(); ++i) {
                forward[i] = hashOf(*timeline->frameAt(times[i]));
            }
        }
        QCOMPARE(forward[2], forward[5]);
        {
            const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
            const auto timeline = timelineOf(spec, inputsOf(step, 0.01, 0.003));
            for (std::size_t i = times.size(); i-- > 0;) {
                QCOMPARE(hashOf(*timeline->frameAt(times[i])), forward[i]);
            }
        }
        const auto timeline = timelineOf(spec, inputsOf(step, 0.01, 0.003));
        std::vector<std::size_t> crowd(times.size());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < times.size(); ++i) {
            threads.emplace_back([&, i] { crowd[i] = hashOf(*timeline->frameAt(times[i])); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        QVERIFY(crowd == forward);
    }
    void seedsDiffer() {
        const auto a = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.003, 7));
        const auto b = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.003, 8));
        QVERIFY(a->frameAt(0)->stepTimeS != b->frameAt(0)->stepTimeS);
    }
    void boundariesAreMonotone() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.01));
        double now = 1e6;
        std::uint64_t step = timeline->frameAt(now)->step;
        for (int i = 0; i < 2000; ++i) {
            const double next = timeline->stepBoundary(now, 1);
            QVERIFY(next > now);
            const auto frame = timeline->frameAt(next);
            QCOMPARE(frame->step, ++step);
            QVERIFY(frame->stepFraction < 1e-6);
            QVERIFY(timeline->stepBoundary(next, 0) <= next);
            now = next;
        }
        for (int i = 0; i < 10; ++i) {
            const double before = timeline->stepBoundary(now, -1);
            QVERIFY(before < now);
            now = before;
        }
    }
    void longRunsAreSumsOfShortOnes() {
        // Forty thousand steps one by one end where the clock says they do.
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.01));
        const auto late = timeline->frameAt(120'000);
        double sum = 0;
        double now = 0;
        while (timeline->frameAt(now)->step < late->step && now < 130'000) {
            const double next = timeline->stepBoundary(now, 1);
            sum += timeline->frameAt(now)->stepTimeS;
            now = next;
        }
        QVERIFY(std::abs(sum - late->stepStartS) < 1e-5);
    }
    void samplesAgreeWithFrames() {
        auto step = anatomyOf(
            {{"H100-SXM", "H100 island", 165'000, 0.9, 0.3}, {"A100-SXM", "A100 island", 55'000, 1.1, 0.4}},
            0.1, 0.02, 0.1);
        step.layout.pp = 4;
        const auto timeline = timelineOf(mixedSpec(), inputsOf(step, 0.02, 0.02));
        const double start = timeline->stepBoundary(1000, 1);
        const double end = timeline->stepBoundary(start, 1);
        double meanUtilisation = 0;
        double meanWaiting = 0;
        constexpr int kInstants = 120;
        for (int i = 0; i < kInstants; ++i) {
            const double t = start + (end - start) * (i + 0.5) / kInstants;
            const auto frame = timeline->frameAt(t);
            const double utilisation =
                std::accumulate(frame->utilisation.begin(), frame->utilisation.end(), 0.0) / 255 /
                static_cast<double>(frame->state.size());
            const double waiting = count(*frame, GpuState::Waiting) / 220'000.0;
            const TimelineSample sample = timeline->samples(t, t, 1).front();
            QVERIFY2(std::abs(static_cast<double>(sample.utilisation) - utilisation) < 0.01,
                     qPrintable(QString("%1: %2 %3")
                                    .arg(i)
                                    .arg(static_cast<double>(sample.utilisation))
                                    .arg(utilisation)));
            QVERIFY(std::abs(static_cast<double>(sample.waiting) - waiting) < 0.01);
            meanUtilisation += utilisation / kInstants;
            meanWaiting += waiting / kInstants;
        }
        // Over hours a sample is the mean of its step.
        const double middle = (start + end) / 2;
        const auto spread = timeline->samples(middle, middle + 36'000, 2);
        QVERIFY(std::abs(static_cast<double>(spread[0].utilisation) - meanUtilisation) < 0.01);
        QVERIFY(std::abs(static_cast<double>(spread[0].waiting) - meanWaiting) < 0.01);
        QVERIFY(std::abs(static_cast<double>(spread[0].stepTimeS) - (end - start)) < 1e-5);
    }
    void waterfallAddsUp() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.02, 0.01));
        const Waterfall bars = timeline->waterfall();
        QVERIFY(bars.front().total && bars.back().total);
        double left = bars.front().share;
        for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
            QVERIFY(bars[i].share >= 0);
            left -= bars[i].share;
        }
        QCOMPARE(left, bars.back().share);
        // Goodput is the model's FLOPs over the peak of all in the mean step, all but the jitter by hand.
        double meanStep = 0;
        for (const TimelineSample& sample : timeline->samples(0, 20'000, 4000)) {
            meanStep += static_cast<double>(sample.stepTimeS) / 4000;
        }
        QVERIFY(std::abs(bars.back().share / (0.5 / meanStep) - 1) < 2e-3);
        const double slow = 32 * 312.0 / (32 * 312 + 96 * 989.0);
        QVERIFY(std::abs(bars[5].share - (1 - slow) * (2.78 - 1.08) / meanStep) < 2e-3);
    }
    void interruptionsTakeTheirShareOfWhatIsLeft() {
        auto inputs = inputsOf(mixedStep(), 0.02, 0.01);
        const Waterfall whole = timelineOf(smallMixedSpec(), inputs)->waterfall();
        inputs.phases = {{inputs.start, [] { return PlannedStep{mixedStep(), {}, {}, {}, 0.75}; }}};
        const Waterfall bars = timelineOf(smallMixedSpec(), inputs)->waterfall();
        QCOMPARE(whole[7].share, 0.0);
        QCOMPARE(bars[7].name, std::string("fail-stop"));
        QVERIFY(std::abs(bars.back().share - 0.75 * whole.back().share) < 1e-12);
        QCOMPARE(bars[6].share, whole[6].share);
    }
    void identicalClassesHaveNoMismatch() {
        const auto step =
            anatomyOf({{"H100-SXM", "H100 island", 96, 0.9, 0.3}, {"A100-SXM", "A100 island", 32, 0.9, 0.3}});
        const auto mixed = timelineOf(smallMixedSpec(), inputsOf(step, 0.01, 0.003));
        QCOMPARE(mixed->waterfall()[5].share, 0.0);
        const auto alone =
            timelineOf(clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 128)}),
                       inputsOf(anatomyOf({{"H100-SXM", "H100 island", 128, 0.9, 0.3}}), 0.01, 0.003));
        QCOMPARE(mixed->frameAt(77)->stepTimeS, alone->frameAt(77)->stepTimeS);
    }
    void powerComesByTranche() {
        auto spec = clusterSpec({island("B", "GB200", "nvl72", "rail4", 1440)});
        using scenario::Month;
        spec.islands[0].tranches = {{Month::of(2026, 2), scenario::Sourced(720), ""},
                                    {Month::of(2026, 4), scenario::Sourced(1440), ""}};
        auto inputs = inputsOf(anatomyOf({{"GB200", "B island", 704, 0.9, 0.3}}), 0.01, 0.003);
        inputs.phases[0].from = Month::of(2026, 2);
        inputs.phases.push_back(
            phaseOf(Month::of(2026, 4), anatomyOf({{"GB200", "B island", 1408, 0.5, 0.3}}), {}, "more"));
        const auto timeline = timelineOf(spec, inputs);
        const auto dark = timeline->frameAt(86'400);
        QVERIFY(!dark->training);
        QCOMPARE(count(*dark, GpuState::Unpowered), 1440u);
        const auto half = timeline->frameAt(40 * 86'400);
        QVERIFY(half->training);
        QCOMPARE(count(*half, GpuState::Unpowered), 720u);
        QCOMPARE(count(*half, GpuState::Idle), 16u);
        const auto full = timeline->frameAt(100 * 86'400);
        QCOMPARE(count(*full, GpuState::Unpowered), 0u);
        QCOMPARE(count(*full, GpuState::Idle), 32u);
        QVERIFY(full->stepTimeS < half->stepTimeS);
        QCOMPARE(timeline->notes().size(), 1u);
        const auto marks = timeline->marks();
        QCOMPARE(marks.size(), 2u);
        QCOMPARE(marks[0].text, std::string("720 GPUs have power, training begins"));
        QCOMPARE(marks[1].timeS, (31 + 28 + 31) * 86'400.0);
        // Steps are counted from the re-plan, which cuts the last one off.
        const double change = (31 + 28 + 31) * 86'400.0;
        QCOMPARE(timeline->frameAt(change)->step, std::uint64_t{0});
        QVERIFY(timeline->frameAt(change - 1e-6)->step > 0);
        QCOMPARE(timeline->stepBoundary(change - 1e-6, 1), change);
    }
    void planningWaitsUntilSomebodyLooks() {
        using scenario::Month;
        int first = 0;
        int second = 0;
        auto inputs = inputsOf(mixedStep(), 0.01, 0.003);
        inputs.phases = {{inputs.start,
                          [&] {
                              ++first;
                              return PlannedStep{mixedStep(), {}, {}, {}, 1};
                          }},
                         {Month::of(2026, 3), [&] {
                              ++second;
                              return PlannedStep{{}, {}, {}, failure("no layout fits"), 1};
                          }}};
        const auto timeline = timelineOf(smallMixedSpec(), inputs);
        QVERIFY(timeline->frameAt(1000)->training);
        QCOMPARE(second, 0);
        QVERIFY(!timeline->frameAt(70 * 86'400)->training);
        QVERIFY(!timeline->frameAt(71 * 86'400)->training);
        QCOMPARE(first, 1);
        QCOMPARE(second, 1);
        QCOMPARE(timeline->notes().back(), std::string("2026-03: no layout fits"));
        // Nothing that runs at all is an error.
        inputs.phases.erase(inputs.phases.begin());
        const auto none = TrainingTimeline::make(built(smallMixedSpec()), inputs);
        QVERIFY(!none.ok());
        QCOMPARE(none.errors().front().message, std::string("no layout fits"));
    }
    void detailTellsWhoWaited() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.02, 0.02));
        const double t = 4321.0;
        const auto frame = timeline->frameAt(t);
        double waits = 0;
        for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
            const GpuDetail detail = timeline->detailAt(t, gpu);
            QCOMPARE(static_cast<int>(detail.state), static_cast<int>(frame->state[gpu]));
            QCOMPARE(static_cast<int>(std::lround(detail.utilisation * 255)),
                     static_cast<int>(frame->utilisation[gpu]));
            waits += detail.waitS;
            const double whole = detail.computeS + detail.communicateS + detail.bubbleS + detail.waitS;
            QVERIFY(std::abs(whole - detail.stepTimeS) < 1e-5);
            QCOMPARE(detail.culprit, gpu == frame->culprit);
            QVERIFY(detail.stepTimeWithoutS <= detail.stepTimeS);
            if (detail.culprit) {
                QVERIFY(detail.causedWaitGpuHours > 0);
                QCOMPARE(detail.waitS, 0.0);
                // The slow class gone, the fast one meets at its own slowest.
                double fastestS = 0;
                for (cluster::Index other = 0; other < 96; ++other) {
                    fastestS = std::max(fastestS, detail.stepTimeS - timeline->detailAt(t, other).waitS);
                }
                QVERIFY(std::abs(detail.stepTimeWithoutClassS - fastestS) < 1e-5);
                QVERIFY(std::abs(detail.classCausedWaitGpuHours - 96 * (detail.stepTimeS - fastestS) / 3600) <
                        1e-4);
            } else if (gpu < 96) {
                QCOMPARE(detail.stepTimeWithoutClassS, detail.stepTimeS);
            }
        }
        QVERIFY(std::abs(waits - frame->waitGpuSeconds) < 1e-2);
    }
    void outOfRangeTimesAreClamped() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.003));
        QCOMPARE(timeline->frameAt(-5)->timeS, 0.0);
        QCOMPARE(timeline->frameAt(std::nan(""))->timeS, 0.0);
        const double end = 181 * 86'400.0;
        QVERIFY(timeline->frameAt(1e18)->timeS < end);
        QVERIFY(timeline->samples(0, 10, 0).empty());
    }
    void trunkIsTheBottleneck() {
        // 2 GB of gradients and weights a GPU, 8 groups: 16 GB cross a trunk of 0.95 TB/s and as many leave
        // each hall over far more cables.
        auto inputs = inputsOf(mixedStep(), 0, 0);
        inputs.phases = {phaseOf(inputs.start, mixedStep(), gradient(2e9))};
        const auto timeline = timelineOf(smallMixedSpec(), inputs);
        const auto floor = timeline->cluster();
        const auto exchanging = timeline->frameAt(2.85);
        QCOMPARE(floor->linkGroups.back().kind, cluster::LinkKind::Trunk);
        // The exposed exchange is 0.1 s: 16 GB / 0.1 s / 0.95 TB/s.
        QVERIFY(std::abs(exchanging->linkLoad.back() - 0.1684f) < 1e-3f);
        QCOMPARE(timeline->frameAt(1.0)->linkLoad.back(), 0.0f);
    }
    void leavesAndHallsCarryTheirGroups() {
        // 4,096 GPUs in two halls: 8 rails, 256 GPUs a rail and hall, 4 leaves. TP 8, one stage: 8 groups of
        // 512, one a rail, each with members under every leaf. 1 GB a GPU: 1 GB leaves a leaf, 4 GB a rail of
        // a hall over 256 cables of 47.5 GB/s; 8 GB leave a hall over 2,048 of them.
        auto step = anatomyOf({{"H100-SXM", "A island", 4096, 0.9, 0.4}}, 0.2, 0.02, 0);
        auto inputs = inputsOf(step, 0, 0);
        inputs.phases = {phaseOf(inputs.start, step, gradient(1e9))};
        const auto timeline =
            timelineOf(clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 4096, 2)}), inputs);
        const auto frame =
            timeline->frameAt(0.9 - 0.02 + 0.4 - 0.2 + 0.1); // in the middle of 0.2 s of exchange
        const auto floor = timeline->cluster();
        for (std::size_t g = 0; g < floor->linkGroups.size(); ++g) {
            const bool leaf = floor->linkGroups[g].kind == cluster::LinkKind::LeafSpine;
            const double expected = leaf ? 4e9 / (256 * 47.5e9) / 0.2 : 8e9 / (2048 * 47.5e9) / 0.2;
            QVERIFY2(std::abs(static_cast<double>(frame->linkLoad[g]) - expected) < 1e-5,
                     qPrintable(QString::number(static_cast<double>(frame->linkLoad[g]))));
        }
    }
    void halfAMillion() {
        auto step = anatomyOf({{"GB200", "GB200 island", 549'888, 0.9, 0.3}}, 0.1, 0.02, 0.1);
        step.layout.tp = 8;
        step.layout.pp = 16;
        const auto timeline = timelineOf(blackwellSpec(), inputsOf(step, 0.01, 0.003));
        const auto frame = timeline->frameAt(timeline->stepBoundary(86'400, 1) + 0.7);
        QCOMPARE(std::accumulate(frame->counts.begin(), frame->counts.end(), 0u), 550'000u);
        QCOMPARE(count(*frame, GpuState::Idle), 112u);
        QVERIFY(count(*frame, GpuState::Computing) > 100'000u);
        // Barrier without noise 1.2 s - 0.12 + 0.1; the slowest of half a million is 5 to 15 % behind.
        QVERIFY(frame->stepTimeS > 1.3 * 1.03 && frame->stepTimeS < 1.3 * 1.2);
        const cluster::Index rack = timeline->cluster()->rackOf(frame->culprit);
        QCOMPARE(static_cast<int>(frame->racks[rack].worst), static_cast<int>(GpuState::Culprit));
        QCOMPARE(frame->racks[rack].worstCount, std::uint8_t{1});
    }
};

QTEST_APPLESS_MAIN(TestTrainingTimeline)
#include "tst_training_timeline.moc"
