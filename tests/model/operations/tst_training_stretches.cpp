#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <tbb/global_control.h>

#include <cmath>
#include <thread>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

/// Steps and stretches: any instant in any order, power by tranche, plans made late.
class TestTrainingStretches : public QObject {
    Q_OBJECT
private slots:
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
                              return PlannedStep{mixedStep(), {}, {}, {}, {}, {}};
                          }},
                         {Month::of(2026, 3), [&] {
                              ++second;
                              return PlannedStep{{}, {}, {}, failure("no layout fits"), {}, {}};
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
};

QTEST_APPLESS_MAIN(TestTrainingStretches)
#include "tst_training_stretches.moc"
