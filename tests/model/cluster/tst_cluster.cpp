#include "tests/model/cluster/cluster_fixtures.h"

#include <QTest>

#include <numeric>

using namespace atlas;
using namespace atlas::testing;
using cluster::Index;
using cluster::kNone;
using cluster::LinkKind;
using cluster::Tier;

namespace {

std::shared_ptr<const cluster::Cluster> build(const scenario::Cluster& spec) {
    auto built = cluster::buildCluster(catalogue(), spec);
    if (!built) {
        qFatal("%s", text(built.errors()).c_str());
    }
    return *built;
}

Index countOf(const cluster::Cluster& c, Tier tier) {
    return static_cast<Index>(std::ranges::count(c.switches, tier, &cluster::Switch::tier));
}

Index cablesOf(const cluster::Cluster& c, LinkKind kind) {
    const cluster::Range range = c.links.ofKind(kind);
    const auto first = c.links.cables.begin() + range.first;
    return std::accumulate(first, first + range.count, Index{0});
}

} // namespace

/// Counts by hand, positions, and what must hold in any cluster.
class TestCluster : public QObject {
    Q_OBJECT
private:
    static scenario::Cluster spec(const QString& which) {
        if (which == "array") {
            return clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 512)});
        }
        if (which == "ragged") {
            return clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 10'001, 3)});
        }
        if (which == "one") {
            return clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 1)});
        }
        if (which == "blackwell") {
            return clusterSpec({island("B", "GB200", "nvl72", "rail4", 36'000, 2)});
        }
        return clusterSpec({island("H", "H100-SXM", "hgx", "rail8", 5000, 2),
                            island("A", "A100-SXM", "hgx", "old", 1500, 1)},
                           {trunk("H", "A", 1.6e12)});
    }
    static void addClusters() {
        QTest::addColumn<QString>("which");
        for (const char* which : {"array", "ragged", "one", "blackwell", "mixed"}) {
            QTest::newRow(which) << which;
        }
    }

private slots:
    void arrayByHand() {
        // One array of Colossus 1: 8 racks x 8 servers x 8 GPUs. 64 GPUs a rail fill one leaf; its 64 uplinks
        // fill one spine. One pod: no core.
        const auto c = build(spec("array"));
        QCOMPARE(c->gpuCount, 512u);
        QCOMPARE(c->racks.size(), 8u);
        QCOMPARE(c->rows.size(), 1u);
        QCOMPARE(countOf(*c, Tier::NvSwitch), 64u);
        QCOMPARE(countOf(*c, Tier::Leaf), 8u);
        QCOMPARE(countOf(*c, Tier::Spine), 8u);
        QCOMPARE(countOf(*c, Tier::Core), 0u);
        QCOMPARE(c->links.ofKind(LinkKind::NvLink).count, 512u);
        QCOMPARE(c->links.ofKind(LinkKind::Nic).count, 512u);
        QCOMPARE(c->links.ofKind(LinkKind::LeafSpine).count, 8u);
        QCOMPARE(cablesOf(*c, LinkKind::LeafSpine), 512u);
        QCOMPARE(c->linkGroups.size(), 8u);
        QCOMPARE(c->linkGroups[3].name, std::string("Hall 1 rail 4, leaf to spine"));
        QCOMPARE(c->linkGroups[3].bytesPerS, 64 * 50e9 * 0.95);
        QCOMPARE(c->gpuLabel(77), std::string("rack 1-1-2, tray 2, GPU 6"));
        QCOMPARE(c->itPowerW(), 512 * 1000.0);
    }
    void hallByHand() {
        // 36,000 GB200 = 500 racks, two halls of 250; 4 rails: 4,500 GPUs a rail and hall, 71 leaves (70.3),
        // two pods of 35 and 36 leaves; uplinks 35 x 64 / 64 = 35 and 36 spines. Spine uplinks: 64 each,
        // 568 spines x 64 / 128 = 284 cores.
        const auto c = build(spec("blackwell"));
        QCOMPARE(c->racks.size(), 500u);
        QCOMPARE(c->halls.size(), 2u);
        QCOMPARE(c->halls[0].gpus.count, 18'000u);
        QCOMPARE(countOf(*c, Tier::NvSwitch), 500u);
        QCOMPARE(countOf(*c, Tier::Leaf), 2u * 4u * 71u);
        QCOMPARE(countOf(*c, Tier::Spine), 2u * 4u * 71u);
        QCOMPARE(countOf(*c, Tier::Core), 284u);
        QCOMPARE(c->railPlanes.size(), 8u);
        QCOMPARE(c->railPlanes[0].pods, 2u);
        QCOMPARE(c->nvlinkDomainOf(100).first, 72u);
        QCOMPARE(c->nvlinkDomainOf(100).count, 72u);
        QCOMPARE(c->trayOf(75), 0u);
        QCOMPARE(c->trayOf(76), 1u);
    }
    void oversubscriptionNarrows() {
        // 1:7 between pods as in the record of Llama 3, 2:1 at the leaf.
        scenario::Scenario s = catalogue();
        s.fabrics[0].leafOversubscription = scenario::Sourced(2);
        s.fabrics[0].spineOversubscription = scenario::Sourced(7);
        const auto built =
            cluster::buildCluster(s, clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 4096, 2)}));
        QVERIFY(built.ok());
        const cluster::Cluster& c = **built;
        // A hall has 32 racks, 256 GPUs a rail: 4 leaves x 32 uplinks = 2 spines of 64 ports; 64 / 7 = 9 up.
        QCOMPARE(countOf(c, Tier::Leaf), 2u * 8u * 4u);
        QCOMPARE(countOf(c, Tier::Spine), 2u * 8u * 2u);
        QCOMPARE(cablesOf(c, LinkKind::LeafSpine), 2u * 8u * 4u * 32u);
        QCOMPARE(cablesOf(c, LinkKind::SpineCore), 2u * 8u * 2u * 9u);
        QCOMPARE(countOf(c, Tier::Core), 3u); // 288 cables, 128 ports
        QCOMPARE(c.linkGroups[0].cables, 4u * 32u);
        QCOMPARE(c.linkGroups[16].kind, LinkKind::SpineCore);
        QCOMPARE(c.linkGroups[16].bytesPerS, 8 * 2 * 9 * 50e9 * 0.95);
    }
    void trunkByHand() {
        const auto c = build(spec("mixed"));
        const cluster::LinkGroup& group = c->linkGroups.back();
        QCOMPARE(group.kind, LinkKind::Trunk);
        QCOMPARE(group.cables, 64u); // 1.6 TB/s over ports of the slower end, 25 GB/s
        QCOMPARE(cablesOf(*c, LinkKind::Trunk), 64u);
        QCOMPARE(group.bytesPerS, 1.6e12 * 0.95);
        QCOMPARE(group.island, 0u);
        QCOMPARE(group.islandB, 1u);
        QCOMPARE(c->classOf(0), std::uint8_t{0});
        QCOMPARE(c->classOf(5000), std::uint8_t{1});
        QCOMPARE(c->islandOf(6499), 1u);
    }
    void lastRackIsPartial() {
        const auto c = build(spec("ragged"));
        QCOMPARE(c->racks.size(), 157u); // 156 x 64 = 9,984
        QCOMPARE(c->racks.back().gpus.count, 17u);
        QCOMPARE(c->gpuCount, 10'001u);
        QCOMPARE(c->nvlinkDomainOf(10'000).count, 1u);
    }

    void rangesNest_data() { addClusters(); }
    void rangesNest() {
        QFETCH(QString, which);
        const auto c = build(spec(which));
        Index gpu = 0;
        for (Index r = 0; r < c->racks.size(); ++r) {
            const cluster::Rack& rack = c->racks[r];
            QCOMPARE(rack.gpus.first, gpu);
            QVERIFY(rack.gpus.count > 0);
            QVERIFY(c->halls[rack.hall].gpus.contains(gpu));
            QVERIFY(c->rows[rack.row].racks.contains(r));
            QVERIFY(c->islands[c->halls[rack.hall].island].racks.contains(r));
            for (Index i = gpu; i < rack.gpus.end(); ++i) {
                QCOMPARE(c->rackOf(i), r);
            }
            gpu = rack.gpus.end();
        }
        QCOMPARE(gpu, c->gpuCount);
    }
    void everyLinkEndsSomewhere_data() { addClusters(); }
    void everyLinkEndsSomewhere() {
        QFETCH(QString, which);
        const auto c = build(spec(which));
        const auto n = c->gpuCount;
        const std::vector<cluster::Switch>& switches = c->switches;
        std::vector<Index> down(switches.size(), 0);
        std::vector<Index> up(switches.size(), 0);
        QVERIFY(std::ranges::is_sorted(c->links.kind));
        for (std::size_t l = 0; l < c->links.size(); ++l) {
            const Index a = c->links.a[l];
            const Index b = c->links.b[l];
            const Index cables = c->links.cables[l];
            QVERIFY(cables > 0);
            QVERIFY(b >= n && b - n < switches.size());
            const cluster::Switch& end = switches[b - n];
            const LinkKind kind = c->links.kind[l];
            if (kind <= LinkKind::Nic) {
                QCOMPARE(a, static_cast<Index>(l % n));
                QCOMPARE(end.tier, kind == LinkKind::NvLink ? Tier::NvSwitch : Tier::Leaf);
                QCOMPARE(end.hall, c->hallOf(a));
                if (kind == LinkKind::Nic) {
                    const Index local = a - c->racks[c->rackOf(a)].gpus.first;
                    QCOMPARE(Index{end.rail},
                             local % static_cast<Index>(c->islands[end.island].fabric.rails));
                }
            } else {
                QVERIFY(a >= n && a - n < switches.size());
                const cluster::Switch& begin = switches[a - n];
                QCOMPARE(begin.tier, kind == LinkKind::LeafSpine   ? Tier::Leaf
                                     : kind == LinkKind::SpineCore ? Tier::Spine
                                                                   : Tier::Core);
                QCOMPARE(end.tier, kind == LinkKind::LeafSpine ? Tier::Spine : Tier::Core);
                QCOMPARE(begin.island == end.island, kind != LinkKind::Trunk);
            }
            down[b - n] += kind == LinkKind::Trunk ? 0 : cables;
            if (a >= n && kind != LinkKind::Trunk) {
                up[a - n] += cables;
            }
        }
        for (std::size_t s = 0; s < switches.size(); ++s) {
            const scenario::FabricType& f = c->islands[switches[s].island].fabric;
            QVERIFY(down[s] > 0);
            if (switches[s].tier == Tier::Leaf) {
                QVERIFY(down[s] <= static_cast<Index>(f.leafDownPorts));
                QCOMPARE(up[s], static_cast<Index>(f.leafDownPorts)); // non-blocking in these clusters
            } else if (switches[s].tier == Tier::Spine) {
                QVERIFY(down[s] <= static_cast<Index>(f.spinePorts));
            } else if (switches[s].tier == Tier::Core) {
                QVERIFY(down[s] <= 2 * static_cast<Index>(f.spinePorts));
            }
        }
    }
    void everyGpuIsReachable_data() { addClusters(); }
    void everyGpuIsReachable() {
        QFETCH(QString, which);
        const auto c = build(spec(which));
        std::vector<Index> root(c->gpuCount + c->switches.size());
        std::iota(root.begin(), root.end(), Index{0});
        const auto find = [&root](Index i) {
            while (root[i] != i) {
                i = root[i] = root[root[i]];
            }
            return i;
        };
        for (std::size_t l = 0; l < c->links.size(); ++l) {
            root[find(c->links.a[l])] = find(c->links.b[l]);
        }
        for (Index i = 1; i < root.size(); ++i) {
            QCOMPARE(find(i), find(0));
        }
    }
    void groupsConserveCables_data() { addClusters(); }
    void groupsConserveCables() {
        QFETCH(QString, which);
        const auto c = build(spec(which));
        for (const LinkKind kind : {LinkKind::LeafSpine, LinkKind::SpineCore, LinkKind::Trunk}) {
            Index cables = 0;
            for (const cluster::LinkGroup& group : c->linkGroups) {
                cables += group.kind == kind ? group.cables : 0;
            }
            QCOMPARE(cables, cablesOf(*c, kind));
        }
    }
    void picksWhatItDraws_data() { addClusters(); }
    void picksWhatItDraws() {
        QFETCH(QString, which);
        const auto c = build(spec(which));
        for (Index gpu = 0; gpu < c->gpuCount; gpu += 7) {
            const cluster::Rect rect = c->gpuRect(gpu);
            QCOMPARE(c->gpuAt(rect.x + rect.w / 2, rect.y + rect.h / 2), gpu);
            QVERIFY(c->halls[c->hallOf(gpu)].content().contains(rect.x + rect.w / 2, rect.y + rect.h / 2));
        }
        QCOMPARE(c->gpuAt(c->bounds.x - 1, c->bounds.y), kNone);
        QCOMPARE(c->rackAt(c->halls[0].rect.x + 0.1, c->halls[0].rect.y + 0.1), kNone);
        const cluster::Rack& rack = c->racks[0];
        QCOMPARE(c->rackAt(static_cast<double>(rack.x) + 0.1, static_cast<double>(rack.y + rack.h) + 0.1),
                 kNone);
    }
    void nothingOverlaps() {
        const auto c = build(mixedSpec());
        for (std::size_t i = 0; i < c->halls.size(); ++i) {
            const cluster::Rect& a = c->halls[i].rect;
            QVERIFY(a.x >= c->bounds.x && a.x + a.w <= c->bounds.x + c->bounds.w + 1e-9);
            QVERIFY(a.y >= c->bounds.y && a.y + a.h <= c->bounds.y + c->bounds.h + 1e-9);
            QVERIFY2(a.w / a.h > 1.0 && a.w / a.h < 4.0, "a hall is wider than tall");
            for (std::size_t j = 0; j < i; ++j) {
                const cluster::Rect& b = c->halls[j].rect;
                QVERIFY(a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h);
            }
        }
        QVERIFY(c->bounds.w / c->bounds.h > 1.0 && c->bounds.w / c->bounds.h < 2.0);
    }
    void tranchesGetPower() {
        scenario::Cluster s = clusterSpec({island("B", "GB200", "nvl72", "rail4", 7200, 2)});
        using scenario::Month;
        s.islands[0].tranches = {{Month::of(2026, 3), scenario::Sourced(1440), ""},
                                 {Month::of(2026, 9), scenario::Sourced(5000), ""}};
        const auto c = build(s);
        QCOMPARE(c->gpusPoweredBy(Month::of(2026, 2)), 0u);
        QCOMPARE(c->gpusPoweredBy(Month::of(2026, 3)), 1440u);
        QCOMPARE(c->gpusPoweredBy(Month::of(2026, 8)), 1440u);
        QCOMPARE(c->gpusPoweredBy(Month::of(2026, 9)), 69u * 72u); // 5,000 is 69.4 racks
        QCOMPARE(c->gpusPoweredBy(Month::of(2099, 1)), 69u * 72u);
        QVERIFY(c->racks.back().poweredFrom == cluster::kNeverPowered);
    }
    void sameTwice() {
        const auto a = build(spec("mixed"));
        const auto b = build(spec("mixed"));
        QVERIFY(a->links.a == b->links.a && a->links.b == b->links.b && a->links.cables == b->links.cables);
    }
    void halfAMillion() {
        const auto c = build(blackwellSpec());
        QCOMPARE(c->gpuCount, 550'000u);
        QCOMPARE(c->racks.size(), 7639u); // 7,638.9
        QCOMPARE(c->racks.back().gpus.count, 64u);
        const std::size_t bytes =
            c->links.size() * (2 * sizeof(Index) + 3) + c->racks.size() * sizeof(cluster::Rack);
        QVERIFY2(bytes < 32u << 20, qPrintable(QString::number(bytes)));
    }
};

QTEST_APPLESS_MAIN(TestCluster)
#include "tst_cluster.moc"
