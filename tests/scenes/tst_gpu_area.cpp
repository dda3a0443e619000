#include "model/cluster/part_cover.h"
#include "scenes/camera.h"
#include "scenes/gpu_area.h"
#include "tests/scenes/floor_fixture.h"

#include <QTest>

#include <random>

using namespace atlas;
using cluster::Index;

namespace {

std::vector<Index> listed(const std::vector<cluster::Range>& ranges) {
    std::vector<Index> gpus;
    for (const cluster::Range& range : ranges) {
        for (Index gpu = range.first; gpu < range.end(); ++gpu) {
            gpus.push_back(gpu);
        }
    }
    return gpus;
}

} // namespace

/// Box and lasso against looking at every GPU.
class TestGpuArea : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_cluster = fixture::mixedCluster(16500, 5500); }

    void everythingAndNothing() {
        const QRectF campus = scenes::toQt(m_cluster->bounds).adjusted(-1, -1, 1, 1);
        const auto all = scenes::gpusInside(*m_cluster, QPolygonF(campus));
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].count, m_cluster->gpuCount);
        QVERIFY(scenes::gpusInside(*m_cluster, QPolygonF(campus.translated(1e5, 0))).empty());
        QVERIFY(scenes::gpusInside(*m_cluster, {}).empty());
        QVERIFY(scenes::gpusInside(*m_cluster, QPolygonF({{0, 0}, {1, 1}})).empty());
    }

    void aRackIsItsGpus() {
        const cluster::Rack& rack = m_cluster->racks[m_cluster->racks.size() / 2];
        const auto inside = scenes::gpusInside(
            *m_cluster, QPolygonF(QRectF(rack.x, rack.y, rack.w, rack.h).adjusted(-0.01, -0.01, 0.01, 0.01)));
        QCOMPARE(inside.size(), std::size_t{1});
        QCOMPARE(inside[0].first, rack.gpus.first);
        QCOMPARE(inside[0].count, rack.gpus.count);
    }

    void sameAsLookingAtEveryGpu_data() {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<int>("corners");
        for (unsigned seed = 1; seed <= 12; ++seed) {
            for (const int corners : {3, 4, 9, 40}) {
                QTest::addRow("%u, %d corners", seed, corners) << seed << corners;
            }
        }
    }
    void sameAsLookingAtEveryGpu() {
        QFETCH(unsigned, seed);
        QFETCH(int, corners);
        std::mt19937 random(seed);
        // A star of any shape, also one that crosses itself, somewhere on the campus.
        const QRectF campus = scenes::toQt(m_cluster->bounds);
        const auto share = [&random] { return std::uniform_real_distribution<double>(0, 1)(random); };
        const QPointF middle(campus.left() + share() * campus.width(),
                             campus.top() + share() * campus.height());
        const double size = (0.02 + 0.5 * share()) * campus.width();
        QPolygonF polygon;
        for (int i = 0; i < corners; ++i) {
            polygon << middle + QPointF(share() - 0.5, share() - 0.5) * size;
        }
        std::vector<Index> expected;
        for (Index gpu = 0; gpu < m_cluster->gpuCount; ++gpu) {
            if (polygon.containsPoint(scenes::toQt(m_cluster->gpuRect(gpu)).center(), Qt::OddEvenFill)) {
                expected.push_back(gpu);
            }
        }
        QCOMPARE(listed(scenes::gpusInside(*m_cluster, polygon)), expected);
    }

private:
    std::shared_ptr<const cluster::Cluster> m_cluster;
};

QTEST_GUILESS_MAIN(TestGpuArea)
#include "tst_gpu_area.moc"
