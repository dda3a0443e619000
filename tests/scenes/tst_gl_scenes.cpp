// OpenGL draws what the raster painter draws.
#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "scenes/matrix_scene.h"
#include "scenes/offscreen_gl.h"
#include "scenes/orbit_scene.h"
#include "tests/scenes/every_scene.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;

namespace {

struct Difference {
    double mean = 0;  ///< of a channel, 0..255
    double share = 0; ///< of pixels that differ by more than 24 in a channel
    QPoint worst;
};

Difference compare(const QImage& a, const QImage& b) {
    Difference d;
    int largest = -1;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            const int r = std::abs(qRed(p) - qRed(q));
            const int g = std::abs(qGreen(p) - qGreen(q));
            const int bl = std::abs(qBlue(p) - qBlue(q));
            d.mean += r + g + bl;
            const int most = std::max({r, g, bl});
            d.share += most > 24;
            if (most > largest) {
                largest = most;
                d.worst = {x, y};
            }
        }
    const double pixels = static_cast<double>(a.width()) * a.height();
    d.mean /= 3 * pixels;
    d.share /= pixels;
    return d;
}

} // namespace

class TestGlScenes : public QObject {
    Q_OBJECT

    std::unique_ptr<OffscreenGl> m_gl;

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        QString reason;
        m_gl = OffscreenGl::make(&reason);
        if (!m_gl)
            QSKIP(qPrintable(reason));
    }

    void floorsAgree_data() {
        QTest::addColumn<double>("zoom");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("by");
        QTest::addColumn<int>("way");
        for (const double zoom : {1.0, 3.0, 10.0, 45.0, 300.0})
            for (const double ratio : {1.0, 1.5, 2.0})
                for (const GlWay way : {GlWay::Shaders, GlWay::Copied})
                    QTest::addRow("x%g at %g%s", zoom, ratio, way == GlWay::Copied ? ", copied" : "")
                        << zoom << ratio << int(ratio == 1.0 ? ThemeMode::Dark : ThemeMode::Light)
                        << int(ratio == 2.0 ? ColourBy::Utilisation : ColourBy::State) << int(way);
    }
    void floorsAgree() {
        QFETCH(double, zoom);
        QFETCH(double, ratio);
        QFETCH(int, mode);
        QFETCH(int, by);
        QFETCH(int, way);
        const auto cluster = fixture::mixedCluster();
        const cluster::Index culprit = 190123;
        FloorScene scene;
        scene.setGlWay(static_cast<GlWay>(way));
        scene.setCluster(cluster);
        scene.setTheme(loadTheme(static_cast<ThemeMode>(mode)));
        scene.setFrame(fixture::frame(*cluster, 0.6, 4, culprit, 40));
        FloorOptions options;
        options.colourBy = static_cast<ColourBy>(by);
        options.calloutTitle = "4-50-1/5/4 holds the step";
        options.calloutDetail = "164 992 GPUs wait";
        options.selected = {TargetKind::Rack, 2600};
        options.hovered = {TargetKind::Gpu, culprit + 9};
        scene.setOptions(options);
        const Viewport pane{{700, 480}, ratio};
        Camera camera = fitted(scene.bounds(), pane);
        if (zoom > 1)
            camera.centre = toQt(cluster->gpuRect(culprit)).center();
        camera.pixelsPerMetre *= zoom;
        scene.setCamera(camera);
        QString error;
        QVERIFY2(scene.initializeGl(&error), qPrintable(error));
        const QImage gl = m_gl->render(scene, pane);
        const QImage raster = scene.image(pane);
        QCOMPARE(gl.size(), raster.size());
        const Difference d = compare(gl, raster);
        QVERIFY2(
            d.mean < 0.5,
            qPrintable(QString("mean %1, worst at %2, %3").arg(d.mean).arg(d.worst.x()).arg(d.worst.y())));
        QVERIFY2(
            d.share < 5e-4,
            qPrintable(QString("share %1, worst at %2, %3").arg(d.share).arg(d.worst.x()).arg(d.worst.y())));
        scene.releaseGl();
    }

    void fabricsAgree_data() {
        QTest::addColumn<double>("zoom");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<bool>("strip");
        for (const double ratio : {1.0, 1.5, 2.0}) {
            QTest::addRow("whole at %g", ratio) << 1.0 << ratio << false;
            QTest::addRow("close at %g", ratio) << 4.0 << ratio << false;
            QTest::addRow("strip at %g", ratio) << 1.0 << ratio << true;
        }
    }
    void fabricsAgree() {
        QFETCH(double, zoom);
        QFETCH(double, ratio);
        QFETCH(bool, strip);
        const auto cluster = fixture::mixedCluster();
        FabricScene scene;
        scene.setGlWay(GlWay::Shaders);
        scene.setCluster(cluster);
        scene.setTheme(loadTheme(ratio == 1.5 ? ThemeMode::Light : ThemeMode::Dark));
        scene.setFrame(fixture::frame(*cluster, 0.6, 4, 190123, 40));
        FabricOptions options;
        options.mode = strip ? FabricMode::Strip : FabricMode::Full;
        options.clockS = 0.37;
        options.selected = zoom > 1 ? Target{TargetKind::Hall, 1} : Target{};
        scene.setOptions(options);
        const Viewport pane{strip ? QSize(500, 70) : QSize(800, 520), ratio};
        Camera camera = fitted(scene.bounds(), pane);
        camera.pixelsPerMetre *= zoom;
        scene.setCamera(camera);
        QString error;
        QVERIFY2(scene.initializeGl(&error), qPrintable(error));
        const QImage gl = m_gl->render(scene, pane);
        const Difference d = compare(gl, scene.image(pane));
        QVERIFY2(
            d.mean < 0.6,
            qPrintable(QString("mean %1, worst at %2, %3").arg(d.mean).arg(d.worst.x()).arg(d.worst.y())));
        QVERIFY2(
            d.share < 2e-3,
            qPrintable(QString("share %1, worst at %2, %3").arg(d.share).arg(d.worst.x()).arg(d.worst.y())));
        scene.releaseGl();
    }

    void matricesAgree_data() {
        QTest::addColumn<double>("zoom");
        QTest::addColumn<double>("ratio");
        for (const double ratio : {1.0, 1.5, 2.0})
            for (const double zoom : {1.0, 9.0})
                QTest::addRow("x%g at %g", zoom, ratio) << zoom << ratio;
    }
    void matricesAgree() {
        QFETCH(double, zoom);
        QFETCH(double, ratio);
        const auto cluster = fixture::mixedCluster();
        MatrixScene scene;
        scene.setGlWay(GlWay::Shaders);
        scene.setCluster(cluster);
        scene.setTheme(loadTheme(ratio == 1.5 ? ThemeMode::Light : ThemeMode::Dark));
        const auto frame = fixture::frame(*cluster, 0.6, 4);
        frame->linkLoad[3] = std::nanf("");
        scene.setFrame(frame);
        MatrixOptions options;
        options.selected = {TargetKind::Hall, 1};
        scene.setOptions(options);
        const Viewport pane{{700, 480}, ratio};
        Camera camera = fitted(scene.bounds(), pane);
        camera.pixelsPerMetre *= zoom;
        scene.setCamera(camera);
        QString error;
        QVERIFY2(scene.initializeGl(&error), qPrintable(error));
        const QImage gl = m_gl->render(scene, pane);
        const Difference d = compare(gl, scene.image(pane));
        QVERIFY2(d.mean < 0.3, qPrintable(QString::number(d.mean)));
        std::fill(frame->linkLoad.begin(), frame->linkLoad.end(), 1.0f);
        QVERIFY(compare(gl, scene.image(pane)).mean > 0.3);
        scene.releaseGl();
    }

    void orbitsAgree_data() {
        QTest::addColumn<double>("zoom");
        QTest::addColumn<double>("ratio");
        for (const double ratio : {1.0, 1.5, 2.0})
            for (const double zoom : {1.0, 8.0, 1e5})
                QTest::addRow("x%g at %g", zoom, ratio) << zoom << ratio;
    }
    void orbitsAgree() {
        QFETCH(double, zoom);
        QFETCH(double, ratio);
        const auto flown = fixture::constellation(140, 14);
        OrbitScene scene;
        scene.setGlWay(GlWay::Shaders);
        scene.setCluster(flown->cluster());
        scene.setConstellation(flown);
        scene.setTheme(loadTheme(ratio == 1.5 ? ThemeMode::Light : ThemeMode::Dark));
        const auto frame = fixture::frame(*flown->cluster(), 0.5, 2, 5000, 3);
        frame->timeS = 5.3e6;
        scene.setFrame(frame);
        const Viewport pane{{700, 480}, ratio};
        OrbitOptions options;
        options.labels = false; // over what is transparent, glyphs are drawn with other greys
        scene.setOptions(options);
        Camera camera = scene.home(pane);
        camera.pixelsPerMetre *= zoom;
        scene.setCamera(scene.bounded(camera, pane));
        QString error;
        QVERIFY2(scene.initializeGl(&error), qPrintable(error));
        const QImage gl = m_gl->render(scene, pane);
        const QImage raster = scene.image(pane);
        QCOMPARE(gl.size(), raster.size());
        const Difference d = compare(gl, raster);
        QVERIFY2(
            d.mean < 0.6,
            qPrintable(QString("mean %1, worst at %2, %3").arg(d.mean).arg(d.worst.x()).arg(d.worst.y())));
        QVERIFY2(
            d.share < 2e-3,
            qPrintable(QString("share %1, worst at %2, %3").arg(d.share).arg(d.worst.x()).arg(d.worst.y())));
        // Another time of day is another picture: the comparison can fail.
        frame->timeS += 6 * 3600;
        QVERIFY(compare(gl, scene.image(pane)).mean > 0.6 || zoom > 10);
        scene.releaseGl();
    }

    /// A picture of one colour would agree with itself.
    void theComparisonCanFail() {
        const auto cluster = fixture::mixedCluster(9000, 3000);
        FloorScene scene;
        scene.setGlWay(GlWay::Shaders);
        scene.setCluster(cluster);
        scene.setTheme(loadTheme(ThemeMode::Dark));
        const Viewport pane{{700, 480}, 1.0};
        scene.setCamera(fitted(scene.bounds(), pane));
        QVERIFY(scene.initializeGl());
        scene.setFrame(fixture::frame(*cluster, 0.9, 4));
        const QImage gl = m_gl->render(scene, pane);
        scene.setFrame(fixture::frame(*cluster, 0.1, 4));
        QVERIFY(compare(gl, scene.image(pane)).mean > 2);
        scene.releaseGl();
    }

    void survivesResizingAndALostContext_data() {
        QTest::addColumn<int>("way");
        QTest::newRow("shaders") << int(GlWay::Shaders);
        QTest::newRow("copied") << int(GlWay::Copied);
    }
    /// Resized to nothing and back, released and initialised again: the same picture.
    void survivesResizingAndALostContext() {
        QFETCH(int, way);
        const auto cluster = fixture::mixedCluster(9000, 3000);
        FloorScene scene;
        scene.setGlWay(static_cast<GlWay>(way));
        scene.setCluster(cluster);
        scene.setTheme(loadTheme(ThemeMode::Dark));
        const Viewport pane{{600, 400}, 1.0};
        scene.setCamera(fitted(scene.bounds(), pane));
        scene.setFrame(fixture::frame(*cluster, 0.5, 4, 77));
        QVERIFY(scene.initializeGl());
        const QImage before = m_gl->render(scene, pane);
        QCOMPARE(m_gl->render(scene, {{1, 1}, 1.0}).size(), QSize(1, 1));
        QCOMPARE(m_gl->render(scene, pane), before);
        scene.releaseGl();
        m_gl.reset();
        m_gl = OffscreenGl::make(nullptr);
        QVERIFY(m_gl && scene.initializeGl());
        QCOMPARE(m_gl->render(scene, pane), before);
        scene.releaseGl();
    }

    void everySceneSurvives_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("way");
        for (const char* name : fixture::kEveryScene)
            for (const GlWay way : {GlWay::Shaders, GlWay::Copied})
                QTest::addRow("%s%s", name, way == GlWay::Copied ? ", copied" : "") << name << int(way);
    }
    /// Resized to nothing and back, and the context lost: the same picture, and that of the raster painter.
    void everySceneSurvives() {
        QFETCH(QString, name);
        QFETCH(int, way);
        const Viewport pane{{600, 400}, 1.5};
        const fixture::AnyScene any(name, loadTheme(ThemeMode::Dark), pane);
        auto* scene = dynamic_cast<ClusterScene*>(any.scene.get());
        QVERIFY(scene != nullptr);
        scene->setGlWay(static_cast<GlWay>(way));
        QVERIFY(scene->initializeGl());
        const QImage before = m_gl->render(*scene, pane);
        QVERIFY(compare(before, scene->image(pane)).mean < 0.8);
        QCOMPARE(m_gl->render(*scene, {{1, 1}, 1.0}).size(), QSize(1, 1));
        QCOMPARE(m_gl->render(*scene, pane), before);
        scene->releaseGl();
        m_gl.reset();
        m_gl = OffscreenGl::make(nullptr);
        QVERIFY(m_gl != nullptr);
        QVERIFY(m_gl->render(*scene, pane) != before); // nothing is left of the lost one
        QVERIFY(scene->initializeGl());
        QCOMPARE(m_gl->render(*scene, pane), before);
        scene->releaseGl();
    }

    void theOrbitSurvivesALostContext() {
        const auto flown = fixture::constellation(140, 14);
        OrbitScene scene;
        scene.setCluster(flown->cluster());
        scene.setConstellation(flown);
        scene.setTheme(loadTheme(ThemeMode::Light));
        scene.setFrame(fixture::frame(*flown->cluster(), 0.5, 2, 5000, 3));
        const Viewport pane{{600, 400}, 1.0};
        scene.setCamera(scene.home(pane));
        QVERIFY(scene.initializeGl());
        const QImage before = m_gl->render(scene, pane);
        QCOMPARE(m_gl->render(scene, {{1, 1}, 1.0}).size(), QSize(1, 1));
        QCOMPARE(m_gl->render(scene, pane), before);
        scene.releaseGl();
        m_gl.reset();
        m_gl = OffscreenGl::make(nullptr);
        QVERIFY(m_gl != nullptr);
        // Without its OpenGL side it clears to the ground, whatever was there.
        const QImage cleared = m_gl->render(scene, pane);
        QCOMPARE(QColor(cleared.pixel(300, 200)), loadTheme(ThemeMode::Light).ground);
        QVERIFY(scene.initializeGl());
        QCOMPARE(m_gl->render(scene, pane), before);
        scene.releaseGl();
    }
};

QTEST_MAIN(TestGlScenes)
#include "tst_gl_scenes.moc"
