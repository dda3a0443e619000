#include "widgets/command_palette.h"
#include "widgets/desktop_motion.h"
#include "widgets/navigator.h"

#include <QDir>
#include <QFile>
#include <QMouseEvent>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace atlas;
using scenes::Camera;
using widgets::FlightKind;
using widgets::Motion;
using widgets::Navigator;

namespace {

constexpr int kPatienceMs = 20'000;

bool mouse(Navigator& navigator, QEvent::Type type, QPointF at, Qt::KeyboardModifiers modifiers = {}) {
    QMouseEvent event(type, at, at, type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, Qt::LeftButton,
                      modifiers);
    return navigator.handle(&event);
}

bool wheel(Navigator& navigator, QPointF at, QPoint angle, const QPointingDevice* device) {
    QWheelEvent event(at, at, {}, angle, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false,
                      Qt::MouseEventNotSynthesized, device);
    return navigator.handle(&event);
}

} // namespace

/// The camera under hand: what glides, what jumps, what stays under the pointer, what a drag draws.
class TestNavigator : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_navigator = std::make_unique<Navigator>();
        m_navigator->setViewport({{800, 600}, 1.0});
        m_navigator->setWorld({{0, 0}, 1.0, scenes::CameraAxes::Plane}, {0.1, 1000});
        m_navigator->setCamera({{50, 20}, 2.0, scenes::CameraAxes::Plane});
    }

    void aNotchGlidesAboutThePointer() {
        const QPointF at(120, 90);
        const QPointF under = m_navigator->camera().toWorld(at, m_navigator->viewport());
        wheel(*m_navigator, at, {0, 120}, &m_mouse);
        QVERIFY(m_navigator->flying());
        QVERIFY(m_navigator->camera().pixelsPerMetre > 2.0); // answers at once
        QTRY_VERIFY_WITH_TIMEOUT(!m_navigator->flying(), kPatienceMs);
        // A notch is 15 degrees: 2^(15 / 60).
        QVERIFY(std::abs(m_navigator->camera().pixelsPerMetre - 2.0 * std::exp2(0.25)) < 1e-9);
        const QPointF after = m_navigator->camera().toWorld(at, m_navigator->viewport());
        QVERIFY((after - under).manhattanLength() < 1e-6);
    }

    void notchesAddUp() {
        for (int i = 0; i < 4; ++i) {
            wheel(*m_navigator, {400, 300}, {0, 120}, &m_mouse);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!m_navigator->flying(), kPatienceMs);
        // What was left of a glide is done along with the next: four quarters of an octave.
        QVERIFY(std::abs(m_navigator->camera().pixelsPerMetre - 4.0) < 1e-9);
    }

    void keysPanByAShareOfThePane() {
        QKeyEvent right(QEvent::KeyPress, Qt::Key_Right, Qt::NoModifier);
        QVERIFY(m_navigator->handle(&right));
        QTRY_VERIFY_WITH_TIMEOUT(!m_navigator->flying(), kPatienceMs);
        QVERIFY(std::abs(m_navigator->camera().centre.x() - (50 + 0.15 * 800 / 2.0)) < 1e-9);
        QKeyEvent fine(QEvent::KeyPress, Qt::Key_Down, Qt::ShiftModifier);
        QVERIFY(m_navigator->handle(&fine));
        QTRY_VERIFY_WITH_TIMEOUT(!m_navigator->flying(), kPatienceMs);
        QVERIFY(std::abs(m_navigator->camera().centre.y() - (20 + 0.03 * 600 / 2.0)) < 1e-9);
    }

    void reducedMotionJumps() {
        m_navigator->setMotion(Motion::Reduced);
        QSignalSpy moved(m_navigator.get(), &Navigator::cameraChanged);
        m_navigator->flyTo({{500, 0}, 8, scenes::CameraAxes::Plane});
        QVERIFY(!m_navigator->flying());
        QCOMPARE(moved.count(), 1);
        QCOMPARE(m_navigator->camera().pixelsPerMetre, 8.0);
        wheel(*m_navigator, {400, 300}, {0, 120}, &m_mouse);
        QVERIFY(!m_navigator->flying());
        m_navigator->fit();
        QCOMPARE(m_navigator->camera().pixelsPerMetre, 1.0);
        QCOMPARE(moved.count(), 3);
    }

    void theLastStepOfAFlightHomeIsOne() {
        FlightKind last = FlightKind::Alone;
        connect(m_navigator.get(), &Navigator::cameraChanged, this,
                [this, &last] { last = m_navigator->flightKind(); });
        m_navigator->fit();
        QTRY_VERIFY_WITH_TIMEOUT(!m_navigator->flying(), kPatienceMs);
        QVERIFY(last == FlightKind::Home);
        QVERIFY(m_navigator->flightKind() == FlightKind::Alone);
        QCOMPARE(m_navigator->camera().centre, QPointF(0, 0));
    }

    void twoFingersPan() {
        const QPointF before = m_navigator->camera().centre;
        wheel(*m_navigator, {400, 300}, {0, -120}, &m_touchpad);
        QCOMPARE(m_navigator->camera().pixelsPerMetre, 2.0);
        QCOMPARE(m_navigator->camera().centre, before + QPointF(0, 60 / 2.0));
    }

    void pinchZooms() {
        QNativeGestureEvent pinch(Qt::ZoomNativeGesture, &m_touchpad, 2, {200, 200}, {200, 200}, {200, 200},
                                  0.25, {});
        QVERIFY(m_navigator->handle(&pinch));
        QCOMPARE(m_navigator->camera().pixelsPerMetre, 2.5);
    }

    void shiftDragDrawsABox() {
        QSignalSpy chosen(m_navigator.get(), &Navigator::areaChosen);
        const Camera before = m_navigator->camera();
        mouse(*m_navigator, QEvent::MouseButtonPress, {300, 200}, Qt::ShiftModifier);
        QVERIFY(mouse(*m_navigator, QEvent::MouseMove, {100, 260}, Qt::ShiftModifier));
        QVERIFY(m_navigator->drawing());
        QVERIFY(mouse(*m_navigator, QEvent::MouseButtonRelease, {100, 260}));
        QVERIFY(!m_navigator->drawing());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].value<QPolygonF>().boundingRect(), QRectF(100, 200, 200, 60));
        QCOMPARE(m_navigator->camera(), before); // the floor stays
    }

    void altDragDrawsALasso() {
        QSignalSpy chosen(m_navigator.get(), &Navigator::areaChosen);
        mouse(*m_navigator, QEvent::MouseButtonPress, {100, 100}, Qt::AltModifier);
        for (const QPointF at : {QPointF(200, 100), QPointF(201, 100), QPointF(150, 200)}) {
            mouse(*m_navigator, QEvent::MouseMove, at, Qt::AltModifier);
        }
        mouse(*m_navigator, QEvent::MouseButtonRelease, {150, 200});
        QCOMPARE(chosen.count(), 1);
        // A corner a pixel from the last one is left out.
        QCOMPARE(chosen[0][0].value<QPolygonF>(), QPolygonF({{100, 100}, {200, 100}, {150, 200}}));
    }

    void escapeGivesTheBoxUp() {
        QSignalSpy chosen(m_navigator.get(), &Navigator::areaChosen);
        mouse(*m_navigator, QEvent::MouseButtonPress, {300, 200}, Qt::ShiftModifier);
        mouse(*m_navigator, QEvent::MouseMove, {100, 260}, Qt::ShiftModifier);
        QKeyEvent escape(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
        QVERIFY(m_navigator->handle(&escape));
        mouse(*m_navigator, QEvent::MouseButtonRelease, {100, 260});
        QCOMPARE(chosen.count(), 0);
    }

    void aClickWithShiftIsAClick() {
        mouse(*m_navigator, QEvent::MouseButtonPress, {300, 200}, Qt::ShiftModifier);
        mouse(*m_navigator, QEvent::MouseMove, {301, 201}, Qt::ShiftModifier);
        QVERIFY(!mouse(*m_navigator, QEvent::MouseButtonRelease, {301, 201}));
    }

    void desktopsThatAskForStillness_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("reduced");
        QTest::newRow("nothing") << "" << QByteArray() << false;
        QTest::newRow("kde off") << "kdeglobals" << QByteArray("[KDE]\nAnimationDurationFactor=0\n") << true;
        QTest::newRow("kde half") << "kdeglobals" << QByteArray("[KDE]\nAnimationDurationFactor=0.5\n")
                                  << false;
        QTest::newRow("gtk 3 off") << "gtk-3.0/settings.ini"
                                   << QByteArray("[Settings]\ngtk-enable-animations=false\n") << true;
        QTest::newRow("gtk 4 0") << "gtk-4.0/settings.ini"
                                 << QByteArray("[Settings]\ngtk-enable-animations=0\n") << true;
        QTest::newRow("gtk on") << "gtk-3.0/settings.ini"
                                << QByteArray("[Settings]\ngtk-enable-animations=1\n") << false;
    }
    void desktopsThatAskForStillness() {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(bool, reduced);
        const QTemporaryDir folder;
        if (!file.isEmpty()) {
            QDir(folder.path()).mkpath(QFileInfo(file).path());
            QFile out(folder.filePath(file));
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(content);
        }
        QCOMPARE(widgets::motionOfFolder(folder.path()) == Motion::Reduced, reduced);
    }

    void thePaletteGoesToPlaces() {
        QAction fit(QStringLiteral("Fit both panes"));
        widgets::CommandPalette palette;
        palette.setActions({&fit});
        palette.setPlaces([](const QString& typed) -> std::vector<widgets::PaletteEntry> {
            if (typed == QLatin1String("rack 1")) {
                return {{"rack 1-1-1", "A", false}, {"rack 1-1-1", "B", false}};
            }
            return {{"Hall 1", "A", true}};
        });
        QSignalSpy gone(&palette, &widgets::CommandPalette::placeChosen);
        palette.popUp();
        auto* field = palette.findChild<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(field != nullptr);
        QTest::keyClicks(field, "fit");
        QCOMPARE(palette.shown(), QStringList{"Fit both panes"}); // a guess does not stand before it
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, "rack 1");
        QCOMPARE(palette.shown(), (QStringList{"rack 1-1-1", "rack 1-1-1"}));
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(gone.count(), 1);
        QCOMPARE(gone[0][0].toInt(), 1);
    }

    void unknownPlacesGetSuggestions() {
        widgets::CommandPalette palette;
        palette.setPlacesOnly();
        palette.setPlaces([](const QString& typed) -> std::vector<widgets::PaletteEntry> {
            return typed == QLatin1String("xyzzy")
                       ? std::vector<widgets::PaletteEntry>{}
                       : std::vector<widgets::PaletteEntry>{{"Hall 3", "A", true}};
        });
        QSignalSpy gone(&palette, &widgets::CommandPalette::placeChosen);
        palette.popUp();
        auto* field = palette.findChild<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
        QTest::keyClicks(field, "hall 30");
        QCOMPARE(palette.shown().size(), 2);
        QVERIFY(palette.shown().front().contains("hall 30"));
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, "xyzzy");
        QCOMPARE(palette.shown().size(), 1);
        QTest::keyClick(field, Qt::Key_Return); // nothing to go to
        QCOMPARE(gone.count(), 0);
        QVERIFY(palette.isVisible());
    }

private:
    std::unique_ptr<Navigator> m_navigator;
    QPointingDevice m_mouse{QStringLiteral("mouse"),
                            1,
                            QInputDevice::DeviceType::Mouse,
                            QPointingDevice::PointerType::Generic,
                            QInputDevice::Capability::Scroll,
                            1,
                            3};
    QPointingDevice m_touchpad{QStringLiteral("touchpad"),
                               2,
                               QInputDevice::DeviceType::TouchPad,
                               QPointingDevice::PointerType::Finger,
                               QInputDevice::Capability::Scroll,
                               2,
                               1};
};

QTEST_MAIN(TestNavigator)
#include "tst_navigator.moc"
