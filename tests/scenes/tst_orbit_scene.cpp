// The orbit: what lies under the cursor, light and shadow on screen, labels, sizes of panes, what is said
// where nothing flies.
#include "scenes/colour.h"
#include "scenes/land_map.h"
#include "scenes/orbit_scene.h"
#include "tests/scenes/golden.h"
#include "tests/scenes/orbit_fixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::scenes;

namespace {

constexpr double kPi = std::numbers::pi;

/// Everything a test of a flying cluster needs.
struct Setting {
    std::shared_ptr<const orbit::Constellation> flown;
    std::shared_ptr<operations::Frame> frame;

    explicit Setting(int satellites = 140, double nodeH = 18, cluster::Index culprit = cluster::kNone,
                     int faults = 0)
        : flown(fixture::constellation(satellites, nodeH))
        , frame(fixture::frame(*flown->cluster(), 0.4, 3, culprit, faults)) {}

    void fill(OrbitScene& scene, const Theme& theme, double timeS) const {
        frame->timeS = timeS;
        scene.setTheme(theme);
        scene.setCluster(flown->cluster());
        scene.setConstellation(flown);
        scene.setFrame(frame);
    }
};

Camera randomCamera(QRandomGenerator& random, const OrbitScene& scene, const Viewport& pane) {
    Camera camera = scene.home(pane);
    camera.centre = {random.bounded(2 * kPi) - kPi, random.bounded(2.4) - 1.2};
    camera.pixelsPerMetre *= std::pow(10, random.bounded(1.2) - 0.2);
    return scene.bounded(camera, pane);
}

/// A point on the pane by textbook means: rotate into the eye's axes, divide by the depth.
struct Eye {
    Vector at, forward, right, up;
    double focal = 1;
    QPointF middle;
    bool hides(const Vector& p) const {
        // Steps along the line of sight, an oracle that knows no closed form.
        for (int i = 1; i < 4000; ++i)
            if (length(at + (p - at) * (i / 4000.0)) < orbit::kEarthRadiusM)
                return true;
        return false;
    }
    QPointF on(const Vector& p) const {
        const Vector way = p - at;
        const double depth = dot(way, forward);
        return middle + QPointF(dot(way, right) / depth * focal, -dot(way, up) / depth * focal);
    }
};

Eye eyeOf(const GlobeView& view) {
    return {view.eyeM(), view.forward(), view.right(),
            view.up(),   view.focalPx(), view.viewport().rect().center()};
}

} // namespace

class TestOrbitScene : public QObject {
    Q_OBJECT

