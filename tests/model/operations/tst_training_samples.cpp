#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

/// Charts over time, and the waterfall to be expected.
class TestTrainingSamples : public QObject {
    Q_OBJECT
private slots:
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
        inputs.phases = {{inputs.start, [] {
                              PlannedStep step{mixedStep(), {}, {}, {}, {}, {}};
                              step.outlookOf = [](const std::vector<std::size_t>&) {
                                  Outlook outlook;
                                  outlook.kept = 0.75;
                                  return outlook;
                              };
                              return step;
                          }}};
        const Waterfall bars = timelineOf(smallMixedSpec(), inputs)->waterfall();
        QCOMPARE(whole[9].share, 0.0);
        QCOMPARE(bars[9].name, std::string("fail-stop"));
        QVERIFY(std::abs(bars.back().share - 0.75 * whole.back().share) < 1e-12);
        QCOMPARE(bars[7].name, std::string("jitter tail"));
        QCOMPARE(bars[7].share, whole[7].share);
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
};

QTEST_APPLESS_MAIN(TestTrainingSamples)
#include "tst_training_samples.moc"
