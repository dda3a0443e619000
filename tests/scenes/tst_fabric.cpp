// The fabric: where things are, how much is drawn, what the colours say.
#include "scenes/colour.h"
#include "scenes/fabric_domains.h"
#include "scenes/fabric_groups.h"
#include "scenes/fabric_look.h"
#include "scenes/fabric_routes.h"
#include "tests/scenes/fabric_fixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <limits>

using namespace atlas;
using namespace atlas::scenes;
using cluster::Index;
using cluster::LinkKind;

class TestFabric : public fixture::FabricTest {
    Q_OBJECT

    static double capacity(const FabricLayout& layout, LinkKind kind, Index hall) {
        double sum = 0;
        for (const FabricRibbon& r : layout.ribbons)
            sum += r.kind == kind && r.hall == hall ? r.bytesPerS : 0;
        return sum;
    }

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    void ribbonsStayWithinBudget() {
        for (const auto& c : {m_mixed, m_uniform}) {
            QVERIFY(makeFabricLayout(*c).ribbons.size() <= 500);
            for (Index h = 0; h < c->halls.size(); ++h)
                QVERIFY2(makeFabricLayout(*c, h).ribbons.size() <= 500, qPrintable(QString::number(h)));
        }
        scenario::Cluster many;
        many.id = "many";
        many.islands = {fixture::island("n", "N", "H100", "hgx", "spectrum", 100 * 640, 100)};
        QVERIFY(makeFabricLayout(*fixture::build(many)).ribbons.size() <= 500);
    }

    /// Bundling loses no capacity: ribbons of a hall add up to its link groups, opened or not.
    void ribbonsAddUpToTheGroups() {
        for (const Index opened : {cluster::kNone, Index{1}}) {
            const FabricLayout layout = makeFabricLayout(*m_mixed, opened);
            for (Index h = 0; h < m_mixed->halls.size(); ++h) {
                double rails = 0;
                double cores = 0;
                for (const auto& group : m_mixed->linkGroups) {
                    rails += group.kind == LinkKind::LeafSpine && group.hallA == h ? group.bytesPerS : 0;
                    cores += group.kind == LinkKind::SpineCore && group.hallA == h ? group.bytesPerS : 0;
                }
                QVERIFY(std::abs(capacity(layout, LinkKind::LeafSpine, h) / rails - 1) < 1e-9);
                QVERIFY(std::abs(capacity(layout, LinkKind::SpineCore, h) / cores - 1) < 1e-9);
            }
        }
    }

    void widthIsCapacity() {
        const FabricLayout layout = makeFabricLayout(*m_mixed);
        const double perByte = layout.ribbons.front().width / layout.ribbons.front().bytesPerS;
        for (const FabricRibbon& r : layout.ribbons)
            QVERIFY(std::abs(r.width / r.bytesPerS / perByte - 1) < 1e-9);
        // The A100 island: half the speed a port, so thinner and dimmer than the same rails of H100s.
        QVERIFY(std::abs(capacity(layout, LinkKind::Nic, 3) / capacity(layout, LinkKind::Nic, 0) - 0.5) <
                0.01);
        for (const FabricRibbon& r : layout.ribbons)
            if (r.kind == LinkKind::Nic)
                QCOMPARE(r.brightness, r.hall == 3 ? 0.5 : 1.0);
    }

    void layersStandAboveEachOther() {
        const FabricLayout layout = makeFabricLayout(*m_mixed);
        for (std::size_t l = 1; l < layout.layerY.size(); ++l)
            QVERIFY(layout.layerY[l] < layout.layerY[l - 1]);
        for (const FabricRibbon& r : layout.ribbons)
            QVERIFY(r.upper.y() < r.lower.y());
        for (const FabricNode& n : layout.nodes)
            QVERIFY(layout.bounds.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(n.rect));
        QVERIFY(std::isnan(makeFabricLayout(*m_uniform).layerY[std::size_t(FabricLayer::Trunk)]));
    }

    void hallsDoNotOverlap() {
        for (const Index opened : {cluster::kNone, Index{2}}) {
            const FabricLayout layout = makeFabricLayout(*m_mixed, opened);
            QCOMPARE(layout.hallRects.size(), std::size_t{4});
            for (std::size_t h = 1; h < layout.hallRects.size(); ++h)
                QVERIFY(layout.hallRects[h].left() > layout.hallRects[h - 1].right());
        }
    }

