#include "model/serving/outlook.h"
#include "tests/model/serving/fleet_fixtures.h"

#include <QTest>

#include <numeric>
#include <thread>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;
using catalog::Sourced;

namespace {

/// A day and a week, noise and surges.
FleetInputs lively(std::vector<FleetPool> pools, double load, double batchShare) {
    FleetInputs in = fleetInputs(std::move(pools), load, batchShare, 28);
    in.demand.peakOverMean = 1.6;
    in.demand.weekendFactor = 0.65;
    in.demand.burstiness = 0.05;
    in.demand.surgeEveryS = 86'400;
    in.demand.surgeHeight = 0.3;
    in.traffic.autoscaling = {Sourced(0.25), Sourced(1), Sourced(0.76), Sourced(600), Sourced(300)};
    return in;
}

} // namespace

class TestFleet : public QObject {
    Q_OBJECT
private slots:
    /// Requests neither vanish nor appear: arrived = served + given up + what waits more than before.
    void requestsAreConserved_data() {
        QTest::addColumn<double>("load");
        QTest::addColumn<double>("batchShare");
        QTest::addColumn<double>("untilS");
        QTest::newRow("room to spare") << 0.6 << 0.1 << 14 * 86'400.0;
        QTest::newRow("full at noon") << 1.2 << 0.1 << 14 * 86'400.0;
        QTest::newRow("never enough") << 3.0 << 0.3 << 14 * 86'400.0;
        QTest::newRow("three steps") << 1.2 << 0.2 << 900.0;
    }
    void requestsAreConserved() {
        QFETCH(double, load);
        QFETCH(double, batchShare);
        QFETCH(double, untilS);
        const Fleet fleet(lively({poolOf(40), poolOf(10, 3, "A100")}, load, batchShare));
        for (const double fromS : {0.0, 36 * 3600.0}) {
            const FleetTotals t = fleet.totals(fromS, fromS + untilS);
            for (std::size_t k = 0; k < kKinds; ++k) {
                const double out = t.served[k] + t.givenUp[k] + t.waitingAfter[k] - t.waitingBefore[k];
                QVERIFY2(closeTo(out, t.arrived[k], 1e-9),
                         qPrintable(QString("%1 %2").arg(out).arg(t.arrived[k])));
                QVERIFY(t.arrived[k] > 0 && t.givenUp[k] >= 0);
            }
        }
    }

