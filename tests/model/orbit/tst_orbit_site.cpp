#include "model/orbit/flown_site.h"
#include "model/orbit/links.h"
#include "model/orbit/orbit_cost.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::orbit;

namespace {

/// The default scenario: its site in orbit, its GB300, its ground.
struct Setting {
    scenario::Scenario scenario;
    scenario::OrbitalSite site;
    scenario::GpuClass gpu;
    scenario::Cluster ground;
};

Setting setting() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    Q_ASSERT(loaded.ok());
    Setting s{std::move(loaded->scenario), {}, {}, {}};
    s.site = s.scenario.orbits.front();
    s.gpu = *s.scenario.gpu("GB300");
    s.ground = *s.scenario.cluster("colossus-2");
    return s;
}

OrbitAgainstGround compared(const Setting& s) {
    auto result = againstGround(s.site, s.gpu, s.ground, s.scenario.economics);
    Q_ASSERT(result.ok());
    return *result;
}

} // namespace

class TestOrbitSite : public QObject {
    Q_OBJECT
private slots:
    /// Facts radiator.w_per_m2_two_sided_*: a panel with nothing shining on it.
    void radiatorAgainstTheClosedForm_data() {
        QTest::addColumn<double>("celsius");
        QTest::addColumn<double>("wPerM2");
        QTest::newRow("20") << 20.0 << 754.0;
        QTest::newRow("40") << 40.0 << 981.0;
        QTest::newRow("70") << 70.0 << 1415.0;
        QTest::newRow("100") << 100.0 << 1979.0;
    }
    void radiatorAgainstTheClosedForm() {
        QFETCH(double, celsius);
        QFETCH(double, wPerM2);
        Setting s = setting();
        s.site.radiatorK.value = celsius + 273.15;
        s.site.emissivity.value = 0.9;
        s.site.earthViewFactor.value = 0;
        QVERIFY(std::abs(radiatorWPerM2(s.site) - wPerM2) < 1);
    }
    void theEarthWarmsTheRadiator() {
        Setting s = setting();
        s.site.earthViewFactor.value = 0.25;
        s.site.emissivity.value = 0.9;
        s.site.earthInfraredWPerM2.value = 237;
        s.site.absorptivity.value = 0.2;
        s.site.albedo.value = 0.3;
        s.site.solarWPerM2.value = 1361;
        s.site.radiatorK.value = 343.15;
        // 1415 - 2 x 0.25 x (0.9 x 237 + 0.2 x 0.3 x 1361) = 1415 - 147.5
        QVERIFY(std::abs(radiatorWPerM2(s.site) - 1267.6) < 1.5);
    }

    void satelliteAddsUp() {
        const Setting s = setting();
        const Satellite sat = sizeSatellite(s.site, 100e3);
        QCOMPARE(sat.loadW, 100e3 * s.site.pue.value);
        // What the array gives at the end of life, over the light of the worst orbit, is what the load takes.
        const double atEnd = std::pow(1 - s.site.arrayLossPerYear.value, s.site.lifeYears.value);
        QVERIFY(std::abs(sat.arrayW * atEnd * (1 - sat.eclipse.worst) - sat.loadW) < 1e-6 * sat.loadW);
        QVERIFY(std::abs(sat.batteryJ * s.site.depthOfDischarge.value - sat.loadW * sat.eclipse.worstS) < 1);
        QVERIFY(std::abs(sat.radiatorM2 * sat.radiatorWPerM2 - sat.loadW) < 1e-6 * sat.loadW);
        // Kilograms a kilowatt of computers, bottom up, against what others publish for the whole
        // (sat.mass_per_kw).
        const double kgPerKw = sat.massKg() / 100;
        QVERIFY2(kgPerKw > 13.3 && kgPerKw < 68.1, qPrintable(QString::number(kgPerKw)));
        // Array area against JPL's base case of 4 to 6.5 m2 a kW (pv.area_per_kw_it).
        QVERIFY2(sat.arrayM2 / 100 > 4 && sat.arrayM2 / 100 < 6.5,
                 qPrintable(QString::number(sat.arrayM2 / 100)));
        // Twice the computers, twice the satellite.
        QVERIFY(std::abs(sizeSatellite(s.site, 200e3).massKg() / sat.massKg() - 2) < 1e-9);
    }

    void pausingInShadowNeedsNoBattery() {
        Setting s = setting();
        s.site.eclipse = scenario::EclipsePower::Pause;
        const Satellite sat = sizeSatellite(s.site, 100e3);
        QCOMPARE(sat.batteryJ, 0.0);
        QVERIFY(std::abs(sat.runningShare - (1 - sat.eclipse.mean)) < 1e-12);
        QVERIFY(sat.massKg() < sizeSatellite(setting().site, 100e3).massKg());
    }

