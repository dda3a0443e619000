#include "app/counterpart.h"
#include "app/finder.h"
#include "model/cluster/address.h"
#include "tests/model/cluster/cluster_fixtures.h"

#include <QTest>

using namespace atlas;
using namespace atlas::testing;
using app::findPlaces;
using app::Place;
using scenes::TargetKind;
using widgets::Side;

namespace {

std::shared_ptr<const cluster::Cluster> built(const char* name, double gpus) {
    auto spec = clusterSpec(
        {island("H100", "H100-SXM", "hgx", "rail8", gpus, 2), island("GB", "GB200", "nvl72", "rail4", 720)},
        {trunk("H100", "GB", 1e12)});
    spec.name = name;
    spec.islands[0].racksPerRow = 8;
    auto made = cluster::buildCluster(catalogue(), spec);
    if (!made) {
        qFatal("%s", text(made.errors()).c_str());
    }
    return *made;
}

} // namespace

/// Where a typed text leads, and what is offered where it leads nowhere.
class TestFinder : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_source.clusters = {built("North", 4100), built("South", 2048)};
        auto frame = std::make_shared<operations::Frame>();
        frame->culprit = 84;
        frame->state.assign(m_source.clusters[0]->gpuCount,
                            static_cast<std::uint8_t>(operations::GpuState::Computing));
        frame->state[99] = static_cast<std::uint8_t>(operations::GpuState::Fault);
        m_source.frames[0] = frame;
    }

    void leadsTo_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* typed, TargetKind kind, const char* name) {
            QTest::newRow(typed) << typed << static_cast<int>(kind) << name;
        };
        row("rack 1-1-2", TargetKind::Rack, "rack 1-1-2");
        row("  RACK  1-1-2 ", TargetKind::Rack, "rack 1-1-2");
        row("1-1-2", TargetKind::Rack, "rack 1-1-2");
        row("rack 1-1-2, tray 3, GPU 5", TargetKind::Gpu, "rack 1-1-2, tray 3, GPU 5");
        row("row 1-1", TargetKind::Row, "row 1-1");
        row("Hall 2, rail 1, leaf 2", TargetKind::Switch, "Hall 2, rail 1, leaf 2");
        row("slowest", TargetKind::Gpu, "rack 1-1-2, tray 3, GPU 5"); // GPU 84, as the addresses' test has it
        row("fault", TargetKind::Gpu, "rack 1-1-2, tray 5, GPU 4");   // GPU 99 = 64 + 4 trays of 8 + 3
        row("gpu 85", TargetKind::Gpu, "rack 1-1-2, tray 3, GPU 5");
        row("spine 1", TargetKind::Switch, "Hall 1, rail 1, spine 1");
        row("leaf 2", TargetKind::Switch, "Hall 1, rail 1, leaf 2");
    }
    void leadsTo() {
        QFETCH(QString, typed);
        QFETCH(int, kind);
        QFETCH(QString, name);
        const auto places = findPlaces(typed, m_source);
        QVERIFY(!places.empty());
        QVERIFY(!places.front().near);
        QCOMPARE(places.front().side, Side::A);
        QCOMPARE(static_cast<int>(places.front().target.kind), kind);
        QCOMPARE(places.front().name, name);
        QVERIFY(places.front().detail.contains(QStringLiteral("North")));
    }

    void namesOfHalls() {
        for (const Place& place : findPlaces(QStringLiteral("hall 3"), m_source)) {
            QCOMPARE(static_cast<int>(place.target.kind), static_cast<int>(TargetKind::Hall));
            QCOMPARE(place.target.index, 2u);
        }
        QCOMPARE(findPlaces(QStringLiteral("hall 3"), m_source).size(), std::size_t{2}); // in both clusters
        QVERIFY(!findPlaces(QStringLiteral("gb"), m_source).empty());
    }

    void theOtherPaneComesFirstWhenItIsPreferred() {
        app::FinderSource source = m_source;
        source.preferred = Side::B;
        const auto places = findPlaces(QStringLiteral("rack 1-1-2"), source);
        QCOMPARE(places.size(), std::size_t{2});
        QCOMPARE(places[0].side, Side::B);
        QCOMPARE(places[1].side, Side::A);
    }

    void unknownGetsTheNearest_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("near");
        QTest::newRow("position") << "rack 1-1-9"
                                  << "rack 1-1-8";
        QTest::newRow("bare position") << "1-1-9"
                                       << "rack 1-1-8";
        QTest::newRow("tray") << "rack 1-1-1, tray 40, GPU 1"
                              << "rack 1-1-1, tray 8, GPU 1";
        QTest::newRow("hall") << "hall 30"
                              << "Hall 3";
        QTest::newRow("misspelt") << "H100 iland"
                                  << "H100 island";
    }
    void unknownGetsTheNearest() {
        QFETCH(QString, typed);
        QFETCH(QString, near);
        const auto places = findPlaces(typed, m_source);
        QVERIFY(!places.empty());
        QVERIFY(places.front().near);
        QVERIFY2(places.front().name.startsWith(near), qPrintable(places.front().name));
    }

    void nothingForNothing() {
        QVERIFY(findPlaces({}, m_source).empty());
        QVERIFY(findPlaces(QStringLiteral("   "), m_source).empty());
        QVERIFY(findPlaces(QStringLiteral("slowest"), {m_source.clusters, {}, Side::A}).empty());
    }

    void partsHaveCounterparts() {
        const cluster::Cluster& north = *m_source.clusters[0];
        const cluster::Cluster& south = *m_source.clusters[1];
        const auto of = [&](TargetKind kind, cluster::Index index) {
            return app::counterpartOf({kind, index, cluster::kNone}, north, south);
        };
        // Both have a rack 1-1-3.
        const app::Counterpart rack = of(TargetKind::Rack, 2);
        QVERIFY(rack.sameName);
        QCOMPARE(south.racks[rack.target.index].label(), std::string("1-1-3"));
        QVERIFY(of(TargetKind::Hall, 1).sameName);
        // The same cluster twice: everything is itself.
        for (cluster::Index gpu = 0; gpu < north.gpuCount; gpu += 97) {
            const auto itself = app::counterpartOf({TargetKind::Gpu, gpu, cluster::kNone}, north, north);
            QVERIFY(itself.sameName && itself.target.index == gpu);
        }
        // The smaller has fewer rows: the part as far through it, of the same kind.
        cluster::Index last = cluster::kNone;
        for (cluster::Index row = 0; row < north.rows.size(); ++row) {
            const app::Counterpart there = of(TargetKind::Row, row);
            QVERIFY(there.target.kind == TargetKind::Row);
            QVERIFY(there.target.index < south.rows.size());
            last = there.sameName ? last : row;
        }
        QVERIFY(last != cluster::kNone); // at least one was matched by its place
        QVERIFY(!app::counterpartOf({}, north, south).target);
    }

    void everyNameOfAPartLeadsThere() {
        const cluster::Cluster& c = *m_source.clusters[0];
        for (cluster::Index gpu = 0; gpu < c.gpuCount; gpu += 131) {
            const auto places = findPlaces(QString::fromStdString(c.gpuLabel(gpu)), m_source);
            QVERIFY(!places.empty());
            QCOMPARE(places.front().target.index, gpu);
        }
    }

private:
    app::FinderSource m_source;
};

QTEST_GUILESS_MAIN(TestFinder)
#include "tst_finder.moc"
