#include "model/operations/goodput.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;

/// What interruptions leave, against limits, the first-order formula and a published run.
class TestGoodput : public QObject {
    Q_OBJECT
private slots:
    void nothingFails() {
        QCOMPARE(goodputShare(0.0, defaultInterruptions()), 1.0);
        QCOMPARE(goodputShare(0.0, 95.0, 5.0, 300.0), 0.95);
    }
    void rareFailuresFollowYoung() {
        // Young (1974): 1 - stall/interval - interval/(2 MTBF) - restart/MTBF, one failure in a day.
        const double mtbf = 86400;
        const double share = goodputShare(1 / mtbf, 600, 5, 300);
        QVERIFY(std::abs(share - (1 - 5.0 / 600 - 600 / (2 * mtbf) - 300 / mtbf)) < 2e-4);
    }
    void theIntervalIsTheBest() {
        for (const double mtbf : {300.0, 3600.0, 86400.0}) {
            const double best = checkpointIntervalS(1 / mtbf, 5);
            const double share = goodputShare(1 / mtbf, best, 5, 60);
            QVERIFY(share >= goodputShare(1 / mtbf, best * 1.3, 5, 60));
            QVERIFY(share >= goodputShare(1 / mtbf, best / 1.3, 5, 60));
        }
    }
    void neverBetterWithMoreFailures() {
        double last = 1.0;
        for (double rate = 1e-7; rate < 1.0; rate *= 3) {
            const double share = goodputShare(rate, defaultInterruptions());
            QVERIFY(share <= last && share >= 0.0 && std::isfinite(share));
            last = share;
        }
    }
    void aPublishedRun() {
        // Llama 3: 419 interruptions in 54 days on 16,384 GPUs, effective training time above 90 %.
        const double share = goodputShare(419.0 / (54 * 86400), defaultInterruptions());
        QVERIFY(share > 0.90 && share < 0.99);
    }
    void constantsAreRead() {
        QVERIFY(defaultInterruptions().restartS.low < defaultInterruptions().restartS.high);
        QVERIFY(!parseInterruptions("interruptions: []"));
        QVERIFY(!parseInterruptions("interruptions: 7"));
    }
};

QTEST_APPLESS_MAIN(TestGoodput)
#include "tst_goodput.moc"