    /// Little's law in a replica: sequences = arrivals x stay; and the stay is the answer at its pace.
    void littlesLaw() {
        for (const double load : {0.2, 0.6, 0.9}) {
            const Fleet fleet(fleetInputs({poolOf(100)}, load));
            const FleetNow now = fleet.at(40'000);
            const PoolNow& pool = now.pools[0];
            const double arrivals = (pool.rate[0] + pool.rate[1]) / pool.active;
            QVERIFY(closeTo(pool.batch, arrivals * pool.stayS, 1e-6));
            const PoolPlan& plan = fleet.planAt(0)->pools[0];
            const double tokens = (pool.rate[0] * plan.cost[0].output + pool.rate[1] * plan.cost[1].output) /
                                  (pool.rate[0] + pool.rate[1]);
            // The law of the number in a replica has that mean too.
            const QueueLaw law = fleet.numberInReplica(now, 0);
            QVERIFY2(closeTo(law.mean(), pool.batch, 0.03),
                     qPrintable(QString("%1 %2").arg(law.mean()).arg(pool.batch)));
            QVERIFY(pool.stayS / tokens < 0.08);
        }
    }

    void anyInstantInAnyOrderFromAnyThread() {
        const auto inputs = lively({poolOf(40)}, 0.9, 0.2);
        const Fleet forward(inputs);
        const Fleet backward(inputs);
        std::vector<double> one(40);
        std::vector<double> two(40);
        std::thread other([&] {
            for (std::size_t i = 40; i-- > 0;) {
                two[i] = backward.at(static_cast<double>(i) * 60'013).outputTokensPerS;
            }
        });
        for (std::size_t i = 0; i < 40; ++i) {
            one[i] = forward.at(static_cast<double>(i) * 60'013).outputTokensPerS;
        }
        other.join();
        QCOMPARE(one, two);
    }

    void demandFollowsTheDay() {
        FleetInputs in = fleetInputs({poolOf(40)}, 0.5);
        in.demand.peakOverMean = 1.6;
        in.demand.weekendFactor = 0.5;
        const Fleet fleet(in);
        const double noon = fleet.at(12 * 3600.0).kinds[0].arrivals;
        QVERIFY(closeTo(fleet.at(0).kinds[0].arrivals, noon * 0.4 / 1.6, 1e-6));
        QVERIFY(closeTo(fleet.at((5 * 24 + 12) * 3600.0).kinds[0].arrivals, noon / 2, 1e-6));
        QVERIFY(closeTo(fleet.at(12 * 3600.0).offeredLoad, 0.5, 1e-6));
    }

    void growthStopsAtTheCeiling() {
        FleetInputs in = fleetInputs({poolOf(40)}, 0.4, 0, 400);
        in.traffic.growthPerMonth = Sourced(1.2);
        in.demand.growthPerMonth = 1.2;
        in.traffic.ceiling = Sourced(0.7);
        const Fleet fleet(in);
        const double month = 365.25 / 12 * 86'400;
        QVERIFY(closeTo(fleet.at(month).offeredLoad, 0.4 * 1.2, 1e-3));
        QVERIFY(closeTo(fleet.at(12 * month).offeredLoad, 0.7, 1e-6));
    }

    /// Users instead of a load: tokens a day are theirs.
    void usersBringTheirTokens() {
        FleetInputs in = lively({poolOf(400)}, 0, 0.1);
        in.demand.burstiness = 0;
        in.demand.surgeHeight = 0;
        in.traffic.users = Sourced(5000);
        const Fleet fleet(in);
        const FleetTotals week = fleet.totals(7 * 86'400.0, 14 * 86'400.0);
        double tokens = 0;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            tokens += week.arrived[k] * in.classes[k].tokens();
        }
        QVERIFY2(closeTo(tokens / 7, 5000 * 500'000.0, 1e-3), qPrintable(QString::number(tokens / 7)));
    }

    void overloadGrowsQueuesAndSaysSo() {
        const Fleet fleet(fleetInputs({poolOf(40)}, 1.5, 0.1));
        const FleetNow now = fleet.at(2 * 86'400.0);
        QVERIFY(finite(now));
        QVERIFY(closeTo(now.offeredLoad, 1.5, 1e-6));
        QVERIFY(now.kinds[0].givenUp > 0);
        QVERIFY(now.kinds[0].waitS > 500); // up to the patience of 600 s
        QVERIFY(now.kinds[0].waitS <= 600);
        QVERIFY(now.kept() < 0.01);
        QVERIFY(closeTo(now.pools[0].load, 1, 1e-6));
        // Served at capacity: two thirds of what comes.
        QVERIFY(closeTo(now.kinds[0].served / now.kinds[0].arrivals, 2.0 / 3, 0.01));
        // Batch work gets nothing and is given up after its deadline.
        QCOMPARE(now.kinds[2].served, 0.0);
        QVERIFY(closeTo(now.kinds[2].givenUp, now.kinds[2].arrivals, 0.01));
        const auto findings = fleet.findings();
        QCOMPARE(findings.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(findings[0].text).contains("1.5 times"));
        QVERIFY(Fleet(fleetInputs({poolOf(40)}, 0.6)).findings().empty());
    }

    /// Chat that only the fast class can carry goes there; what can wait longer uses both.
    void strictRequestsGoToTheFastClass() {
        FleetInputs in = fleetInputs({poolOf(30), poolOf(30, 3, "A100")}, 0.5);
        in.classes[0].tokenS = 0.035; // below the 36 ms and more of the slow class
        in.traffic.routing = scenario::RequestRouting::ClassAware;
        const Fleet aware(in);
        const FleetNow now = aware.at(40'000);
        QVERIFY(now.pools[0].rate[0] > 0);
        QCOMPARE(now.pools[1].rate[0], 0.0);
        QVERIFY(now.pools[1].rate[1] > 0);
        in.traffic.routing = scenario::RequestRouting::LeastLoaded;
        const Fleet blind(in);
        QVERIFY(blind.at(40'000).pools[1].rate[0] > 0);
        const double here = now.kinds[0].kept;
        const double there = blind.at(40'000).kinds[0].kept;
        QVERIFY2(here > there + 0.01, qPrintable(QString("%1 %2").arg(here).arg(there)));
        // Keeping short batches to the fast class lets the slow one run long ones: more is carried.
        QVERIFY(aware.planAt(0)->interactiveCapacity > blind.planAt(0)->interactiveCapacity);
        QVERIFY(aware.planAt(0)->pools[1].places > blind.planAt(0)->pools[1].places);
    }

    /// A level for all: pools are used alike, and what does not fit stays out.
    void spreadingIsLevel() {
        const Fleet fleet(fleetInputs({poolOf(30), poolOf(50, 2, "A100")}, 0.5));
        const FleetPlan& plan = *fleet.planAt(0);
        std::vector<PoolLoad> loads(2);
        const std::vector<double> capacity = {30, 50};
        const double all = plan.interactiveCapacity;
        for (const double part : {0.1, 0.5, 0.99}) {
            spread(plan, {part * all / 2, part * all / 2, 0}, capacity, loads);
            QVERIFY(closeTo(usedReplicas(plan.pools[0], loads[0]) / 30, part, 1e-6));
            QVERIFY(closeTo(usedReplicas(plan.pools[1], loads[1]) / 50, part, 1e-6));
            QVERIFY(closeTo(loads[0].rate[0] + loads[1].rate[0], part * all / 2, 1e-6));
        }
        spread(plan, {all, all, 0}, capacity, loads);
        QVERIFY(closeTo(usedReplicas(plan.pools[0], loads[0]), 30, 1e-9));
        QVERIFY(closeTo(loads[0].rate[0] + loads[1].rate[0] + loads[0].rate[1] + loads[1].rate[1], all, 0.3));
    }

    void batchFillsTheValleys() {
        const Fleet alone(lively({poolOf(40)}, 0.76, 0));
        const Fleet both(lively({poolOf(40)}, 0.76, 0.15));
        const auto used = [](const Fleet& fleet, double hour) {
            const FleetNow now = fleet.at(9 * 86'400 + hour * 3600);
            return now.outputTokensPerS;
        };
        const double peakGain = used(both, 12) / used(alone, 12);
        const double nightGain = used(both, 1) / used(alone, 1);
        QVERIFY2(nightGain > 1.3 && nightGain > 1.3 * peakGain,
                 qPrintable(QString("%1 %2").arg(nightGain).arg(peakGain)));
        // All of it is done in time, and interactive promises hold as well as before, nearly.
        const FleetTotals week = both.totals(7 * 86'400.0, 14 * 86'400.0);
        QVERIFY(week.givenUp[2] < 0.01 * week.arrived[2]);
        QVERIFY(both.at(9 * 86'400 + 3600.0).kept() > alone.at(9 * 86'400 + 3600.0).kept() - 0.05);
    }

    void replicasFollowDemandWithDelay() {
        FleetInputs in = lively({poolOf(400)}, 0.7, 0);
        in.demand.burstiness = 0;
        in.demand.surgeHeight = 0;
        in.traffic.promiseKept = Sourced(0.8); // holds at the load that is aimed at
        const Fleet fleet(in);
        const FleetNow night = fleet.at(8 * 86'400.0);
        const FleetNow noon = fleet.at(8 * 86'400 + 12 * 3600.0);
        QVERIFY(night.pools[0].active < 0.4 * noon.pools[0].active);
        QVERIFY(night.pools[0].active >= 100);
        QVERIFY(noon.pools[0].load < 0.78);
        // In the morning the replicas are those that demand asked for ten minutes ago.
        const double t = 8 * 86'400 + 8 * 3600.0;
        const double wished = fleet.at(t - 600).offeredLoad * 400 / 0.76;
        QVERIFY2(closeTo(fleet.at(t).pools[0].active, wished, 0.01),
                 qPrintable(QString("%1 %2").arg(fleet.at(t).pools[0].active).arg(wished)));
        in.traffic.autoscaling.delayS = Sourced(4 * 3600);
        QVERIFY(Fleet(in).at(t).kept() < fleet.at(t).kept()); // late: too few in the morning
    }

    /// One replica of 400 fails, or one of its GPUs runs at 70 %: its share is lost and no more.
    void aFaultCostsItsShare() {
        FleetInputs in = fleetInputs({poolOf(400)}, 1.2);
        const double sound = Fleet(in).at(40'000).outputTokensPerS;
        ReplicaFault fault{30'000, 50'000, 0, 17, 0};
        in.faults = [&fault](double, double) { return std::vector{fault}; };
        const Fleet failed(in);
        QVERIFY(closeTo(failed.at(40'000).outputTokensPerS, sound * 399 / 400, 1e-6));
        QVERIFY(closeTo(failed.at(60'000).outputTokensPerS, sound, 1e-6));
        QCOMPARE(failed.faultsAt(40'000, 0).size(), std::size_t{1});
        QVERIFY(failed.faultsAt(60'000, 0).empty());
        fault.speed = 0.7;
        QVERIFY(closeTo(Fleet(in).at(40'000).outputTokensPerS, sound * (1 - 0.3 / 400), 1e-6));
        // With room to spare the others absorb it.
        in.traffic.load = Sourced(0.6);
        const double served = Fleet(in).at(40'000).outputTokensPerS;
        in.faults = nullptr;
        QVERIFY(closeTo(Fleet(in).at(40'000).outputTokensPerS, served, 1e-9));
    }

    void nothingBeforeTheFirstPhase() {
        FleetInputs in = fleetInputs({poolOf(40)}, 0.5);
        in.phases[0].fromS = 86'400;
        const Fleet fleet(in);
        QVERIFY(fleet.planAt(1000) == nullptr);
        QCOMPARE(fleet.at(1000).outputTokensPerS, 0.0);
        QVERIFY(fleet.at(100'000).outputTokensPerS > 0);
        in.phases.clear();
        QCOMPARE(Fleet(in).at(1000).kept(), 1.0);
    }

    /// The outlook is a typical week of the same fleet.
    void outlookIsTheWeek() {
        FleetInputs in = lively({poolOf(40)}, 0.6, 0.1);
        in.demand.burstiness = in.demand.surgeHeight = 0;
        in.traffic.promiseKept = Sourced(0.8); // holds beyond the ceiling
        const ServingOutlook outlook = outlookOf(in, 0);
        const FleetTotals week = Fleet(in).totals(7 * 86'400.0, 14 * 86'400.0);
        double output = 0;
        double tokens = 0;
        for (std::size_t k = 0; k < kKinds; ++k) {
            output += week.served[k] / 7 * in.classes[k].output.moment(1);
            tokens += k < kInteractive ? week.served[k] / 7 * in.classes[k].tokens() : 0;
        }
        QVERIFY2(closeTo(outlook.outputTokensPerDay, output, 0.01),
                 qPrintable(QString("%1 %2").arg(outlook.outputTokensPerDay).arg(output)));
        QVERIFY(closeTo(outlook.users, tokens / 500'000, 0.01));
        QVERIFY(outlook.promiseKept > 0.9 && outlook.promiseKept <= 1);
        QVERIFY(outlook.meanUtilisation > 0.3 && outlook.meanUtilisation < 0.6);
        // A year of growth fills the fleet to its ceiling, and no further.
        in.demand.growthPerMonth = 1.2;
        in.traffic.ceiling = Sourced(0.76);
        const ServingOutlook later = outlookOf(in, 12);
        QVERIFY(closeTo(later.users / outlook.users, 0.76 / 0.6, 0.01));
        QVERIFY(later.promiseKept < outlook.promiseKept);
        in.traffic.ceiling = Sourced(3);
        const ServingOutlook crowded = outlookOf(in, 12);
        QVERIFY(crowded.promiseKept < 0.5 && crowded.givenUpShare > 0.1);
        in.phases.clear();
        QCOMPARE(outlookOf(in, 1).users, 0.0);
    }

    /// Surges and noise: mean one, and of the stated spread.
    void demandHasItsNoise() {
        DemandInputs in;
        in.burstiness = 0.1;
        const DemandCourse course(in);
        double sum = 0;
        double squares = 0;
        constexpr int kInstants = 20'000;
        for (int i = 0; i < kInstants; ++i) {
            const double x = course.relativeAt(i * 977.0);
            sum += x;
            squares += x * x;
        }
        const double mean = sum / kInstants;
        QVERIFY(std::abs(mean - 1) < 0.003);
        QVERIFY(closeTo(std::sqrt(squares / kInstants - mean * mean), 0.1, 0.05));
        in.burstiness = 0;
        in.surgeEveryS = 40'000;
        in.surgeHeight = 0.3;
        in.surgeS = 2000;
        const DemandCourse surging(in);
        double height = 0;
        for (int i = 0; i < 10 * kInstants; ++i) {
            height += surging.surgeAt(i * 977.0) / (10 * kInstants);
        }
        // Rate x duration x height, less the flanks (15 % up, 15 % down) and the cut of long ones.
        QVERIFY2(closeTo(height, 2000.0 / 40'000 * 0.3 * 0.85, 0.08), qPrintable(QString::number(height)));
    }
};

QTEST_APPLESS_MAIN(TestFleet)
#include "tst_fleet.moc"