    void everyClusterHasALayout() {
        QVERIFY(makeFabricLayout(cluster::Cluster{}).ribbons.empty());
        for (const double gpus : {1.0, 8.0, 64.0, 700.0}) {
            scenario::Cluster one;
            one.id = "one";
            one.islands = {fixture::island("n", "N", "H100", "hgx", "spectrum", gpus, 1)};
            const auto c = fixture::build(one);
            const FabricLayout layout = makeFabricLayout(*c);
            for (const FabricRibbon& r : layout.ribbons)
                QVERIFY(std::isfinite(r.width) && std::isfinite(r.lower.x()) && std::isfinite(r.upper.x()));
            FabricScene scene;
            prepare(scene, c);
            QCOMPARE(scene.image(m_pane).size(), m_pane.size);
            QVERIFY(!makeFabricStrip(*c, {400, 60}).ribbons.empty());
        }
    }

    void loadIsTheWorstOfTheGroups() {
        auto frame = fixture::frame(*m_mixed, 0.5, 1);
        FabricRibbon ribbon;
        ribbon.groups = {2, 3};
        frame->linkLoad[2] = 0.1f;
        frame->linkLoad[3] = 0.8f;
        frame->linkLoad[4] = 0.2f;
        QVERIFY(std::abs(ribbonLoad(ribbon, frame.get()) - 0.8) < 1e-6);
        ribbon.loadFactor = 0.5;
        QVERIFY(std::abs(ribbonLoad(ribbon, frame.get()) - 0.4) < 1e-6);
        frame->linkLoad[4] = -1.0f;
        QVERIFY(std::isnan(ribbonLoad(ribbon, frame.get())));
        QCOMPARE(ribbonLoad(ribbon, nullptr), 0.0);
    }

    /// Congested and broken links are drawn last, full, and never thinner than a visible line.
    void congestionCannotBeMissed() {
        auto frame = fixture::frame(*m_mixed, 0.5, 1);
        const FabricLayout layout = makeFabricLayout(*m_mixed);
        const Camera far = fitted(layout.bounds, {{300, 200}, 1.0});
        const Viewport pane{{300, 200}, 1.0};
        for (const float load : {0.97f, std::numeric_limits<float>::quiet_NaN()}) {
            for (std::size_t g = 0; g < frame->linkLoad.size(); ++g)
                frame->linkLoad[g] = m_mixed->linkGroups[g].kind == LinkKind::Trunk ? load : 0.3f;
            const auto draws = lookOfRibbons({layout, frame.get(), m_theme, far, pane, 0, {}});
            QCOMPARE(draws.size(), layout.ribbons.size());
            for (std::size_t i = draws.size() - 2; i < draws.size(); ++i) {
                QVERIFY(draws[i].alpha > 0.9f);
                QVERIFY(draws[i].halfWidth >= 0.75f);
                const QColor colour = QColor::fromRgbF(draws[i].r, draws[i].g, draws[i].b);
                QVERIFY(difference(colour, m_theme.state(operations::GpuState::Fault).colour) < 12);
                QCOMPARE(draws[i].dash < 0, std::isnan(load));
            }
            QVERIFY(draws.front().alpha < 0.6f);
        }
    }

    void theTrunkIsRedOnTheScreen() {
        FabricScene scene;
        prepare(scene, m_mixed);
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        const QImage image = scene.image(m_pane);
        int red = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                red += difference(image.pixelColor(x, y), m_theme.negative) < 14;
        QVERIFY2(red > 60, qPrintable(QString::number(red)));
    }

    void dashesMoveWithTheClockOnly() {
        FabricScene scene;
        prepare(scene, m_mixed);
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        const QImage before = scene.image(m_pane);
        QCOMPARE(scene.image(m_pane), before);
        FabricOptions later;
        later.clockS = 0.2;
        scene.setOptions(later);
        QVERIFY(scene.image(m_pane) != before);
        scene.setOptions({});
        QCOMPARE(scene.image(m_pane), before);
    }

    void hoverSaysCapacityAndLoad() {
        FabricScene scene;
        prepare(scene, m_mixed);
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        const auto trunk = static_cast<Index>(m_mixed->linkGroups.size() - 1);
        const HoverText text = scene.hoverText({TargetKind::LinkGroup, trunk});
        QVERIFY(text.title.startsWith("Trunk"));
        QCOMPARE(text.rows[0].second, QString("92.2") + QChar(0x00a0) + "Tbit/s each way"); // 102.4 x 0.9
        QCOMPARE(text.rows[2].second, QString("97") + QChar(0x2009) + "%");
        QVERIFY(scene.hoverText({TargetKind::Switch, 4000000000u}).title.isEmpty());
        QVERIFY(!scene.hoverText({TargetKind::Hall, 0}).rows.empty());
    }

