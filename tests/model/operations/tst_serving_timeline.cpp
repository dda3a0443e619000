#include "model/operations/serving_timeline.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <set>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

ServingInputs inputs() {
    ServingInputs in;
    in.seed = 7;
    in.start = scenario::Month::of(2026, 6); // a Monday
    in.end = scenario::Month::of(2026, 8);
    for (std::size_t h = 0; h < 24; ++h) {
        in.hourlyDemand[h] = 1 + 0.6 * std::cos(2 * 3.14159265358979 * (static_cast<double>(h) - 12) / 24);
    }
    in.weekendFactor = 0.5;
    in.headroom = 0.8;
    in.phases = {{in.start, {{0, 8, 64, 0.4}, {1, 16, 32, 0.2}}, {}}};
    return in;
}

std::uint32_t count(const Frame& frame, GpuState state) {
    return frame.counts[static_cast<std::size_t>(state)];
}

} // namespace

/// A cluster that serves: load by the clock, nobody waits.
class TestServingTimeline : public QObject {
    Q_OBJECT
private slots:
    void loadFollowsDayAndWeek() {
        const ServingTimeline timeline(built(mixedSpec()), inputs());
        QVERIFY(std::abs(timeline.loadAt(12 * 3600.0) - 0.8) < 1e-9);
        QVERIFY(std::abs(timeline.loadAt(24 * 3600.0) - 0.8 * 0.4 / 1.6) < 1e-9);
        QVERIFY(std::abs(timeline.loadAt((5 * 24 + 12) * 3600.0) - 0.4) < 1e-9);
        double before = timeline.loadAt(0);
        for (double t = 600; t < 12 * 3600; t += 600) {
            QVERIFY(timeline.loadAt(t) > before);
            before = timeline.loadAt(t);
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
        QCOMPARE(detail.replica, std::int64_t{77});
        QCOMPARE(static_cast<int>(detail.state), static_cast<int>(frame->state[8 * 77]));
        QVERIFY(detail.load > 0 && detail.load <= 1);
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
        ServingInputs in = inputs();
        in.headroom = 1;
        in.phases[0].classes = {{0, 8, 100'000, 0.4}}; // so large a batch that its fill hardly varies
        const ServingTimeline timeline(built(mixedSpec()), in);
        const auto frame = timeline.frameAt(12 * 3600.0);
        QVERIFY(std::abs(count(*frame, GpuState::Prefill) / 165'000.0 - 0.4) < 0.02);
        QCOMPARE(count(*frame, GpuState::Idle), 55'000u); // the other class serves nothing
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
        in.phases.clear();
        const ServingTimeline timeline(built(mixedSpec()), in);
        QCOMPARE(count(*timeline.frameAt(1e6), GpuState::Idle), 220'000u);
        QVERIFY(timeline.waterfall().empty());
    }
};

QTEST_APPLESS_MAIN(TestServingTimeline)
#include "tst_serving_timeline.moc"
