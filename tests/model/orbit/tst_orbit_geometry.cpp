#include "model/orbit/geometry.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas::orbit;

namespace {
constexpr double kDegree = std::numbers::pi / 180;
}

class TestOrbitGeometry : public QObject {
    Q_OBJECT
private slots:
    /// The record's own figures, derived there from the same closed form (facts orbit.*).
    void eclipsesOfTheRecord_data() {
        QTest::addColumn<double>("altitudeM");
        QTest::addColumn<double>("worst");        // beta = 0
        QTest::addColumn<double>("dawnDuskMean"); // over a year
        QTest::addColumn<double>("dawnDuskWorst");
        QTest::newRow("550 km") << 550e3 << 0.372 << 0.0507 << 0.228;
        QTest::newRow("600 km") << 600e3 << 0.367 << 0.0443 << 0.213;
        QTest::newRow("650 km") << 650e3 << 0.362 << 0.0395 << 0.202;
        QTest::newRow("800 km") << 800e3 << 0.348 << 0.0274 << 0.167;
    }
    void eclipsesOfTheRecord() {
        QFETCH(double, altitudeM);
        QFETCH(double, worst);
        QFETCH(double, dawnDuskMean);
        QFETCH(double, dawnDuskWorst);
        QVERIFY(std::abs(eclipseFraction(altitudeM, 0) - worst) < 0.0006);
        const EclipseYear year = eclipseYear({altitudeM, 18});
        // The record sweeps whole days and counts the equation of time: a few thousandths either way.
        QVERIFY2(std::abs(year.mean - dawnDuskMean) < 0.004, qPrintable(QString::number(year.mean)));
        QVERIFY2(std::abs(year.worst - dawnDuskWorst) < 0.006, qPrintable(QString::number(year.worst)));
        QVERIFY2(year.daysWithout >= 255 && year.daysWithout <= 300,
                 qPrintable(QString::number(year.daysWithout)));
    }

    void periodAndInclination() {
        QVERIFY(std::abs(periodS(600e3) / 60 - 96.5) < 0.1); // fact orbit.600km.period_min
        // Published: sun-synchronous at 567 km 97.7 degrees, at 894 km 99.0 (Boain 2004, table of A-train
        // like orbits).
        QVERIFY(std::abs(sunSynchronousInclinationRad(567e3) / kDegree - 97.7) < 0.15);
        QVERIFY(std::abs(sunSynchronousInclinationRad(894e3) / kDegree - 99.0) < 0.15);
    }

    void aNoonOrbitAlwaysCrossesTheShadow() {
        const EclipseYear year = eclipseYear({600e3, 12});
        QCOMPARE(year.daysWithout, 0);
        QVERIFY(year.mean > 0.35 && year.worst < 0.368);
    }

    void eclipseShrinksWithBetaAndEndsAtTheTerminator() {
        double before = 1;
        const double edge =
            std::asin(kEarthRadiusM / (kEarthRadiusM + 600e3)); // where the plane misses the shadow
        for (double beta = 0; beta < edge; beta += 0.01) {
            const double share = eclipseFraction(600e3, beta);
            QVERIFY(share > 0 && share < before);
            QCOMPARE(eclipseFraction(600e3, -beta), share);
            before = share;
        }
        QCOMPARE(eclipseFraction(600e3, edge + 1e-9), 0.0);
    }

    /// The shadow that positions pass through agrees with the closed form: an orbit sampled second by second.
    void positionsSpendThatShareInShadow() {
        const Path path{600e3, 15};
        const double start = 40 * 86400.0;
        const double period = periodS(path.altitudeM);
        int dark = 0;
        constexpr int kSamples = 20000;
        for (int i = 0; i < kSamples; ++i) {
            const double t = start + period * i / kSamples;
            const Vector p = positionM(path, t, 0, 1);
            QVERIFY(std::abs(std::sqrt(dot(p, p)) - (kEarthRadiusM + 600e3)) < 1e-3);
            dark += inShadow(p, sunDirection(start)) ? 1 : 0;
        }
        const double expected = eclipseFraction(path.altitudeM, betaRad(path, start));
        QVERIFY2(std::abs(dark / double(kSamples) - expected) < 0.002,
                 qPrintable(QStringLiteral("%1 against %2").arg(dark / double(kSamples)).arg(expected)));
    }

    void satellitesOfAPlaneAreEvenlySpaced() {
        const Path path{600e3, 18};
        const Vector a = positionM(path, 1000, 0, 4);
        const Vector b = positionM(path, 1000, 1, 4);
        const Vector c = positionM(path, 1000, 2, 4);
        QVERIFY(std::abs(dot(a, b)) < 1e-3 * dot(a, a));
        QVERIFY(std::abs(dot(a, c) + dot(a, a)) < 1e-6 * dot(a, a));
    }

    void slantRange() {
        QVERIFY(std::abs(slantRangeM(600e3, 90 * kDegree) - 600e3) < 1);
        // On the horizon: sqrt(h^2 + 2 R h) by Pythagoras; at 25 degrees about 1,200 km (fact
        // link.altitude_delay_ms).
        QVERIFY(std::abs(slantRangeM(600e3, 0) - std::sqrt(600e3 * (600e3 + 2 * kEarthRadiusM))) < 1);
        QVERIFY(std::abs(slantRangeM(600e3, 25 * kDegree) - 1200e3) < 50e3);
    }
};

QTEST_APPLESS_MAIN(TestOrbitGeometry)
#include "tst_orbit_geometry.moc"