    void labelsNeverOverlap() {
        QRandomGenerator random(8);
        int labels = 0;
        for (int round = 0; round < 60; ++round) {
            const auto& c = round % 2 ? m_mixed : m_uniform;
            const Viewport pane{
                {300 + static_cast<int>(random.bounded(1000)), 200 + static_cast<int>(random.bounded(600))},
                1.0};
            FabricScene scene;
            prepare(scene, c);
            FabricOptions options;
            if (round % 3 == 0)
                options.selected = {TargetKind::Hall, random.bounded(3u)};
            scene.setOptions(options);
            Camera camera = fitted(scene.bounds(), pane);
            camera.pixelsPerMetre *= std::exp(random.bounded(2.5));
            scene.setCamera(camera);
            (void)scene.image(pane);
            const auto& all = scene.labels();
            for (std::size_t i = 0; i < all.size(); ++i) {
                QVERIFY(pane.rect().contains(all[i].rect));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(!all[i].rect.intersects(all[j].rect));
            }
            labels += static_cast<int>(all.size());
        }
        QVERIFY(labels > 150);
    }

    void openingAHallShowsItsLeaves() {
        FabricScene scene;
        prepare(scene, m_mixed);
        const auto blocks = [&](FabricLayer layer, Index hall) {
            return std::count_if(scene.layout().nodes.begin(), scene.layout().nodes.end(),
                                 [&](const FabricNode& n) { return n.layer == layer && n.hall == hall; });
        };
        QCOMPARE(blocks(FabricLayer::Leaf, 1), 8);
        FabricOptions options;
        options.selected = {TargetKind::Gpu, m_mixed->halls[1].gpus.first + 5};
        scene.setOptions(options);
        QCOMPARE(blocks(FabricLayer::Leaf, 1), 48);
        QCOMPARE(blocks(FabricLayer::Spine, 1), 16);
        QCOMPARE(blocks(FabricLayer::Leaf, 0), 8);
        QVERIFY(scene.layout().hallRects[1].width() > 2 * scene.layout().hallRects[0].width());
        scene.setOptions({});
        QCOMPARE(blocks(FabricLayer::Leaf, 1), 8);
    }

    /// Every GPU is in the cell that says so, in all halls, and cells hold all GPUs once.
    void cellsHoldTheirGpus() {
        FabricScene scene;
        prepare(scene, m_mixed);
        (void)scene.image(m_pane);
        const Camera camera = scene.camera();
        const FabricPane pane{*m_mixed, scene.layout(), camera, m_pane, m_theme};
        for (Index h = 0; h < m_mixed->halls.size(); ++h) {
            const auto cells = domainCells(pane, h);
            QVERIFY(cells);
            Index next = m_mixed->halls[h].gpus.first;
            for (Index i = 0; i < cells->cells; ++i) {
                QCOMPARE(cells->gpusOf(i).first, next);
                next = cells->gpusOf(i).end();
                QCOMPARE(cells->cellOf(cells->gpusOf(i).first), i);
                QCOMPARE(cells->cellOf(next - 1), i);
            }
            QCOMPARE(next, m_mixed->halls[h].gpus.end());
        }
    }

    /// Within a hall through its spines, within an island through the cores, else through the trunk.
    void routesClimbAsFarAsTheyMust() {
        const FabricLayout layout = makeFabricLayout(*m_mixed);
        const auto highest = [&](Index from, Index to) {
            const auto line = fabricRoute(*m_mixed, layout, from, to);
            QRectF box;
            double top = line.front().y();
            for (const QPointF& point : line)
                top = std::min(top, point.y());
            return top;
        };
        const auto first = [&](Index hall) { return m_mixed->halls[hall].gpus.first; };
        const auto y = [&](FabricLayer layer) { return layout.layerY[std::size_t(layer)]; };
        const double near = highest(first(0), first(0) + 4000);
        const double island = highest(first(0), first(1));
        const double far = highest(first(0), first(3));
        QVERIFY(near < y(FabricLayer::Leaf) && near > y(FabricLayer::Core));
        QVERIFY(island < y(FabricLayer::Spine) && island > y(FabricLayer::Trunk));
        QVERIFY(far < y(FabricLayer::Core));
        const auto line = fabricRoute(*m_mixed, layout, first(0), first(3));
        QVERIFY(layout.hallRects[0].left() <= line.front().x() &&
                line.front().x() <= layout.hallRects[0].right());
        QVERIFY(layout.hallRects[3].left() <= line.back().x() &&
                line.back().x() <= layout.hallRects[3].right());
    }

