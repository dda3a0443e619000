// The Earth of the orbit scene: where land lies, where night begins, and what is filled in between nodes.
#include "scenes/colour.h"
#include "scenes/land_map.h"
#include "tests/scenes/orbit_setting.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::scenes;
using fixture::Setting;

namespace {

constexpr double kPi = std::numbers::pi;

int largestDifference(QRgb a, QRgb b) {
    return std::max(
        {std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
}

} // namespace

class TestEarth : public QObject {
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

    /// What is filled in between nodes is what every pixel would be by itself: shores and lines may move by a
    /// quarter pixel, light and air by less than can be told.
    void filledInAsEveryPixelByItself() {
        QRandomGenerator random(23);
        const Setting setting(60, 14);
        double worstMean = 0;
        for (const Theme* theme : {&m_dark, &m_light})
            for (int c = 0; c < 8; ++c) {
                const Viewport pane{{500, 420}, c % 4 == 3 ? 1.5 : 1.0};
                OrbitScene scene;
                const double timeS = random.bounded(3e7);
                setting.fill(scene, *theme, timeS);
                const Camera camera = c % 2 == 0
                                          ? fixture::randomCamera(random, scene, pane)
                                          : *scene.cameraOn({TargetKind::Rack, random.bounded(60u)}, pane);
                const EarthShading shading{scene.viewOf(camera, pane), setting.flown->sun(timeS),
                                           orbit::Constellation::greenwichRad(timeS), earthColours(*theme)};
                QImage picture(pane.deviceSize(), QImage::Format_RGB32);
                paintEarth(shading, picture);
                double sum = 0;
                int off = 0;
                for (int y = 0; y < picture.height(); ++y)
                    for (int x = 0; x < picture.width(); ++x) {
                        const QRgb alone =
                            earthPixel(shading, landMap(), QPointF(x + 0.5, y + 0.5) / pane.devicePixelRatio);
                        const int most = largestDifference(alone, picture.pixel(x, y));
                        sum += most;
                        off += most > 16;
                    }
                const double pixels = static_cast<double>(picture.width()) * picture.height();
                worstMean = std::max(worstMean, sum / pixels);
                QVERIFY2(sum / pixels < 0.35 && off < 0.002 * pixels,
                         qPrintable(
                             QString("mean %1, %2 of %3 pixels off").arg(sum / pixels).arg(off).arg(pixels)));
            }
        QVERIFY2(worstMean > 0, "everything was shaded pixel by pixel");
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
};

QTEST_MAIN(TestEarth)
#include "tst_earth.moc"
