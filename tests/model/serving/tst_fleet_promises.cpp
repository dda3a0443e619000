#include "tests/model/serving/fleet_fixtures.h"

#include <QTest>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;
using catalog::Sourced;

/// What a fleet promises and what it does to keep it.
class TestFleetPromises : public QObject {
    Q_OBJECT
private slots:
    void promisesFallWithLoad() {
        double kept = 1.01;
        double first = 0;
        for (const double load : {0.2, 0.5, 0.7, 0.85, 0.95, 1.1}) {
            const FleetNow now = Fleet(fleetInputs({poolOf(40)}, load)).at(40'000);
            QVERIFY(finite(now));
            QVERIFY(now.kept() < kept);
            QVERIFY(now.kinds[0].firstTokenS[1] > first);
            QVERIFY(now.kinds[0].tokenS[0] <= now.kinds[0].tokenS[1]);
            QVERIFY(now.kinds[0].tokenS[1] <= now.kinds[0].tokenS[2]);
            kept = now.kept();
            first = now.kinds[0].firstTokenS[1];
        }
    }

    void aPromiseBelowTheHardwareIsSaid() {
        FleetInputs in = fleetInputs({poolOf(40)}, 0.5);
        in.classes[0].tokenS = 0.005;
        const Fleet fleet(in);
        QVERIFY(finite(fleet.at(40'000)));
        QVERIFY(fleet.at(40'000).kinds[0].kept < 0.01);
        QVERIFY(!fleet.planAt(0)->notes.empty());
        const QString said = QString::fromStdString(fleet.planAt(0)->notes[0]);
        QVERIFY2(said.contains("below what the hardware can do") && said.contains("at least"),
                 qPrintable(said));
    }

    /// Where the load that is aimed at would break the promise, more replicas stay on: just as many as keep
    /// it.
    void replicasFollowThePromise() {
        FleetInputs in = fleetInputs({poolOf(400)}, 0.3);
        in.traffic.autoscaling.minShare = Sourced(0.01);
        in.traffic.autoscaling.target = Sourced(0.98);
        for (const double asked : {0.9, 0.95}) {
            in.traffic.promiseKept = Sourced(asked);
            const Fleet fleet(in);
            const FleetNow now = fleet.at(40'000);
            // A fifth of the misses is kept for bursts, of which there are none.
            QVERIFY2(now.kept() >= asked + 0.2 * (1 - asked) && now.kept() < asked + 0.2 * (1 - asked) + 0.01,
                     qPrintable(QString::number(now.kept())));
            QVERIFY(now.pools[0].load < 0.97);
            QVERIFY(now.pools[0].active < 0.5 * 400);
        }
        // A promise that no load keeps asks for no more than the load that is aimed at.
        in.classes[0].firstTokenS = in.classes[1].firstTokenS = 1e-3;
        QVERIFY(closeTo(Fleet(in).at(40'000).pools[0].load, 0.98, 1e-6));
    }

    /// Demand stops growing where the promises stop holding, unless the ceiling says to let queues grow.
    void growthStopsWhereThePromiseDoes() {
        FleetInputs in = fleetInputs({poolOf(40)}, 0.4, 0, 800);
        in.traffic.growthPerMonth = Sourced(1.2);
        in.demand.growthPerMonth = 1.2;
        in.traffic.ceiling = Sourced(1);
        const double year = 365.25 * 86'400;
        const FleetNow full = Fleet(in).at(year);
        QVERIFY(full.offeredLoad < 0.97);
        QVERIFY2(full.kept() >= 0.95 && full.kept() < 0.97, qPrintable(QString::number(full.kept())));
        QVERIFY(closeTo(Fleet(in).at(2 * year).offeredLoad, full.offeredLoad, 1e-9));
        QVERIFY(closeTo(full.offeredLoad, Fleet(in).planAt(0)->promisedLoad, 1e-9));
        in.traffic.ceiling = Sourced(1.3);
        QVERIFY(closeTo(Fleet(in).at(year).offeredLoad, 1.3, 1e-9));
    }

    void promiseLoadIsTheHighestThatKeeps() {
        const FleetInputs in = fleetInputs({poolOf(40)}, 0.5);
        const FleetPlan plan = planFleet(in.phases[0].pools, in.classes, in.traffic.routing, 0.9);
        const Rates mix = {0.5, 0.5, 0};
        double last = 1;
        for (const double asked : {0.8, 0.9, 0.95}) {
            const double load = promiseLoad(plan.pools[0], in.classes, 0.25, asked, 1);
            QVERIFY(load < last);
            QVERIFY(keptShareAt(load, plan.pools[0], mix, in.classes, 0.25) >= asked);
            QVERIFY(keptShareAt(load + 0.02, plan.pools[0], mix, in.classes, 0.25) < asked);
            last = load;
        }
    }
};

QTEST_APPLESS_MAIN(TestFleetPromises)
#include "tst_fleet_promises.moc"
