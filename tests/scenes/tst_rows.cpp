// A picture made in parts is the picture made whole, pixel for pixel: every scene, theme, ratio and ground.
#include "scenes/transparent_image.h"
#include "tests/scenes/every_scene.h"

#include <QTest>

#include <cstring>

using namespace atlas;
using namespace atlas::scenes;

class TestRows : public QObject {
    Q_OBJECT

    static QImage joined(const std::vector<QImage>& parts, const QImage& whole) {
        QImage out(whole.size(), whole.format());
        out.setDevicePixelRatio(whole.devicePixelRatio());
        for (const QImage& part : parts)
            for (int y = 0; y < part.height(); ++y)
                std::memcpy(out.scanLine(part.offset().y() + y), part.constScanLine(y),
                            static_cast<std::size_t>(part.width()) * sizeof(QRgb));
        return out;
    }

    /// Says how two pictures differ; empty where they do not.
    static QString difference(const QImage& a, const QImage& b) {
        int off = 0;
        int most = 0;
        QPoint first;
        for (int y = 0; y < a.height(); ++y)
            for (int x = 0; x < a.width(); ++x) {
                const QRgb p = a.pixel(x, y);
                const QRgb q = b.pixel(x, y);
                if (p == q)
                    continue;
                if (off++ == 0)
                    first = {x, y};
                most = std::max({most, std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)),
                                 std::abs(qBlue(p) - qBlue(q)), std::abs(qAlpha(p) - qAlpha(q))});
            }
        return off == 0 ? QString()
                        : QStringLiteral("%1 pixels differ, by up to %2, the first at %3, %4")
                              .arg(off)
                              .arg(most)
                              .arg(first.x())
                              .arg(first.y());
    }

private slots:
    void initTestCase() { QVERIFY(registerFonts()); }

    void partsMakeTheWhole_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<double>("zoom");
        for (const char* name : fixture::kEveryScene)
            for (const bool dark : {true, false})
                for (const double ratio : {1.0, 1.5, 2.0, 1.3})
                    for (const double zoom : {1.0, 12.0})
                        QTest::addRow("%s %s at %g x%g", name, dark ? "dark" : "light", ratio, zoom)
                            << name << dark << ratio << zoom;
    }
    void partsMakeTheWhole() {
        QFETCH(QString, name);
        QFETCH(bool, dark);
        QFETCH(double, ratio);
        QFETCH(double, zoom);
        const Viewport pane{{520, 370}, ratio};
        const Theme theme = loadTheme(dark ? ThemeMode::Dark : ThemeMode::Light);
        const fixture::AnyScene any(name, theme, pane);
        Camera camera = any->camera();
        camera.pixelsPerMetre *= zoom;
        any->setCamera(any->bounded(camera, pane));
        const QImage whole = any->image(pane);
        for (const int rows : {23, 160}) {
            std::vector<QImage> parts;
            for (int first = 0; first < whole.height(); first += rows) {
                parts.push_back(any->image(pane, {first, rows}));
                QCOMPARE(parts.back().height(), std::min(rows, whole.height() - first));
            }
            const QString differs = difference(joined(parts, whole), whole);
            QVERIFY2(differs.isEmpty(), qPrintable(differs));
        }
        QVERIFY(any->image(pane) == whole); // nothing of the parts is left behind
    }

    void partsMakeTheWholeWithoutGround_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : fixture::kEveryScene)
            QTest::newRow(name) << name;
    }
    void partsMakeTheWholeWithoutGround() {
        QFETCH(QString, name);
        const Viewport pane{{520, 370}, 1.5};
        const Theme theme = loadTheme(ThemeMode::Light);
        const fixture::AnyScene any(name, theme, pane);
        const QImage whole = transparentImage(*any, theme, pane);
        std::vector<QImage> parts;
        for (int first = 0; first < whole.height(); first += 70)
            parts.push_back(transparentImage(*any, theme, pane, {first, 70}));
        const QString differs = difference(joined(parts, whole), whole);
        QVERIFY2(differs.isEmpty(), qPrintable(differs));
    }

    /// Beyond 32,768 pixels, where rasterisers used to end.
    void farRowsAreNoDifferent_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : fixture::kEveryScene)
            QTest::newRow(name) << name;
    }
    void farRowsAreNoDifferent() {
        QFETCH(QString, name);
        const Viewport pane{{70, 40'000}, 1.0};
        const fixture::AnyScene any(name, loadTheme(ThemeMode::Dark), pane);
        const QImage whole = any->image(pane);
        for (const int first : {15'000, 19'700, 32'700, 39'900}) {
            const QImage part = any->image(pane, {first, 300});
            QVERIFY(difference(part, whole.copy(0, first, 70, part.height())).isEmpty());
        }
    }

    /// Another place of the parts is another picture: the comparison can fail.
    void theComparisonCanFail() {
        const Viewport pane{{520, 370}, 1.0};
        const fixture::AnyScene any("fabric", loadTheme(ThemeMode::Dark), pane);
        const QImage whole = any->image(pane);
        QImage part = any->image(pane, {64, 64});
        QCOMPARE(part.offset(), QPoint(0, 64));
        QVERIFY(difference(part, whole.copy(0, 64, 520, 64)).isEmpty());
        QVERIFY(!difference(part, whole.copy(0, 65, 520, 64)).isEmpty());
    }
};

QTEST_MAIN(TestRows)
#include "tst_rows.moc"
