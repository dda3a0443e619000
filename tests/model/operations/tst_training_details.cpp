#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

/// One GPU, and who waited for whom.
class TestTrainingDetails : public QObject {
    Q_OBJECT
private slots:
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
};

QTEST_APPLESS_MAIN(TestTrainingDetails)
#include "tst_training_details.moc"
