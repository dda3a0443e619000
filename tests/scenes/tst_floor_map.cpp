// The tables between pixels and cells, and picking against brute force.
#include "scenes/floor_map.h"
#include "tests/scenes/floor_fixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

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

    /// Zooming back and forth by less than the hysteresis changes a level of detail once at most, wherever it
    /// happens; without a history some of the same zooms flicker.
    void levelsDoNotFlicker() {
        const Viewport pane{{640, 400}, 1.0};
        QRandomGenerator random(17);
        const std::shared_ptr<const FloorGeometry> geometries[] = {
            makeFloorGeometry(fixture::uniformCluster(60000)),
            makeFloorGeometry(fixture::mixedCluster(30000, 10000))};
        int flickers = 0;
        for (int round = 0; round < 1000; ++round) {
            const auto& geometry = geometries[round % 2];
            const Camera start = randomCamera(*geometry->cluster, pane, random);
            using Level = std::tuple<std::size_t, Detail, int, int>;
            const auto levels = [](const FloorMap& map) {
                std::vector<Level> all;
                for (const HallMap& hall : map.halls)
                    all.emplace_back(hall.grid, hall.detail, hall.x.cellsPerUnit, hall.y.cellsPerUnit);
                return all;
            };
            const auto drawn = [&](int i, const FloorMap* before) {
                Camera camera = start;
                camera.pixelsPerMetre *= i % 2 ? 1.08 : 1.0;
                return makeFloorMap(*geometry, camera, pane, before);
            };
            FloorMap map = drawn(0, nullptr);
            int changes = 0;
            for (int i = 1; i < 10; ++i) {
                FloorMap next = drawn(i, &map);
                // Halls that come into the pane are no change of level.
                if (next.halls.size() == map.halls.size() && levels(next) != levels(map))
                    ++changes;
                map = std::move(next);
            }
            QVERIFY2(changes <= 1, qPrintable(QString::number(changes)));
            const FloorMap a = drawn(0, nullptr);
            const FloorMap b = drawn(1, nullptr);
            flickers += a.halls.size() == b.halls.size() && levels(a) != levels(b) ? 1 : 0;
        }
        QVERIFY2(flickers > 20, qPrintable(QString::number(flickers)));
    }

    /// What was drawn before matters near a threshold only, and never in another pane.
    void historyIsForgotten() {
        const auto cluster = fixture::uniformCluster(60000);
        const auto geometry = makeFloorGeometry(cluster);
        const Viewport pane{{640, 400}, 1.0};
        QRandomGenerator random(29);
        int held = 0;
        for (int round = 0; round < 200; ++round) {
            const Camera camera = randomCamera(*cluster, pane, random);
            Camera other = camera;
            other.pixelsPerMetre *= std::exp(random.bounded(0.6) - 0.3);
            const FloorMap before = makeFloorMap(*geometry, other, pane);
            const FloorMap fresh = makeFloorMap(*geometry, camera, pane);
            const FloorMap map = makeFloorMap(*geometry, camera, pane, &before);
            for (std::size_t h = 0; h < map.halls.size(); ++h) {
                const HallMap& now = map.halls[h];
                if (std::ranges::find(before.halls, now.grid, &HallMap::grid) == before.halls.end())
                    continue;
                QVERIFY(now.x.cellsPerUnit <= fresh.halls[h].x.cellsPerUnit);
                // Larger by the hysteresis, a cell more would have come in.
                if (now.x.cellsPerUnit < cluster->racks[0].columns)
                    QVERIFY(now.x.cellPixels * now.x.cellsPerUnit <
                            (1 + kHysteresis) * (now.x.cellsPerUnit + 1) + 1e-9);
                QCOMPARE(now.patternShare,
                         fresh.halls[h].detail >= Detail::Trays && now.detail >= Detail::Trays
                             ? fresh.halls[h].patternShare
                             : 0.0);
                held += now.x.cellsPerUnit != fresh.halls[h].x.cellsPerUnit ||
                        now.detail != fresh.halls[h].detail;
            }
            const FloorMap elsewhere = makeFloorMap(*geometry, camera, {{641, 400}, 1.0}, &before);
            const FloorMap wanted = makeFloorMap(*geometry, camera, {{641, 400}, 1.0});
            for (std::size_t h = 0; h < wanted.halls.size(); ++h)
                QCOMPARE(elsewhere.halls[h].detail, wanted.halls[h].detail);
        }
        QVERIFY(held > 3);
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
