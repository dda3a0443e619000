#include "app/options.h"

#include <QTest>

using namespace atlas::app;

/// The command line of the window: what it takes, and that a mistake names what would have been right.
class TestOptions : public QObject {
    Q_OBJECT
private slots:
    void everything() {
        const auto parsed =
            parseOptions({"--screenshot", "a.png", "--at", "12d", "--size", "1280x720", "--scene", "fabric",
                          "--theme", "light", "--renderer", "raster", "my.yaml"});
        QCOMPARE(parsed.error, QString());
        QCOMPARE(parsed.options.screenshot, QStringLiteral("a.png"));
        QCOMPARE(parsed.options.atS.value_or(0), 12 * 86400.0);
        QCOMPARE(parsed.options.size, QSize(1280, 720));
        QVERIFY(parsed.options.scene == atlas::widgets::PaneScene::Fabric);
        QVERIFY(parsed.options.theme == atlas::scenes::ThemeMode::Light);
        QVERIFY(parsed.options.renderer == atlas::scenes::RendererWish::Raster);
        QCOMPARE(parsed.options.file, QStringLiteral("my.yaml"));
    }
    void mistakes_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("scene") << QStringList{"--scene", "moon"} << "floorplan, fabric, timeline";
        QTest::newRow("theme") << QStringList{"--theme", "blue"} << "dark, light";
        QTest::newRow("renderer") << QStringList{"--renderer", "vulkan"} << "gl, raster, auto";
        QTest::newRow("size") << QStringList{"--size", "big"} << "1600x900";
        QTest::newRow("tiny") << QStringList{"--size", "1x1"} << "320x240";
        QTest::newRow("time without unit") << QStringList{"--at", "12"} << "12d";
        QTest::newRow("negative time") << QStringList{"--at=-3d"} << "instant";
        QTest::newRow("two files") << QStringList{"a.yaml", "b.yaml"} << "only one";
        QTest::newRow("unknown") << QStringList{"--fast"} << "fast";
    }
    void mistakes() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto parsed = parseOptions(arguments);
        QVERIFY2(parsed.error.contains(says), qPrintable(parsed.error));
    }
    void helpAndVersion() {
        QVERIFY(parseOptions({"--help"}).answer.contains("--screenshot"));
        QVERIFY(parseOptions({"--version"}).answer.contains("Colossus Atlas"));
    }
};

QTEST_GUILESS_MAIN(TestOptions)
#include "tst_options.moc"
