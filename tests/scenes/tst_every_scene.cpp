// What holds of all five scenes alike: pictures last agreed on, every pixel ratio, panes of any size.
#include "tests/scenes/every_scene.h"
#include "tests/scenes/golden.h"

#include <QTest>

using namespace atlas;
using namespace atlas::scenes;

class TestEveryScene : public QObject {
    Q_OBJECT

    static void inBothThemes() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("dark");
        for (const char* name : fixture::kEveryScene)
            for (const bool dark : {true, false})
                QTest::addRow("%s-%s", name, dark ? "dark" : "light") << name << dark;
    }
    static Theme theme(bool dark) { return loadTheme(dark ? ThemeMode::Dark : ThemeMode::Light); }

    /// Words covered: glyphs differ from machine to machine.
    static QImage wordless(const fixture::AnyScene& any, const Viewport& pane, const QColor& cover) {
        QImage picture = any->image(pane);
        QPainter painter(&picture);
        if (const auto* lanes = dynamic_cast<const LanesScene*>(any.scene.get()))
            for (const LaneText& text : lanes->picture().texts)
                painter.fillRect(text.rect.adjusted(-2, -2, 2, 2), cover);
        return picture;
    }

    static double meanDifference(const QImage& a, const QImage& b) {
        double sum = 0;
        for (int y = 0; y < a.height(); ++y)
            for (int x = 0; x < a.width(); ++x) {
                const QRgb p = a.pixel(x, y);
                const QRgb q = b.pixel(x, y);
                sum += std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) +
                       std::abs(qBlue(p) - qBlue(q));
            }
        return sum / (3.0 * a.width() * a.height());
    }

private slots:
    void initTestCase() { QVERIFY(registerFonts()); }

    void goldenPictures_data() { inBothThemes(); }
    void goldenPictures() {
        QFETCH(QString, name);
        QFETCH(bool, dark);
        const Viewport pane{{320, 220}, 1.0};
        const Theme now = theme(dark);
        const fixture::AnyScene any(name, now, pane, false);
        QVERIFY(
            fixture::isGolden(wordless(any, pane, now.ground), "every-" + QString(QTest::currentDataTag())));
    }

    /// The picture of another theme, or of another place, is not the golden one.
    void goldenPicturesCanFail() {
        if (qEnvironmentVariableIsSet("ATLAS_GOLDEN"))
            QSKIP("golden pictures are being written");
        const Viewport pane{{320, 220}, 1.0};
        for (const char* name : fixture::kEveryScene) {
            const Theme light = theme(false);
            const fixture::AnyScene other(name, light, pane, false);
            QVERIFY(
                !fixture::isGolden(wordless(other, pane, light.ground), QString("every-%1-dark").arg(name)));
            const fixture::AnyScene moved(name, theme(true), pane, false);
            Camera camera = moved->camera();
            camera.pixelsPerMetre *= 1.5;
            moved->setCamera(moved->bounded(camera, pane));
            QVERIFY(!fixture::isGolden(wordless(moved, pane, theme(true).ground),
                                       QString("every-%1-dark").arg(name)));
        }
    }

    /// Finer, and otherwise the same.
    void pixelRatiosAgree_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("ratio");
        for (const char* name : fixture::kEveryScene)
            for (const double ratio : {1.5, 2.0})
                QTest::addRow("%s at %g", name, ratio) << name << ratio;
    }
    void pixelRatiosAgree() {
        QFETCH(QString, name);
        QFETCH(double, ratio);
        const Viewport plain{{600, 440}, 1.0};
        const fixture::AnyScene any(name, theme(true), plain);
        const QImage one = any->image(plain);
        const QImage fine = any->image({{600, 440}, ratio});
        QCOMPARE(fine.size(), QSize(qRound(600 * ratio), qRound(440 * ratio)));
        QCOMPARE(fine.devicePixelRatio(), ratio);
        const auto small = [](const QImage& image) {
            return image.scaled(60, 44, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        };
        const double off = meanDifference(small(fine), small(one));
        QVERIFY2(off < 4, qPrintable(QString::number(off)));
        // Finer indeed: a coarse picture blown up has no detail of its own.
        const QImage blown = one.scaled(fine.size(), Qt::IgnoreAspectRatio, Qt::FastTransformation);
        QVERIFY(meanDifference(fine, blown) > 0.3);
    }

    void panesOfAnySize_data() { inBothThemes(); }
    void panesOfAnySize() {
        QFETCH(QString, name);
        QFETCH(bool, dark);
        const Viewport pane{{500, 380}, 1.5};
        const fixture::AnyScene any(name, theme(dark), pane);
        const QImage before = any->image(pane);
        for (const QSize size : {QSize(1, 1), QSize(0, 0), QSize(3, 700), QSize(2000, 2)})
            QCOMPARE(any->image({size, 1.5}).size(), (Viewport{size, 1.5}.deviceSize()));
        QVERIFY(any->image(pane) == before);
        QVERIFY(any->image({{1, 1}, 1.5}) != before);
    }
};

QTEST_MAIN(TestEveryScene)
#include "tst_every_scene.moc"
