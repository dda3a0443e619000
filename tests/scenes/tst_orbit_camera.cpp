// What lies under the cursor in orbit, and where the camera goes: to a satellite and back.
#include "tests/scenes/orbit_setting.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::scenes;
using fixture::Setting;

namespace {

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

class TestOrbitCamera : public QObject {
    Q_OBJECT

    Theme m_dark;

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_dark = loadTheme(ThemeMode::Dark);
    }

    void pickingAgreesWithBruteForce() {
        QRandomGenerator random(7);
        const Viewport pane{{800, 600}, 1.0};
        for (const double node : {18.0, 13.5}) {
            const Setting setting(140, node);
            OrbitScene scene;
            for (int c = 0; c < 12; ++c) {
                setting.fill(scene, m_dark, random.bounded(3e7));
                scene.setCamera(fixture::randomCamera(random, scene, pane));
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
};

QTEST_MAIN(TestOrbitCamera)
#include "tst_orbit_camera.moc"
