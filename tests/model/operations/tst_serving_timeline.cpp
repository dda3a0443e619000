#include "model/operations/serving_timeline.h"
#include "tests/model/operations/operations_fixtures.h"
#include "tests/model/serving/fleet_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <set>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;
using catalog::Sourced;

namespace {

serving::FleetPool pool(const char* name, std::int64_t replicas, int gpus, double slowness) {
    serving::FleetPool p{name, name, replicas, test::nodeCurve(slowness)};
    p.curve.gpus = gpus;
    p.curve.layout = "TP" + std::to_string(gpus);
    return p;
}

/// 20,625 replicas of 8 H100 and 3,437 of 16 A100 under a day and a week.
serving::FleetInputs fleetInputs(double load) {
    serving::FleetInputs in =
        test::fleetInputs({pool("H100", 20'625, 8, 1), pool("A100", 3'437, 16, 2)}, load, 0, 61);
    in.demand.peakOverMean = 1.6;
    in.demand.weekendFactor = 0.5;
    return in;
}

ServingInputs inputs(const serving::FleetInputs& fleet) {
    ServingInputs in;
    in.seed = 7;
    in.start = scenario::Month::of(2026, 6); // a Monday
    in.end = scenario::Month::of(2026, 8);
    in.fleet = std::make_shared<const serving::Fleet>(fleet);
    return in;
}

ServingInputs inputs() {
    return inputs(fleetInputs(0.8));
}

} // namespace

