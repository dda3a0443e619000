// The tables between pixels and cells, and picking against brute force.
#include "scenes/floor_map.h"
#include "tests/scenes/floor_fixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::scenes;
using cluster::Index;

class TestFloorMap : public QObject {
    Q_OBJECT

    std::shared_ptr<const cluster::Cluster> m_mixed = fixture::mixedCluster(3000, 1100);
    std::shared_ptr<const cluster::Cluster> m_uniform = fixture::uniformCluster(5000);

    static Camera randomCamera(const cluster::Cluster& c, const Viewport& pane, QRandomGenerator& random) {
        Camera camera = fitted(toQt(c.bounds), pane);
        camera.pixelsPerMetre *= std::exp(random.bounded(6.5));
        const Index gpu = random.bounded(c.gpuCount);
        camera.centre =
            toQt(c.gpuRect(gpu)).center() + QPointF(random.bounded(2.0) - 1, random.bounded(2.0) - 1);
        return camera;
    }

private slots:
    void weightsAreTheCoveredLength_data() {
        QTest::addColumn<double>("scale");
        for (const double scale : {0.4, 1.7, 3.3, 9.9, 31.0, 77.0})
            QTest::addRow("%g px/m", scale) << scale;
    }
    void weightsAreTheCoveredLength() {
        QFETCH(double, scale);
        const std::vector<double> starts = {2, 2.6, 3.2, 5, 5.6};
        AxisSpec spec;
        spec.unitStart = starts;
        spec.unitSize = 0.6;
        spec.gpusPerUnit = 8;
        spec.origin = 3.3;
        spec.pixelsPerMetre = scale;
        spec.pixels = 1000;
        const AxisMap map = makeAxisMap(spec);
        double drawn = 0;
        for (std::size_t u = 0; u < map.unitCount; ++u)
            for (int k = 0; k < map.cellsPerUnit; ++k)
                drawn += map.cellExtent(u, k).end - map.cellExtent(u, k).begin;
        const double weights = std::accumulate(map.weight.begin(), map.weight.end(), 0.0) / 256;
        QVERIFY2(std::abs(weights - drawn) < 0.01 * drawn + 0.1,
                 qPrintable(QString("%1 %2").arg(weights).arg(drawn)));
        QVERIFY(map.cellsPerUnit == 8 || map.cellPixels < 2.0);
        QVERIFY(map.cellPixels >= 1.0 || map.cellsPerUnit == 1);
        for (int i = 1; i < map.size(); ++i)
            if (map.weight[static_cast<std::size_t>(i)] && map.weight[static_cast<std::size_t>(i - 1)])
                QVERIFY(map.cell[static_cast<std::size_t>(i)] >= map.cell[static_cast<std::size_t>(i - 1)]);
    }

    void everyCellHasAPixel() {
        QRandomGenerator random(3);
        const std::vector<double> starts = {0, 0.6, 1.2, 3.0};
        for (int round = 0; round < 300; ++round) {
            AxisSpec spec;
            spec.unitStart = starts;
            spec.unitSize = 0.6;
            spec.gpusPerUnit = 18;
            spec.origin = random.bounded(5.0);
            spec.pixelsPerMetre = 3 + random.bounded(60.0);
            spec.pixels = 4000;
            const AxisMap map = makeAxisMap(spec);
            std::vector<bool> seen(static_cast<std::size_t>(map.cellCount()), false);
            for (std::size_t i = 0; i < map.cell.size(); ++i)
                if (map.weight[i] > 0)
                    seen[static_cast<std::size_t>(map.cell[i])] = true;
            QVERIFY(std::all_of(seen.begin(), seen.end(), [](bool s) { return s; }));
        }
    }

    void racksGrowWithoutTouching() {
        const std::vector<double> starts = {0, 0.6, 1.2, 3.0, 3.6};
        const DrawnUnits same = grownUnits(starts, 0.6, 0);
        QCOMPARE(same.start, starts);
        const DrawnUnits grown = grownUnits(starts, 0.6, 0.7);
        QVERIFY(grown.size > 0.6);
        for (std::size_t i = 1; i < starts.size(); ++i)
            QVERIFY(grown.start[i] >= grown.start[i - 1] + grown.size - 1e-9);
        QVERIFY(grown.start[3] - grown.start[2] - grown.size > 0.2);            // the aisle stays
        QVERIFY(std::abs(grown.start[1] - grown.start[0] - grown.size) < 1e-9); // neighbours still touch
    }

