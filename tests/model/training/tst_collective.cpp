// Collectives by hand.
#include "model/training/collective.h"

#include <QTest>

#include <cmath>

using namespace atlas::training;
using Kind = NetworkLevel::Kind;
using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

NetworkLevel level(Kind kind, std::int64_t size, double bytesPerS, double latencyS) {
    return {kind, "", size, bytesPerS, latencyS, false};
}

} // namespace

class TestCollective : public QObject {
    Q_OBJECT

private slots:
    void matchesTheFormula_data();
    void matchesTheFormula();
    void hierarchyBeatsTheFlatRing();
    void treesBeatRingsAtScale();
    void switchReductionHalvesTheTraffic();
    void switchesReduceOnTheirLevel();
    void hierarchiesByHand_data();
    void hierarchiesByHand();
    void autoIsTheFastest();
    void moreRanksOrBytesAreNeverFaster();
    void badInputIsNamed();
};

void TestCollective::matchesTheFormula_data() {
    QTest::addColumn<int>("op");
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<double>("expected");
    // 8 ranks, 100 GB/s, 1 us, 1 GB.
    const double a = 1e-6;
    const double s = 1e9 / 100e9;
    const auto row = [](const char* name, Op op, Algorithm algorithm, double expected) {
        QTest::newRow(name) << static_cast<int>(op) << static_cast<int>(algorithm) << expected;
    };
    row("ring all-reduce", Op::AllReduce, Algorithm::Ring, 14 * (a + s / 8));
    row("ring all-gather", Op::AllGather, Algorithm::Ring, 7 * (a + s / 8));
    row("ring reduce-scatter", Op::ReduceScatter, Algorithm::Ring, 7 * (a + s / 8));
    row("tree all-reduce", Op::AllReduce, Algorithm::Tree, 2 * (3 * a + s));
    row("tree all-gather", Op::AllGather, Algorithm::Tree, 3 * a + 7.0 / 8 * s);
    row("direct all-to-all", Op::AllToAll, Algorithm::Direct, a + 7.0 / 8 * s);
    row("tree broadcast", Op::Broadcast, Algorithm::Tree, 3 * a + s);
    row("direct broadcast", Op::Broadcast, Algorithm::Direct, a + 7 * s);
    row("send", Op::Send, Algorithm::Direct, a + s);
}

void TestCollective::matchesTheFormula() {
    QFETCH(int, op);
    QFETCH(int, algorithm);
    QFETCH(double, expected);
    const std::vector<NetworkLevel> levels = {level(Kind::Switch, 8, 100e9, 1e-6)};
    const auto result = collective(static_cast<Op>(op), 1e9, levels, static_cast<Algorithm>(algorithm));
    QVERIFY(result.ok());
    QVERIFY(std::abs(result->timeS / expected - 1) < 1e-12);
    QCOMPARE(result->ranks, std::int64_t{8});
}

void TestCollective::hierarchyBeatsTheFlatRing() {
    // 8 x 32 ranks, 450 and 50 GB/s, 1 GiB: flat 42.8 ms; the hierarchy moves 2 * 7/8 GiB inside and
    // 2 * 31/32 / 8 GiB outside, and in chunks the slower of the two dominates.
    const std::vector<NetworkLevel> levels = {level(Kind::Switch, 8, 450e9, 0),
                                              level(Kind::Switch, 32, 50e9, 0)};
    const auto flat = collective(Op::AllReduce, kGib, levels, Algorithm::Ring);
    const auto hierarchical = collective(Op::AllReduce, kGib, levels, Algorithm::Hierarchical);
    QVERIFY(flat.ok() && hierarchical.ok());
    QVERIFY(std::abs(flat->timeS / 42.8e-3 - 1) < 0.002);
    const double outside = 2.0 * 31 / 32 / 8 * kGib / 50e9;
    QVERIFY(hierarchical->timeS > outside && hierarchical->timeS < 1.03 * outside);
}

