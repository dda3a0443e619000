#include "scenes/floor_scene.h"
#include "scenes/transparent_image.h"
#include "tests/scenes/floor_fixture.h"

#include <QTest>

using namespace atlas;
using namespace atlas::scenes;

/// A scene without its ground, laid on a ground again.
class TestTransparentImage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { registerFonts(); }

    void laidOnItsGroundItIsThePicture_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<bool>("labels");
        QTest::newRow("dark") << true << 1.0 << false;
        QTest::newRow("light, 2") << false << 2.0 << false;
        QTest::newRow("dark, labels") << true << 1.0 << true;
        QTest::newRow("light, 2, labels") << false << 2.0 << true;
    }
    void laidOnItsGroundItIsThePicture() {
        QFETCH(bool, dark);
        QFETCH(double, ratio);
        QFETCH(bool, labels);
        const Theme theme = loadTheme(dark ? ThemeMode::Dark : ThemeMode::Light);
        FloorScene scene;
        const auto cluster = fixture::mixedCluster(4096, 1024);
        scene.setCluster(cluster);
        scene.setFrame(fixture::frame(*cluster, 0.3, 7, 77, 2));
        scene.setTheme(theme);
        FloorOptions options;
        options.labels = labels;
        options.ringCulprit = labels;
        options.trunks = labels;
        scene.setOptions(options);
        const Viewport viewport{{400, 300}, ratio};
        scene.setCamera(scene.home(viewport));
        const QImage whole = scene.image(viewport);
        const QImage cut = transparentImage(scene, theme, viewport);
        QCOMPARE(cut.size(), whole.size());
        QCOMPARE(qAlpha(cut.pixel(0, 0)), 0);
        QCOMPARE(scene.image(viewport), whole); // the scene is as it was
        QImage laid(whole.size(), QImage::Format_RGB32);
        laid.fill(theme.ground);
        QImage plain = cut;
        plain.setDevicePixelRatio(1);
        QPainter(&laid).drawImage(0, 0, plain);
        int opaque = 0;
        int worst = 0;
        int differ = 0;
        for (int y = 0; y < laid.height(); ++y) {
            for (int x = 0; x < laid.width(); ++x) {
                const QRgb one = laid.pixel(x, y);
                const QRgb other = whole.pixel(x, y);
                opaque += qAlpha(cut.pixel(x, y)) == 255;
                const int off =
                    std::max({std::abs(qRed(one) - qRed(other)), std::abs(qGreen(one) - qGreen(other)),
                              std::abs(qBlue(one) - qBlue(other))});
                worst = std::max(worst, off);
                differ += off > 3;
            }
        }
        QVERIFY(opaque > laid.width() * laid.height() / 10); // halls stay
        // Glyphs are blended by gamma, and lines are mixed from the ground's colour: soft edges know their
        // ground. They are few, and all else is the same.
        QVERIFY2(worst <= (labels ? 64 : 16), qPrintable(QString::number(worst)));
        QVERIFY2(differ <= laid.width() * laid.height() / 50, qPrintable(QString::number(differ)));
    }
};

QTEST_MAIN(TestTransparentImage)
#include "tst_transparent_image.moc"