    /// Over one orbit the battery ends where it began, never below its depth of discharge, and energy is
    /// conserved.
    void batteryBalancesOverAnOrbit() {
        Setting s = setting();
        s.site.ascendingNodeH = 12;
        const Satellite sat = sizeSatellite(s.site, 100e3);
        const double start = 20 * 86400.0;
        const double period = periodS(s.site.altitudeM.value);
        constexpr int kSteps = 20000;
        double deepest = 1;
        double net = 0;
        double out = 0;
        for (int i = 0; i < kSteps; ++i) {
            const Balance now =
                balanceAt(s.site, sat, start + period * i / kSteps, 0, 1, s.site.lifeYears.value);
            QVERIFY(now.batteryShare <= 1 + 1e-9);
            deepest = std::min(deepest, now.batteryShare);
            QVERIFY(std::abs(now.arrayW + now.batteryW - now.loadW) < 1e-6 * sat.loadW);
            QVERIFY(!now.shadow || now.arrayW == 0);
            net += now.batteryW * period / kSteps;
            out += std::max(0.0, now.batteryW) * period / kSteps;
        }
        QVERIFY(deepest > 1 - s.site.depthOfDischarge.value - 1e-6);
        QVERIFY(out > 0);
        QVERIFY2(std::abs(net) < 0.01 * out, qPrintable(QString::number(net / out)));
    }

    void presentWorthOfAnAnnuity() {
        QCOMPARE(presentYears(0, 0, 5), 5.0);
        // Continuous annuity: (1 - e^(-ln 1.1 x 5)) / ln 1.1 = 3.9774.
        QVERIFY(std::abs(presentYears(0.1, 0, 5) - 3.97735) < 1e-4);
        QVERIFY(std::abs(presentYears(0, 0.1, 5) - (1 - std::exp(-0.5)) / 0.1) < 1e-12);
    }

    void parityIsWhereBothCostTheSame() {
        Setting s = setting();
        s.site.platformUsdPerW.value = 3; // cheap enough that there is a parity
        const OrbitAgainstGround first = compared(s);
        QVERIFY(first.parityUsdPerKg);
        s.site.launchUsdPerKg.value = *first.parityUsdPerKg;
        QVERIFY(std::abs(compared(s).ratio() - 1) < 1e-9);
    }
    void noParityIsSaid() {
        Setting s = setting();
        s.site.platformUsdPerW.value = 200;
        const OrbitAgainstGround result = compared(s);
        QVERIFY(!result.parityUsdPerKg);
        QVERIFY(QString::fromStdString(result.verdict).contains(QStringLiteral("not even a free launch")));
    }
    void defaultsLieWithinThePublishedRatios() {
        const OrbitAgainstGround result = compared(setting());
        // Facts econ.ratio_ieee: 1.1 to 10 for infrastructure; computers, the same in both, pull it
        // towards 1.
        QVERIFY2(result.ratio() > 1.0 && result.ratio() < 3.3, qPrintable(QString::number(result.ratio())));
    }
    void costsMoveAsTheyShould() {
        const Setting base = setting();
        const double before = compared(base).ratio();
        const auto moved = [&](auto&& change) {
            Setting s = base;
            change(s);
            return compared(s).ratio();
        };
        QVERIFY(moved([](Setting& s) { s.site.launchUsdPerKg.value *= 2; }) > before);
        QVERIFY(moved([](Setting& s) { s.site.cellEfficiency.value *= 1.2; }) == before); // area, not mass
        QVERIFY(moved([](Setting& s) { s.site.arrayWPerKg.value *= 2; }) < before);
        QVERIFY(moved([](Setting& s) { s.site.gpuLossPerYear.value *= 2; }) > before);
        QVERIFY(moved([](Setting& s) { s.ground.energyUsdPerJoule.value *= 2; }) < before);
        Setting longer = base;
        longer.site.lifeYears.value *= 1.4;
        QVERIFY(compared(longer).orbit.totalUsd() < compared(base).orbit.totalUsd());
    }
    void aColdRadiatorIsRefused() {
        Setting s = setting();
        s.site.radiatorK.value = 200;
        s.site.earthViewFactor.value = 0.5;
        s.site.absorptivity.value = 0.9;
        const auto result = againstGround(s.site, s.gpu, s.ground, s.scenario.economics);
        QVERIFY(!result.ok());
        QVERIFY(
            QString::fromStdString(text(result.errors())).contains(QStringLiteral("radiator_temperature")));
    }