    /// The stall leaves when the group before begins to wait and arrives when its own does.
    void stallSpreadsGroupByGroup() {
        using operations::Group;
        const BlameChain chain{5,
                               {{Group::Own, {{5, 1}}, 100},
                                {Group::Tensor, {{0, 8}}, 102},
                                {Group::Pipeline, {{64, 8}}, 106},
                                {Group::Data, {}, 116}}};
        QCOMPARE(stallReach(chain, 1, 100, 100), 0.0);
        QCOMPARE(stallReach(chain, 1, 100, 101), 0.5);
        QCOMPARE(stallReach(chain, 2, 100, 101), 0.0);
        QCOMPARE(stallReach(chain, 2, 100, 103), 0.25);
        QCOMPARE(stallReach(chain, 3, 100, 111), 0.5);
        QCOMPARE(stallReach(chain, 3, 100, 116), 1.0);
        QCOMPARE(stallReach(chain, 1, 100, 200), 1.0);
    }

    /// Groups, chain and the narrowest link change the picture and stand in the legend.
    void groupsAreShown() {
        using operations::Group;
        FabricScene scene;
        prepare(scene, m_mixed);
        auto frame = fixture::frame(*m_mixed, 0.5, 1);
        frame->training = true;
        frame->phase = operations::Phase::Running;
        frame->culprit = 5;
        frame->stepStartS = 100;
        frame->stepTimeS = 20;
        frame->timeS = 104;
        std::ranges::fill(frame->linkLoad, 0.2f);
        scene.setFrame(frame);
        const QImage plain = scene.image(m_pane);
        const auto entries = [&] { return scene.legend(m_pane).entries.size(); };
        QCOMPARE(entries(), std::size_t{1}); // the narrowest link
        frame = std::make_shared<operations::Frame>(*frame);
        frame->linkLoad[2] = 0.7f;
        scene.setFrame(frame);
        const std::ptrdiff_t narrow = bottleneckOf(scene.layout(), frame.get());
        QVERIFY(narrow >= 0);
        QVERIFY(scene.layout().ribbons[std::size_t(narrow)].groups.contains(2));
        auto chain = std::make_shared<BlameChain>();
        chain->culprit = 5;
        chain->groups = {{Group::Own, {{5, 1}}, 100},
                         {Group::Tensor, {{0, 8}}, 102},
                         {Group::Pipeline, {{m_mixed->halls[1].gpus.first, 8}}, 106},
                         {Group::Data, {}, 116}};
        FabricOptions options;
        options.blame = chain;
        scene.setOptions(options);
        const QImage blamed = scene.image(m_pane);
        QVERIFY(blamed != plain);
        QCOMPARE(entries(), std::size_t{5});
        frame = std::make_shared<operations::Frame>(*frame);
        frame->timeS = 112; // the front has moved
        scene.setFrame(frame);
        QVERIFY(scene.image(m_pane) != blamed);
        auto groups = std::make_shared<RankGroups>();
        groups->gpu = 77;
        groups->groups = {{Group::Tensor, {{72, 8}}, 0}, {Group::Data, {{77, 1}, {4077, 1}}, 0}};
        options.groups = groups;
        scene.setOptions(options);
        QVERIFY(scene.image(m_pane) != blamed);
        QCOMPARE(entries(), std::size_t{4});
    }

    /// No two groups that can be outlined at once look the same.
    void groupsLookDifferent() {
        using operations::Group;
        for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
            const Theme theme = loadTheme(mode);
            const Group all[] = {Group::Tensor, Group::Context, Group::Expert, Group::Pipeline, Group::Data};
            for (const Group a : all)
                for (const Group b : all) {
                    const QPen one = blamePen(a, true, theme);
                    const QPen other = blamePen(b, true, theme);
                    QVERIFY(a == b || one.dashPattern() != other.dashPattern() ||
                            difference(one.color(), other.color()) > 12);
                }
        }
    }

    void stripFillsItsPane() {
        FabricScene scene;
        scene.setCluster(m_mixed);
        scene.setTheme(m_theme);
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        FabricOptions options;
        options.mode = FabricMode::Strip;
        scene.setOptions(options);
        for (const QSize size : {QSize(480, 60), QSize(1, 1), QSize(900, 80)}) {
            const QImage image = scene.image({size, 1.0});
            QCOMPARE(image.size(), size);
        }
        for (const FabricNode& n : scene.layout().nodes)
            QVERIFY(QRectF(0, 0, 900, 80).contains(n.rect));
        bool trunk = false;
        for (const FabricRibbon& r : scene.layout().ribbons)
            trunk = trunk || r.kind == LinkKind::Trunk;
        QVERIFY(trunk);
    }
};

QTEST_MAIN(TestFabric)
#include "tst_fabric.moc"
