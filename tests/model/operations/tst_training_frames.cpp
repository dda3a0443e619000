#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

/// Frames of a step: states, counts and waits.
class TestTrainingFrames : public QObject {
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
                // The fast class, and between its micro-batches the culprit's tensor-parallel group.
                QVERIFY(count(*frame, GpuState::Waiting) >= 96u && count(*frame, GpuState::Waiting) <= 103u);
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
    void outOfRangeTimesAreClamped() {
        const auto timeline = timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.01, 0.003));
        QCOMPARE(timeline->frameAt(-5)->timeS, 0.0);
        QCOMPARE(timeline->frameAt(std::nan(""))->timeS, 0.0);
        const double end = 181 * 86'400.0;
        QVERIFY(timeline->frameAt(1e18)->timeS < end);
        QVERIFY(timeline->samples(0, 10, 0).empty());
    }
};

QTEST_APPLESS_MAIN(TestTrainingFrames)
#include "tst_training_frames.moc"