void TestCollective::treesBeatRingsAtScale() {
    const std::vector<NetworkLevel> levels = {level(Kind::Switch, 4096, 50e9, 1e-6)};
    const auto ring = collective(Op::AllReduce, 1e6, levels, Algorithm::Ring);
    const auto best = collective(Op::AllReduce, 1e6, levels);
    QVERIFY(ring.ok() && best.ok());
    QVERIFY(ring->timeS > 8e-3);
    QVERIFY(best->timeS < 0.1e-3);
    QVERIFY(best->algorithm != Algorithm::Ring);
}

void TestCollective::switchReductionHalvesTheTraffic() {
    std::vector<NetworkLevel> levels = {level(Kind::Switch, 8, 450e9, 0)};
    const auto plain = collective(Op::AllReduce, kGib, levels, Algorithm::Tree);
    levels[0].inNetworkReduction = true;
    const auto reduced = collective(Op::AllReduce, kGib, levels, Algorithm::Tree);
    QVERIFY(std::abs(plain->timeS / reduced->timeS - 2) < 1e-12);
    const auto gather = collective(Op::AllGather, kGib, levels, Algorithm::Tree);
    levels[0].inNetworkReduction = false;
    QCOMPARE(gather->timeS, collective(Op::AllGather, kGib, levels, Algorithm::Tree)->timeS);
}

void TestCollective::switchesReduceOnTheirLevel() {
    // 8 GPUs under an NVSwitch that reduces, 4 such nodes: what it saves inside it saves in the hierarchy
    // too. Inside: the whole buffer up and down once, 1 GiB / 450 GB/s; outside 2 * 3/4 / 8 GiB / 50 GB/s.
    std::vector<NetworkLevel> levels = {level(Kind::Switch, 8, 450e9, 0), level(Kind::Switch, 4, 50e9, 0)};
    levels[0].inNetworkReduction = true;
    const double inside = kGib / 450e9;
    const double outside = 2 * 0.75 / 8 * kGib / 50e9;
    const auto partly = collective(Op::AllReduce, kGib, levels, Algorithm::Hierarchical);
    QVERIFY(partly.ok());
    QVERIFY(std::abs(partly->timeS / (((inside + outside) + 63 * outside) / 64) - 1) < 1e-12);
    // SHARP outside too: an eighth of the buffer once.
    levels[1].inNetworkReduction = true;
    const auto wholly = collective(Op::AllReduce, kGib, levels, Algorithm::Hierarchical);
    const double once = kGib / 8 / 50e9;
    QVERIFY(std::abs(wholly->timeS / (((inside + once) + 63 * once) / 64) - 1) < 1e-12);
    // Latency: up and down, however many GPUs are under the switch.
    std::vector<NetworkLevel> one = {level(Kind::Switch, 64, 450e9, 1e-6)};
    one[0].inNetworkReduction = true;
    QVERIFY(std::abs(collective(Op::AllReduce, 0, one)->timeS - 2e-6) < 1e-15);
}

void TestCollective::hierarchiesByHand_data() {
    QTest::addColumn<int>("op");
    QTest::addColumn<double>("bytes");
    QTest::addColumn<double>("expected");
    // 4 GPUs of 100 GB/s and 1 us in each of 8 nodes of 25 GB/s and 5 us. Every chunk pays the latencies, and
    // the slower level sets the pace: (sum of levels + (k - 1) * slowest level) with 1/k of the volume each.
    const double small = 1e3;
    const double large = 1e9;
    const auto chunked = [](double insideS, double insideA, double outsideS, double outsideA) {
        double best = 1e9;
        for (int k = 1; k <= 64; k *= 2) {
            const double a = insideA + insideS / k;
            const double b = outsideA + outsideS / k;
            best = std::min(best, a + b + (k - 1) * std::max(a, b));
        }
        return best;
    };
    for (const double bytes : {small, large}) {
        const char* size = bytes == small ? "1 kB" : "1 GB";
        const double in = 0.75 * bytes / 100e9;
        const double out = 7.0 / 8 / 4 * bytes / 25e9;
        // log2 4 = 2 steps inside, log2 8 = 3 outside.
        QTest::addRow("all-gather of %s", size)
            << static_cast<int>(Op::AllGather) << bytes << chunked(in, 2e-6, out, 15e-6);
        QTest::addRow("reduce-scatter of %s", size)
            << static_cast<int>(Op::ReduceScatter) << bytes << chunked(in, 2e-6, out, 15e-6);
        QTest::addRow("all-reduce of %s", size)
            << static_cast<int>(Op::AllReduce) << bytes << chunked(2 * in, 4e-6, 2 * out, 30e-6);
        // Of 32 peers 31 are elsewhere and 28 in other nodes; both levels carry at the same time.
        QTest::addRow("all-to-all of %s", size)
            << static_cast<int>(Op::AllToAll) << bytes
            << std::max(31.0 / 32 * bytes / 100e9, 28.0 / 32 * bytes / 25e9) + 6e-6;
    }
}

