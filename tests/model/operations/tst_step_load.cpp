#include "model/operations/step_load.h"
#include "tests/model/operations/step_oracle.h"

#include <QTest>

#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

/// The law of what replicas have beyond the lightest of them.
class TestStepLoad : public QObject {
    Q_OBJECT
private slots:
    void heaviestByHand_data() {
        QTest::addColumn<int>("replicas");
        for (const int replicas : {1, 2, 8, 16}) {
            QTest::addRow("%d replicas", replicas) << replicas;
        }
    }
    void heaviestByHand() {
        QFETCH(int, replicas);
        StepLoad load;
        load.spreadS = 0.3;
        load.replicas = replicas;
        const double expected = 0.3 * largestOf(replicas);
        const double told = load.lateS(load.meanHeaviest());
        QVERIFY2(std::abs(told - expected) < 1e-4, qPrintable(QString("%1 %2").arg(told).arg(expected)));
        double mean = 0;
        for (std::uint64_t s = 0; s < 20'000; ++s) {
            mean += load.lateS(load.quantile(load.heaviest(3, 1, s))) / 20'000;
        }
        // The largest varies no more than one of them: four standard errors.
        QVERIFY2(std::abs(mean - expected) < 4 * 0.3 / std::sqrt(20'000.0),
                 qPrintable(QString("%1 %2").arg(mean).arg(expected)));
    }
    /// With two backups the third heaviest of 128 counts, as sorting them finds it.
    void backupsLeaveTheHeaviest() {
        StepLoad load;
        load.spreadS = 0.3;
        load.pauseS = 0.4;
        load.pauseShare = 0.02;
        load.replicas = 128;
        load.backups = 2;
        std::mt19937_64 generator(5);
        std::exponential_distribution<double> unit(1.0);
        std::uniform_real_distribution<double> uniform;
        std::vector<double> drawn, sorted;
        for (std::uint64_t s = 0; s < 4000; ++s) {
            drawn.push_back(load.quantile(load.heaviest(3, 1, s)));
            std::vector<double> all(128);
            for (double& each : all) {
                each = load.scaleS() * std::sqrt(unit(generator)) + (uniform(generator) < 0.02 ? 0.4 : 0);
            }
            std::ranges::sort(all);
            sorted.push_back(all[125]);
        }
        QVERIFY(ksRatio(drawn, sorted) < 1);
        const double mean = std::accumulate(drawn.begin(), drawn.end(), 0.0) / 4000;
        QVERIFY(std::abs(load.meanHeaviest() - mean) < 4 * 0.3 / std::sqrt(4000.0));
    }
    /// Pauses alone: somebody pauses with 1 - (1 - q)^n.
    void pausesAlone() {
        StepLoad load;
        load.pauseS = 0.5;
        load.pauseShare = 0.01;
        load.replicas = 128;
        const double somebody = 1 - std::pow(0.99, 128);
        QVERIFY(std::abs(load.meanHeaviest() - 0.5 * somebody) < 1e-6);
        double paused = 0;
        for (std::uint64_t s = 0; s < 20'000; ++s) {
            const double heaviest = load.quantile(load.heaviest(3, 1, s));
            QVERIFY(heaviest == 0 || heaviest == 0.5);
            paused += heaviest > 0 ? 1.0 / 20'000 : 0;
        }
        QVERIFY(std::abs(paused - somebody) < 4 * std::sqrt(0.25 / 20'000));
        QCOMPARE(load.pausedShare(0.5), 1.0);
        QCOMPARE(load.pausedShare(0.0), 0.0);
    }
    void lawsAreConsistent_data() {
        QTest::addColumn<double>("spreadS");
        QTest::addColumn<double>("pauseS");
        QTest::addColumn<double>("pauseShare");
        QTest::newRow("sequences") << 0.3 << 0.0 << 0.0;
        QTest::newRow("both") << 0.3 << 0.5 << 0.1;
        QTest::newRow("short pauses") << 0.3 << 0.05 << 0.5;
        QTest::newRow("small spread") << 0.02 << 0.5 << 0.1;
    }
    void lawsAreConsistent() {
        QFETCH(double, spreadS);
        QFETCH(double, pauseS);
        QFETCH(double, pauseShare);
        StepLoad load;
        load.spreadS = spreadS;
        load.pauseS = pauseS;
        load.pauseShare = pauseShare;
        load.replicas = 16;
        for (const double above : {0.99, 0.7, 0.5, 0.11, 0.1, 0.05, 1e-3, 1e-9}) {
            QVERIFY2(std::abs(load.survival(load.quantile(above)) / above - 1) < 1e-9,
                     qPrintable(QString::number(above)));
        }
        double sum = 0;
        constexpr int kCells = 200'000;
        for (int i = 0; i < kCells; ++i) {
            sum += load.below(0.02, (i + 0.5) / kCells) / kCells;
        }
        QVERIFY2(std::abs(load.meanBelow(0.02) / sum - 1) < 1e-4,
                 qPrintable(QString("%1 %2").arg(load.meanBelow(0.02)).arg(sum)));
    }
};

QTEST_GUILESS_MAIN(TestStepLoad)
#include "tst_step_load.moc"
