#include "tests/app/window_fixture.h"
#include "widgets/inspector_panel.h"
#include "widgets/legend_bar.h"

#include <QLabel>
#include <QTemporaryDir>

using namespace atlas;
using app::MainWindow;
using testing::answerFileDialog;
using testing::kPatienceMs;
using widgets::Side;

/// The two panes of the real window: what mouse and keyboard do to their scenes.
class TestWindowScenes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        m_window = testing::makeWindow();
        m_window->open(testing::defaultScenario());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }
    void cleanupTestCase() { m_window.reset(); }

    void spacePlaysAndPauses() {
        const double before = m_window->playback().timeS();
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        QVERIFY(m_window->playback().playing());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->shown().timesS[0] > before, kPatienceMs);
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        QVERIFY(!m_window->playback().playing());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QCOMPARE(m_window->shown().timesS[0], m_window->playback().timeS());
    }

    void restsWhenPaused() {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QTest::qWait(100);
        const int before = m_window->stage().pane(Side::A).view().paintCount();
        QTest::qWait(400);
        QCOMPARE(m_window->stage().pane(Side::A).view().paintCount(), before);
    }

    /// What a pixel stands for is the same in the legend, in the bottom line and in the pane, at every size.
    void theScaleIsToldOnce() {
        const QSize before = m_window->size();
        for (const QSize size : {QSize(1280, 720), QSize(1900, 1000), QSize(1440, 800), before}) {
            m_window->resize(size);
            QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
            const QString note = m_window->stage().pane(Side::A).legend().note;
            QVERIFY2(note.contains(QStringLiteral("GPU")), qPrintable(note));
            QCOMPARE(m_window->findChild<widgets::LegendBar*>()->legend().note, note);
            QCOMPARE(m_window->findChild<QLabel*>(QStringLiteral("detail"))->text(), note);
        }
    }

    void clickSelectsWhatIsUnderIt() {
        widgets::ScenePane& pane = m_window->stage().pane(Side::A);
        widgets::SceneView& view = pane.view();
        // The middle of a rack in the middle of the first hall, wherever that is on screen.
        const auto cluster = pane.cluster();
        const cluster::Rack& rack = cluster->racks[cluster->halls[0].racks.first + 3];
        const QPointF at = view.scene().camera().toScreen(
            QPointF(rack.x + rack.w / 2.0F, rack.y + rack.h / 2.0F), view.viewport());
        auto* canvas = view.childAt(at.toPoint());
        QVERIFY(canvas != nullptr);
        QTest::mouseClick(canvas, Qt::LeftButton, {}, at.toPoint());
        const scenes::Target expected = view.scene().pick(at, view.viewport());
        QVERIFY(static_cast<bool>(expected));
        QVERIFY(pane.selection() == expected);
        const auto& content = m_window->findChild<widgets::InspectorPanel*>()->content();
        QVERIFY(!content.title.isEmpty());
        QVERIFY(content.title != QString::fromStdString(cluster->name));
        QVERIFY(content.rows.size() >= 3);
    }

    void wheelZoomsAboutThePointerAndBothPanesFollow() {
        widgets::SceneView& a = m_window->stage().pane(Side::A).view();
        widgets::SceneView& b = m_window->stage().pane(Side::B).view();
        const QPointF at(120, 90);
        const QPointF worldBefore = a.scene().camera().toWorld(at, a.viewport());
        const double scaleBefore = a.scene().camera().pixelsPerMetre;
        QWidget* canvas = a.childAt(at.toPoint());
        QWheelEvent wheel(at, canvas->mapToGlobal(at), {}, QPoint(0, 120), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas, &wheel);
        QVERIFY(a.scene().camera().pixelsPerMetre > scaleBefore);
        const QPointF worldAfter = a.scene().camera().toWorld(at, a.viewport());
        QVERIFY((worldAfter - worldBefore).manhattanLength() < 1e-6);
        QCOMPARE(b.scene().camera().pixelsPerMetre, a.scene().camera().pixelsPerMetre);
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ShiftModifier);
        QVERIFY(a.scene().camera().pixelsPerMetre < worldAfter.manhattanLength() + 1e9);
        QCOMPARE(a.scene().camera().pixelsPerMetre, b.scene().camera().pixelsPerMetre);
    }

    void bothThemesAndBothScenes() {
        for (const scenes::ThemeMode mode : {scenes::ThemeMode::Light, scenes::ThemeMode::Dark}) {
            m_window->setTheme(mode);
            QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs); // widgets dress a few at a time
            for (QAction* scene : {m_window->actions().fabric, m_window->actions().floorplan}) {
                scene->trigger();
                const QImage picture = m_window->grab().toImage();
                const scenes::Theme theme = scenes::loadTheme(mode);
                QCOMPARE(picture.pixelColor(picture.width() / 2, picture.height() - 3), theme.panel);
            }
        }
    }

    void sceneIsExported() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("scene.png"));
        answerFileDialog(path);
        m_window->actions().exportScene->trigger();
        const QImage picture(path);
        const QSize pane = m_window->stage().pane(Side::A).view().size();
        QCOMPARE(picture.size(), pane * 2);
    }

    void tinyAndBack() {
        m_window->setMinimumSize(1, 1);
        m_window->resize(200, 120);
        QTest::qWait(50);
        m_window->resize(1600, 900);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QVERIFY(m_window->stage().pane(Side::A).view().width() > 300);
    }

private:
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestWindowScenes)
#include "tst_window_scenes.moc"