void TestCollective::hierarchiesByHand() {
    QFETCH(int, op);
    QFETCH(double, bytes);
    QFETCH(double, expected);
    const std::vector<NetworkLevel> levels = {level(Kind::Switch, 4, 100e9, 1e-6),
                                              level(Kind::Switch, 8, 25e9, 5e-6)};
    const auto result = collective(static_cast<Op>(op), bytes, levels, Algorithm::Hierarchical);
    QVERIFY(result.ok());
    QVERIFY2(std::abs(result->timeS / expected - 1) < 1e-12,
             qPrintable(QString("%1 and %2").arg(result->timeS).arg(expected)));
}

void TestCollective::autoIsTheFastest() {
    const std::vector<NetworkLevel> levels = {level(Kind::FullyConnected, 8, 450e9, 1e-6),
                                              level(Kind::Ring, 4, 100e9, 2e-6),
                                              level(Kind::Switch, 16, 50e9, 5e-6)};
    for (const Op op :
         {Op::AllReduce, Op::AllGather, Op::ReduceScatter, Op::AllToAll, Op::Broadcast, Op::Send}) {
        for (const double bytes : {0.0, 1e3, 1e6, 1e9}) {
            const auto best = collective(op, bytes, levels);
            QVERIFY(best.ok());
            for (const Algorithm one :
                 {Algorithm::Ring, Algorithm::Tree, Algorithm::Direct, Algorithm::Hierarchical}) {
                const auto other = collective(op, bytes, levels, one);
                QVERIFY(!other || other->timeS >= best->timeS);
            }
        }
    }
}

void TestCollective::moreRanksOrBytesAreNeverFaster() {
    for (const Op op : {Op::AllReduce, Op::AllGather, Op::ReduceScatter, Op::AllToAll, Op::Broadcast}) {
        double last = 0;
        for (std::int64_t n = 2; n <= 1024; n *= 2) {
            const std::vector<NetworkLevel> levels = {level(Kind::Switch, n, 50e9, 1e-6)};
            const double time = collective(op, 1e8, levels)->timeS;
            QVERIFY(time >= last);
            QVERIFY(collective(op, 2e8, levels)->timeS >= time);
            last = time;
        }
    }
}

void TestCollective::badInputIsNamed() {
    const auto message = [](const std::vector<NetworkLevel>& levels, double bytes, Algorithm algorithm) {
        const auto result = collective(Op::AllToAll, bytes, levels, algorithm);
        return result ? std::string() : atlas::text(result.errors());
    };
    const auto good = level(Kind::Switch, 8, 1e9, 0);
    QVERIFY(message({}, 1, Algorithm::Auto).find("at least one level") != std::string::npos);
    QVERIFY(message({level(Kind::Switch, 8, 0, 0)}, 1, Algorithm::Auto).find("bandwidth of level 1") !=
            std::string::npos);
    QVERIFY(message({good, level(Kind::Switch, 0, 1e9, 0)}, 1, Algorithm::Auto).find("size of level 2") !=
            std::string::npos);
    QVERIFY(message({good}, -1, Algorithm::Auto).find("negative") != std::string::npos);
    QVERIFY(message({good}, 1, Algorithm::Ring).find("all-to-all has no ring algorithm") !=
            std::string::npos);
}

QTEST_APPLESS_MAIN(TestCollective)
#include "tst_collective.moc"
