#include "model/serving/latency.h"
#include "model/serving/queue.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace atlas;
using namespace atlas::serving;

namespace {

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

/// c servers of rate mu, arrivals that know nothing.
ReplicaQueue servers(double c, double mu, double lambda) {
    ReplicaQueue q;
    q.arrivalsPerS = lambda;
    q.places = c;
    q.departuresPerS = [=](double k) { return std::min(k, c) * mu; };
    return q;
}

} // namespace

/// Queues against closed forms.
class TestQueue : public QObject {
    Q_OBJECT
private slots:
    void manyServers_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("load");
        for (const int c : {1, 2, 5, 20, 150}) {
            for (const double rho : {0.1, 0.5, 0.8, 0.95}) {
                QTest::addRow("%d servers at %.2f", c, rho) << c << rho;
            }
        }
    }
    /// M/M/c: chance to wait by Erlang C, mean wait C / (c mu - lambda), mean number by Little's law.
    void manyServers() {
        QFETCH(int, servers);
        QFETCH(double, load);
        const double mu = 0.25;
        const double lambda = load * servers * mu;
        const QueueLaw law(::servers(servers, mu, lambda));
        const double c = erlangC(servers, lambda / mu);
        const double wait = c / (servers * mu - lambda);
        QVERIFY(law.stable());
        QVERIFY2(closeTo(law.waitShare(), c, 1e-6) || c < 1e-9, qPrintable(QString::number(law.waitShare())));
        QVERIFY(closeTo(law.meanWaitS(), wait, 1e-6) || wait < 1e-9);
        QVERIFY(closeTo(law.served(), lambda / mu, 1e-6));
        QVERIFY(closeTo(law.mean(), lambda * (wait + 1 / mu), 1e-6)); // Little
    }

    /// M/M/1: number geometric, mean rho / (1 - rho), variance rho / (1 - rho)^2.
    void oneServer() {
        const QueueLaw law(servers(1, 2, 1.5));
        QVERIFY(closeTo(law.mean(), 3));
        QVERIFY(closeTo(law.variance(), 12));
        QVERIFY(closeTo(law.waitShare(), 0.75));
    }

    void erlangAgainstTables() {
        QVERIFY(closeTo(erlangC(1, 0.4), 0.4));
        QVERIFY(closeTo(erlangC(2, 1), 1.0 / 3));
        QVERIFY(closeTo(erlangC(10, 8), 0.4092, 1e-3));
    }

    /// So many places that nobody waits: the number is Poisson (M/G/infinity).
    void endlessPlaces() {
        const QueueLaw law(servers(5000, 0.1, 20));
        QVERIFY(closeTo(law.mean(), 200, 1e-6));
        QVERIFY(closeTo(law.variance(), 200, 1e-3));
        QVERIFY(law.waitShare() < 1e-12);
        QVERIFY(closeTo(law.at(0.5), 200, 0.01));
        QVERIFY(closeTo(law.at(0.8413), 200 + std::sqrt(200.0), 0.01));
    }

    /// A router that evens out within `lag` leaves the variance lambda / (1 / stay + 1 / lag).
    void routerEvensOut() {
        ReplicaQueue q = servers(5000, 0.1, 20);
        double last = 0;
        for (const double lag : {0.5, 2.0, 10.0, 1e9}) {
            q.routerLagS = lag;
            const QueueLaw law(q);
            QVERIFY2(closeTo(law.variance(), 20 / (0.1 + 1 / lag), 0.05),
                     qPrintable(QString::number(law.variance())));
            QVERIFY(closeTo(law.mean(), 200, 0.01));
            QVERIFY(law.variance() > last);
            last = law.variance();
        }
    }

    /// Drawn by uniform variates the law has its own mean and variance.
    void drawsFollowTheLaw() {
        for (const double lambda : {0.9, 9.0, 90.0}) {
            const QueueLaw law(servers(lambda / 0.9, 1, lambda));
            double sum = 0;
            double squares = 0;
            constexpr int kDraws = 40'000;
            for (int i = 0; i < kDraws; ++i) {
                const double x = law.at((i + 0.5) / kDraws);
                sum += x;
                squares += x * x;
            }
            const double mean = sum / kDraws;
            QVERIFY2(closeTo(mean, law.mean(), 0.06), qPrintable(QString("%1 %2").arg(mean).arg(law.mean())));
            QVERIFY(closeTo(std::sqrt(squares / kDraws - mean * mean), std::sqrt(law.variance()), 0.15));
        }
    }

    void beyondCapacityIsFull() {
        for (const double lambda : {4.0, 5.0, 1e9}) {
            const QueueLaw law(servers(4, 1, lambda));
            QVERIFY(!law.stable());
            QCOMPARE(law.served(), 4.0);
            QCOMPARE(law.at(0.3), 4.0);
            QVERIFY(!std::isnan(law.variance()) && !std::isnan(law.mean()));
        }
        const QueueLaw nobody(servers(4, 1, 0));
        QVERIFY(nobody.stable());
        QCOMPARE(nobody.mean(), 0.0);
        QCOMPARE(nobody.at(0.99), 0.0);
    }

    /// Prompts at one reader are M/G/1: Pollaczek and Khinchine for constant and exponential times.
    void promptsAtOneReader() {
        for (const double lambda : {0.2, 0.5, 0.9}) {
            const PromptWait constant = promptWait(lambda, {1, 1, 1}, 1);
            QVERIFY(closeTo(constant.share, lambda));
            QVERIFY(closeTo(constant.share * constant.meanS, lambda / 2 / (1 - lambda)));
            QVERIFY(closeTo(constant.share * constant.meanS, waitMG1(lambda, 1, 1)));
            const PromptWait exponential = promptWait(lambda, {1, 2, 6}, 1); // M/M/1: exponential waits
            QVERIFY(closeTo(exponential.meanS, 1 / (1 - lambda)));
            QVERIFY(closeTo(exponential.varianceS2, std::pow(1 / (1 - lambda), 2)));
        }
        // Among more readers one waits less, and rarely.
        double before = 1e300;
        for (const double readers : {1.0, 2.0, 8.0, 1000.0}) {
            const PromptWait w = promptWait(0.7, {1, 2, 6}, readers);
            QVERIFY(w.share * w.meanS < before);
            before = w.share * w.meanS;
        }
        QCOMPARE(promptWait(0, {1, 2, 6}, 1).share, 0.0);
    }

    void gammaAgainstClosedForms() {
        for (const double x : {0.1, 1.0, 2.0, 7.0}) {
            QVERIFY(closeTo(gammaCdf(x, 1, 1), 1 - std::exp(-x), 1e-8));           // exponential
            QVERIFY(closeTo(gammaCdf(x, 2, 2), 1 - std::exp(-x) * (1 + x), 1e-8)); // two in a row
        }
        QVERIFY(closeTo(gammaCdf(200, 200, 200), 0.50940, 1e-3)); // Wilson and Hilferty's branch
        QCOMPARE(gammaCdf(-1, 1, 1), 0.0);
        QCOMPARE(gammaCdf(2, 1, 0), 1.0);
        for (const double p : {1e-6, 0.01, 0.3, 0.5, 0.9, 0.999}) {
            QVERIFY(std::abs(normalCdf(normalQuantile(p)) - p) < 1e-8);
        }
    }

    /// Moments of a cut lognormal against a million draws.
    void lengthsHaveTheirMoments() {
        const Lengths lengths = Lengths::of(8596, 0.574, 65'536);
        std::mt19937_64 random(3);
        std::lognormal_distribution<double> draw(std::log(8596 * 0.574), lengths.sigma);
        double sums[3] = {};
        constexpr int kDraws = 1'000'000;
        for (int i = 0; i < kDraws; ++i) {
            const double x = std::min(65'536.0, draw(random));
            sums[0] += x;
            sums[1] += x * x;
            sums[2] += x * x * x;
        }
        for (int k = 1; k <= 3; ++k) {
            QVERIFY(closeTo(lengths.moment(k), sums[k - 1] / kDraws, 0.01 * k));
        }
        QCOMPARE(Lengths::of(100, 1).moment(3), 1e6);
        QVERIFY(closeTo(lengths.at(0), 8596 * 0.574));
    }
};

QTEST_APPLESS_MAIN(TestQueue)
#include "tst_queue.moc"
