// The choice of renderer: every case in a row, and the sentence that says why.
#include "scenes/renderer_probe.h"

#include <QGuiApplication>
#include <QTest>

using namespace atlas::scenes;

class TestRendererProbe : public QObject {
    Q_OBJECT

private slots:
    void choices_data() {
        QTest::addColumn<int>("wish");
        QTest::addColumn<QString>("platform");
        QTest::addColumn<bool>("context");
        QTest::addColumn<QString>("device");
        QTest::addColumn<bool>("gl");
        QTest::addColumn<QString>("says");
        const int autoWish = int(RendererWish::Auto);
        QTest::newRow("a GPU") << autoWish << "xcb" << true << "AMD Radeon 780M" << true
                               << "OpenGL 3.3 on AMD Radeon";
        QTest::newRow("wayland") << autoWish << "wayland" << true << "Mesa Intel UHD" << true << "Intel";
        QTest::newRow("llvmpipe") << autoWish << "xcb" << true << "llvmpipe (LLVM 15)" << false
                                  << "software here (llvmpipe)";
        QTest::newRow("softpipe") << autoWish << "xcb" << true << "softpipe" << false << "software";
        QTest::newRow("no context") << autoWish << "xcb" << false << "" << false << "too old";
        QTest::newRow("offscreen") << autoWish << "offscreen" << true << "AMD" << false
                                   << "platform \"offscreen\"";
        QTest::newRow("gl asked on llvmpipe")
            << int(RendererWish::Gl) << "xcb" << true << "llvmpipe" << true << "as asked for";
        QTest::newRow("gl asked, no context")
            << int(RendererWish::Gl) << "xcb" << false << "" << false << "too old";
        QTest::newRow("gl asked offscreen")
            << int(RendererWish::Gl) << "offscreen" << true << "AMD" << false << "offscreen";
        QTest::newRow("raster asked")
            << int(RendererWish::Raster) << "xcb" << true << "AMD" << false << "as asked for";
    }
    void choices() {
        QFETCH(int, wish);
        QFETCH(QString, platform);
        QFETCH(bool, context);
        QFETCH(QString, device);
        QFETCH(bool, gl);
        QFETCH(QString, says);
        const GlFinding finding{context, context ? "" : "too old", device, "3.3"};
        const RendererChoice choice = chooseRenderer(static_cast<RendererWish>(wish), platform, finding);
        QCOMPARE(choice.renderer == Renderer::Gl, gl);
        QVERIFY2(choice.sentence.contains(says), qPrintable(choice.sentence));
    }

    void wishes() {
        QCOMPARE(rendererWish("gl"), RendererWish::Gl);
        QCOMPARE(rendererWish("auto"), RendererWish::Auto);
        QVERIFY(!rendererWish("vulkan").has_value());
    }

    void thisPlatformIsRaster() {
        QCOMPARE(QGuiApplication::platformName(), QString("offscreen"));
        QCOMPARE(probeRenderer(RendererWish::Gl).renderer, Renderer::Raster);
    }
};

QTEST_MAIN(TestRendererProbe)
#include "tst_renderer_probe.moc"
