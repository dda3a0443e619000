#include "tests/model/cluster/cluster_fixtures.h"

#include <QTest>

#include <limits>

using namespace atlas;
using namespace atlas::testing;

/// What cannot be built is said, with what to do about it.
class TestClusterErrors : public QObject {
    Q_OBJECT
private:
    static void expect(const scenario::Scenario& s, const scenario::Cluster& spec, const QString& message) {
        const auto built = cluster::buildCluster(s, spec);
        QVERIFY(!built.ok());
        const QString said = QString::fromStdString(text(built.errors()));
        QVERIFY2(said.contains(message), qPrintable(said));
        for (const Diagnostic& d : built.errors()) {
            QVERIFY(!d.remedy.empty());
        }
    }

private slots:
    void counts_data() {
        QTest::addColumn<double>("gpus");
        QTest::addColumn<int>("halls");
        QTest::addColumn<int>("racksPerRow");
        QTest::addColumn<QString>("message");
        QTest::newRow("zero") << 0.0 << 1 << 8 << "no GPUs";
        QTest::newRow("negative") << -5.0 << 1 << 8 << "no GPUs";
        QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << 1 << 8 << "no GPUs";
        QTest::newRow("a trillion") << 1e12 << 1 << 8 << "more than 4,000,000 GPUs";
        QTest::newRow("no halls") << 512.0 << 0 << 8 << "number of halls is 0";
        QTest::newRow("more halls than racks") << 512.0 << 9 << 8 << "9 halls for 8 racks";
        QTest::newRow("no row") << 512.0 << 1 << 0 << "racks in a row is 0";
        QTest::newRow("long row") << 512.0 << 1 << 100'000 << "racks in a row is 100000";
    }
    void counts() {
        QFETCH(double, gpus);
        QFETCH(int, halls);
        QFETCH(int, racksPerRow);
        QFETCH(QString, message);
        scenario::Cluster spec = clusterSpec({island("A", "H100-SXM", "hgx", "rail8", gpus, halls)});
        spec.islands[0].racksPerRow = racksPerRow;
        expect(catalogue(), spec, message);
    }
    void unknownNames() {
        expect(catalogue(), clusterSpec({island("A", "H900", "hgx", "rail8", 64)}), "GPU class \"H900\"");
        expect(catalogue(), clusterSpec({island("A", "H100-SXM", "shelf", "rail8", 64)}),
               "rack type \"shelf\"");
        expect(catalogue(), clusterSpec({island("A", "H100-SXM", "hgx", "string", 64)}), "fabric \"string\"");
    }
    void allAtOnce() {
        const auto built = cluster::buildCluster(
            catalogue(),
            clusterSpec({island("A", "H900", "hgx", "rail8", 0), island("B", "X", "y", "z", 8)}));
        QVERIFY(!built.ok());
        QCOMPARE(built.errors().size(), 5u);
    }
    void emptyCluster() { expect(catalogue(), clusterSpec({}), "0 islands"); }
    void islandsApart() {
        scenario::Cluster spec = mixedSpec();
        spec.trunks.clear();
        expect(catalogue(), spec, "a fabric that does not connect");
    }
    void badTrunks() {
        scenario::Cluster spec = mixedSpec();
        spec.trunks[0].to = "B200";
        expect(catalogue(), spec, "island \"B200\", which is not there");
        spec = mixedSpec();
        spec.trunks[0].bytesPerS = scenario::Sourced(0);
        expect(catalogue(), spec, "no bundle of cables gives");
        spec.trunks[0].bytesPerS = scenario::Sourced(std::numeric_limits<double>::quiet_NaN());
        expect(catalogue(), spec, "no bundle of cables gives");
        spec.trunks[0].bytesPerS = scenario::Sourced(1e30);
        expect(catalogue(), spec, "no bundle of cables gives");
        spec.trunks[0].to = "H100";
        expect(catalogue(), spec, "to itself");
    }
    void badFabric() {
        const auto with = [](const std::function<void(scenario::FabricType&)>& change) {
            scenario::Scenario s = catalogue();
            change(s.fabrics[0]);
            return s;
        };
        const scenario::Cluster spec = clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 512)});
        expect(with([](auto& f) { f.rails = 0; }), spec, "rails of the fabric is 0");
        expect(with([](auto& f) { f.leafDownPorts = -1; }), spec, "ports of a leaf is -1");
        expect(with([](auto& f) { f.linkBytesPerS = scenario::Sourced(0); }), spec, "no bandwidth");
        expect(with([](auto& f) { f.leafOversubscription = scenario::Sourced(0); }), spec,
               "oversubscription");
        expect(with([](auto& f) { f.effectiveThroughput = scenario::Sourced(1.5); }), spec, "throughput");
    }
    void badRack() {
        scenario::Scenario s = catalogue();
        s.racks[0].traysPerRack = 0;
        expect(s, clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 512)}), "trays of the rack is 0");
        s = catalogue();
        s.racks[0].nvlinkDomainGpus = 576;
        expect(s, clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 512)}), "NVLink domain");
    }
    void fabricThatWouldEatTheMemory() {
        scenario::Scenario s = catalogue();
        s.racks[0].traysPerRack = s.racks[0].gpusPerTray = s.racks[0].nvlinkDomainGpus = 1;
        s.fabrics[0].rails = 64;
        s.fabrics[0].leafDownPorts = s.fabrics[0].spinePorts = 4096;
        s.fabrics[0].leafOversubscription = s.fabrics[0].spineOversubscription = scenario::Sourced(0.25);
        expect(s, clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 4e6, 1024)}),
               "links between switches");
    }
};

QTEST_APPLESS_MAIN(TestClusterErrors)
#include "tst_cluster_errors.moc"
