#include "app/area_words.h"
#include "app/pages/page_stack.h"
#include "app/view_desk.h"
#include "model/cluster/address.h"
#include "tests/app/window_fixture.h"
#include "widgets/command_palette.h"
#include "widgets/hover_card.h"
#include "widgets/injections_panel.h"
#include "widgets/inspector_panel.h"
#include "widgets/minimap.h"
#include "widgets/performance_overlay.h"
#include "widgets/transport_bar.h"

#include <QDir>
#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace atlas;
using app::MainWindow;
using scenes::Target;
using scenes::TargetKind;
using testing::kPatienceMs;
using widgets::Side;

/// Where one looks: search, views that are kept, boxes and lassos, the map in small, and what all of it
/// costs.
class TestWindowViews : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        QDir(QFileInfo(app::bookmarkFile(testing::defaultScenario(), false)).absolutePath())
            .removeRecursively();
        m_window = testing::makeWindow();
        m_window->open(testing::defaultScenario());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }
    void cleanupTestCase() { m_window.reset(); }
    void init() {
        QApplication::setActiveWindow(m_window.get()); // a palette that closed leaves none active
        m_window->session().undoStack()->setIndex(0);
        m_window->actions().floorplan->trigger();
        m_window->select(Side::A, {});
        m_window->stage().fitAll();
        settle();
    }

    void searchFliesToARack() {
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
        QWidget* field = palette();
        QTest::keyClicks(field, "rack 1-2-3");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(m_window->stage().moving()); // a flight, no jump
        settle();
        const auto cluster = pane(Side::A).cluster();
        const Target target = pane(Side::A).selection();
        QVERIFY(target.kind == TargetKind::Rack);
        QCOMPARE(cluster->racks[target.index].label(), std::string("1-2-3"));
        widgets::SceneView& view = pane(Side::A).view();
        const QRectF shown = view.scene().camera().toScreen(view.scene().worldRect(target), view.viewport());
        QVERIFY(view.rect().contains(shown.toAlignedRect()));
        QVERIFY(shown.width() > view.width() / 3.0 || shown.height() > view.height() / 3.0);
    }

    void searchFindsTheSlowest() {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QWidget* field = palette();
        QTest::keyClicks(field, "slowest");
        QTest::keyClick(field, Qt::Key_Return);
        settle();
        QCOMPARE(pane(Side::A).selection().index, m_window->shown().frames[0]->culprit);
    }

    void searchShowsASwitchWhereThereIsOne() {
        m_window->views().goTo(app::Place{{}, {}, Side::A, {TargetKind::Switch, spine(), cluster::kNone}});
        settle();
        // Network rows stand along the walls of their halls: the floor has switches too.
        QVERIFY(m_window->stage().scene() == widgets::PaneScene::Floorplan);
        QVERIFY(pane(Side::A).selection() == (Target{TargetKind::Switch, spine(), cluster::kNone}));
        const auto& view = pane(Side::A).view();
        const QRectF where = view.scene().worldRect(pane(Side::A).selection());
        QVERIFY(!where.isEmpty());
        const QPointF onScreen = view.scene().camera().toScreen(where.center(), view.viewport());
        QVERIFY(view.viewport().rect().contains(onScreen));
    }

    void unknownTextGetsSuggestionsAndGoesThere() {
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
        QWidget* field = palette();
        QTest::keyClicks(field, "rack 99-1-1");
        auto* list = m_window->findChild<widgets::CommandPalette*>();
        QVERIFY(list->shown().size() >= 2);
        QTest::keyClick(field, Qt::Key_Return);
        settle();
        QVERIFY(pane(Side::A).selection().kind == TargetKind::Rack);
    }

    void reducedMotionJumps() {
        m_window->actions().reducedMotion->trigger();
        const double before = pane(Side::A).view().scene().camera().pixelsPerMetre;
        m_window->views().goTo(app::Place{{}, {}, Side::A, {TargetKind::Rack, 5, cluster::kNone}});
        QVERIFY(!m_window->stage().moving());
        QVERIFY(pane(Side::A).view().scene().camera().pixelsPerMetre > 2 * before);
        m_window->actions().fit->trigger();
        QVERIFY(!m_window->stage().moving());
        QCOMPARE(pane(Side::A).view().scene().camera().pixelsPerMetre, before);
        m_window->actions().reducedMotion->trigger();
        QVERIFY(m_window->stage().motion() == widgets::Motion::Eased);
    }

    void fittingFliesHomeAndFollowsFromThen() {
        pane(Side::A).view().flyTo({TargetKind::Hall, 0, cluster::kNone});
        settle();
        QVERIFY(!pane(Side::A).view().followsFit());
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ShiftModifier);
        QVERIFY(m_window->stage().moving());
        settle();
        for (const Side side : widgets::kSides) {
            QVERIFY(pane(side).view().followsFit());
        }
        QCOMPARE(pane(Side::A).view().scene().camera().pixelsPerMetre,
                 pane(Side::B).view().scene().camera().pixelsPerMetre);
    }

    void aBoxSelectsManyAndCountsThem() {
        const auto cluster = pane(Side::A).cluster();
        const cluster::Rack& rack = cluster->racks[2];
        widgets::SceneView& view = pane(Side::A).view();
        view.flyTo({TargetKind::Rack, 2, cluster::kNone});
        settle();
        const QRectF around =
            view.scene().camera().toScreen(QRectF(rack.x, rack.y, rack.w, rack.h), view.viewport());
        drag(view, around.topLeft() - QPointF(3, 3), around.bottomRight() + QPointF(3, 3), Qt::ShiftModifier);
        QCOMPARE(cluster::countOf(m_window->selectedArea()), rack.gpus.count);
        QCOMPARE(m_window->selectedArea().front().first, rack.gpus.first);
        const auto& content = m_window->findChild<widgets::InspectorPanel*>()->content();
        QCOMPARE(content.title, QStringLiteral("%1 GPUs selected").arg(rack.gpus.count));
        const app::AreaSummary sum =
            app::summarise(*cluster, *m_window->shown().frames[0], m_window->selectedArea());
        QCOMPARE(sum.gpus, rack.gpus.count);
        cluster::Index states = 0;
        for (const cluster::Index count : sum.byState) {
            states += count;
        }
        QCOMPARE(states, rack.gpus.count);
        // The area stays on the floor and is given up with the next click.
        QVERIFY(!pane(Side::A).area().isEmpty());
        m_window->select(Side::A, {TargetKind::Rack, 2, cluster::kNone});
        QVERIFY(pane(Side::A).area().isEmpty() && m_window->selectedArea().empty());
    }

    void whatIsDoneToABoxIsDoneToAllAndUndoneAtOnce() {
        const auto cluster = pane(Side::A).cluster();
        const cluster::Rack& first = cluster->racks[2];
        const cluster::Rack& last = cluster->racks[4];
        m_window->selectArea(
            Side::A, QPolygonF(QRectF(QPointF(first.x, first.y), QPointF(last.x + last.w, last.y + last.h))
                                   .adjusted(-0.01, -0.01, 0.01, 0.01)));
        QCOMPARE(cluster::countOf(m_window->selectedArea()),
                 first.gpus.count + cluster->racks[3].gpus.count + last.gpus.count);
        auto* panel = m_window->findChild<widgets::InjectionsPanel*>();
        QVERIFY(!panel->offers().empty());
        emit panel->injectRequested(panel->offers().front().id);
        settle();
        const auto& injections = m_window->session().scenario()->operations.injections;
        QCOMPARE(injections.size(), std::size_t{3}); // rack by rack
        QCOMPARE(injections[1].target, std::string("rack ") + cluster->racks[3].label());
        m_window->session().undoStack()->undo();
        QVERIFY(m_window->session().scenario()->operations.injections.empty());
        settle();
    }

    void aSelectionIsMarkedInTheOtherPane() {
        m_window->select(Side::A, {TargetKind::Rack, 5, cluster::kNone});
        const Target there = pane(Side::B).selection();
        QVERIFY(there.kind == TargetKind::Rack);
        QCOMPARE(pane(Side::B).cluster()->racks[there.index].label(),
                 pane(Side::A).cluster()->racks[5].label());
        const auto& rows = m_window->findChild<widgets::InspectorPanel*>()->content().rows;
        QVERIFY(std::ranges::any_of(rows, [](const auto& row) {
            return row.key == QStringLiteral("in B") && row.value.startsWith("rack");
        }));
        m_window->select(Side::A, {});
        QVERIFY(!pane(Side::B).selection());
    }

    /// A switch is marked in the other pane where one has its name; where none has, the inspector says so.
    void aSwitchHasACounterpartOrWords() {
        const cluster::Cluster& here = *pane(Side::A).cluster();
        const cluster::Cluster& there = *pane(Side::B).cluster();
        int marked = 0;
        int told = 0;
        const auto count = static_cast<cluster::Index>(here.switches.size());
        for (cluster::Index i = 0; i < count; i += std::max(1u, count / 64)) {
            const Target target{TargetKind::Switch, i, cluster::kNone};
            m_window->select(Side::A, target);
            const auto& rows = m_window->findChild<widgets::InspectorPanel*>()->content().rows;
            const auto row =
                std::ranges::find(rows, QStringLiteral("in B"), &widgets::InspectorContent::Row::key);
            QVERIFY2(row != rows.end(), qPrintable(QString::number(i)));
            const Target other = pane(Side::B).selection();
            if (other) {
                QCOMPARE(other.kind, TargetKind::Switch);
                QCOMPARE(row->value, QString::fromStdString(
                                         cluster::partName(there, {cluster::PartKind::Switch, other.index})));
                QCOMPARE(row->value,
                         QString::fromStdString(cluster::partName(here, {cluster::PartKind::Switch, i})));
                ++marked;
            } else {
                QCOMPARE(row->value, QStringLiteral("none of that name"));
                ++told;
            }
        }
        QVERIFY(marked > 0);
        QVERIFY(told > 0);
        m_window->select(Side::A, {});
    }

    void viewsAreKeptAndGoneBackTo() {
        m_window->actions().fabric->trigger();
        m_window->views().goTo(app::Place{{}, {}, Side::B, {TargetKind::Rack, 7, cluster::kNone}});
        m_window->colour(scenes::ColourBy::Utilisation);
        m_window->playback().seek(90 * 86'400.0);
        settle();
        const scenes::Camera camera = pane(Side::B).view().scene().camera();
        const double timeS = m_window->playback().timeS();
        QTest::keyClick(m_window.get(), Qt::Key_B, Qt::ControlModifier);
        auto* dialog = m_window->findChild<QInputDialog*>(QStringLiteral("nameView"));
        QVERIFY(dialog != nullptr && dialog->isVisible());
        dialog->setTextValue(QStringLiteral("Day ninety"));
        dialog->accept();
        QCOMPARE(m_window->views().bookmarks().size(), std::size_t{1});
        QVERIFY(QFileInfo::exists(app::bookmarkFile(testing::defaultScenario(), false)));
        QVERIFY(m_window->actions().views[0]->isVisible());
        QCOMPARE(m_window->actions().views[0]->text(), QStringLiteral("Day ninety"));

        m_window->actions().fabric->trigger();
        m_window->playback().seek(3 * 86'400.0);
        m_window->colour(scenes::ColourBy::State);
        m_window->select(Side::A, {});
        m_window->showPage(QStringLiteral("training"));
        settle();
        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
        settle();
        QVERIFY(m_window->pages().shownPage().isEmpty());
        QVERIFY(m_window->stage().scene() == widgets::PaneScene::Floorplan);
        QCOMPARE(m_window->playback().timeS(), timeS);
        QVERIFY(pane(Side::B).selection() == (Target{TargetKind::Rack, 7, cluster::kNone}));
        QVERIFY(pane(Side::A).floor().options().colourBy == scenes::ColourBy::Utilisation);
        const scenes::Camera now = pane(Side::B).view().scene().camera();
        QVERIFY(std::abs(now.pixelsPerMetre / camera.pixelsPerMetre - 1) < 1e-9);
        QVERIFY((now.centre - camera.centre).manhattanLength() < 1e-6);
        m_window->colour(scenes::ColourBy::State);
    }

    void aViewOfAnotherStrategyBringsItBack() {
        const auto before = m_window->session().workspace()->pane(Side::A).choice;
        m_window->views().add(QStringLiteral("as it was"));
        const std::size_t kept = m_window->views().bookmarks().size() - 1;
        m_window->session().setChoice(Side::A, {"lease-1", {}});
        settle();
        m_window->views().goTo(kept);
        settle();
        QVERIFY(m_window->session().workspace()->pane(Side::A).choice == before);
        m_window->views().forget();
        QCOMPARE(m_window->views().bookmarks().size(), kept);
    }

    void aClickerGoesThroughTheViews() {
        m_window->views().add(QStringLiteral("second"));
        m_window->playback().seek(5 * 86'400.0);
        settle();
        m_window->views().add(QStringLiteral("third"));
        QTest::keyClick(m_window.get(), Qt::Key_PageUp);
        settle();
        const auto& views = m_window->views().bookmarks();
        QCOMPARE(m_window->playback().timeS(), views[views.size() - 2].clocks[0].timeS);
        QTest::keyClick(m_window.get(), Qt::Key_PageDown);
        settle();
        QCOMPARE(m_window->playback().timeS(), 5 * 86'400.0);
    }

    void theMapIsThereWhereItHelpsAndMovesTheView() {
        widgets::Minimap& map = pane(Side::A).minimap();
        QVERIFY(!map.isVisible()); // all of it is in view
        pane(Side::A).view().flyTo({TargetKind::Row, 3, cluster::kNone});
        settle();
        QVERIFY(map.isVisible());
        const QRectF before = map.shownPart();
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(map.width() / 2, map.height() / 2));
        const QRectF after = map.shownPart();
        QVERIFY((after.center() - QPointF(map.width() / 2.0, map.height() / 2.0)).manhattanLength() < 2);
        QVERIFY(before != after);
        // Linked: the other pane went along.
        const auto offset = [this](Side side) {
            return pane(side).view().scene().camera().centre - pane(side).view().scene().bounds().center();
        };
        QVERIFY((offset(Side::A) - offset(Side::B)).manhattanLength() < 1e-6);
        m_window->actions().stepTimeline->trigger();
        QVERIFY(!map.isVisible());
    }

    void theMapShowsTheWorst() {
        const auto frame = m_window->shown().frames[0];
        QVERIFY(frame->culprit != cluster::kNone);
        pane(Side::A).view().flyTo({TargetKind::Row, 3, cluster::kNone});
        settle();
        widgets::Minimap& map = pane(Side::A).minimap();
        const auto marks = map.marks();
        QVERIFY(!marks.empty());
        const QImage picture = map.grab().toImage();
        const double ratio = picture.devicePixelRatio();
        const QRectF shown = map.shownPart().adjusted(-5, -5, 5, 5);
        for (const auto& [at, state] : marks) {
            if (!shown.contains(at)) { // else the frame of what is in view may cross it
                QCOMPARE(picture.pixelColor((QPointF(at) * ratio).toPoint()),
                         m_window->theme().state(state).colour);
            }
        }
    }

    void tooltipsComeAtOnce() {
        widgets::SceneView& view = pane(Side::A).view();
        auto* card = pane(Side::A).findChild<widgets::HoverCard*>();
        const cluster::Rack& rack = pane(Side::A).cluster()->racks[3];
        const QPointF at = view.scene().camera().toScreen(
            QPointF(rack.x + rack.w / 2.0F, rack.y + rack.h / 2.0F), view.viewport());
        QVERIFY(!card->isVisible());
        QWidget* canvas = view.childAt(at.toPoint());
        QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QApplication::sendEvent(canvas, &move);
        QVERIFY(card->isVisible()); // before anything else happens
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(canvas, &leave);
        QVERIFY(!card->isVisible());
    }

    void performanceIsShownWithoutDrawingTheScene() {
        auto* overlay = pane(Side::A).findChild<widgets::PerformanceOverlay*>();
        QVERIFY(!overlay->isVisible());
        QTest::keyClick(m_window.get(), Qt::Key_F12);
        QVERIFY(overlay->isVisible());
        QCOMPARE(overlay->lines().size(), std::size_t{6});
        QTest::qWait(200);
        const int before = pane(Side::A).view().paintCount() + pane(Side::B).view().paintCount();
        QTest::qWait(1300); // two refreshes of the overlay
        QCOMPARE(pane(Side::A).view().paintCount() + pane(Side::B).view().paintCount(), before);
        QTest::keyClick(m_window.get(), Qt::Key_F12);
        QVERIFY(!overlay->isVisible());
    }

    void nothingIsDrawnAtRest_data() {
        QTest::addColumn<QString>("scene");
        for (const char* scene : {"floorplan", "fabric", "stepTimeline", "orbit"}) {
            QTest::newRow(scene) << scene;
        }
    }
    void nothingIsDrawnAtRest() {
        QFETCH(QString, scene);
        m_window->findChild<QAction*>(scene)->trigger();
        settle();
        QTest::qWait(400);
        const int before = pane(Side::A).view().paintCount() + pane(Side::B).view().paintCount();
        QTest::qWait(700);
        QCOMPARE(pane(Side::A).view().paintCount() + pane(Side::B).view().paintCount(), before);
    }

    void onePixelAndBack() {
        const QSize before = m_window->size();
        m_window->setMinimumSize(1, 1);
        for (QAction* scene : {m_window->actions().floorplan, m_window->actions().fabric,
                               m_window->actions().stepTimeline, m_window->actions().orbit}) {
            scene->trigger();
            m_window->stage().resize(1, 1);
            QTest::qWait(20);
            m_window->stage().grab();
            m_window->resize(1, 1);
            QTest::qWait(20);
            m_window->resize(before);
            settle();
            QVERIFY(pane(Side::A).view().width() > 300);
            const scenes::Camera& camera = pane(Side::A).view().scene().camera();
            QVERIFY(std::isfinite(camera.pixelsPerMetre) && camera.pixelsPerMetre > 0);
            QVERIFY(std::isfinite(camera.centre.x()) && std::isfinite(camera.centre.y()));
        }
        m_window->actions().floorplan->trigger();
        QCOMPARE(pane(Side::A).view().scene().camera().pixelsPerMetre,
                 pane(Side::B).view().scene().camera().pixelsPerMetre);
    }

private:
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs); }
    widgets::ScenePane& pane(Side side) { return m_window->stage().pane(side); }
    /// The field of the palette that is open.
    QWidget* palette() {
        const auto open = m_window->findChildren<widgets::CommandPalette*>();
        return open.isEmpty() ? nullptr : open.last()->findChild<QLineEdit*>();
    }
    cluster::Index spine() {
        const auto& switches = pane(Side::A).cluster()->switches;
        return static_cast<cluster::Index>(
            std::ranges::find(switches, cluster::Tier::Spine, &cluster::Switch::tier) - switches.begin());
    }
    void drag(widgets::SceneView& view, QPointF from, QPointF to, Qt::KeyboardModifiers modifiers) {
        QWidget* canvas = view.childAt(view.rect().center());
        const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButton button,
                              Qt::MouseButtons buttons) {
            QMouseEvent event(type, at, canvas->mapToGlobal(at), button, buttons, modifiers);
            QApplication::sendEvent(canvas, &event);
        };
        send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
        send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, Qt::LeftButton);
        send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
        send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
    }

    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestWindowViews)
#include "tst_window_views.moc"