/// A cluster that serves: load by the clock, nobody waits.
class TestServingTimeline : public QObject {
    Q_OBJECT
private slots:
    void breathesWithTheDay() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        const auto busy = [&](double hours) {
            return static_cast<double>(timeline.samples(hours * 3600, hours * 3600, 1).front().utilisation);
        };
        QVERIFY(std::abs(busy(12) - 0.8) < 0.01);
        QVERIFY(std::abs(busy(24) - 0.8 * 0.4 / 1.6) < 0.01);
        QVERIFY(std::abs(busy(5 * 24 + 12) - 0.4) < 0.01);
        double before = busy(0);
        for (double hour = 0.5; hour < 12; hour += 0.5) {
            QVERIFY(busy(hour) > before);
            before = busy(hour);
        }
    }
    void nobodyWaits() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        for (double t = 0; t < 7 * 86'400; t += 40'013.7) {
            const auto frame = timeline.frameAt(t);
            QVERIFY(!frame->training);
            QCOMPARE(count(*frame, GpuState::Waiting) + count(*frame, GpuState::Culprit), 0u);
            QCOMPARE(count(*frame, GpuState::Prefill) + count(*frame, GpuState::Decode) +
                         count(*frame, GpuState::Idle),
                     220'000u);
            QCOMPARE(frame->culprit, cluster::kNone);
        }
    }
    void aReplicaActsAsOne() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        const auto frame = timeline.frameAt(50'000);
        std::set<int> states;
        for (cluster::Index r = 0; r < 20'000; ++r) {
            for (cluster::Index i = 1; i < 8; ++i) {
                QCOMPARE(frame->state[8 * r + i], frame->state[8 * r]);
                QCOMPARE(frame->utilisation[8 * r + i], frame->utilisation[8 * r]);
            }
            states.insert(frame->state[8 * r]);
        }
        QCOMPARE(states.size(), 2u);
        const GpuDetail detail = timeline.detailAt(50'000, 8 * 77 + 3);
        const ServingDetail& replica = detail.serving;
        QCOMPARE(replica.replica, std::int64_t{77});
        QCOMPARE(static_cast<int>(detail.state), static_cast<int>(frame->state[8 * 77]));
        QVERIFY(replica.sequences > 0 && replica.sequences <= replica.places);
        QVERIFY(replica.tokenS > 0.01 && replica.tokenS < 0.1 && replica.firstTokenS > 0);
        // What a replica writes, times the replicas, is what the fleet writes.
        const double h100 = replica.tokensPerS * 20'625;
        const double a100 = timeline.detailAt(50'000, 165'000 + 5).serving.tokensPerS * 3'437;
        const double all = timeline.fleet()->at(50'000).outputTokensPerS;
        QVERIFY2(std::abs(h100 + a100 - all) < 1e-6 * all, qPrintable(QString::number((h100 + a100) / all)));
        QVERIFY(std::abs(replica.partOfTokens * 20'625 +
                         timeline.detailAt(50'000, 165'000).serving.partOfTokens * 3'437 - 1) < 1e-9);
    }
    void meanOfFramesIsTheSample() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        for (const double t : {1000.0, 43'000.0, 86'400.0 * 5 + 40'000}) {
            const auto frame = timeline.frameAt(t);
            const double mean =
                std::accumulate(frame->utilisation.begin(), frame->utilisation.end(), 0.0) / 255 / 220'000;
            const double sample = static_cast<double>(timeline.samples(t, t, 1).front().utilisation);
            QVERIFY2(std::abs(mean - sample) < 0.01, qPrintable(QString("%1 %2").arg(mean).arg(sample)));
            QCOMPARE(timeline.samples(t, t, 1).front().waiting, 0.0f);
        }
    }
    void prefillTakesItsShare() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        const auto frame = timeline.frameAt(12 * 3600.0);
        const serving::FleetNow now = timeline.fleet()->at(12 * 3600.0);
        const double expected = 165'000 * now.pools[0].promptShare + 16 * 3'437.0 * now.pools[1].promptShare;
        QVERIFY(std::abs(count(*frame, GpuState::Prefill) / expected - 1) < 0.03);
    }
    void aReplicaChangesWithoutJumps() {
        serving::FleetInputs fleet = fleetInputs(0.8);
        fleet.traffic.routing = scenario::RequestRouting::Random; // wide laws
        const ServingTimeline timeline(built(mixedSpec()), inputs(fleet));
        double before = timeline.detailAt(40'000, 1234).serving.sequences;
        double moved = 0;
        for (double t = 40'000.1; t < 40'030; t += 0.1) {
            const double now = timeline.detailAt(t, 1234).serving.sequences;
            QVERIFY2(std::abs(now - before) <= 4, qPrintable(QString::number(now - before)));
            moved += std::abs(now - before);
            before = now;
        }
        QVERIFY(moved > 5);
    }
    void theRestIsParked() {
        serving::FleetInputs fleet = fleetInputs(0.76);
        fleet.traffic.autoscaling = {Sourced(0.1), Sourced(1), Sourced(0.76), Sourced(600), Sourced(300)};
        const ServingTimeline timeline(built(mixedSpec()), inputs(fleet));
        const double night = count(*timeline.frameAt(86'400 * 2.0), GpuState::Idle) / 220'000.0;
        const double noon = count(*timeline.frameAt(86'400 * 2.5), GpuState::Idle) / 220'000.0;
        QVERIFY2(night > 0.7 && noon < 0.1, qPrintable(QString("%1 %2").arg(night).arg(noon)));
        const GpuDetail parked = timeline.detailAt(86'400 * 2.0, 164'999);
        QCOMPARE(static_cast<int>(parked.serving.state), static_cast<int>(ReplicaState::Resting));
    }
    /// A replica that fails is dark, its neighbours go on, and the service loses its share at most.
    void aFailureIsAbsorbed() {
        serving::FleetInputs fleet = fleetInputs(0.8);
        const std::vector<serving::ReplicaFault> faults = {{1000, 9000, 0, 5, 0}, {1000, 9000, 0, 9, 0.7}};
        fleet.faults = [faults](double, double) { return faults; };
        const ServingTimeline timeline(built(mixedSpec()), inputs(fleet));
        const auto frame = timeline.frameAt(5000);
        QCOMPARE(count(*frame, GpuState::Fault), 8u);
        QCOMPARE(static_cast<int>(frame->state[40]), static_cast<int>(GpuState::Fault));
        QVERIFY(frame->state[48] != static_cast<int>(GpuState::Fault));
        QCOMPARE(static_cast<int>(timeline.detailAt(5000, 41).serving.state),
                 static_cast<int>(ReplicaState::Out));
        QCOMPARE(timeline.detailAt(5000, 73).serving.speed, 0.7);
        const ServingDetail sound = timeline.detailAt(5000, 800).serving;
        QVERIFY(std::abs(timeline.detailAt(5000, 73).serving.tokensPerS / sound.tokensPerS - 0.7) < 1e-9);
        // The same slow GPU, here and in a synchronous run.
        const SlowGpuCost cost = slowGpuCost(sound, 0.3);
        QVERIFY(cost.serving < 0.3 / 20'000 && cost.serving > 0.3 / 40'000);
        QCOMPARE(cost.training, 0.3);
        QCOMPARE(count(*timeline.frameAt(9001), GpuState::Fault), 0u);
    }
    void sameBytesTwice() {
        const ServingTimeline a(built(mixedSpec()), inputs());
        const ServingTimeline b(built(mixedSpec()), inputs());
        QVERIFY(b.frameAt(9e5)->state != a.frameAt(7777)->state);
        QVERIFY(a.frameAt(9e5)->state == b.frameAt(9e5)->state);
        QVERIFY(a.frameAt(9e5)->utilisation == b.frameAt(9e5)->utilisation);
        QCOMPARE(a.stepBoundary(123, 1), 123.0);
    }
    void idleIsIdle() {
        ServingInputs in = inputs();
        in.fleet = nullptr;
        const ServingTimeline timeline(built(mixedSpec()), in);
        QCOMPARE(count(*timeline.frameAt(1e6), GpuState::Idle), 220'000u);
        QVERIFY(timeline.waterfall().empty());
        QVERIFY(timeline.fleet() == nullptr);
        QCOMPARE(timeline.samples(0, 1e5, 3).back().utilisation, 0.0f);
    }

    void replicasStandInTheirDomains_data() {
        QTest::addColumn<int>("gpus");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("domain");
        QTest::addColumn<int>("replicas");
        QTest::newRow("one a domain") << 100 << 8 << 8 << 12;
        QTest::newRow("two domains each") << 100 << 16 << 8 << 6;
        QTest::newRow("four a rack of 72, eight over") << 144 << 16 << 72 << 8;
        QTest::newRow("a whole rack") << 144 << 72 << 72 << 2;
        QTest::newRow("the odd end of a rack") << 160 << 16 << 72 << 9;
        QTest::newRow("nothing") << 160 << 0 << 72 << 0;
    }
    void replicasStandInTheirDomains() {
        QFETCH(int, gpus);
        QFETCH(int, size);
        QFETCH(int, domain);
        QFETCH(int, replicas);
        const auto index = [](int x) { return static_cast<cluster::Index>(x); };
        const ReplicaMap map({1000, index(gpus)}, index(size), index(domain));
        QCOMPARE(map.replicas(), index(replicas));
        cluster::Index inside = 0;
        for (cluster::Index gpu = 990; gpu < 1000 + index(gpus) + 10; ++gpu) {
            const cluster::Index replica = map.replicaOf(gpu);
            if (replica != cluster::kNone) {
                ++inside;
                QVERIFY(map.gpusOf(replica).contains(gpu));
                const cluster::Range all = map.gpusOf(replica);
                const bool whole = size > domain;
                QVERIFY(whole ||
                        (all.first - 1000) / index(domain) == (all.end() - 1 - 1000) / index(domain));
            }
        }
        QCOMPARE(inside, index(replicas * size));
    }
};

QTEST_APPLESS_MAIN(TestServingTimeline)
#include "tst_serving_timeline.moc"