    void serviceRunsAndTrainingInStepWithTheGroundDoesNot() {
        const Setting s = setting();
        TrainingLoad load;
        load.gradientBytes = 2 * 405e9;
        load.stepS = 10;
        load.satellites = 100;
        load.stepsBetweenSyncs = 500;
        const auto all = verdicts(s.site, &s.scenario.serveJobs.front(), load);
        QCOMPARE(all.size(), std::size_t(4));
        QVERIFY(all[0].runs);
        QVERIFY(!all[2].runs);
        // By hand: 810 GB over 12.5 GB/s is 64.8 s, and two round trips; ring of two sends 1x the bytes.
        QVERIFY(std::abs(all[2].neededS -
                         (810e9 / s.site.downlinkBytesPerS.value + 2 * s.site.groundLatencyS.value)) < 1e-9);
        QVERIFY(std::abs(all[2].slowdown() - all[2].neededS / 10) < 1e-12);
        QVERIFY(all[3].runs);
        QCOMPARE(allReduceBytes(100, 1), 0.0);
        QCOMPARE(allReduceBytes(100, 4), 150.0);
    }

    /// Pipeline and tensor parallelism spread a copy over satellites: each exchanges what it holds.
    void aSatelliteExchangesWhatItHolds() {
        const Setting s = setting();
        QCOMPARE(copyShare(72, 72), 1.0);
        QCOMPARE(copyShare(72, 8), 1.0); // several copies add up inside before anything leaves
        QCOMPARE(copyShare(72, 288), 0.25);
        TrainingLoad load;
        load.gradientBytes = 810e9;
        load.copyPerSatellite = 0.25;
        load.stepS = 10;
        load.satellites = 100;
        const auto all = verdicts(s.site, nullptr, load);
        // 202.5 GB, 1.98 times in a ring of a hundred, over the links of one satellite.
        QVERIFY(std::abs(all[0].neededS - 1.98 * 202.5e9 / s.site.crossLinkBytesPerS.value) < 1e-9);
        QVERIFY(all[0].runs == (all[0].neededS <= 10));
    }

    void whatLightAndLossLeave() {
        Setting s = setting();
        QCOMPARE(poweredShare(s.site), 1.0);
        QCOMPARE(allPoweredShare(s.site), 1.0);
        s.site.eclipse = scenario::EclipsePower::Pause;
        const EclipseYear year = eclipseYear(pathOf(s.site));
        QCOMPARE(poweredShare(s.site), 1 - year.mean);
        QCOMPARE(allPoweredShare(s.site), year.daysWithout / 365.0);
        QVERIFY(allPoweredShare(s.site) < poweredShare(s.site)); // work in step waits for the last of them
        // Two launches of 100 GPUs, a year apart; by the 13th month the first are a year old, the second new.
        scenario::Cluster cluster;
        cluster.orbit = s.site.id;
        scenario::Island island;
        island.gpuCount = catalog::Sourced(200);
        const scenario::Month start = scenario::Month::of(2028, 1);
        island.tranches.push_back({.month = start, .gpus = catalog::Sourced(100), .note = {}});
        island.tranches.push_back({.month = {start.index + 12}, .gpus = catalog::Sourced(200), .note = {}});
        cluster.islands.push_back(island);
        s.scenario.orbits.front().gpuLossPerYear.value = 0.07;
        s.scenario.orbits.front().satelliteLossPerYear.value = 0.03;
        const double share = meanSurvivors(s.scenario, cluster, {start.index + 12}, {start.index + 13});
        QVERIFY(std::abs(share - (std::exp(-0.1) + 1) / 2) < 1e-12);
        cluster.orbit.clear();
        QCOMPARE(meanSurvivors(s.scenario, cluster, start, {start.index + 13}), 1.0);
    }

    void badOrbitsAreRefused_data() {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("words");
        QTest::newRow("inside the Earth") << "-5 km"
                                          << "inside the Earth";
        QTest::newRow("in the air") << "90 km"
                                    << "decays";
        QTest::newRow("far out") << "36000 km"
                                 << "no low orbit";
    }
    void badOrbitsAreRefused() {
        QFETCH(QString, value);
        QFETCH(QString, words);
        Setting s = setting();
        const auto result =
            scenario::withValue(s.scenario, "orbits." + s.site.id + ".altitude", value.toStdString());
        QVERIFY(!result.ok());
        QVERIFY2(QString::fromStdString(text(result.errors())).contains(words),
                 text(result.errors()).c_str());
    }
};

QTEST_APPLESS_MAIN(TestOrbitSite)
#include "tst_orbit_site.moc"
