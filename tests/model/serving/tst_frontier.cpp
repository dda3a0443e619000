#include "model/serving/frontier.h"
#include "tests/model/serving/published_machines.h"

#include <QTest>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;
using scenario::Precision;

/// Throughput against interactivity: monotone, bounded by its classes, and honest about what cannot be.
class TestFrontier : public QObject {
    Q_OBJECT
    training::Machine m_mixed;
    scenario::ServeJob m_job = serveJob(4000, 500, 0.5, 5, 0.05, Precision::Fp8);

    std::vector<Frontier> all() const {
        auto frontiers = frontiersOf(m_mixed, deepseekR1(), m_job, defaultConstants());
        return frontiers ? std::move(*frontiers) : std::vector<Frontier>();
    }

private slots:
    void initTestCase() {
        m_mixed.name = "mix";
        m_mixed.pools = {h100(4096), a100(2048), gb200(2304)};
    }
    void oneCurveAClassAndTwoOfAll() {
        const auto frontiers = all();
        QCOMPARE(frontiers.size(), std::size_t{5});
        QCOMPARE(frontiers[0].name, std::string("H100-SXM"));
        QVERIFY(frontiers[3].kind == Frontier::Kind::Mix);
        QVERIFY(frontiers[4].kind == Frontier::Kind::Divided);
        QCOMPARE(frontiers[4].gpus, 4096.0 + 2048 + 2304);
        training::Machine one = machine(h100(4096));
        QCOMPARE(frontiersOf(one, deepseekR1(), m_job, defaultConstants())->size(), std::size_t{1});
    }
    /// Who is served faster shares the GPU with fewer: throughput never rises along a curve.
    void fasterUsersCostThroughput() {
        for (const Frontier& frontier : all()) {
            QVERIFY2(frontier.points.size() > 3, frontier.name.c_str());
            for (std::size_t i = 1; i < frontier.points.size(); ++i) {
                QVERIFY(frontier.points[i].tokensPerSPerGpu <=
                        frontier.points[i - 1].tokensPerSPerGpu * (1 + 1e-4));
            }
        }
    }
    /// The mix is the mean of its classes, weighted by GPUs.
    void mixIsTheMeanOfItsClasses() {
        const auto frontiers = all();
        double tokens = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            tokens += frontiers[c].points.front().tokensPerSPerGpu * frontiers[c].gpus;
        }
        QVERIFY(std::abs(frontiers[3].points.front().tokensPerSPerGpu * frontiers[3].gpus / tokens - 1) <
                1e-12);
    }
    void newerIsFaster() {
        const auto frontiers = all();
        QVERIFY(frontiers[2].points.back().userTokensPerS > frontiers[1].points.back().userTokensPerS);
        QVERIFY(frontiers[2].points.front().tokensPerSPerGpu > frontiers[0].points.front().tokensPerSPerGpu);
        QVERIFY(frontiers[0].points.front().tokensPerSPerGpu > frontiers[1].points.front().tokensPerSPerGpu);
    }
    void whatFitsNowhereHasNoPoints() {
        m_mixed.pools[1] = a100(4); // too few for the weights
        const auto frontiers = all();
        QVERIFY(frontiers[1].points.empty());
        QVERIFY(!frontiers[3].points.empty());
        auto broken = m_job;
        broken.outputTokens = catalog::Sourced(0.0);
        QVERIFY(!frontiersOf(m_mixed, deepseekR1(), broken, defaultConstants()));
    }
};

QTEST_APPLESS_MAIN(TestFrontier)
#include "tst_frontier.moc"