    /// Every cell is found at its own middle, whatever the camera.
    void cellsAreFoundWhereTheyAreDrawn_data() {
        QTest::addColumn<bool>("mixed");
        QTest::addColumn<double>("ratio");
        for (const bool mixed : {true, false})
            for (const double ratio : {1.0, 1.5, 2.0})
                QTest::addRow("%s %g", mixed ? "mixed" : "uniform", ratio) << mixed << ratio;
    }
    void cellsAreFoundWhereTheyAreDrawn() {
        QFETCH(bool, mixed);
        QFETCH(double, ratio);
        const auto geometry = makeFloorGeometry(mixed ? m_mixed : m_uniform);
        const cluster::Cluster& c = *geometry->cluster;
        const Viewport pane{{640, 400}, ratio};
        QRandomGenerator random(11);
        int found = 0;
        for (int round = 0; round < 60; ++round) {
            const FloorMap map = makeFloorMap(*geometry, randomCamera(c, pane, random), pane);
            for (int i = 0; i < 200; ++i) {
                const Index gpu = random.bounded(c.gpuCount);
                const QRectF rect = drawnRect(*geometry, map, gpu);
                if (rect.isEmpty() || !pane.rect().contains(rect.center()))
                    continue;
                const FloorHit hit = hitAt(*geometry, map, rect.center());
                QCOMPARE(hit.rack, c.rackOf(gpu));
                if (hit.gpu != cluster::kNone)
                    QCOMPARE(hit.gpu, gpu);
                ++found;
            }
        }
        QVERIFY(found > 200);
    }

    /// Brute force: what a point hits is the only GPU whose drawn cell holds it, to within the pixel.
    void hitsAgreeWithBruteForce() {
        for (const auto& c : {m_mixed, m_uniform}) {
            const auto geometry = makeFloorGeometry(c);
            const Viewport pane{{320, 200}, 1.0};
            QRandomGenerator random(5);
            int hits = 0;
            for (int round = 0; round < 25; ++round) {
                const FloorMap map = makeFloorMap(*geometry, randomCamera(*c, pane, random), pane);
                for (int i = 0; i < 8; ++i) {
                    const QPointF point(random.bounded(320) + 0.5, random.bounded(200) + 0.5);
                    const FloorHit hit = hitAt(*geometry, map, point);
                    for (Index gpu = 0; gpu < c->gpuCount; ++gpu) {
                        const QRectF rect = drawnRect(*geometry, map, gpu);
                        if (rect.adjusted(0.5, 0.5, -0.5, -0.5).contains(point))
                            QCOMPARE(hit.rack, c->rackOf(gpu));
                        if (hit.gpu == gpu) {
                            QVERIFY(rect.adjusted(-1, -1, 1, 1).contains(point));
                            ++hits;
                        }
                    }
                }
            }
            QVERIFY(hits > 10);
        }
    }

    /// Close up the drawing is true to scale, and agrees with the cluster's own answer.
    void closeUpIsTrueToScale() {
        const auto geometry = makeFloorGeometry(m_mixed);
        const Viewport pane{{640, 400}, 1.0};
        QRandomGenerator random(7);
        int agreed = 0;
        int tested = 0;
        for (int i = 0; i < 500; ++i) {
            Camera camera;
            camera.centre = toQt(m_mixed->gpuRect(random.bounded(m_mixed->gpuCount))).center();
            camera.pixelsPerMetre = 60 + random.bounded(800.0);
            const FloorMap map = makeFloorMap(*geometry, camera, pane);
            const QPointF point(random.bounded(640.0), random.bounded(400.0));
            const FloorHit hit = hitAt(*geometry, map, point);
            if (hit.gpu == cluster::kNone)
                continue;
            const QRectF rect = camera.toScreen(toQt(m_mixed->gpuRect(hit.gpu)), pane);
            QVERIFY(rect.adjusted(-2, -2, 2, 2).contains(point));
            ++tested;
            const QPointF world = camera.toWorld(point, pane);
            agreed += m_mixed->gpuAt(world.x(), world.y()) == hit.gpu ? 1 : 0;
        }
        QVERIFY(tested > 100);
        QVERIFY2(agreed > 0.9 * tested, qPrintable(QString("%1 of %2").arg(agreed).arg(tested)));
    }

    /// Cameras of stories and bookmarks are input: none of them may do harm.
    void absurdCamerasDoNoHarm() {
        const auto geometry = makeFloorGeometry(m_uniform);
        const Viewport pane{{300, 200}, 2.0};
        for (const double scale : {1e-300, 1e-6, 1e6, 1e12, 1e300})
            for (const double x : {0.0, 1e9, -1e300})
                for (const FloorMap& map : {makeFloorMap(*geometry, {{x, x}, scale}, pane)})
                    for (const HallMap& hall : map.halls) {
                        QVERIFY(hall.x.first >= 0 && hall.x.first + hall.x.size() <= 600);
                        QVERIFY(hall.y.first >= 0 && hall.y.first + hall.y.size() <= 400);
                    }
    }

    void emptyClustersHaveNothing() {
        const auto geometry = makeFloorGeometry(std::make_shared<cluster::Cluster>());
        const FloorMap map = makeFloorMap(*geometry, {}, {{100, 100}, 1});
        QVERIFY(map.halls.empty());
        QCOMPARE(hitAt(*geometry, map, {50, 50}).rack, cluster::kNone);
    }
};

QTEST_GUILESS_MAIN(TestFloorMap)
#include "tst_floor_map.moc"
