// The floorplan as drawn on the CPU: what must be seen is seen, words keep apart, sizes hold.
#include "scenes/colour.h"
#include "scenes/floor_scene.h"
#include "tests/scenes/floor_fixture.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using cluster::Index;
using operations::GpuState;

namespace {

/// Pixels within `reach` of `at` (device pixels) that are nearly `colour`.
int pixelsLike(const QImage& image, QPointF at, int reach, const QColor& colour) {
    int count = 0;
    for (int y = qRound(at.y()) - reach; y <= qRound(at.y()) + reach; ++y)
        for (int x = qRound(at.x()) - reach; x <= qRound(at.x()) + reach; ++x)
            if (image.valid(x, y) && difference(image.pixelColor(x, y), colour) < 6)
                ++count;
    return count;
}

double meanDifference(const QImage& a, const QImage& b) {
    double sum = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            sum +=
                std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q));
        }
    return sum / (3.0 * a.width() * a.height());
}

} // namespace

class TestFloorScene : public QObject {
    Q_OBJECT

    std::shared_ptr<const cluster::Cluster> m_mixed = fixture::mixedCluster();
    std::shared_ptr<const cluster::Cluster> m_uniform = fixture::uniformCluster();
    Theme m_theme;

    void prepare(FloorScene& scene, const std::shared_ptr<const cluster::Cluster>& cluster,
                 const Viewport& pane) {
        scene.setCluster(cluster);
        scene.setTheme(m_theme);
        scene.setCamera(fitted(scene.bounds(), pane));
    }

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    /// One GPU in 550,000, anywhere, is visible in the smallest pane that a stage has.
    void theWorstIsNeverAveragedAway_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<int>("state");
        for (const auto by : {ColourBy::State, ColourBy::Utilisation, ColourBy::StallShare,
                              ColourBy::Temperature, ColourBy::Power, ColourBy::Class, ColourBy::DollarsLost})
            for (const auto state : {GpuState::Culprit, GpuState::Fault})
                QTest::addRow("by %d state %d", int(by), int(state)) << int(by) << int(state);
    }
    void theWorstIsNeverAveragedAway() {
        QFETCH(int, by);
        QFETCH(int, state);
        QRandomGenerator random(static_cast<quint32>(by * 16 + state));
        for (const auto& cluster : {m_mixed, m_uniform}) {
            auto frame = fixture::frame(*cluster, 0.4, 3);
            for (int round = 0; round < 12; ++round) {
                const Index gpu = random.bounded(cluster->gpuCount);
                const auto before = frame->state[gpu];
                frame->state[gpu] = static_cast<std::uint8_t>(state);
                FloorScene scene;
                const Viewport pane{{380 + static_cast<int>(random.bounded(400)),
                                     260 + static_cast<int>(random.bounded(300))},
                                    round % 2 ? 2.0 : 1.0};
                prepare(scene, cluster, pane);
                FloorOptions options;
                options.colourBy = static_cast<ColourBy>(by);
                options.ringCulprit = false;
                scene.setOptions(options);
                scene.setFrame(frame);
                const QImage image = scene.image(pane);
                const QPointF at = scene.camera().toScreen(toQt(cluster->gpuRect(gpu)).center(), pane) *
                                   pane.devicePixelRatio;
                const int seen = pixelsLike(image, at, static_cast<int>(6 * pane.devicePixelRatio),
                                            m_theme.state(static_cast<GpuState>(state)).colour);
                QVERIFY2(seen >= 4 * pane.devicePixelRatio,
                         qPrintable(
                             QString("GPU %1 at %2, %3: %4 px").arg(gpu).arg(at.x()).arg(at.y()).arg(seen)));
                frame->state[gpu] = before;
            }
        }
    }

    /// The same wherever one looks: at a random camera the worst in view has pixels of its colour, and at its
    /// place.
    void theWorstIsSeenFromEverywhere_data() { theWorstIsNeverAveragedAway_data(); }
    void theWorstIsSeenFromEverywhere() {
        QFETCH(int, by);
        QFETCH(int, state);
        QRandomGenerator random(static_cast<quint32>(1000 + by * 16 + state));
        FloorScene scene; // one for all rounds: what was drawn before must hide nothing
        for (const auto& cluster : {m_mixed, m_uniform}) {
            auto frame = fixture::frame(*cluster, 0.4, 3);
            for (int round = 0; round < 14; ++round) {
                const Index gpu = random.bounded(cluster->gpuCount);
                const Viewport pane{{420, 300}, round % 3 ? 1.0 : 1.5};
                prepare(scene, cluster, pane);
                Camera camera = scene.camera();
                camera.pixelsPerMetre *= std::exp(random.bounded(7.0));
                const QSizeF seenM = QSizeF(pane.size) / camera.pixelsPerMetre;
                camera.centre = toQt(cluster->gpuRect(gpu)).center() +
                                QPointF((random.bounded(0.6) - 0.3) * seenM.width(),
                                        (random.bounded(0.6) - 0.3) * seenM.height());
                scene.setCamera(camera);
                FloorOptions options;
                options.colourBy = static_cast<ColourBy>(by);
                options.ringCulprit = false;
                options.labels = false;
                scene.setOptions(options);
                const auto before = frame->state[gpu];
                scene.setFrame(frame);
                const QImage healthy = scene.image(pane);
                frame->state[gpu] = static_cast<std::uint8_t>(state);
                const QImage image = scene.image(pane);
                frame->state[gpu] = before;
                if (scene.map().detail == Detail::Cards) { // told by words, a swatch and a tone
                    QVERIFY(meanDifference(image, healthy) * image.width() * image.height() > 400);
                    continue;
                }
                const QRectF cell = camera.toScreen(toQt(cluster->gpuRect(gpu)), pane);
                const int reach =
                    static_cast<int>((6 + std::max(cell.width(), cell.height()) / 2) * pane.devicePixelRatio);
                const int seen = pixelsLike(image, cell.center() * pane.devicePixelRatio, reach,
                                            m_theme.state(static_cast<GpuState>(state)).colour);
                QVERIFY2(
                    seen >= 4 * pane.devicePixelRatio,
                    qPrintable(
                        QString("GPU %1 at %2 px/m: %3 px").arg(gpu).arg(camera.pixelsPerMetre).arg(seen)));
            }
        }
    }

    void labelsNeverOverlap() {
        QRandomGenerator random(21);
        int labels = 0;
        for (int round = 0; round < 80; ++round) {
            const auto& cluster = round % 2 ? m_mixed : m_uniform;
            const Viewport pane{
                {300 + static_cast<int>(random.bounded(1000)), 200 + static_cast<int>(random.bounded(600))},
                1.0};
            FloorScene scene;
            prepare(scene, cluster, pane);
            Camera camera = scene.camera();
            camera.pixelsPerMetre *= std::exp(random.bounded(5.0));
            camera.centre = toQt(cluster->gpuRect(random.bounded(cluster->gpuCount))).center();
            scene.setCamera(round < 10 ? scene.camera() : camera);
            (void)scene.image(pane);
            std::vector<QRectF> places;
            for (const FloorLabel& label : scene.labels().labels)
                places.push_back(label.rect);
            for (const FloorTrunk& trunk : scene.labels().trunks)
                if (!trunk.labelRect.isNull())
                    places.push_back(trunk.labelRect);
            for (std::size_t i = 0; i < places.size(); ++i) {
                QVERIFY(pane.rect().contains(places[i]));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(!places[i].intersects(places[j]));
                for (const FloorTrunk& trunk : scene.labels().trunks) {
                    const QRectF line(trunk.line.p1(), trunk.line.p2());
                    QVERIFY(!places[i].intersects(line.normalized().adjusted(-1, -1, 1, 1)));
                }
            }
            labels += static_cast<int>(places.size());
        }
        QVERIFY(labels > 200);
    }

    /// Every leaf and spine stands once in the row of its hall, clear of racks and within the walls, and is
    /// found where it is drawn.
    void networkRowsHoldEverySwitch() {
        for (const auto& cluster : {m_mixed, m_uniform}) {
            const auto rows = makeNetworkRows(*cluster);
            QCOMPARE(rows.size(), cluster->halls.size());
            std::size_t found = 0;
            for (Index i = 0; i < cluster->switches.size(); ++i) {
                const cluster::Switch& each = cluster->switches[i];
                const QRectF rect = switchRect(rows, i);
                const bool stands = each.tier == cluster::Tier::Leaf || each.tier == cluster::Tier::Spine;
                QCOMPARE(!rect.isEmpty(), stands);
                if (!stands)
                    continue;
                ++found;
                QVERIFY(toQt(cluster->halls[each.hall].rect).contains(rect));
                QVERIFY(!toQt(cluster->halls[each.hall].content()).intersects(rect));
                QCOMPARE(switchAt(rows, rect.center()), i);
            }
            std::size_t planned = 0;
            for (const cluster::RailPlane& plane : cluster->railPlanes)
                planned += plane.leaves.count + plane.spines.count;
            QCOMPARE(found, planned);
        }
    }

    /// A rail that is down shows in its hall's row, from afar too; close up its switches can be picked.
    void networkRowsShowTheirRails() {
        const Viewport pane{{900, 600}, 1.0};
        FloorScene scene;
        prepare(scene, m_mixed, pane);
        auto frame = fixture::frame(*m_mixed, 0.5, 1);
        scene.setFrame(frame);
        const auto rows = makeNetworkRows(*m_mixed);
        const SwitchBlock& block = rows[1].blocks[2];
        const auto faulty = [&] {
            const QRectF rect = scene.camera().toScreen(block.rect, pane);
            const QImage image = scene.image(pane);
            int count = 0;
            for (int x = qCeil(rect.left()); x < qFloor(rect.right()); ++x)
                for (int y = qFloor(rect.top()) - 1; y <= qCeil(rect.bottom()) + 1; ++y)
                    count += image.valid(x, y) &&
                             difference(image.pixelColor(x, y), m_theme.state(GpuState::Fault).colour) < 6;
            return count;
        };
        QCOMPARE(faulty(), 0);
        frame = std::make_shared<operations::Frame>(*frame);
        frame->linkLoad[block.group] = -1;
        scene.setFrame(frame);
        QVERIFY(faulty() > 0);
        const Index leaf = block.switches.first + 1;
        Camera close = scene.camera();
        close.pixelsPerMetre = 8 / block.rectOf(leaf).width();
        close.centre = block.rectOf(leaf).center();
        scene.setCamera(close);
        QVERIFY(faulty() > 0);
        const Target at = scene.pick(pane.rect().center(), pane);
        QCOMPARE(at, (Target{TargetKind::Switch, leaf}));
        const HoverText text = scene.hoverText(at);
        QCOMPARE(text.title, QString::fromStdString(m_mixed->switchLabel(leaf)));
        QCOMPARE(text.rows.back().second, QString("down"));
        QCOMPARE(scene.worldRect(at), block.rectOf(leaf));
    }

    void everyHallHasACaption() {
        FloorScene scene;
        const Viewport pane{{520, 400}, 1.0};
        prepare(scene, m_mixed, pane);
        (void)scene.image(pane);
        QStringList captions;
        for (const FloorLabel& label : scene.labels().labels)
            captions << label.text;
        QCOMPARE(captions.size(), 4);
        QVERIFY(captions.last().contains("A100 island"));
        const auto& trunks = scene.labels().trunks;
        QVERIFY(
            std::any_of(trunks.begin(), trunks.end(), [](const FloorTrunk& t) { return t.betweenIslands; }));
        QCOMPARE(std::count_if(trunks.begin(), trunks.end(),
                               [](const FloorTrunk& t) { return !t.labelRect.isNull(); }),
                 1);
    }

    /// The same picture at every pixel ratio, only finer.
    void pixelRatiosAgree_data() {
        QTest::addColumn<double>("ratio");
        QTest::newRow("1.5") << 1.5;
        QTest::newRow("2") << 2.0;
    }
    void pixelRatiosAgree() {
        QFETCH(double, ratio);
        const auto frame = fixture::frame(*m_mixed, 0.8, 5, 180000);
        FloorScene scene;
        const Viewport plain{{600, 440}, 1.0};
        prepare(scene, m_mixed, plain);
        scene.setFrame(frame);
        const QImage one = scene.image(plain);
        const QImage fine = scene.image({{600, 440}, ratio});
        QCOMPARE(fine.size(), QSize(qRound(600 * ratio), qRound(440 * ratio)));
        QCOMPARE(fine.devicePixelRatio(), ratio);
        const QImage back = fine.scaled(60, 44, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        const QImage coarse = one.scaled(60, 44, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        QVERIFY2(meanDifference(back, coarse) < 3, qPrintable(QString::number(meanDifference(back, coarse))));
    }

    void tinyPanesAndBack() {
        FloorScene scene;
        const Viewport pane{{500, 380}, 1.0};
        prepare(scene, m_mixed, pane);
        scene.setFrame(fixture::frame(*m_mixed, 0.8, 5, 180000, 10));
        const QImage before = scene.image(pane);
        for (const QSize size : {QSize(1, 1), QSize(0, 0), QSize(3, 700), QSize(2000, 2)})
            QCOMPARE(scene.image({size, 1.0}).size(), (Viewport{size, 1.0}.deviceSize()));
        QCOMPARE(scene.image(pane), before);
    }

    void sameInputSamePicture() {
        const auto frame = fixture::frame(*m_mixed, 0.8, 5, 180000, 30);
        const Viewport pane{{500, 380}, 1.0};
        QImage pictures[2];
        for (QImage& picture : pictures) {
            FloorScene scene;
            prepare(scene, m_mixed, pane);
            scene.setFrame(fixture::frame(*m_mixed, 0.1, 6, 3, 30)); // what was there before leaves no trace
            (void)scene.image(pane);
            scene.setFrame(frame);
            picture = scene.image(pane);
        }
        QCOMPARE(pictures[0], pictures[1]);
        FloorScene fresh;
        prepare(fresh, m_mixed, pane);
        fresh.setFrame(frame);
        QCOMPARE(fresh.image(pane), pictures[0]);
    }

    void withoutAFrameAllIsUnpowered() {
        const Viewport pane{{500, 380}, 1.0};
        FloorScene scene;
        prepare(scene, m_mixed, pane);
        const QImage dark = scene.image(pane);
        scene.setFrame(fixture::frame(*m_uniform, 0.5, 1)); // of another cluster
        QCOMPARE(scene.image(pane), dark);
        QCOMPARE(scene.legend(pane).entries.size(), std::size_t{1});
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        QVERIFY(meanDifference(scene.image(pane), dark) > 10);
    }

    /// Amber and teal in equal parts come out as the mean of their light, close to what the eye would mix.
    void sharedCellsShowTheMean() {
        auto frame = fixture::frame(*m_uniform, 0, 1);
        for (Index g = 0; g < m_uniform->gpuCount; ++g)
            frame->state[g] = static_cast<std::uint8_t>(g / 2 % 2 ? GpuState::Waiting : GpuState::Computing);
        const auto geometry = makeFloorGeometry(m_uniform);
        const Viewport pane{{200, 150}, 1.0};
        const FloorMap map = makeFloorMap(*geometry, fitted(toQt(m_uniform->bounds), pane), pane);
        FloorCells cells;
        colourCells(*geometry, map, frame.get(), ColourBy::State, m_theme, cells);
        const QColor a = m_theme.state(GpuState::Computing).colour;
        const QColor b = m_theme.state(GpuState::Waiting).colour;
        const QColor seen = QColor::fromRgb(cells.halls[0].colour[0]);
        QVERIFY(qAbs(seen.red() - std::sqrt((a.red() * a.red() + b.red() * b.red()) / 2.0)) < 3);
        QVERIFY(qAbs(seen.blue() - std::sqrt((a.blue() * a.blue() + b.blue() * b.blue()) / 2.0)) < 3);
        QVERIFY(cells.worst.empty());
    }

    void legendSaysWhatAPixelStandsFor() {
        FloorScene scene;
        const Viewport pane{{520, 400}, 1.0};
        prepare(scene, m_uniform, pane);
        scene.setFrame(fixture::frame(*m_uniform, 0.1, 1, 77));
        QVERIFY(scene.legend(pane).note.startsWith("1 px = "));
        QVERIFY(scene.legend(pane).note.contains("marks = worst"));
        QStringList entries;
        for (const LegendEntry& e : scene.legend(pane).entries)
            entries << e.label;
        QVERIFY(entries.contains("waiting at the barrier"));
        QVERIFY(!entries.contains("restarting"));
        Camera close = scene.camera();
        close.pixelsPerMetre = 200;
        close.centre = toQt(m_uniform->gpuRect(77)).center();
        scene.setCamera(close);
        QVERIFY(scene.legend(pane).note.startsWith("1 GPU = "));
    }

    void hoverSaysWhatIsThere() {
        FloorScene scene;
        const Viewport pane{{520, 400}, 1.0};
        prepare(scene, m_mixed, pane);
        scene.setFrame(fixture::frame(*m_mixed, 0.8, 1, 1234));
        (void)scene.image(pane);
        const HoverText gpu = scene.hoverText({TargetKind::Gpu, 1234});
        QVERIFY(gpu.title.startsWith("Rack 1-"));
        QCOMPARE(gpu.rows.back().second, QString("3.20") + QChar(0x00d7));
        QVERIFY(scene.hoverText({TargetKind::Hall, 3}).title.contains("A100"));
        QVERIFY(scene.hoverText({TargetKind::Gpu, 4000000000u}).title.isEmpty());
        QVERIFY(scene.hoverText({}).title.isEmpty());
        const Target at =
            scene.pick(scene.camera().toScreen(scene.worldRect({TargetKind::Rack, 5}).center(), pane), pane);
        QCOMPARE(at, (Target{TargetKind::Rack, 5}));
    }

    /// A guard against cost that follows GPUs or forgets its caches, with a generous limit.
    void framesAreFast() {
        FloorScene scene;
        const Viewport pane{{1600, 900}, 1.0};
        prepare(scene, m_uniform, pane);
        const std::shared_ptr<operations::Frame> frames[] = {fixture::frame(*m_uniform, 0.1, 1, 77),
                                                             fixture::frame(*m_uniform, 0.5, 2, 99)};
        (void)scene.image(pane);
        QImage target(pane.deviceSize(), QImage::Format_RGB32);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 10; ++i) {
            scene.setFrame(frames[i % 2]);
            QPainter painter(&target);
            scene.paint(painter, pane);
        }
        QVERIFY2(timer.elapsed() < 10 * 60, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_MAIN(TestFloorScene)
#include "tst_floor_scene.moc"
