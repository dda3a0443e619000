#include "tests/model/serving/fleet_fixtures.h"
#include "tests/model/serving/request_oracle.h"

#include <QTest>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;

namespace {

QByteArray words(const char* what, double formula, double oracle) {
    return QString("%1: %2, request by request %3").arg(what).arg(formula).arg(oracle).toUtf8();
}

double shareWithin(const std::vector<double>& values, double limit) {
    const auto met = std::ranges::count_if(values, [limit](double x) { return x <= limit; });
    return static_cast<double>(met) / static_cast<double>(values.size());
}

} // namespace

/// The formulas of a fleet against a simulation of every request and every step of eight engines.
///
/// Stated tolerance: tokens/s 2 %, batch 5 %, share of time for prompts 3 %; TPOT median 8 % (at a load of
/// 0.8 13 %, at 0.9 22 %), 95th percentile 25 %; share of first tokens in time 4 points up to a load of 0.8;
/// TTFT 95th percentile a factor of 1.6.
class TestServingOracle : public QObject {
    Q_OBJECT
private slots:
    void agrees_data() {
        QTest::addColumn<int>("routing");
        QTest::addColumn<double>("load");
        QTest::addColumn<double>("slowness");
        const int random = static_cast<int>(scenario::RequestRouting::Random);
        const int least = static_cast<int>(scenario::RequestRouting::LeastLoaded);
        for (const double load : {0.3, 0.6, 0.8}) {
            QTest::addRow("random, load %.1f", load) << random << load << 1.0;
            QTest::addRow("least loaded, load %.1f", load) << least << load << 1.0;
        }
        QTest::newRow("slower engines") << least << 0.6 << 2.0;
        QTest::newRow("nearly full") << random << 0.9 << 1.0;
    }
    void agrees() {
        QFETCH(int, routing);
        QFETCH(double, load);
        QFETCH(double, slowness);
        FleetInputs in = fleetInputs({poolOf(8, slowness)}, load);
        in.traffic.routing = static_cast<scenario::RequestRouting>(routing);
        const Fleet fleet(in);
        const FleetNow now = fleet.at(43'200);

        OracleSettings settings;
        settings.curve = nodeCurve(slowness);
        settings.places = fleet.planAt(0)->pools[0].places;
        settings.paceS = 0.9 * 0.08; // of the promise, see Fleet
        settings.leastLoaded = in.traffic.routing != scenario::RequestRouting::Random;
        settings.lagS = in.traffic.routerLagS.value;
        std::vector<OracleKind> kinds;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            kinds.push_back({now.kinds[k].arrivals, in.classes[k], true});
        }
        const OracleResult oracle = RequestOracle(settings, kinds).run();

        const PoolNow& pool = now.pools[0];
        QVERIFY2(closeTo(now.outputTokensPerS, oracle.tokensPerS, 0.02),
                 words("tokens/s", now.outputTokensPerS, oracle.tokensPerS));
        QVERIFY2(closeTo(pool.batch, oracle.meanBatch, 0.05), words("batch", pool.batch, oracle.meanBatch));
        QVERIFY2(closeTo(pool.promptShare, oracle.promptShare, 0.03),
                 words("time for prompts", pool.promptShare, oracle.promptShare));
        for (std::size_t k = 0; k < kInteractive; ++k) {
            const KindNow& kind = now.kinds[k];
            const double median = quantileOf(oracle.tokenS[k], 0.5);
            QVERIFY2(closeTo(kind.tokenS[0], median,
                             load > 0.85  ? 0.22
                             : load > 0.7 ? 0.13
                                          : 0.08),
                     words("TPOT median", kind.tokenS[0], median));
            const double slow = quantileOf(oracle.tokenS[k], 0.95);
            QVERIFY2(closeTo(kind.tokenS[1], slow, 0.25), words("TPOT p95", kind.tokenS[1], slow));
            const double first = quantileOf(oracle.firstTokenS[k], 0.95);
            QVERIFY2(kind.firstTokenS[1] < 1.6 * first && kind.firstTokenS[1] > first / 1.6,
                     words("TTFT p95", kind.firstTokenS[1], first));
            const double inTime = shareWithin(oracle.firstTokenS[k], in.classes[k].firstTokenS);
            QVERIFY2(closeTo(kind.kept, inTime, 0, load > 0.85 ? 0.08 : 0.04),
                     words("kept", kind.kept, inTime));
        }
    }

    /// Batch work fills what is left, and interactive prompts are read before it.
    void batchFillsTheRest() {
        FleetInputs in = fleetInputs({poolOf(8)}, 0.4, 0.25);
        const Fleet fleet(in);
        const FleetNow now = fleet.at(86'400 + 43'200);
        OracleSettings settings;
        settings.curve = nodeCurve();
        settings.places = fleet.planAt(0)->pools[0].places;
        settings.paceS = 0.9 * 0.08;
        settings.lagS = in.traffic.routerLagS.value;
        std::vector<OracleKind> kinds;
        for (std::size_t k = 0; k < kKinds; ++k) {
            kinds.push_back({now.kinds[k].served, in.classes[k], k < kInteractive});
        }
        const OracleResult oracle = RequestOracle(settings, kinds).run();
        QVERIFY2(closeTo(now.outputTokensPerS, oracle.tokensPerS, 0.02),
                 words("tokens/s", now.outputTokensPerS, oracle.tokensPerS));
        QVERIFY2(closeTo(now.pools[0].batch, oracle.meanBatch, 0.06),
                 words("batch", now.pools[0].batch, oracle.meanBatch));
        const double inTime = shareWithin(oracle.firstTokenS[0], in.classes[0].firstTokenS);
        QVERIFY2(closeTo(now.kinds[0].kept, inTime, 0, 0.05), words("kept", now.kinds[0].kept, inTime));
    }

    /// Every request that came is served or still inside.
    void oracleLosesNobody() {
        OracleSettings settings;
        settings.curve = nodeCurve();
        settings.warmUpS = 0;
        settings.lastsS = 500;
        const auto kinds = threeKinds(0.5, 0.5, 0);
        const OracleResult r = RequestOracle(settings, {{20, kinds[0], true}, {20, kinds[1], true}}).run();
        QVERIFY(r.arrived > 15'000);
        QCOMPARE(r.arrived, r.finished + r.inside);
    }
};

QTEST_APPLESS_MAIN(TestServingOracle)
#include "tst_serving_oracle.moc"
