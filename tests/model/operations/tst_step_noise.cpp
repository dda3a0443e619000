#include "model/operations/calendar.h"
#include "model/operations/static_speeds.h"
#include "model/operations/step_noise.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using scenario::Month;

/// The distributions everything is drawn from, against their integrals and the published record.
class TestStepNoise : public QObject {
    Q_OBJECT
private slots:
    void densityIntegratesToCdf() {
        const StepNoise noise{0.003};
        double sum = 0;
        double mean = 0;
        const double dx = 1e-5 * noise.sigma;
        const double end = 15 * noise.sigma; // beyond the knee
        for (double x = dx / 2; x < end; x += dx) {
            sum += noise.density(x) * dx;
            mean += x * noise.density(x) * dx;
        }
        QVERIFY(std::abs(sum - (1 - noise.survival(end))) < 1e-7);
        QVERIFY(std::abs(mean / sum / noise.meanBelow(end) - 1) < 1e-5);
    }
    void quantileInvertsSurvival() {
        const StepNoise noise{0.01};
        for (const double tail : {0.9, 0.1, 1e-3, 1e-4, 1e-6, 1e-12}) {
            QVERIFY(std::abs(noise.survival(noise.quantile(tail)) / tail - 1) < 1e-9);
        }
    }
    void matchesTheRecord_data() {
        // Step times over many synchronous steps, record stragglers.md 2b: p90/p50 and p99/p50 with the range
        // over the published runs of that size.
        QTest::addColumn<double>("gpus");
        QTest::addColumn<double>("p90Low");
        QTest::addColumn<double>("p90High");
        QTest::addColumn<double>("p99Low");
        QTest::addColumn<double>("p99High");
        QTest::newRow("512") << 512.0 << 1.001 << 1.009 << 1.003 << 1.030;
        QTest::newRow("2,496 to 5,120") << 4096.0 << 1.007 << 1.027 << 1.021 << 1.068;
        QTest::newRow("8,192 to 10,752") << 10752.0 << 1.008 << 1.036 << 1.023 << 1.062;
    }
    void matchesTheRecord() {
        QFETCH(double, gpus);
        QFETCH(double, p90Low);
        QFETCH(double, p90High);
        QFETCH(double, p99Low);
        QFETCH(double, p99High);
        const StepNoise noise{0.003}; // the default of a scenario
        constexpr double kComputeShare = 0.85;
        const auto step = [&](double u) {
            return 1 + kComputeShare * noise.quantile(-std::expm1(std::log(u) / gpus));
        };
        const double p90 = step(0.9) / step(0.5);
        const double p99 = step(0.99) / step(0.5);
        QVERIFY2(p90 > p90Low && p90 < p90High, qPrintable(QString::number(p90)));
        QVERIFY2(p99 > p99Low && p99 < p99High, qPrintable(QString::number(p99)));
    }
    void speedsAreNormal() {
        constexpr cluster::Index kGpus = 200'000;
        const double sigma = 0.01;
        const StaticSpeeds speeds(7, kGpus, sigma);
        const StaticSpeeds::Histogram counts = speeds.histogram({0, kGpus});
        QCOMPARE(std::accumulate(counts.begin(), counts.end(), 0u), kGpus);
        double mean = 0;
        double square = 0;
        for (std::size_t b = 0; b < counts.size(); ++b) {
            const double speed = 1 / speeds.slowdown(b);
            mean += counts[b] * speed / kGpus;
            square += counts[b] * (speed - 1) * (speed - 1) / kGpus;
        }
        QVERIFY(std::abs(mean - 1) < 4 * sigma / std::sqrt(kGpus) + 1e-9);
        QVERIFY(std::abs(std::sqrt(square) / sigma - 1) < 0.01);
        std::uint32_t seen = 0;
        for (cluster::Index gpu = 1000; gpu < 150'000; ++gpu) {
            if (speeds.binOf(gpu) == 60) {
                std::uint32_t nth = seen++;
                QCOMPARE(speeds.member({1000, 149'000}, 60, nth), gpu);
                if (seen > 500) {
                    break;
                }
            }
        }
        QVERIFY(seen > 500);
    }
    void noSpreadNoDifference() {
        const StaticSpeeds speeds(7, 1000, 0);
        for (std::size_t b = 0; b < StaticSpeeds::kBins; ++b) {
            QCOMPARE(speeds.slowdown(b), 1.0);
        }
    }
    void calendarKnowsItsMonths() {
        const Month start = Month::of(2027, 12);
        QCOMPARE(monthStartS(start, start), 0.0);
        QCOMPARE(monthStartS(start, Month::of(2028, 3)), (31 + 31 + 29) * 86400.0); // a leap year
        QCOMPARE(monthStartS(start, Month::of(2027, 11)), -30 * 86400.0);
        QVERIFY(monthAt(start, 31 * 86400.0) == Month::of(2028, 1));
        QVERIFY(monthAt(start, 31 * 86400.0 - 1e-3) == start);
        QCOMPARE(weekdayAt(start, 0), 2); // 1 December 2027 is a Wednesday
        QCOMPARE(weekdayAt(start, 4 * 86400.0), 6);
    }
};

QTEST_APPLESS_MAIN(TestStepNoise)
#include "tst_step_noise.moc"
