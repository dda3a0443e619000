#include "model/cluster/part_cover.h"
#include "tests/model/cluster/cluster_fixtures.h"

#include <QTest>

#include <random>

using namespace atlas;
using namespace atlas::cluster;
using namespace atlas::testing;

/// Selections as the fewest parts that have names.
class TestPartCover : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto spec = clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 4100, 2),
                                 island("GB", "GB200", "nvl72", "rail4", 720)},
                                {trunk("H100", "GB", 1e12)});
        spec.islands[0].racksPerRow = 8;
        auto made = buildCluster(catalogue(), spec);
        QVERIFY(made.ok());
        m_cluster = *made;
    }

    void rangesAreMerged() {
        const auto out = merged({{20, 5}, {0, 10}, {10, 4}, {3, 2}, {40, 0}, {24, 3}});
        QCOMPARE(out.size(), std::size_t{2});
        QCOMPARE(out[0].first, 0u);
        QCOMPARE(out[0].count, 14u);
        QCOMPARE(out[1].first, 20u);
        QCOMPARE(out[1].count, 7u);
        QCOMPARE(countOf(out), 21u);
    }

    void wholesAreNamedAsWholes() {
        const Cluster& c = *m_cluster;
        const auto one = [&](Range gpus) {
            const auto parts = coverOf(c, std::vector<Range>{gpus}, 100);
            return parts.size() == 1 ? parts.front() : Part{PartKind::LinkGroup, kNone};
        };
        QCOMPARE(static_cast<int>(one({0, c.gpuCount}).kind), static_cast<int>(PartKind::Cluster));
        QVERIFY((one(c.islands[1].gpus) == Part{PartKind::Island, 1}));
        QVERIFY((one(c.halls[0].gpus) == Part{PartKind::Hall, 0}));
        QVERIFY((one(c.racks[5].gpus) == Part{PartKind::Rack, 5}));
        QVERIFY((one(trayGpus(c, 77)) == Part{PartKind::Tray, 72}));
        QVERIFY((one({77, 1}) == Part{PartKind::Gpu, 77}));
    }

    void edgesGoDownToTrays() {
        // From the second tray of rack 1 to the first GPU of rack 3: 7 trays, one rack, one GPU.
        const Range gpus{64 + 8, 56 + 64 + 1};
        const auto parts = coverOf(*m_cluster, std::vector<Range>{gpus}, 100);
        QCOMPARE(parts.size(), std::size_t{9});
        QVERIFY((parts[0] == Part{PartKind::Tray, 72}));
        QVERIFY((parts[7] == Part{PartKind::Rack, 2}));
        QVERIFY((parts[8] == Part{PartKind::Gpu, 192}));
        QVERIFY(coverOf(*m_cluster, std::vector<Range>{gpus}, 8).empty());
    }

    void everyGpuIsInExactlyOnePart() {
        std::mt19937 generator(7);
        const auto random = [&generator] { return static_cast<Index>(generator()); };
        for (int round = 0; round < 50; ++round) {
            std::vector<Range> ranges;
            for (int i = 0; i < 5; ++i) {
                const Index first = random() % m_cluster->gpuCount;
                ranges.push_back({first, std::min<Index>(random() % 700, m_cluster->gpuCount - first)});
            }
            ranges = merged(ranges);
            std::vector<Range> parts;
            Index sum = 0;
            for (const Part& part : coverOf(*m_cluster, ranges, 100'000)) {
                parts.push_back(gpusOf(*m_cluster, part));
                sum += parts.back().count;
            }
            QCOMPARE(sum, countOf(ranges));
            const auto back = merged(parts);
            QCOMPARE(back.size(), ranges.size());
            for (std::size_t i = 0; i < back.size(); ++i) {
                QCOMPARE(back[i].first, ranges[i].first);
                QCOMPARE(back[i].count, ranges[i].count);
            }
        }
    }

private:
    std::shared_ptr<const Cluster> m_cluster;
};

QTEST_GUILESS_MAIN(TestPartCover)
#include "tst_part_cover.moc"
