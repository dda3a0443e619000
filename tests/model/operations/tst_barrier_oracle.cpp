#include "model/core/philox.h"
#include "model/operations/step_members.h"
#include "tests/model/operations/step_oracle.h"

#include <QTest>

#include <numbers>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

struct Case {
    std::shared_ptr<const cluster::Cluster> floor;
    std::shared_ptr<const TrainingTimeline> timeline;
    StaticSpeeds speeds;
    std::shared_ptr<const LawBook> book;
    double sigma;

    Case(double secondComputeS, double spread, double jitter, SlowPolicy policy = {}, int tp = 8)
        : floor(built(smallMixedSpec()))
        , speeds(7, floor->gpuCount, spread)
        , sigma(jitter) {
        auto anatomy = anatomyOf(
            {{"H100-SXM", "H100 island", 96, 1.0, 0.3}, {"A100-SXM", "A100 island", 32, secondComputeS, 0.4}},
            0.1, 0.02, 0.05);
        anatomy.breakdown.pp = 0.1; // all communication leaves the NVLink domain
        anatomy.layout.tp = tp;
        anatomy.layout.dp = 128 / tp;
        timeline = timelineOf(smallMixedSpec(), inputsOf(anatomy, spread, jitter));
        book = std::make_shared<LawBook>(floor, *shapeOf(*floor, anatomy, scenario::Month::of(2026, 1)),
                                         LinkTraffic{}, speeds, StepNoise{jitter}, policy);
    }
    [[nodiscard]] const StepShape& shape() const { return book->shape(); }
};

StepAt stepOf(const StepLaw& law, std::uint64_t step, std::uint64_t seed = 7) {
    StepAt at;
    at.step = step;
    at.law = &law;
    at.draw = {seed, 0, step};
    const BarrierDraw drawn = law.draw(at.draw);
    at.barrierS = drawn.timeS;
    at.slow = drawn.slow;
    at.stepS = drawn.timeS + law.tailS;
    return at;
}

Event slowEvent(Component component, cluster::Part part, double slowdown) {
    Event event;
    event.kind = EventKind::FailSlow;
    event.component = component;
    event.part = part;
    event.slowdown = slowdown;
    event.durationS = 1e9;
    return event;
}

constexpr int kSteps = 4000;
/// Of a share of kSteps, one in a thousand is farther off.
const double kShareError = 3.3 * std::sqrt(0.5 / kSteps);

} // namespace

