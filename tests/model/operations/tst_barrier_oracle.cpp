#include "model/core/philox.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <random>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

/// Draws every GPU of every step, with another generator and nothing clever: the law of one member, and its
/// consequences by counting.
struct BruteForce {
    std::vector<double> barrierS;
    std::vector<double> waitGpuSeconds;
    std::vector<double> medianMemberS;
    double culpritInFirstClass = 0;

    BruteForce(const StepShape& shape, const StaticSpeeds& speeds, double sigma, int steps) {
        std::mt19937_64 generator(99);
        std::exponential_distribution<double> unit(1.0);
        std::vector<double> times;
        for (int s = 0; s < steps; ++s) {
            times.clear();
            std::size_t slowest = 0;
            double wait = 0;
            for (const MemberClass& members : shape.classes) {
                for (cluster::Index gpu = members.gpus.first; gpu < members.gpus.end(); ++gpu) {
                    const double e = unit(generator);
                    const double noise = sigma * (e < 9 ? e : 9 + 3 * (e - 9));
                    times.push_back(members.communicateS + members.bubbleS +
                                    members.computeS * speeds.slowdown(speeds.binOf(gpu)) * (1 + noise));
                    if (times.back() > times[slowest]) {
                        slowest = times.size() - 1;
                    }
                }
            }
            const double barrier = times[slowest];
            std::size_t i = 0;
            for (const MemberClass& members : shape.classes) {
                for (cluster::Index n = 0; n < members.gpus.count; ++n) {
                    wait += barrier - times[i++] + members.bubbleS;
                }
            }
            barrierS.push_back(barrier);
            waitGpuSeconds.push_back(wait);
            culpritInFirstClass += slowest < shape.classes[0].gpus.count ? 1.0 / steps : 0;
            std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
            medianMemberS.push_back(times[times.size() / 2]);
        }
    }
};

/// Largest distance between two empirical distributions, over the distance that one in a thousand pairs of
/// equal distributions exceeds (Kolmogorov-Smirnov).
double ksRatio(std::vector<double> a, std::vector<double> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    double distance = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        (a[i] <= b[j] ? i : j)++;
        distance = std::max(distance, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                               static_cast<double>(j) / static_cast<double>(b.size())));
    }
    const double n = static_cast<double>(a.size()) * static_cast<double>(b.size()) /
                     static_cast<double>(a.size() + b.size());
    return distance * std::sqrt(n) / 1.95;
}

struct Case {
    std::shared_ptr<const cluster::Cluster> floor;
    std::shared_ptr<const TrainingTimeline> timeline;
    StepShape shape;
    StaticSpeeds speeds;
    std::shared_ptr<const Barrier> barrier;
    double sigma;

    Case(double secondComputeS, double spread, double jitter)
        : floor(built(smallMixedSpec()))
        , speeds(7, floor->gpuCount, spread)
        , sigma(jitter) {
        const auto anatomy = anatomyOf(
            {{"H100-SXM", "H100 island", 96, 1.0, 0.3}, {"A100-SXM", "A100 island", 32, secondComputeS, 0.4}},
            0.1, 0.02, 0.05);
        timeline = timelineOf(smallMixedSpec(), inputsOf(anatomy, spread, jitter));
        shape = *shapeOf(*floor, anatomy, scenario::Month::of(2026, 1));
        barrier = std::make_shared<Barrier>(shape, speeds, StepNoise{jitter});
    }
};

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
        constexpr int kSteps = 4000;
        const BruteForce brute(c.shape, c.speeds, jitter, kSteps);
        std::vector<double> barriers;
        std::vector<double> waits;
        std::vector<double> medians;
        double culpritInFirstClass = 0;
        double now = 0;
        for (int s = 0; s < kSteps; ++s) {
            const double next = c.timeline->stepBoundary(now, 1);
            const auto frame = c.timeline->frameAt((now + next) / 2);
            QCOMPARE(frame->step, static_cast<std::uint64_t>(s));
            barriers.push_back(frame->stepTimeS - c.shape.tailS());
            waits.push_back(frame->waitGpuSeconds);
            culpritInFirstClass += frame->culprit < 96 ? 1.0 / kSteps : 0;
            const StepAt at{frame->step, 0, barriers.back(), frame->stepTimeS};
            const StepMembers members(c.shape, *c.barrier, c.speeds, at, 7, 0);
            QCOMPARE(members.culprit(), frame->culprit);
            std::vector<double> times;
            for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
                times.push_back(static_cast<double>(members.finishOf(*members.lawOf(gpu), gpu)));
            }
            QVERIFY(std::abs(std::ranges::max(times) - barriers.back()) < 1e-6);
            std::ranges::nth_element(times, times.begin() + 64);
            medians.push_back(times[64]);
            now = next;
        }
        QVERIFY(ksRatio(barriers, brute.barrierS) < 1);
        QVERIFY(ksRatio(waits, brute.waitGpuSeconds) < 1);
        QVERIFY(ksRatio(medians, brute.medianMemberS) < 1);
        const double error = std::sqrt(0.5 / kSteps);
        QVERIFY2(std::abs(culpritInFirstClass - brute.culpritInFirstClass) < 3.3 * error,
                 qPrintable(QString("%1 %2").arg(culpritInFirstClass).arg(brute.culpritInFirstClass)));
        const double mean = std::accumulate(barriers.begin(), barriers.end(), 0.0) / kSteps;
        QVERIFY(std::abs(c.barrier->meanS() / mean - 1) < 4 * jitter / std::sqrt(kSteps) * 10 + 1e-7);
    }
    void oneMemberHasItsOwnLaw() {
        // Truncated below the maximum in every step, and the maximum in some, a member's times over many
        // steps are those of drawing it alone.
        const Case c(0.9, 0.02, 0.02);
        for (const cluster::Index gpu : {3u, 95u, 110u}) {
            const MemberClass& own = *c.shape.classOf(gpu);
            const double scale = own.computeS * c.speeds.slowdown(c.speeds.binOf(gpu));
            std::vector<double> tails;
            for (std::uint64_t s = 0; s < 20'000; ++s) {
                const double u = random::uniform(1234, random::Purpose::StepMaximum, s);
                const double barrierS = c.barrier->quantile(u);
                const StepMembers members(c.shape, *c.barrier, c.speeds, {s, 0, barrierS, barrierS}, 77, 0);
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
    void tableInvertsTheDistribution() {
        const Case c(0.9, 0.02, 0.01);
        for (const double u : {1e-7, 1e-3, 0.1, 0.5, 0.9, 0.999, 0.999999, 1 - 1e-12}) {
            const double g = -std::log(-std::log(u));
            const double back = -std::log(-c.barrier->logCdf(c.barrier->quantile(u)));
            QVERIFY2(std::abs(back - g) < 1e-3, qPrintable(QString("%1: %2 %3").arg(u).arg(back).arg(g)));
        }
        double before = 0;
        for (double u = 1e-9; u < 1; u += 1e-4) {
            const double t = c.barrier->quantile(u);
            QVERIFY(t >= before);
            before = t;
        }
    }
};

QTEST_APPLESS_MAIN(TestBarrierOracle)
#include "tst_barrier_oracle.moc"