    Theme m_dark, m_light;

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_dark = loadTheme(ThemeMode::Dark);
        m_light = loadTheme(ThemeMode::Light);
    }

    /// Of the Earth 29 % is land; by area, so that cells near the poles count less.
    void theLandIsWhereItIs() {
        const QImage& land = landMap();
        QVERIFY(!land.isNull());
        double dry = 0;
        double all = 0;
        for (int y = 0; y < land.height(); ++y) {
            const double weight = std::cos((0.5 - (y + 0.5) / land.height()) * kPi);
            for (int x = 0; x < land.width(); ++x) {
                dry += weight * land.constScanLine(y)[x] / 255.0;
                all += weight;
            }
        }
        QVERIFY2(std::abs(dry / all - 0.29) < 0.01, qPrintable(QString::number(dry / all)));
        const auto at = [&](double lon, double lat) {
            return land.constScanLine(
                int((90 - lat) / 180 * land.height()))[int((lon + 180) / 360 * land.width())];
        };
        QCOMPARE(int(at(-90.0, 35.1)), 255); // Memphis
        QCOMPARE(int(at(50.0, 42.0)), 0);    // the Caspian Sea, a ring within a ring
        QCOMPARE(int(at(-30.0, 30.0)), 0);   // Atlantic
        QCOMPARE(int(at(0.0, -85.0)), 255);  // Antarctica
        QVERIFY(drawLand("{}", {10, 10}).isNull());
    }

    void pickingAgreesWithBruteForce() {
        QRandomGenerator random(7);
        const Viewport pane{{800, 600}, 1.0};
        for (const double node : {18.0, 13.5}) {
            const Setting setting(140, node);
            OrbitScene scene;
            for (int c = 0; c < 12; ++c) {
                setting.fill(scene, m_dark, random.bounded(3e7));
                scene.setCamera(randomCamera(random, scene, pane));
                QVERIFY(!scene.image(pane).isNull());
                const Eye eye = eyeOf(scene.viewOf(scene.camera(), pane));
                const auto& places = scene.moment().places;
                std::vector<std::pair<QPointF, int>> seen;
                for (std::size_t i = 0; i < places.size(); ++i)
                    if (dot(places[i] - eye.at, eye.forward) > 0 && !eye.hides(places[i]))
                        seen.emplace_back(eye.on(places[i]), int(i));
                for (int p = 0; p < 60; ++p) {
                    QPointF at(random.bounded(800.0), random.bounded(600.0));
                    if (p % 2 == 0 && !seen.empty()) {
                        at = seen[random.bounded(quint32(seen.size()))].first +
                             QPointF(random.bounded(12.0) - 6, random.bounded(12.0) - 6);
                    }
                    int nearest = -1;
                    double best = 9;
                    double second = 1e9;
                    for (const auto& [where, i] : seen) {
                        const double away = std::hypot(where.x() - at.x(), where.y() - at.y());
                        second = std::min(second, std::abs(away - best));
                        if (away < best) {
                            second = best - away;
                            best = away;
                            nearest = i;
                        }
                    }
                    const Target found = scene.pick(at, pane);
                    if (second < 1e-3)
                        continue; // between two, either will do
                    const Target expected = nearest < 0 ? Target{} : targetOf(*setting.flown, nearest);
                    QVERIFY2(found == expected,
                             qPrintable(QString("%1 for %2").arg(found.index).arg(nearest)));
                }
            }
        }
    }

    /// What is drawn in shadow is what the model has in shadow, and the ground's night begins where the Sun
    /// stands on the horizon.
    void lightOnScreenIsTheModels() {
        QRandomGenerator random(11);
        const Viewport pane{{500, 400}, 1.0};
        const Setting setting(60, 14);
        for (const Theme* theme : {&m_dark, &m_light}) {
            OrbitScene scene;
            int night = 0;
            int day = 0;
            for (int c = 0; c < 10; ++c) {
                const double timeS = random.bounded(3e7);
                setting.fill(scene, *theme, timeS);
                Camera camera = scene.home(pane);
                camera.centre = {random.bounded(2 * kPi) - kPi, random.bounded(2.0) - 1};
                scene.setCamera(camera);
                const QImage picture = scene.image(pane);
                int shadowed = 0;
                for (const Bead& bead : scene.picture().beads) {
                    QCOMPARE(bead.count, 1);
                    const Vector there =
                        orbit::positionM({600e3, 14}, setting.flown->solarTimeS(timeS), bead.first, 60);
                    QCOMPARE(bead.inShadow > 0,
                             orbit::inShadow(there, orbit::sunDirection(setting.flown->solarTimeS(timeS))));
                    shadowed += bead.inShadow;
                }
                QVERIFY(shadowed > 0 && shadowed < 30);
                const GlobeView view = scene.viewOf(camera, pane);
                const Vector sun = setting.flown->sun(timeS);
                // The same spot of ground by day and by night, in one shading and in another with the Sun
                // behind it, tells whether this one is lit.
                const EarthColours colours = earthColours(*theme);
                for (int p = 0; p < 200; ++p) {
                    const QPointF at(random.bounded(500), random.bounded(400));
                    const auto ground = view.groundAt(at + QPointF(0.5, 0.5));
                    if (!ground)
                        continue;
                    const double height = dot(unit(*ground), sun);
                    if (std::abs(height) < 0.25 || dot(unit(*ground), unit(view.eyeM() - *ground)) < 0.45)
                        continue; // twilight, or air before it
                    EarthShading shading{view, sun, orbit::Constellation::greenwichRad(timeS), colours};
                    const QRgb now = earthPixel(shading, landMap(), at + QPointF(0.5, 0.5));
                    shading.sun = unit(*ground);
                    const QRgb noon = earthPixel(shading, landMap(), at + QPointF(0.5, 0.5));
                    shading.sun = unit(*ground) * -1.0;
                    const QRgb midnight = earthPixel(shading, landMap(), at + QPointF(0.5, 0.5));
                    const bool lit =
                        difference(QColor(now), QColor(noon)) < difference(QColor(now), QColor(midnight));
                    QCOMPARE(lit, height > 0);
                    (lit ? day : night) += 1;
                    bool covered = false;
                    for (const Bead& bead : scene.picture().beads)
                        covered = covered || std::hypot(bead.at.x() - at.x(), bead.at.y() - at.y()) < 14;
                    for (const OrbitLabel& label : scene.picture().labels)
                        covered = covered || label.rect.adjusted(-8, -8, 8, 8).contains(at);
                    if (!covered) // and the picture shows that pixel; a link may cross it
                        QVERIFY(difference(QColor(picture.pixel(at.toPoint())), QColor(now)) < 60);
                }
            }
            QVERIFY(night > 100 && day > 100);
        }
    }

    void labelsNeverOverlap() {
        QRandomGenerator random(3);
        const Setting setting(140, 12, 5000, 12);
        OrbitScene scene;
        int most = 0;
        for (int c = 0; c < 60; ++c) {
            const Viewport pane{{240 + int(random.bounded(900)), 160 + int(random.bounded(700))}, 1.0};
            setting.fill(scene, m_dark, random.bounded(3e7));
            OrbitOptions options;
            options.selected = c % 3 == 0 ? Target{} : Target{TargetKind::Rack, random.bounded(140u)};
            options.calloutTitle = c % 2 ? QString("rack 1-4-6, GPU 3 holds the step") : QString();
            options.calloutDetail = "9 000 GPUs wait";
            scene.setOptions(options);
            scene.setCamera(c % 4 == 3 ? *scene.cameraOn({TargetKind::Rack, random.bounded(140u)}, pane)
                                       : randomCamera(random, scene, pane));
            QVERIFY(!scene.image(pane).isNull());
            const auto& labels = scene.picture().labels;
            most = std::max(most, int(labels.size()));
            for (std::size_t i = 0; i < labels.size(); ++i) {
                QVERIFY(pane.rect().contains(labels[i].rect));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY2(!labels[i].rect.intersects(labels[j].rect),
                             qPrintable(labels[i].text + " over " + labels[j].text));
            }
        }
        QVERIFY(most >= 5);
    }

    /// One faulty GPU among 550,000 on 7,640 satellites has its mark, wherever it flies, also behind the
    /// Earth.
    void theWorstIsNeverAveragedAway() {
        const Setting setting(7640);
        OrbitScene scene;
        const Viewport pane{{700, 500}, 1.0};
        QRandomGenerator random(5);
        for (int c = 0; c < 12; ++c) {
            const auto gpu = cluster::Index(random.bounded(setting.flown->cluster()->gpuCount));
            const std::uint8_t before = setting.frame->state[gpu];
            setting.frame->state[gpu] = std::uint8_t(operations::GpuState::Fault);
            setting.fill(scene, m_dark, random.bounded(3e7));
            scene.setCamera(scene.home(pane));
            const QImage with = scene.image(pane);
            const auto& beads = scene.picture().beads;
            QVERIFY(beads.size() <= 900);
            int satellites = 0;
            int marks = 0;
            for (const Bead& bead : beads) {
                satellites += bead.count;
                if (bead.worst >= 0) {
                    ++marks;
                    QCOMPARE(bead.worst, setting.flown->satelliteOf(gpu));
                    QVERIFY(bead.first <= bead.worst && bead.worst < bead.first + bead.count);
                }
            }
            QCOMPARE(satellites, 7640);
            QCOMPARE(marks, 1);
            setting.frame->state[gpu] = before;
            QVERIFY(scene.image(pane) != with);
        }
    }

    void flyingToASatelliteShowsItsBalance() {
        const Setting setting(140, 12);
        OrbitScene scene;
        const Viewport pane{{900, 640}, 1.0};
        setting.fill(scene, m_dark, 86400.0 * 50);
        for (const cluster::Index rack : {cluster::Index{0}, cluster::Index{37}, cluster::Index{90}}) {
            const auto camera = scene.cameraOn({TargetKind::Rack, rack}, pane);
            QVERIFY(camera.has_value());
            QCOMPARE(camera->focus, rack);
            QVERIFY(scene.bounded(*camera, pane) == *camera);
            scene.setCamera(*camera);
            QVERIFY(!scene.image(pane).isNull());
            QCOMPARE(scene.picture().carded, int(rack));
            QCOMPARE(scene.picture().close.back().satellite, int(rack));
            const auto seen = scene.viewOf(*camera, pane).seen(setting.flown->place(86400.0 * 50, int(rack)));
            QVERIFY(seen && QLineF(seen->at, pane.rect().center()).length() < 1);
            QCOMPARE(scene.pick(pane.rect().center(), pane).kind == TargetKind::None, false);
            // Its halves: what comes in goes out, by the card's own numbers.
            const orbit::Balance now = setting.flown->balance(86400.0 * 50, int(rack));
            QVERIFY(std::abs(now.arrayW + now.batteryW - now.loadW) < 1e-6 * now.loadW);
            QCOMPARE(now.heatW, now.loadW);
        }
        // Closer still, each GPU is a cell of its own.
        Camera closer = *scene.cameraOn({TargetKind::Rack, 37}, pane);
        closer.pixelsPerMetre = scene.zoomLimits(pane).largest;
        scene.setCamera(closer);
        QVERIFY(!scene.image(pane).isNull());
        const CloseUp& close = scene.picture().close.back();
        QVERIFY(close.cellsShown);
        for (int i = 0; i < 72; ++i) {
            const QPointF at = close.body.cells.cell(i).boundingRect().center();
            if (pane.rect().contains(at)) {
                const Target target = scene.pick(at, pane);
                QVERIFY(target == (Target{TargetKind::Gpu, 37 * 72 + cluster::Index(i)}));
                QVERIFY(!scene.hoverText(target).title.isEmpty());
            }
        }
    }

    /// A camera that comes close takes the satellite that is pointed at, and gives it up when it leaves.
    void theCameraFindsItsSatellite() {
        const Setting setting;
        OrbitScene scene;
        const Viewport pane{{900, 640}, 1.0};
        setting.fill(scene, m_dark, 1e6);
        const Camera home = scene.home(pane);
        QCOMPARE(scene.bounded(home, pane).focus, cluster::kNone);
        Camera near = home;
        near.pixelsPerMetre *= 50;
        QVERIFY(scene.bounded(near, pane).focus < 140u);
        OrbitOptions options;
        options.hovered = {TargetKind::Rack, 12};
        scene.setOptions(options);
        near = scene.bounded(near, pane);
        QCOMPARE(near.focus, 12u);
        near.pixelsPerMetre = home.pixelsPerMetre;
        QCOMPARE(scene.bounded(near, pane).focus, cluster::kNone);
        // A flight from one satellite to another begins and ends where it should, and passes by the Earth.
        const Camera from = *scene.cameraOn({TargetKind::Rack, 3}, pane);
        const Camera to = *scene.cameraOn({TargetKind::Rack, 90}, pane);
        const CameraFlight flight(from, to, pane);
        QVERIFY(flight.at(0) == from);
        QVERIFY(flight.at(1) == to);
        double least = 1;
        for (int i = 0; i <= 100; ++i)
            least = std::min(least, flight.at(i / 100.0).pixelsPerMetre);
        QVERIFY(least < home.pixelsPerMetre);
    }

    void anyPaneCanBeDrawn() {
        const Setting setting(140, 12, 400, 3);
        OrbitScene scene;
        setting.fill(scene, m_light, 4e6);
        const Viewport pane{{640, 420}, 1.0};
        scene.setCamera(scene.home(pane));
        const QImage before = scene.image(pane);
        for (const Viewport& odd : {Viewport{{1, 1}, 1.0}, Viewport{{0, 0}, 1.0}, Viewport{{3, 700}, 1.0},
                                    Viewport{{641, 421}, 1.5}, Viewport{{640, 420}, 2.0}}) {
            for (const double zoom : {1.0, 1e3, 1e5}) {
                Camera camera = scene.home(odd);
                camera.pixelsPerMetre *= zoom;
                scene.setCamera(scene.bounded(camera, odd));
                QCOMPARE(scene.image(odd).size(), odd.deviceSize());
            }
        }
        scene.setCamera(scene.home(pane));
        QCOMPARE(scene.image(pane), before);
        // One satellite, and a rack less than one.
        for (const int count : {1, 2, 3}) {
            const Setting few(count);
            few.fill(scene, m_dark, 100);
            scene.setCamera(scene.home(pane));
            QVERIFY(!scene.image(pane).isNull());
            QCOMPARE(int(scene.picture().beads.size()), count);
        }
    }

    /// Twice the pixels, the same picture.
    void pixelRatiosAgree() {
        const Setting setting(140, 15);
        OrbitScene scene;
        setting.fill(scene, m_dark, 4e6);
        const Viewport one{{480, 360}, 1.0};
        scene.setCamera(scene.home(one));
        const QImage plain = scene.image(one);
        for (const double ratio : {1.5, 2.0}) {
            const QImage fine = scene.image({{480, 360}, ratio})
                                    .scaled(plain.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
            double sum = 0;
            for (int y = 0; y < plain.height(); ++y)
                for (int x = 0; x < plain.width(); ++x)
                    sum += std::abs(qGreen(plain.pixel(x, y)) - qGreen(fine.pixel(x, y)));
            QVERIFY(sum / (plain.width() * plain.height()) < 2.0);
        }
    }

    void onTheGroundItSaysSo() {
        OrbitScene scene;
        scene.setTheme(m_dark);
        scene.setCluster(fixture::uniformCluster(7200));
        const Viewport pane{{500, 300}, 1.0};
        scene.setCamera(scene.home(pane));
        const QImage words = scene.image(pane);
        int lit = 0;
        for (int y = 0; y < words.height(); ++y)
            for (int x = 0; x < words.width(); ++x)
                lit += qGreen(words.pixel(x, y)) > 100;
        QVERIFY(lit > 200);
        QVERIFY(!scene.pick({250, 150}, pane));
        QVERIFY(scene.legend(pane).entries.empty());
        // A constellation of another cluster is none of this one.
        scene.setConstellation(fixture::constellation(5));
        QVERIFY(scene.flown() == nullptr);
        QCOMPARE(scene.image(pane), words);
    }

    void goldenPicture_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("close");
        QTest::newRow("dark") << true << false;
        QTest::newRow("light") << false << false;
        QTest::newRow("close") << true << true;
    }
    void goldenPicture() {
        QFETCH(bool, dark);
        QFETCH(bool, close);
        const Setting setting(140, 15, 4000, 2);
        OrbitScene scene;
        setting.fill(scene, dark ? m_dark : m_light, 86400 * 30.4);
        const Viewport pane{{360, 270}, 1.0};
        OrbitOptions options;
        options.labels = false; // glyphs differ from machine to machine
        scene.setOptions(options);
        scene.setCamera(close ? *scene.cameraOn({TargetKind::Rack, 20}, pane) : scene.home(pane));
        const QImage now = scene.image(pane);
        // The card's words are there still: a hundredth of the pane at most.
        QVERIFY(fixture::isGolden(now, QStringLiteral("orbit-") + QTest::currentDataTag()));
    }
};

QTEST_MAIN(TestOrbitScene)
#include "tst_orbit_scene.moc"
