// A cluster that flies: who flies where, the calendar's Sun, the frame of the mean Sun.
#include "model/operations/calendar.h"
#include "model/orbit/constellation.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::orbit;

namespace {

struct Flight {
    scenario::Scenario scenario;
    std::shared_ptr<const Constellation> flown;
};

Flight flight(double altitudeM = 600e3, double nodeH = 18) {
    auto loaded =
        scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/orbit.atlas.yaml", ATLAS_SOURCE_RESOURCES);
    Q_ASSERT(loaded.ok());
    Flight f{std::move(loaded->scenario), nullptr};
    auto cluster = cluster::buildCluster(f.scenario, *f.scenario.cluster("orbit"));
    Q_ASSERT(cluster.ok());
    scenario::OrbitalSite site = f.scenario.orbits.front();
    site.altitudeM.value = altitudeM;
    site.ascendingNodeH = nodeH;
    auto flown = Constellation::make(site, *cluster, f.scenario.start);
    Q_ASSERT(flown.ok());
    f.flown = *flown;
    return f;
}

} // namespace

class TestConstellation : public QObject {
    Q_OBJECT
private slots:
    /// 10,080 GPUs, 72 a satellite: 140, every GPU on exactly one.
    void everyGpuFliesOnce() {
        const Flight f = flight();
        QCOMPARE(f.flown->count(), 140);
        cluster::Index next = 0;
        for (int i = 0; i < f.flown->count(); ++i) {
            const cluster::Range gpus = f.flown->gpusOf(i);
            QCOMPARE(gpus.first, next);
            QCOMPARE(f.flown->satelliteOf(gpus.first), i);
            QCOMPARE(f.flown->satelliteOf(gpus.end() - 1), i);
            next = gpus.end();
        }
        QCOMPARE(next, f.flown->cluster()->gpuCount);
        // first_month is 2028-07, the scenario starts in 2028-06: 30 days.
        QCOMPARE(f.flown->launchedS(0), 30 * operations::kDayS);
    }

    /// From noon of 20 March: 11.5 days to 1 April; a year less 19.5 days to 1 March.
    void theSunFollowsTheCalendar() {
        QCOMPARE(sinceEquinoxS(scenario::Month::of(2028, 4)), 11.5 * 86400);
        QVERIFY(std::abs(sinceEquinoxS(scenario::Month::of(2027, 3)) - (kTropicalYearS - 19.5 * 86400)) < 1);
        // 2027-03-20 noon to 2028-01-01: 286.5 days.
        QCOMPARE(sinceEquinoxS(scenario::Month::of(2028, 1)), 286.5 * 86400);
        // On 20 June, three weeks into the scenario, the Sun stands 23.4 degrees north.
        const Flight f = flight();
        const Vector sun = f.flown->sun(20 * operations::kDayS);
        QVERIFY(std::abs(std::asin(sun.z) - kObliquityRad) < 0.002);
        QCOMPARE(sun.y, 0.0);
        QVERIFY(std::abs(length(sun) - 1) < 1e-12);
    }

    /// At noon of universal time Greenwich is under the mean Sun; six hours later it has turned 90 degrees
    /// on.
    void theEarthTurnsOnceADay() {
        constexpr double kPi = std::numbers::pi;
        QVERIFY(std::abs(Constellation::greenwichRad(0.5 * 86400)) < 1e-9);
        QVERIFY(std::abs(Constellation::greenwichRad(0.75 * 86400) - kPi / 2) < 1e-9);
        QVERIFY(std::abs(Constellation::greenwichRad(100 * 86400.0) + kPi) < 1e-9);
    }

    /// The frame of the mean Sun turns the model's own, and nothing else: distances, angles to the Sun and
    /// the shadow stay. All at once gives what each gives alone.
    void theFrameOnlyTurns() {
        const Flight f = flight(550e3, 12);
        for (const double timeS : {0.0, 3210.0, 86400.0 * 77, 86400.0 * 300.3}) {
            const double solar = f.flown->solarTimeS(timeS);
            const auto all = f.flown->places(timeS);
            for (int i = 0; i < f.flown->count(); i += 7) {
                const Vector here = f.flown->place(timeS, i);
                const Vector there = positionM(pathOf(f.flown->site()), solar, i, f.flown->count());
                QVERIFY(std::abs(length(here) - (kEarthRadiusM + 550e3)) < 1e-3);
                QVERIFY(length(all[std::size_t(i)] - here) < 1e-2);
                QVERIFY(std::abs(dot(here, f.flown->sun(timeS)) - dot(there, sunDirection(solar))) < 1e-2);
                QCOMPARE(f.flown->inShadow(timeS, i), inShadow(there, sunDirection(solar)));
            }
        }
    }

    /// The share of satellites in shadow is the closed form's share of the orbit, within one satellite.
    void shadowAgreesWithTheClosedForm() {
        for (const double node : {12.0, 15.0, 18.0}) {
            const Flight f = flight(550e3, node);
            for (const double day : {5.0, 100.0, 200.0}) {
                int shadowed = 0;
                for (int i = 0; i < f.flown->count(); ++i)
                    shadowed += f.flown->inShadow(day * 86400, i);
                const double share = eclipseFraction(
                    550e3, betaRad(pathOf(f.flown->site()), f.flown->solarTimeS(day * 86400)));
                QVERIFY(std::abs(shadowed - share * f.flown->count()) <= 1.0);
            }
        }
    }

    /// Just before the crossing the light is what it was, just after it is not; over the noon orbit the two
    /// crossings are an eclipse apart.
    void crossingsAreFound() {
        const Flight f = flight(550e3, 12);
        const double timeS = 86400 * 40;
        const auto crossing = f.flown->nextCrossingS(timeS, 3);
        QVERIFY(crossing.has_value());
        QCOMPARE(f.flown->inShadow(timeS + *crossing - 0.1, 3), f.flown->inShadow(timeS, 3));
        QCOMPARE(f.flown->inShadow(timeS + *crossing + 0.1, 3), !f.flown->inShadow(timeS, 3));
        const double first = timeS + *crossing + 1;
        const double second = first + *f.flown->nextCrossingS(first, 3);
        const double between = second - first + 1;
        const double period = periodS(550e3);
        const double eclipse =
            period * eclipseFraction(550e3, betaRad(pathOf(f.flown->site()), f.flown->solarTimeS(first)));
        QVERIFY(std::abs(between - (f.flown->inShadow(first, 3) ? eclipse : period - eclipse)) < 5);
        // Along the terminator in September, no eclipse.
        const Flight dawn = flight(600e3, 18);
        QVERIFY(!dawn.flown->nextCrossingS(86400.0 * 110, 0).has_value());
    }

    void aColdRadiatorIsRefused() {
        const Flight f = flight();
        scenario::OrbitalSite site = f.flown->site();
        site.radiatorK.value = 100;
        const auto made = Constellation::make(site, f.flown->cluster(), f.scenario.start);
        QVERIFY(!made.ok());
        QVERIFY(text(made.errors()).find("radiator") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestConstellation)
#include "tst_constellation.moc"
