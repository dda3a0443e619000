#include "app/difference_words.h"
#include "app/playback.h"
#include "app/stops.h"
#include "app/view_desk.h"
#include "tests/app/window_fixture.h"
#include "widgets/difference_panel.h"
#include "widgets/format.h"
#include "widgets/minimap.h"
#include "widgets/scrubber.h"
#include "widgets/tabular_label.h"
#include "widgets/transport_bar.h"

#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QToolButton>

using namespace atlas;
using app::MainWindow;
using scenes::ClockLink;
using scenes::Target;
using scenes::TargetKind;
using testing::kPatienceMs;
using widgets::index;
using widgets::Side;

/// Two panes at once: one clock or two, and what either says of itself.
class TestWindowPanes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        QDir(QFileInfo(app::bookmarkFile(testing::defaultScenario(), false)).absolutePath())
            .removeRecursively();
        m_window = testing::makeWindow();
        m_window->open(testing::defaultScenario());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_startS = m_window->playback().timeS();
    }
    void cleanupTestCase() { m_window.reset(); }
    void init() {
        QApplication::setActiveWindow(m_window.get());
        m_window->playback().pause();
        m_window->playback().setLink(ClockLink::Shared);
        m_window->playback().seek(m_startS);
        m_window->actions().floorplan->trigger();
        m_window->select(Side::A, {});
        m_window->stage().fitAll();
        settle();
    }

    void aKeyGivesEachPaneItsClock() {
        QCOMPARE(clocksButton()->text(), QStringLiteral("A+B"));
        QTest::keyClick(m_window.get(), Qt::Key_C);
        QVERIFY(m_window->playback().link() == ClockLink::Own);
        QVERIFY(m_window->actions().ownClocks->isChecked());
        QCOMPARE(clocksButton()->text(), QStringLiteral("A"));
        click(Side::B);
        QCOMPARE(clocksButton()->text(), QStringLiteral("B"));
        m_window->playback().seek(5 * 86'400.0);
        settle();
        QCOMPARE(m_window->shown().timesS[0], m_startS);
        QCOMPARE(m_window->shown().timesS[1], 5 * 86'400.0);
        QCOMPARE(m_window->shown().frames[0]->timeS, m_startS);
        QCOMPARE(m_window->shown().frames[1]->timeS, 5 * 86'400.0);
        QCOMPARE(clockLabel()->text(), widgets::clockText(5 * 86'400.0));
        // Each pane says what time it shows, and which of them the bar moves.
        QVERIFY(pane(Side::A).caption().clock.startsWith(widgets::clockText(m_startS)));
        QVERIFY(pane(Side::B).caption().clock.startsWith(widgets::clockText(5 * 86'400.0)));
        QVERIFY(!pane(Side::A).caption().clockInHand && pane(Side::B).caption().clockInHand);
        // Back to one: that of the pane in hand.
        QTest::mouseClick(clocksButton(), Qt::LeftButton);
        settle();
        QCOMPARE(m_window->shown().timesS[0], 5 * 86'400.0);
        QVERIFY(pane(Side::A).caption().clock.isEmpty());
    }

    void keysMoveTheClockOfTheFocusedPane() {
        m_window->actions().ownClocks->trigger();
        click(Side::B);
        settle();
        QTest::keyClick(m_window.get(), Qt::Key_Period);
        settle();
        const auto& b = m_window->session().workspace()->pane(Side::B).timeline;
        QCOMPARE(m_window->playback().timeS(Side::B), b->stepBoundary(m_startS, +1));
        QCOMPARE(m_window->playback().timeS(Side::A), m_startS);
        QTest::keyClick(m_window.get(), Qt::Key_L);
        QVERIFY(m_window->playback().clock(Side::B).speed > m_window->playback().clock(Side::A).speed);
        QTest::keyClick(m_window.get(), Qt::Key_C, Qt::ShiftModifier);
        QVERIFY(m_window->playback().inHand() == Side::A);
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->shown().timesS[0] > m_startS, kPatienceMs);
        QCOMPARE(m_window->playback().timeS(Side::B), b->stepBoundary(m_startS, +1));
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        settle();
        QTest::keyClick(m_window.get(), Qt::Key_J);
    }

    void aPaneWhoseClockStandsStillIsNotDrawnAgain() {
        m_window->actions().ownClocks->trigger();
        click(Side::A);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(canvas(Side::A), &leave);
        settle();
        QTest::qWait(300);
        const auto standing = m_window->shown().frames[1];
        const int before = pane(Side::B).view().paintCount();
        m_window->playback().setPlaying(true);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->shown().timesS[0] > m_startS, kPatienceMs);
        QTest::qWait(300);
        m_window->playback().pause();
        settle();
        QVERIFY(m_window->shown().frames[1] == standing);
        QCOMPARE(pane(Side::B).view().paintCount(), before);
    }

    void theStallSpreadsInEachPaneByItsOwnClock() {
        m_window->actions().ownClocks->trigger();
        const double kLate =
            0.85; // when those who are done wait, and what comes after the barrier has not begun
        const auto workspace = m_window->session().workspace();
        for (const Side side : widgets::kSides) {
            const auto& timeline = workspace->pane(side).timeline;
            const double begin = timeline->stepBoundary(m_startS, -1);
            const double end = timeline->stepBoundary(begin, +1);
            // Early on one side, late on the other: what waits follows each clock.
            const double share = side == Side::A ? 0.02 : kLate;
            m_window->playback().seekOn(side, begin + share * (end - begin));
        }
        settle();
        const auto waiting = [this](Side side) {
            const auto& frame = *m_window->shown().frames[index(side)];
            return frame.counts[static_cast<std::size_t>(operations::GpuState::Waiting)];
        };
        const std::uint32_t early = waiting(Side::A);
        const std::uint32_t lateB = waiting(Side::B);
        for (const Side side : widgets::kSides) {
            const auto& frame = *m_window->shown().frames[index(side)];
            QCOMPARE(frame.timeS, m_window->playback().timeS(side));
            const auto& blame = pane(side).floor().options().blame;
            QVERIFY(blame);
            QCOMPARE(blame->culprit, frame.culprit);
        }
        const auto& a = workspace->pane(Side::A).timeline;
        const double begin = a->stepBoundary(m_startS, -1);
        m_window->playback().seekOn(Side::A, begin + kLate * (a->stepBoundary(begin, +1) - begin));
        settle();
        QVERIFY2(waiting(Side::A) > early,
                 qPrintable(QStringLiteral("%1 after %2").arg(waiting(Side::A)).arg(early)));
        QCOMPARE(waiting(Side::B), lateB);
    }

    void timelinesTurnTheirOwnPages() {
        m_window->actions().stepTimeline->trigger();
        m_window->actions().ownClocks->trigger();
        settle();
        m_window->playback().seekOn(Side::B, m_startS + 40 * 86'400.0);
        settle();
        for (const Side side : widgets::kSides) {
            QVERIFY(pane(side).lanes().shows(m_window->playback().timeS(side), pane(side).view().viewport()));
        }
        // Linked time lines keep their clocks at the same place when one of them is moved by hand.
        click(Side::A);
        QTest::keyClick(&pane(Side::A).view(), Qt::Key_Right);
        settle();
        const auto fromClock = [this](Side side) {
            return pane(side).view().scene().camera().centre.x() - m_window->playback().timeS(side);
        };
        const double tolerance = 1e-6 * (1 + std::abs(fromClock(Side::A)));
        QVERIFY(std::abs(fromClock(Side::A) - fromClock(Side::B)) < tolerance);
    }

    void anInjectionHappensAtTheClockOfItsPane() {
        m_window->actions().ownClocks->trigger();
        m_window->playback().seekOn(Side::B, 300 * 86'400.0);
        settle();
        m_window->select(Side::B, {TargetKind::Rack, 3, cluster::kNone});
        settle();
        QTest::keyClick(m_window.get(), Qt::Key_I);
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        menu->actions().first()->trigger();
        menu->close();
        settle();
        const auto& injections = m_window->session().scenario()->operations.injections;
        QCOMPARE(injections.size(), std::size_t{1});
        QCOMPARE(injections[0].atS, 300 * 86'400.0);
        m_window->session().undoStack()->undo();
        settle();
    }

    void differentFloorsAreComparedInWordsAndFigures() {
        QTest::keyClick(m_window.get(), Qt::Key_D);
        settle();
        auto* panel = pane(Side::B).findChild<widgets::DifferencePanel*>();
        QVERIFY(panel->isVisible() && panel->height() > pane(Side::B).height() / 2);
        QVERIFY(!panel->content().map);
        QVERIFY(!pane(Side::B).floor().options().base);
        const auto row = [panel](const QString& name) {
            const auto& rows = panel->content().rows;
            const auto found = std::ranges::find(rows, name, &widgets::DifferenceContent::Row::name);
            return found == rows.end() ? widgets::DifferenceContent::Row{} : *found;
        };
        const double a = pane(Side::A).cluster()->gpuCount;
        const double b = pane(Side::B).cluster()->gpuCount;
        QVERIFY(panel->content().words.contains(widgets::countText(a)));
        QVERIFY(panel->content().words.contains(widgets::countText(b)));
        QCOMPARE(row("GPUs").a, widgets::countText(a));
        QCOMPARE(row("GPUs").b, widgets::countText(b));
        QCOMPARE(row("GPUs").difference, QStringLiteral("+") + widgets::countText(b - a));
        QVERIFY(row("NVLink domain").a != row("NVLink domain").b);
        QVERIFY(!row("fabric").a.isEmpty() && !row("classes").b.isEmpty());
        QTest::keyClick(m_window.get(), Qt::Key_D);
        QVERIFY(!panel->isVisible());
        m_window->colour(scenes::ColourBy::State);
    }

    void theSameFloorIsDrawnAsItsDifference() {
        const auto before = m_window->session().choice(Side::B);
        m_window->session().setChoice(Side::B, {"fix-1", {}});
        settle();
        m_window->actions().ownClocks->trigger();
        m_window->playback().seekOn(Side::B, m_startS + 3600);
        m_window->actions().difference->trigger();
        settle();
        auto* panel = pane(Side::B).findChild<widgets::DifferencePanel*>();
        QVERIFY(panel->isVisible() && panel->content().map);
        QVERIFY(panel->geometry().top() >= pane(Side::B).view().geometry().bottom());
        QVERIFY(pane(Side::B).floor().options().base == m_window->shown().frames[0]);
        QVERIFY(pane(Side::B).floor().options().colourBy == scenes::ColourBy::Utilisation);
        QVERIFY(pane(Side::B).legend().ramp == m_window->theme().diverging);
        QVERIFY(pane(Side::B).legend().rampHigh.startsWith("+100 pp"));
        // A name cannot be subtracted: words again.
        m_window->colour(scenes::ColourBy::State);
        QVERIFY(!panel->content().map && panel->content().words.contains("nothing to subtract"));
        m_window->colour(scenes::ColourBy::StallShare);
        QVERIFY(panel->content().map);
        m_window->actions().fabric->trigger();
        settle();
        QVERIFY(!panel->content().map);
        m_window->actions().floorplan->trigger();
        m_window->actions().difference->trigger();
        m_window->colour(scenes::ColourBy::State);
        m_window->session().setChoice(Side::B, before);
        m_window->session().undoStack()->setIndex(0);
        settle();
    }

    void theSumsOfAPaneAddUp() {
        const auto& workspace = *m_window->session().workspace();
        const auto cluster = pane(Side::A).cluster();
        const operations::Frame& frame = *m_window->shown().frames[0];
        const auto conditions = operations::gpuConditions(*workspace.scenario, *cluster);
        const app::PaneFigures sum = app::figuresOf(*cluster, frame, conditions);
        double powered = 0;
        double still = 0;
        double powerW = 0;
        for (cluster::Index g = 0; g < cluster->gpuCount; ++g) { // one by one
            const auto state = static_cast<operations::GpuState>(frame.state[g]);
            powered += state != operations::GpuState::Unpowered ? 1 : 0;
            still += operations::standsStill(state) ? 1 : 0;
            powerW += conditions.classes[cluster->classOf(g)].powerW(state, frame.utilisation[g] / 255.0);
        }
        QCOMPARE(sum.powered, powered);
        QCOMPARE(sum.still, still / powered);
        QVERIFY(std::abs(sum.powerW / powerW - 1) < 1e-9);
    }

    void theMapOfTheFabricMarksTheSelection() {
        m_window->actions().fabric->trigger();
        settle();
        const auto& racks = pane(Side::A).cluster()->racks;
        const auto last = static_cast<cluster::Index>(racks.size() - 1);
        m_window->select(Side::A, {TargetKind::Rack, last, cluster::kNone});
        widgets::SceneView& view = pane(Side::A).view();
        view.flyTo({TargetKind::Hall, racks[last].hall, cluster::kNone});
        settle();
        widgets::Minimap& map = pane(Side::A).minimap();
        QVERIFY(map.isVisible());
        QVERIFY(!map.shownPart().isEmpty());
        // In the hall of the rack, which is what is in view.
        QVERIFY(map.shownPart().adjusted(-1, -1, 1, 1).contains(map.selectedPart().center()));
        QVERIFY(!map.marks().empty()); // the halls of culprit and faults
        m_window->select(Side::A, {});
        QVERIFY(map.selectedPart().isEmpty());
    }

    void viewsKeepBothClocksAndAreStopsOnTheWay() {
        m_window->actions().ownClocks->trigger();
        m_window->playback().seekOn(Side::A, 100 * 86'400.0);
        m_window->playback().seekOn(Side::B, 200 * 86'400.0);
        settle();
        m_window->views().add(QStringLiteral("apart"));
        const auto marks = m_window->findChild<widgets::TransportBar*>()->scrubber().marks();
        for (const double atS : {100 * 86'400.0, 200 * 86'400.0}) {
            QVERIFY(std::ranges::any_of(
                marks, [atS](const widgets::TimeMark& mark) { return mark.byHand && mark.timeS == atS; }));
        }
        m_window->playback().setLink(ClockLink::Shared);
        m_window->playback().seek(100 * 86'400.0 - 1);
        settle();
        QTest::keyClick(m_window.get(), Qt::Key_BracketRight); // to the next stop: the view
        settle();
        QVERIFY(m_window->playback().link() == ClockLink::Own);
        QCOMPARE(m_window->playback().timesS(), (std::array{100 * 86'400.0, 200 * 86'400.0}));
        m_window->views().forget();
    }

    void stopsComeInOrderOfTime() {
        const auto& timeline = *m_window->session().workspace()->pane(Side::A).timeline;
        const auto failure = app::nextStop(timeline, {}, m_startS, +1);
        QVERIFY(failure && !failure->view && failure->timeS > m_startS);
        const std::vector<double> views = {failure->timeS + 9, (m_startS + failure->timeS) / 2, m_startS};
        QVERIFY(app::nextStop(timeline, views, m_startS, +1) == (app::Stop{views[1], 1}));
        QVERIFY(app::nextStop(timeline, views, views[1], +1) == failure);
        QVERIFY(app::nextStop(timeline, views, failure->timeS, -1) == (app::Stop{views[1], 1}));
        QVERIFY(app::nextStop(timeline, views, views[1], -1) == (app::Stop{m_startS, 2}));
        const std::vector<double> same = {failure->timeS};
        QVERIFY(app::nextStop(timeline, same, m_startS, +1) == (app::Stop{failure->timeS, 0}));
    }

private:
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs); }
    widgets::ScenePane& pane(Side side) { return m_window->stage().pane(side); }
    QWidget* canvas(Side side) {
        widgets::SceneView& view = pane(side).view();
        return view.childAt(view.rect().center());
    }
    /// On the floor beside the halls, as one does to give a pane the keyboard.
    void click(Side side) { QTest::mouseClick(canvas(side), Qt::LeftButton, {}, QPoint(3, 3)); }
    QToolButton* clocksButton() { return m_window->findChild<QToolButton*>(QStringLiteral("clocks")); }
    widgets::TabularLabel* clockLabel() {
        return m_window->findChild<widgets::TabularLabel*>(QStringLiteral("clock"));
    }

    std::unique_ptr<MainWindow> m_window;
    double m_startS = 0;
};

QTEST_MAIN(TestWindowPanes)
#include "tst_window_panes.moc"
