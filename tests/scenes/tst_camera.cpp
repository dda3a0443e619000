// Cameras: world and pane, zooming about the cursor, flights, linked panes.
#include "scenes/camera.h"

#include <QTest>

#include <cmath>

using namespace atlas::scenes;

namespace {
bool near(QPointF a, QPointF b, double tolerance = 1e-9) {
    return std::hypot(a.x() - b.x(), a.y() - b.y()) <= tolerance;
}
} // namespace

class TestCamera : public QObject {
    Q_OBJECT

    const Viewport m_pane{{800, 500}, 1.5};

private slots:
    void deviceSizeIsNeverEmpty() {
        QCOMPARE((Viewport{{0, 0}, 2.0}.deviceSize()), QSize(1, 1));
        QCOMPARE((Viewport{{801, 500}, 1.5}.deviceSize()), QSize(1202, 750));
    }

    void worldAndScreenAreInverse() {
        const Camera camera{{120.5, -33.25}, 7.3};
        for (const QPointF world : {QPointF(0, 0), QPointF(120.5, -33.25), QPointF(-4e3, 9e3)})
            QVERIFY(near(camera.toWorld(camera.toScreen(world, m_pane), m_pane), world, 1e-6));
        QVERIFY(near(camera.toScreen(camera.centre, m_pane), {400, 250}));
        QCOMPARE(camera.visible(m_pane).width(), 800 / 7.3);
    }

    void zoomKeepsTheWorldUnderTheCursor() {
        const Camera camera{{10, 20}, 3};
        const QPointF cursor(613, 87);
        for (const double factor : {0.25, 1.1, 40.0}) {
            const Camera zoomed = camera.zoomed(factor, cursor, m_pane);
            QVERIFY(near(zoomed.toWorld(cursor, m_pane), camera.toWorld(cursor, m_pane)));
            QCOMPARE(zoomed.pixelsPerMetre, 3 * factor);
        }
    }

    void panMovesTheWorldWithTheHand() {
        const Camera camera{{10, 20}, 4};
        QVERIFY(near(camera.panned({40, -8}).toScreen({10, 20}, m_pane), {440, 242}));
    }

    void fitShowsEverything_data() {
        QTest::addColumn<QRectF>("world");
        QTest::newRow("wide") << QRectF(5, 5, 400, 20);
        QTest::newRow("tall") << QRectF(-50, 0, 10, 300);
    }
    void fitShowsEverything() {
        QFETCH(QRectF, world);
        const Camera camera = fitted(world, m_pane, 16);
        const QRectF shown = camera.toScreen(world, m_pane);
        QVERIFY(m_pane.rect().adjusted(16, 16, -16, -16).adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(shown));
        QVERIFY(std::max(shown.width() / 768, shown.height() / 468) > 1 - 1e-9);
        QVERIFY(std::isfinite(fitted({}, m_pane).pixelsPerMetre));
        QVERIFY(fitted(world, {{0, 0}, 1}).pixelsPerMetre > 0);
    }

    void linkedPanesShareAScale() {
        const QRectF small(0, 0, 100, 60);
        const QRectF large(0, 0, 300, 200);
        const Camera leader{{60, 25}, 5};
        const Camera own{{1, 2}, 3};
        const Camera scale = linked(leader, small, m_pane, own, large, m_pane, CameraLink::SameScale);
        QCOMPARE(scale.pixelsPerMetre, 5.0);
        QVERIFY(near(scale.centre, QPointF(150 + 10, 100 - 5)));
        QCOMPARE(linked(leader, small, m_pane, own, large, m_pane, CameraLink::Free), own);
    }

    void linkedPanesShareAnExtent() {
        const QRectF small(0, 0, 100, 60);
        const QRectF large(50, 50, 300, 200);
        const Camera whole = fitted(small, m_pane);
        const Camera other = linked(whole, small, m_pane, {}, large, m_pane, CameraLink::SameExtent);
        const Camera wanted = fitted(large, m_pane);
        QVERIFY(near(other.centre, wanted.centre, 1e-6));
        QVERIFY(std::abs(other.pixelsPerMetre - wanted.pixelsPerMetre) < 1e-9);
        const Camera back = linked(other, large, m_pane, {}, small, m_pane, CameraLink::SameExtent);
        QVERIFY(near(back.centre, whole.centre, 1e-6));
    }

    void flightsMeetTheirEnds_data() {
        QTest::addColumn<QPointF>("to");
        QTest::addColumn<double>("scale");
        QTest::newRow("far and in") << QPointF(300, 200) << 90.0;
        QTest::newRow("far and out") << QPointF(-300, 20) << 0.5;
        QTest::newRow("zoom only") << QPointF(10, 20) << 200.0;
        QTest::newRow("pan only") << QPointF(500, 20) << 4.0;
        QTest::newRow("nowhere") << QPointF(10, 20) << 4.0;
    }
    void flightsMeetTheirEnds() {
        QFETCH(QPointF, to);
        QFETCH(double, scale);
        const Camera from{{10, 20}, 4};
        const Camera end{to, scale};
        const CameraFlight flight(from, end, m_pane);
        QCOMPARE(flight.at(0), from);
        QCOMPARE(flight.at(1), end);
        QVERIFY(near(flight.at(0.9999).centre, to, 0.5));
        QVERIFY(std::abs(std::log(flight.at(0.9999).pixelsPerMetre / scale)) < 0.01);
        QVERIFY(near(flight.at(1e-4).centre, from.centre, 0.5));
        QVERIFY(flight.durationS() >= 0.2 && flight.durationS() <= 1.2);
        // Without a jump: 200 steps, each a small part of the view.
        for (int i = 0; i < 200; ++i) {
            const Camera a = flight.at(i / 200.0);
            const Camera b = flight.at((i + 1) / 200.0);
            QVERIFY(std::isfinite(b.pixelsPerMetre) && b.pixelsPerMetre > 0);
            QVERIFY(std::abs(std::log(b.pixelsPerMetre / a.pixelsPerMetre)) < 0.2);
            QVERIFY(near(a.toScreen(b.centre, m_pane), {400, 250}, 160));
        }
    }

    void zoomLimitsHoldTheCampusAndAGpu() {
        const QRectF campus(0, 0, 200, 100);
        const ZoomLimits limits = zoomLimits(campus, 0.075, m_pane);
        QVERIFY(limits.clamp(1e-9) < fitted(campus, m_pane).pixelsPerMetre);
        QVERIFY(limits.clamp(1e9) * 0.075 > 100); // a GPU at least 100 px wide
        QCOMPARE(limits.clamp(10), 10.0);
    }
};

QTEST_GUILESS_MAIN(TestCamera)
#include "tst_camera.moc"
