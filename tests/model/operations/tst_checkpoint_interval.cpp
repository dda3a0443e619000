#include "model/operations/checkpoint_interval.h"

#include "model/core/philox.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;

namespace {

Interruptions failing(double mttfS, double stallS, double restartS) {
    Interruptions i;
    i.failuresPerS = 1 / mttfS;
    i.stallS = stallS;
    i.restartS = restartS;
    return i;
}

/// The same run event by event: cycles of work and stall, failures by chance.
double simulated(const Interruptions& i, double intervalS, int cycles) {
    std::uint64_t draws = 0;
    const auto untilFailure = [&] {
        return -std::log(random::uniform(3, random::Purpose::MonteCarlo, draws++)) / i.failuresPerS;
    };
    double now = 0;
    double fails = untilFailure();
    double kept = 0;
    double pending = 0; // cycles whose checkpoint is still being written
    while (kept < cycles) {
        const double cycle = intervalS + i.stallS;
        const double written = pending > 0 ? now + i.lagS : 0;
        if (now + cycle < fails) {
            kept += pending;
            pending = 1;
            now += cycle;
            continue;
        }
        kept += pending > 0 && written <= fails ? pending : 0; // written while the next ones were made
        pending = 0;
        now = fails;
        for (;;) {
            now += i.detectionS;
            const double again = now + untilFailure();
            if (again >= now + i.restartS) {
                fails = again;
                now += i.restartS;
                break;
            }
            now = again;
        }
    }
    return kept * intervalS / now;
}

} // namespace

/// What interruptions leave, against limits, first-order formulas and a run event by event.
class TestCheckpointInterval : public QObject {
    Q_OBJECT
private slots:
    void nothingFails() {
        QCOMPARE(keptShare({}, bestIntervalS({})), 1.0);
        Interruptions stalls;
        stalls.stallS = 5;
        QCOMPARE(keptShare(stalls, 95.0), 0.95);
        Interruptions planned;
        planned.plannedEveryS = 1000;
        planned.plannedS = 50;
        QCOMPARE(keptShare(planned, bestIntervalS(planned)), 0.95);
    }
    void rareFailuresFollowYoung() {
        // Young (1974): 1 - stall/interval - interval/(2 MTBF) - restart/MTBF, one failure in a day.
        const double mtbf = 86400;
        const double share = keptShare(failing(mtbf, 5, 300), 600);
        QVERIFY(std::abs(share - (1 - 5.0 / 600 - 600 / (2 * mtbf) - 300 / mtbf)) < 2e-4);
        QVERIFY(std::abs(youngIntervalS(1 / mtbf, 5) - std::sqrt(2 * 5 * mtbf)) < 1e-9);
    }
    void theIntervalIsTheBest_data() {
        QTest::addColumn<double>("mttf");
        for (const double mttf : {60.0, 300.0, 3600.0, 86400.0}) {
            QTest::addRow("%g", mttf) << mttf;
        }
    }
    void theIntervalIsTheBest() {
        QFETCH(double, mttf);
        const Interruptions i = failing(mttf, 5, 60);
        const double best = bestIntervalS(i);
        for (const double factor : {0.5, 0.8, 0.98, 1.02, 1.25, 2.0}) {
            QVERIFY(keptShare(i, best) > keptShare(i, best * factor));
        }
        // Daly's expansion is for stalls far below the mean time to failure.
        if (mttf > 1000) {
            QVERIFY(std::abs(dalyIntervalS(1 / mttf, 5) / best - 1) < 0.01);
            QVERIFY(youngIntervalS(1 / mttf, 5) > best);
        }
        QVERIFY(keptShare(i, best) > keptShare(i, dalyIntervalS(1 / mttf, 5)) - 1e-12);
    }
    void agreesWithARunEventByEvent_data() {
        QTest::addColumn<double>("detection");
        QTest::addColumn<double>("lag");
        QTest::addColumn<double>("interval");
        QTest::newRow("Daly") << 0.0 << 0.0 << 200.0;
        QTest::newRow("detection") << 120.0 << 0.0 << 200.0;
        QTest::newRow("written meanwhile") << 60.0 << 60.0 << 200.0;
        QTest::newRow("too often") << 30.0 << 10.0 << 20.0;
        QTest::newRow("too rarely") << 30.0 << 30.0 << 3000.0;
    }
    void agreesWithARunEventByEvent() {
        QFETCH(double, detection);
        QFETCH(double, lag);
        QFETCH(double, interval);
        Interruptions i = failing(1000, 5, 240);
        i.detectionS = detection;
        i.lagS = lag;
        const double share = simulated(i, interval, 40'000);
        QVERIFY2(std::abs(keptShare(i, interval) / share - 1) < 0.03,
                 qPrintable(QString("%1 %2").arg(keptShare(i, interval)).arg(share)));
    }
    void neverBetterWithMoreFailures() {
        double last = 1.0;
        for (double rate = 1e-7; rate < 1.0; rate *= 3) {
            Interruptions i = failing(1 / rate, 5, 240);
            i.detectionS = 60;
            i.lagS = 30;
            const double share = keptShare(i, bestIntervalS(i));
            QVERIFY(share <= last && share >= 0.0 && std::isfinite(share));
            last = share;
        }
        QVERIFY(last < 1e-6); // nothing is left, and that is said
    }
    void writesDoNotOverlap() {
        Interruptions i = failing(600, 1, 60);
        i.lagS = 300;
        QCOMPARE(bestIntervalS(i), 300.0);
    }
};

QTEST_APPLESS_MAIN(TestCheckpointInterval)
#include "tst_checkpoint_interval.moc"
