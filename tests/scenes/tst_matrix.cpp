// The matrix of links: every link has one square, the worst of a pixel is kept, squares are found again.
#include "scenes/colour.h"
#include "scenes/matrix_paint.h"
#include "scenes/matrix_scene.h"
#include "tests/scenes/floor_fixture.h"
#include "tests/scenes/golden.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <set>

using namespace atlas;
using namespace atlas::scenes;
using cluster::Index;
using cluster::LinkKind;

class TestMatrix : public QObject {
    Q_OBJECT

    std::shared_ptr<const cluster::Cluster> m_mixed = fixture::mixedCluster();
    std::shared_ptr<const cluster::Cluster> m_uniform = fixture::uniformCluster();
    Theme m_theme;

    void prepare(MatrixScene& scene, const std::shared_ptr<const cluster::Cluster>& cluster,
                 const Viewport& pane) const {
        scene.setCluster(cluster);
        scene.setTheme(m_theme);
        scene.setFrame(fixture::frame(*cluster, 0.3, 1, 77));
        scene.setCamera(fitted(scene.bounds(), pane));
    }

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    /// Every link from leaf to spine and every trunk has a square of its own, and no square has a link twice;
    /// uplinks to cores add up to their cables.
    void everyLinkHasItsSquare_data() {
        QTest::addColumn<bool>("mixed");
        QTest::newRow("islands") << true;
        QTest::newRow("rails") << false;
    }
    void everyLinkHasItsSquare() {
        QFETCH(bool, mixed);
        const auto& cluster = mixed ? m_mixed : m_uniform;
        const MatrixLayout layout = makeMatrixLayout(*cluster);
        std::set<Index> found;
        std::uint64_t uplinks = 0;
        for (const MatrixTile& tile : layout.tiles)
            for (int y = 0; y < tile.lines; ++y)
                for (int x = 0; x < tile.columns; ++x) {
                    const Index link = linkAt(*cluster, tile, x, y);
                    const int cables = tile.cables[0][static_cast<std::size_t>(y * tile.columns + x)];
                    QCOMPARE(link == cluster::kNone, cables == 0);
                    if (tile.kind == LinkKind::SpineCore)
                        uplinks += static_cast<std::uint64_t>(cables);
                    else if (cables > 0) {
                        QVERIFY(found.insert(link).second);
                        QCOMPARE(cluster->links.kind[link], tile.kind);
                        QCOMPARE(cables, int(cluster->links.cables[link]));
                    }
                }
        const cluster::Range leaf = cluster->links.ofKind(LinkKind::LeafSpine);
        const cluster::Range trunk = cluster->links.ofKind(LinkKind::Trunk);
        QVERIFY(leaf.count > 1000);
        QCOMPARE(found.size(), std::size_t{leaf.count} + trunk.count);
        const cluster::Range core = cluster->links.ofKind(LinkKind::SpineCore);
        std::uint64_t expected = 0;
        for (Index l = core.first; l < core.end(); ++l)
            expected += cluster->links.cables[l];
        QCOMPARE(uplinks, expected);
    }

    void tilesNeverOverlap() {
        for (const auto& cluster : {m_mixed, m_uniform}) {
            const MatrixLayout layout = makeMatrixLayout(*cluster);
            for (std::size_t i = 0; i < layout.tiles.size(); ++i) {
                QVERIFY(layout.bounds.contains(layout.tiles[i].rect));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(!layout.tiles[i].rect.intersects(layout.tiles[j].rect));
            }
            const double aspect = layout.bounds.width() / layout.bounds.height();
            QVERIFY2(aspect > 0.8 && aspect < 3, qPrintable(QString::number(aspect)));
        }
    }

    /// Picking against brute force, at random cameras.
    void picksWhatIsThere() {
        QRandomGenerator random(5);
        MatrixScene scene;
        const Viewport pane{{800, 500}, 1.0};
        prepare(scene, m_mixed, pane);
        int links = 0;
        for (int round = 0; round < 400; ++round) {
            Camera camera = fitted(scene.bounds(), pane);
            camera.pixelsPerMetre *= std::exp(random.bounded(4.0));
            camera.centre = {scene.bounds().left() + random.bounded(scene.bounds().width()),
                             scene.bounds().top() + random.bounded(scene.bounds().height())};
            scene.setCamera(camera);
            const QPointF at(random.bounded(800.0), random.bounded(500.0));
            const QPointF world = camera.toWorld(at, pane);
            Target expected;
            for (const MatrixTile& tile : scene.layout().tiles)
                for (int y = 0; y < tile.lines; ++y) {
                    const QRectF line(tile.rect.left(), tile.rect.top() + y * tile.rect.height() / tile.lines,
                                      tile.rect.width(), tile.rect.height() / tile.lines);
                    if (line.left() <= world.x() && world.x() < line.right() && line.top() <= world.y() &&
                        world.y() < line.bottom()) {
                        const int x =
                            static_cast<int>((world.x() - line.left()) / line.width() * tile.columns);
                        expected = {TargetKind::LinkGroup, tile.group, linkAt(*m_mixed, tile, x, y)};
                    }
                }
            const Target got = scene.pick(at, pane);
            QCOMPARE(got, expected);
            if (got.part == cluster::kNone)
                continue;
            ++links;
            QVERIFY(!scene.hoverText(got).rows.empty());
            if (m_mixed->links.kind[got.part] == LinkKind::LeafSpine)
                QVERIFY(scene.worldRect(got).contains(world));
        }
        QVERIFY(links > 40);
    }

