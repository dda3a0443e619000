#include "model/cluster/address.h"
#include "tests/model/cluster/cluster_fixtures.h"

#include <QTest>

using namespace atlas;
using namespace atlas::cluster;
using namespace atlas::testing;

namespace {

std::shared_ptr<const Cluster> built() {
    auto spec = clusterSpec(
        {island("H100", "H100-SXM", "hgx", "rail8", 4100, 2), island("GB", "GB200", "nvl72", "rail4", 720)},
        {trunk("H100", "GB", 1e12)});
    spec.islands[0].racksPerRow = 8;
    auto made = buildCluster(catalogue(), spec);
    if (!made) {
        qFatal("%s", text(made.errors()).c_str());
    }
    return *made;
}

} // namespace

/// Names of the parts of a cluster, written and read back.
class TestAddress : public QObject {
    Q_OBJECT
private slots:
    void everyNameReadsBack() {
        const auto c = built();
        std::vector<Part> parts;
        for (Index gpu = 0; gpu < c->gpuCount; gpu += 7) {
            parts.push_back({PartKind::Gpu, gpu});
            parts.push_back({PartKind::Tray, trayGpus(*c, gpu).first});
        }
        const auto all = [&parts](PartKind kind, std::size_t count) {
            for (Index i = 0; i < count; ++i) {
                parts.push_back({kind, i});
            }
        };
        all(PartKind::Rack, c->racks.size());
        all(PartKind::Row, c->rows.size());
        all(PartKind::Hall, c->halls.size());
        all(PartKind::Island, c->islands.size());
        all(PartKind::LinkGroup, c->linkGroups.size());
        for (Index s = 0; s < c->switches.size(); ++s) {
            if (c->switches[s].tier == Tier::Leaf) {
                parts.push_back({PartKind::Switch, s});
            }
        }
        parts.push_back({PartKind::Cluster, 0});
        for (const Part& part : parts) {
            const std::string name = partName(*c, part);
            const auto back = parsePart(*c, name);
            QVERIFY2(back.ok(), name.c_str());
            QVERIFY2(*back == part, name.c_str());
            QVERIFY(parsePart(*c, QString::fromStdString(name).toUpper().toStdString()).ok());
        }
    }
    void partsHoldTheirGpus() {
        const auto c = built();
        QCOMPARE(gpusOf(*c, {PartKind::Cluster, 0}).count, 4820u);
        QCOMPARE(gpusOf(*c, {PartKind::Island, 1}).first, 4100u);
        QCOMPARE(gpusOf(*c, *parsePart(*c, "rack 1-1-2, tray 3")).first, 64u + 16u);
        QCOMPARE(gpusOf(*c, *parsePart(*c, "rack 1-1-2, tray 3")).count, 8u);
        QCOMPARE(parsePart(*c, "rack 1-1-2, tray 3, GPU 5")->index, 84u);
        // The last rack of an island may be short: 4,100 = 64 x 64 + 4.
        QCOMPARE(trayGpus(*c, 4099).count, 4u);
        QCOMPARE(trayGpus(*c, 4100).count, 4u); // NVL72 trays hold four
    }
    void leavesHoldTheirGpus() {
        const auto c = built();
        for (Index s = 0; s < c->switches.size(); ++s) {
            if (c->switches[s].tier != Tier::Leaf) {
                continue;
            }
            std::vector<Index> counted;
            for (Index gpu = 0; gpu < c->gpuCount; ++gpu) {
                if (c->leafOf(gpu) == s) {
                    counted.push_back(gpu);
                }
            }
            QCOMPARE(gpusUnderLeaf(*c, s), counted);
        }
    }
    void wrongNamesNameTheNearest_data() {
        QTest::addColumn<std::string>("wrong");
        QTest::addColumn<std::string>("near");
        QTest::newRow("position") << std::string("rack 1-1-9") << std::string("rack 1-1-8");
        QTest::newRow("hall") << std::string("rack 9-1-1") << std::string("rack 3-1-1");
        QTest::newRow("tray") << std::string("rack 1-1-1, tray 40, GPU 1")
                              << std::string("rack 1-1-1, tray 8, GPU 1");
        QTest::newRow("gpu") << std::string("rack 1-1-1, tray 4, GPU 99")
                             << std::string("rack 1-1-1, tray 4, GPU 8");
        QTest::newRow("huge") << std::string("rack 1-1-999999999999") << std::string("inspector");
        QTest::newRow("leaf") << std::string("Hall 1, rail 12, leaf 400")
                              << std::string("Hall 1, rail 8, leaf 5");
        QTest::newRow("no such hall") << std::string("Hall 30") << std::string("Hall 3");
        QTest::newRow("misspelt") << std::string("H100 iland") << std::string("H100 island");
        QTest::newRow("nonsense") << std::string("xyzzy") << std::string("rack 1-1-1, tray 1, GPU 1");
    }
    void wrongNamesNameTheNearest() {
        QFETCH(std::string, wrong);
        QFETCH(std::string, near);
        const auto back = parsePart(*built(), wrong);
        QVERIFY(!back.ok());
        QVERIFY2(back.errors().front().remedy.find(near) != std::string::npos,
                 back.errors().front().text().c_str());
        QVERIFY(back.errors().front().message.find(wrong.substr(0, 8)) != std::string::npos);
    }
    void oddTextsAreRefused() {
        const auto c = built();
        for (const char* text :
             {"rack", "rack 1", "rack 1-1", "rack -1-1-1", "rack 1-1-1, tray", "rack 1-1-1 tray 2", "hall",
              "Hall 1, rail 2", "rack 1-1-1, tray 1, GPU 1 ", "\x01\x02"}) {
            const auto back = parsePart(*c, text);
            QVERIFY2(back.ok() == (std::string(text) == "rack 1-1-1, tray 1, GPU 1 "), text);
        }
        QCOMPARE(parsePart(*c, "")->kind, PartKind::Cluster);
        QVERIFY(!parsePart(*c, std::string(10'000, '9')).ok());
    }
};

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