/// Sampling the maximum first against drawing everybody.
class TestBarrierOracle : public QObject {
    Q_OBJECT
private slots:
    void agrees_data() {
        QTest::addColumn<double>("secondComputeS");
        QTest::addColumn<double>("spread");
        QTest::addColumn<double>("jitter");
        QTest::newRow("alike") << 0.9 << 0.0 << 0.02;
        QTest::newRow("alike, spread") << 0.9 << 0.02 << 0.01;
        QTest::newRow("nearly alike") << 0.88 << 0.01 << 0.02;
        QTest::newRow("one class is slow") << 2.7 << 0.02 << 0.01;
        QTest::newRow("heavy noise") << 0.8 << 0.01 << 0.2;
        QTest::newRow("tiny noise") << 0.9 << 0.01 << 1e-4;
    }
    void agrees() {
        QFETCH(double, secondComputeS);
        QFETCH(double, spread);
        QFETCH(double, jitter);
        const Case c(secondComputeS, spread, jitter);
        StepOracle oracle(c.shape(), c.speeds, jitter, 99);
        std::vector<double> barriers, waits, medians, bruteBarriers, bruteWaits, bruteMedians;
        double inFirstClass = 0;
        double bruteInFirstClass = 0;
        double now = 0;
        for (int s = 0; s < kSteps; ++s) {
            const double next = c.timeline->stepBoundary(now, 1);
            const auto frame = c.timeline->frameAt((now + next) / 2);
            QCOMPARE(frame->step, static_cast<std::uint64_t>(s));
            barriers.push_back(frame->stepTimeS - c.shape().tailS());
            waits.push_back(frame->waitGpuSeconds);
            inFirstClass += frame->culprit < 96 ? 1.0 / kSteps : 0;
            const StepAt at = stepOf(*c.book->healthy(), frame->step);
            QVERIFY(std::abs(at.barrierS - barriers.back()) < 1e-9);
            const StepMembers members(at, c.speeds);
            QCOMPARE(members.culprit(), frame->culprit);
            std::vector<double> times;
            for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
                times.push_back(static_cast<double>(members.finishOf(*members.lawOf(gpu), gpu)));
            }
            QVERIFY(std::abs(std::ranges::max(times) - barriers.back()) < 1e-6);
            std::ranges::nth_element(times, times.begin() + 64);
            medians.push_back(times[64]);
            now = next;
            const StepOracle::Step brute = oracle.draw();
            bruteBarriers.push_back(brute.barrierS);
            bruteWaits.push_back(brute.waitGpuSeconds);
            bruteMedians.push_back(brute.medianMemberS);
            bruteInFirstClass += brute.culpritClass == 0 ? 1.0 / kSteps : 0;
        }
        QVERIFY(ksRatio(barriers, bruteBarriers) < 1);
        QVERIFY(ksRatio(waits, bruteWaits) < 1);
        QVERIFY(ksRatio(medians, bruteMedians) < 1);
        QVERIFY2(std::abs(inFirstClass - bruteInFirstClass) < kShareError,
                 qPrintable(QString("%1 %2").arg(inFirstClass).arg(bruteInFirstClass)));
        const double mean = std::accumulate(barriers.begin(), barriers.end(), 0.0) / kSteps;
        QVERIFY(std::abs(c.book->healthy()->barrier->meanS() / mean - 1) <
                4 * jitter / std::sqrt(kSteps) * 10 + 1e-7);
    }
    void slowMembersAgree_data() {
        QTest::addColumn<std::vector<Event>>("events");
        QTest::addColumn<std::vector<SlowGpu>>("slow");
        const auto gpu = [](cluster::Index i) { return cluster::Part{cluster::PartKind::Gpu, i}; };
        QTest::newRow("one, far behind") << std::vector{slowEvent(Component::Thermal, gpu(100), 1.5)}
                                         << std::vector<SlowGpu>{{100, 1.5, 1}};
        QTest::newRow("one, hardly slower")
            << std::vector{slowEvent(Component::Thermal, gpu(3), 1.03)} << std::vector<SlowGpu>{{3, 1.03, 1}};
        QTest::newRow("three, close together")
            << std::vector{slowEvent(Component::Thermal, gpu(3), 1.12),
                           slowEvent(Component::Thermal, gpu(40), 1.11),
                           slowEvent(Component::Thermal, gpu(127), 1.3)}
            << std::vector<SlowGpu>{{3, 1.12, 1}, {40, 1.11, 1}, {127, 1.3, 1}};
        QTest::newRow("a link") << std::vector{slowEvent(Component::Link, gpu(17), 1.4)}
                                << std::vector<SlowGpu>{{17, 1, 1.4}};
        std::vector<SlowGpu> host;
        for (cluster::Index i = 8; i < 16; ++i) {
            host.push_back({i, 1.1, 1});
        }
        QTest::newRow("a host and a GPU")
            << std::vector{slowEvent(Component::Host, {cluster::PartKind::Tray, 8}, 1.1),
                           slowEvent(Component::Thermal, gpu(101), 1.2)}
            << [&] {
                   auto both = host;
                   both.push_back({101, 1.2, 1});
                   return both;
               }();
    }
    void slowMembersAgree() {
        QFETCH(std::vector<Event>, events);
        QFETCH(std::vector<SlowGpu>, slow);
        const Case c(0.9, 0.01, 0.02);
        std::vector<std::uint32_t> active(events.size());
        std::iota(active.begin(), active.end(), 0u);
        const auto law = c.book->law(events, active, 0);
        StepOracle oracle(c.shape(), c.speeds, 0.02, 5);
        std::vector<double> barriers, waits, bruteBarriers, bruteWaits;
        double slowHeldUp = 0;
        double bruteSlowHeldUp = 0;
        for (std::uint64_t s = 0; s < kSteps; ++s) {
            const StepAt at = stepOf(*law, s);
            const StepMembers members(at, c.speeds);
            barriers.push_back(at.barrierS);
            double wait = 0;
            for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
                const ClassLaw& own = *members.lawOf(gpu);
                wait += at.barrierS - static_cast<double>(members.finishOf(own, gpu) - own.bubbleS);
            }
            waits.push_back(wait);
            slowHeldUp += members.slowOf(members.culprit()) != nullptr ? 1.0 / kSteps : 0;
            const StepOracle::Step brute = oracle.draw(slow);
            bruteBarriers.push_back(brute.barrierS);
            bruteWaits.push_back(brute.waitGpuSeconds);
            const bool known = std::ranges::find(slow, brute.culprit, &SlowGpu::gpu) != slow.end();
            bruteSlowHeldUp += known ? 1.0 / kSteps : 0;
        }
        QVERIFY2(ksRatio(barriers, bruteBarriers) < 1,
                 qPrintable(QString::number(ksRatio(barriers, bruteBarriers))));
        QVERIFY2(ksRatio(waits, bruteWaits) < 1, qPrintable(QString::number(ksRatio(waits, bruteWaits))));
        QVERIFY2(std::abs(slowHeldUp - bruteSlowHeldUp) < kShareError,
                 qPrintable(QString("%1 %2").arg(slowHeldUp).arg(bruteSlowHeldUp)));
    }
    void backupReplicasAgree_data() {
        QTest::addColumn<int>("backups");
        QTest::addColumn<int>("slow");
        QTest::newRow("one") << 1 << 0;
        QTest::newRow("three") << 3 << 0;
        QTest::newRow("one for a slow GPU") << 1 << 1;
        QTest::newRow("two, one of them for a slow GPU") << 2 << 1;
    }
    void backupReplicasAgree() {
        // Replicas of one GPU: exact. Larger ones rarely hold two of the latest members.
        QFETCH(int, backups);
        QFETCH(int, slow);
        const Case c(0.9, 0.01, 0.02, {false, 0, backups}, 1);
        std::vector<Event> events;
        std::vector<SlowGpu> slowGpus;
        if (slow > 0) {
            events.push_back(slowEvent(Component::Thermal, {cluster::PartKind::Gpu, 50}, 2.0));
            slowGpus.push_back({50, 2.0, 1});
        }
        std::vector<std::uint32_t> active(events.size());
        const auto law = c.book->law(events, active, 0);
        StepOracle oracle(c.shape(), c.speeds, 0.02, 11);
        std::vector<double> barriers, bruteBarriers;
        for (std::uint64_t s = 0; s < kSteps; ++s) {
            barriers.push_back(stepOf(*law, s).barrierS);
            bruteBarriers.push_back(oracle.draw(slowGpus, 1, backups).barrierS);
        }
        QVERIFY2(ksRatio(barriers, bruteBarriers) < 1,
                 qPrintable(QString::number(ksRatio(barriers, bruteBarriers))));
    }
    void oneMemberHasItsOwnLaw() {
        // Truncated below the maximum in every step, and the maximum in some, a member's times over many
        // steps are those of drawing it alone.
        const Case c(0.9, 0.02, 0.02);
        for (const cluster::Index gpu : {3u, 95u, 110u}) {
            const MemberClass& own = *c.shape().classOf(gpu);
            const double scale = own.computeS * c.speeds.slowdown(c.speeds.binOf(gpu));
            std::vector<double> tails;
            for (std::uint64_t s = 0; s < 20'000; ++s) {
                const StepAt at = stepOf(*c.book->healthy(), s, 77);
                const StepMembers members(at, c.speeds);
                const double time = static_cast<double>(members.finishOf(*members.lawOf(gpu), gpu));
                const double noise = std::max(0.0, (time - own.fixedS()) / scale - 1);
                tails.push_back(StepNoise{0.02}.survival(noise));
            }
            std::ranges::sort(tails);
            double distance = 0;
            for (std::size_t i = 0; i < tails.size(); ++i) {
                distance = std::max(distance, std::abs(tails[i] - static_cast<double>(i) / 20'000.0));
            }
            QVERIFY2(distance * std::sqrt(20'000.0) < 1.95, qPrintable(QString::number(distance)));
        }
    }
    void tableInvertsTheDistribution_data() {
        QTest::addColumn<int>("backups");
        QTest::newRow("all") << 0;
        QTest::newRow("two backups") << 2;
    }
    void tableInvertsTheDistribution() {
        QFETCH(int, backups);
        const Case c(0.9, 0.02, 0.01, {false, 0, backups}, 1);
        const Barrier& barrier = *c.book->healthy()->barrier;
        for (const double u : {1e-7, 1e-3, 0.1, 0.5, 0.9, 0.999, 0.999999, 1 - 1e-12}) {
            const double g = -std::log(-std::log(u));
            const double back = -std::log(-barrier.logCdf(barrier.quantile(u)));
            QVERIFY2(std::abs(back - g) < 2e-3, qPrintable(QString("%1: %2 %3").arg(u).arg(back).arg(g)));
        }
        double before = 0;
        for (double u = 1e-9; u < 1; u += 1e-4) {
            const double t = barrier.quantile(u);
            QVERIFY(t >= before);
            before = t;
        }
        QVERIFY(std::abs(typicalBarrierS(barrier.groups(), barrier.noise(), backups) / barrier.meanS() - 1) <
                2e-3);
    }
    void typicalBarrierIsTheRoot_data() {
        QTest::addColumn<double>("sigma");
        QTest::addColumn<double>("spread");
        QTest::addColumn<double>("gpus");
        QTest::addColumn<double>("excess"); ///< of every fourth group; breaks the equal steps of speed
        for (const double sigma : {1e-4, 0.003, 0.03}) {
            for (const double spread : {0.0, 0.004, 0.02, 0.12}) {
                for (const double gpus : {3.0, 1e3, 5e5}) {
                    for (const double excess : {0.0, 0.05}) {
                        QTest::addRow("sigma %g spread %g gpus %g excess %g", sigma, spread, gpus, excess)
                            << sigma << spread << gpus << excess;
                    }
                }
            }
        }
    }
    /// Against halving of the distribution itself, whose exponentials are taken one by one.
    void typicalBarrierIsTheRoot() {
        QFETCH(double, sigma);
        QFETCH(double, spread);
        QFETCH(double, gpus);
        QFETCH(double, excess);
        std::vector<MemberGroup> groups;
        const auto& shares = StaticSpeeds::expectedShares();
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t bin = 0; bin < shares.size(); ++bin) {
                const double slower = bin % 4 == 1 ? 1 + excess : 1;
                groups.push_back(
                    {c, bin, shares[bin] * gpus / static_cast<double>(c + 1), 0.1 * static_cast<double>(c),
                     (2.0 - 0.1 * static_cast<double>(c)) * slower * StaticSpeeds::slowdown(bin, spread)});
            }
        }
        const StepNoise noise{sigma};
        double low = 0;
        double high = 100;
        for (int i = 0; i < 200; ++i) {
            const double middle = (low + high) / 2;
            const double logCdf = logBarrierCdf(groups, noise, 0, middle);
            (logCdf < -std::exp(-std::numbers::egamma) ? low : high) = middle;
        }
        const double typical = typicalBarrierS(groups, noise, 0);
        QVERIFY2(std::abs(typical / high - 1) < 1e-9,
                 qPrintable(QString("%1 %2").arg(typical, 0, 'g', 17).arg(high, 0, 'g', 17)));
    }
};

QTEST_APPLESS_MAIN(TestBarrierOracle)
#include "tst_barrier_oracle.moc"