    /// One bundle of many that is congested or down shows its colour, however small the pane.
    void theWorstIsKept() {
        QRandomGenerator random(9);
        for (const auto& cluster : {m_mixed, m_uniform})
            for (int round = 0; round < 10; ++round) {
                const Viewport pane{{160 + static_cast<int>(random.bounded(300)),
                                     100 + static_cast<int>(random.bounded(200))},
                                    round % 3 == 0 ? 1.5 : 1.0};
                MatrixScene scene;
                prepare(scene, cluster, pane);
                auto frame = fixture::frame(*cluster, 0.3, 1);
                std::fill(frame->linkLoad.begin(), frame->linkLoad.end(), 0.2f);
                const std::size_t group = random.bounded(static_cast<quint32>(frame->linkLoad.size()));
                const bool down = round % 2 == 0;
                frame->linkLoad[group] = down ? std::nanf("") : 1.0f;
                scene.setFrame(frame);
                MatrixOptions options;
                options.labels = false;
                scene.setOptions(options);
                const QImage image = scene.image(pane);
                const QColor wanted =
                    down ? m_theme.state(operations::GpuState::Fault).colour : m_theme.loadAt(1.0);
                const QRectF world = scene.worldRect({TargetKind::LinkGroup, static_cast<Index>(group)});
                QVERIFY(!world.isEmpty());
                const QRectF rect = scene.camera().toScreen(world, pane);
                int seen = 0;
                for (int y = 0; y < image.height(); ++y)
                    for (int x = 0; x < image.width(); ++x) {
                        const QPointF at = QPointF(x + 0.5, y + 0.5) / pane.devicePixelRatio;
                        // Squares of fewer cables are dimmer, never another hue.
                        const QColor c = image.pixelColor(x, y);
                        seen += rect.adjusted(-1, -1, 1, 1).contains(at) &&
                                std::abs(c.hsvHue() - wanted.hsvHue()) < 14 && c.hsvSaturation() > 90;
                    }
                QVERIFY2(seen >= 1, qPrintable(QString("group %1: none in %2 x %3 px at %4, %5 x%6")
                                                   .arg(group)
                                                   .arg(rect.width())
                                                   .arg(rect.height())
                                                   .arg(rect.left())
                                                   .arg(rect.top())
                                                   .arg(pane.devicePixelRatio)));
            }
    }

    void labelsNeverOverlapAndNameHalls() {
        MatrixScene scene;
        const Viewport pane{{1500, 820}, 1.0};
        prepare(scene, m_mixed, pane);
        (void)scene.image(pane);
        QStringList words;
        const auto& labels = scene.labels();
        for (std::size_t i = 0; i < labels.size(); ++i) {
            words << labels[i].text;
            QVERIFY(pane.rect().contains(labels[i].rect));
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!labels[i].rect.intersects(labels[j].rect));
        }
        QVERIFY(words.contains("Hall 1") && words.contains("A100 island"));
    }

    void goldenPicture() {
        MatrixScene scene;
        const Viewport pane{{360, 270}, 1.0};
        prepare(scene, m_mixed, pane);
        MatrixOptions options;
        options.labels = false; // glyphs differ from machine to machine
        scene.setOptions(options);
        QVERIFY(fixture::isGolden(scene.image(pane), "matrix-islands"));
    }

    void sizesAndRatios() {
        MatrixScene scene;
        const Viewport pane{{600, 400}, 1.0};
        prepare(scene, m_mixed, pane);
        const QImage before = scene.image(pane);
        for (const QSize size : {QSize(1, 1), QSize(0, 0), QSize(3, 700)})
            QCOMPARE(scene.image({size, 1.0}).size(), (Viewport{size, 1.0}.deviceSize()));
        QCOMPARE(scene.image(pane), before);
        for (const double ratio : {1.5, 2.0}) {
            const QImage fine = scene.image({{600, 400}, ratio});
            QCOMPARE(fine.size(), QSize(qRound(600 * ratio), qRound(400 * ratio)));
        }
        scene.setFrame(nullptr);
        QVERIFY(scene.image(pane) != before);
    }
};

QTEST_MAIN(TestMatrix)
#include "tst_matrix.moc"
