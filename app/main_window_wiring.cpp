// Which intent goes where. Split from main_window.cpp; main_window_show.cpp says what the answers look like.
#include "app/area_words.h"
#include "app/blame_feed.h"
#include "app/chart_deck.h"
#include "app/difference_desk.h"
#include "app/injection_desk.h"
#include "app/inspection.h"
#include "app/main_window.h"
#include "app/mitigations_panel.h"
#include "app/pages/page_stack.h"
#include "app/pages/serving_desk.h"
#include "app/pages/training_desk.h"
#include "app/performance_desk.h"
#include "app/scenario_lists.h"
#include "app/stops.h"
#include "app/view_desk.h"
#include "app/window_exports.h"
#include "app/window_state.h"
#include "widgets/blame_panel.h"
#include "widgets/diagnostics_view.h"
#include "widgets/header_bar.h"
#include "widgets/inspector_panel.h"
#include "widgets/levers_panel.h"
#include "widgets/scenario_panel.h"
#include "widgets/speed.h"
#include "widgets/status_strip.h"
#include "widgets/transport_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSplitter>
#include <QTabWidget>
#include <QUrl>

namespace atlas::app {

void MainWindow::connectActions() {
    const auto on = [this](QAction* action, auto&& what) {
        connect(action, &QAction::triggered, this, what);
    };
    const MainActions& a = m_actions;
    on(a.open, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open scenario"), m_session->file(),
                                                          tr("Scenarios (*.atlas.yaml *.yaml *.yml)"));
        if (!file.isEmpty()) {
            open(file);
        }
    });
    on(a.reload, [this] {
        if (!m_session->file().isEmpty()) {
            open(m_session->file());
        }
    });
    on(a.save, [this] { m_exports->save(); });
    on(a.saveAs, [this] { m_exports->saveAs(); });
    on(a.copyCommandLine, [this] { copyCommandLine(); });
    on(a.exportReport, [this] { m_exports->exportReport(); });
    on(a.exportTable, [this] { m_exports->exportTable(); });
    on(a.exportScene, [this] { m_exports->exportScene(m_selectedSide); });
    on(a.exportSceneAs, [this] { m_exports->exportSceneAs(m_selectedSide); });
    on(a.exportTrace, [this] { m_exports->exportTrace(m_selectedSide); });
    on(a.exportAll, [this] { m_exports->exportAll(); });
    on(a.assumptions, [this] { m_exports->showAssumptions(); });
    on(a.quit, [this] { close(); });
    on(a.undo, [this] { m_session->undoStack()->undo(); });
    on(a.redo, [this] { m_session->undoStack()->redo(); });

    on(a.inject, [this] {
        widgets::SceneView& view = m_stage->pane(m_selectedSide).view();
        m_injections->popUp(view.mapToGlobal(view.rect().center()), this);
    });

    const auto showScene = [this](widgets::PaneScene scene) {
        m_stage->showScene(scene);
        m_difference->show(m_shown);
    };
    on(a.floorplan, [showScene] { showScene(widgets::PaneScene::Floorplan); });
    on(a.fabric, [showScene] { showScene(widgets::PaneScene::Fabric); });
    on(a.stepTimeline, [showScene] { showScene(widgets::PaneScene::StepTimeline); });
    on(a.matrix, [showScene] { showScene(widgets::PaneScene::Matrix); });
    on(a.orbit, [showScene] { showScene(widgets::PaneScene::Orbit); });
    for (QAction* colouring : a.colourings) {
        on(colouring, [this, colouring] { colour(colouringOf(colouring->data().toString())); });
    }
    on(a.fit, [this] {
        m_stage->flyHome();
        m_stage->refreshLegend();
    });
    on(a.reducedMotion, [this](bool reduced) {
        setMotion(reduced ? widgets::Motion::Reduced : widgets::Motion::Eased);
        if (m_options.screenshot.isEmpty()) {
            WindowState().setMotion(m_stage->motion());
        }
    });
    on(a.performance, [this](bool show) { m_performance->setShown(show); });
    on(a.find, [this] { m_views->openPalette(true); });
    on(a.keepView, [this] { m_views->addBookmark(); });
    on(a.forgetView, [this] { m_views->forget(); });
    on(a.nextView, [this] { m_views->step(+1); });
    on(a.previousView, [this] { m_views->step(-1); });
    for (std::size_t i = 0; i < a.views.size(); ++i) {
        on(a.views[i], [this, i] { m_views->goTo(i); });
    }
    on(a.cycleLink, [this] { m_stage->cycleLink(); });
    on(a.difference, [this](bool differs) { showDifference(differs); });
    const auto maximise = [this](bool only, Side side, QAction* other) {
        other->setChecked(false);
        m_stage->setMaximised(only ? std::optional(side) : std::nullopt);
        m_stage->refreshLegend();
    };
    on(a.maximiseA, [this, maximise](bool only) { maximise(only, Side::A, m_actions.maximiseB); });
    on(a.maximiseB, [this, maximise](bool only) { maximise(only, Side::B, m_actions.maximiseA); });
    on(a.darkTheme, [this] { setTheme(scenes::ThemeMode::Dark); });
    on(a.lightTheme, [this] { setTheme(scenes::ThemeMode::Light); });
    on(a.showScenario, [this](bool show) { m_scenarioPanel->setVisible(show); });
    on(a.showInspector, [this](bool show) { m_rightColumn->setVisible(show); });
    on(a.showCharts, [this] { showCharts(); });
    on(a.resetLayout, [this] {
        WindowState::forget();
        for (QAction* panel : {m_actions.showScenario, m_actions.showInspector, m_actions.showCharts}) {
            if (!panel->isChecked()) {
                panel->trigger();
            }
        }
        layColumns();
    });
    on(a.fullScreen, [this](bool full) { full ? showFullScreen() : showNormal(); });

    on(a.play, [this] { m_playback.setPlaying(!m_playback.playing()); });
    on(a.nextStep, [this] { showStepOf(m_playback.inHand(), +1); });
    on(a.previousStep, [this] { showStepOf(m_playback.inHand(), -1); });
    on(a.previousStop, [this] { showStopOf(m_playback.inHand(), -1); });
    on(a.nextStop, [this] { showStopOf(m_playback.inHand(), +1); });
    on(a.faster, [this] { m_playback.setSpeed(widgets::fasterThan(m_playback.speed())); });
    on(a.slower, [this] { m_playback.setSpeed(widgets::slowerThan(m_playback.speed())); });
    on(a.toStart, [this] { m_playback.seek(0); });
    on(a.toEnd, [this] { m_playback.seek(m_playback.durationS()); });
    on(a.ownClocks,
       [this](bool own) { m_playback.setLink(own ? scenes::ClockLink::Own : scenes::ClockLink::Shared); });
    on(a.otherClock, [this] { takeClock(m_playback.inHand() == Side::A ? Side::B : Side::A); });
    on(a.slowMotion, [this] { m_playback.setSpeed(widgets::speeds().front()); });

    for (QAction* page : a.pages) {
        on(page, [this, page] { showPage(page->data().toString()); });
    }
    on(a.planA, [this] { showPlan(Side::A); });
    on(a.planB, [this] { showPlan(Side::B); });
    on(a.scaling, [this] { showScaling(); });
    on(a.palette, [this] { m_views->openPalette(false); });
    on(a.shortcuts, [this] { m_exports->showShortcuts(m_actions.all()); });
    on(a.about, [this] { m_exports->showAbout(m_renderer.sentence); });

    for (QAction* shown :
         {a.showScenario, a.showInspector, a.showCharts, a.floorplan, a.colourings.front()}) {
        shown->setChecked(true);
    }
}

void MainWindow::connectPanels() {
    connect(&m_playback, &Playback::timeChanged, this, [this](double timeS) {
        m_transport->setTime(timeS);
        m_deck->setNow(timeS);
        m_session->requestFrames(m_playback.timesS());
        requestUtilisation();
        showEvidence();
    });
    connect(&m_playback, &Playback::playingChanged, m_transport, &widgets::TransportBar::setPlaying);
    connect(&m_playback, &Playback::speedChanged, m_transport, &widgets::TransportBar::setSpeed);
    connect(&m_playback, &Playback::durationChanged, m_transport, &widgets::TransportBar::setDuration);
    connect(m_transport, &widgets::TransportBar::playToggled, &m_playback, &Playback::setPlaying);
    connect(m_transport, &widgets::TransportBar::speedChanged, &m_playback, &Playback::setSpeed);
    connect(m_transport, &widgets::TransportBar::seekRequested, &m_playback, &Playback::seek);
    connect(m_transport, &widgets::TransportBar::stepRequested, this,
            [this](int direction) { showStepOf(m_playback.inHand(), direction); });
    connect(m_transport, &widgets::TransportBar::linkToggled, this, [this](bool linked) {
        m_stage->setLink(linked ? scenes::CameraLink::SameScale : scenes::CameraLink::Free);
    });
    connect(m_stage, &widgets::Stage::linkChanged, this,
            [this](scenes::CameraLink link) { m_transport->setLinked(link != scenes::CameraLink::Free); });
    connect(m_stage, &widgets::Stage::scaleNoteChanged, m_status, &widgets::StatusStrip::setDetail);
    m_transport->setLinked(m_stage->link() != scenes::CameraLink::Free);
    m_transport->setSpeed(m_playback.speed());
    m_transport->setDuration(m_playback.durationS());

    connect(&m_playback, &Playback::clocksChanged, this, &MainWindow::showClocks);
    connect(m_transport, &widgets::TransportBar::clocksToggled, m_actions.ownClocks, &QAction::trigger);
    connect(m_stage, &widgets::Stage::entered, this, &MainWindow::takeClock);
    showClocks();
    connect(m_stage, &widgets::Stage::lanesWanted, this, &MainWindow::requestLanes);
    connect(m_stage, &widgets::Stage::seekRequested, &m_playback, &Playback::seekOn);
    connect(m_lanes.get(), &LaneFeed::ready, this,
            [this](Side side, std::shared_ptr<const operations::StepLanes> lanes) {
                m_stage->pane(side).setLanes(std::move(lanes));
                m_stage->refreshLegend();
                requestLanes(side); // the clock may have moved on meanwhile
            });
    connect(m_stage, &widgets::Stage::fabricRequested, m_actions.fabric, &QAction::trigger);
    connect(m_stage, &widgets::Stage::selected, this, &MainWindow::select);
    connect(m_stage, &widgets::Stage::areaSelected, this, &MainWindow::selectArea);
    connect(m_stage, &widgets::Stage::clusterChosen, this, [this](Side side, const QString& id) {
        m_session->setChoice(side, {m_session->choice(side).strategy, id.toStdString()});
    });
    connect(m_stage, &widgets::Stage::contextMenuRequested, m_exports.get(), &WindowExports::showSceneMenu);

    for (ExhibitPage* page : m_pages->pages()) {
        connect(page, &ExhibitPage::seekRequested, &m_playback, &Playback::seek);
        connect(page, &ExhibitPage::chartExportRequested, m_exports.get(), &WindowExports::exportChart);
        connect(page, &ExhibitPage::tableExportRequested, m_exports.get(), &WindowExports::exportTableCard);
        if (auto* desk = qobject_cast<TrainingDesk*>(page)) {
            connect(desk, &TrainingDesk::layoutRequested, m_session.get(), &Session::setLayout);
        }
        if (auto* desk = qobject_cast<ServingDesk*>(page)) {
            connect(desk, &ServingDesk::numberChanged, m_session.get(),
                    qOverload<const QString&, double>(&Session::setNumber));
            connect(desk, &ServingDesk::wordChanged, m_session.get(),
                    qOverload<const QString&, const QString&>(&Session::setNumber));
        }
    }
    connect(m_scenarioPanel, &widgets::ScenarioPanel::strategyChosen, this,
            [this](Side side, const QString& id) {
                m_session->setChoice(side, {id.toStdString(), {}});
            });
    connect(m_scenarioPanel, &widgets::ScenarioPanel::clusterChosen, this,
            [this](const QString& id) { showFleet(id.toStdString()); });
    connect(m_scenarioPanel, &widgets::ScenarioPanel::colouringChosen, this, [this](const QString& id) {
        for (QAction* colouring : m_actions.colourings) {
            if (colouring->data().toString() == id) {
                colouring->trigger();
            }
        }
    });
    connect(m_inspector, &widgets::InspectorPanel::actionRequested, this, [this](const QString& id) {
        if (id == kPlanAction) {
            showPlan(m_selectedSide);
        } else if (id == kZoomAction) {
            zoomToArea();
        }
    });
    connect(m_blame.get(), &BlameFeed::blamed, this, [this] {
        showBlame();
        m_stage->refreshLegend();
    });
    connect(m_rightColumn, &QTabWidget::currentChanged, this, &MainWindow::requestBlame);
    connect(m_blame.get(), &BlameFeed::billed, this, &MainWindow::showBlame);
    for (const Side side : kSides) {
        connect(m_blamePanels[index(side)], &widgets::BlamePanel::culpritRequested, this, [this, side] {
            const auto& frame = m_shown.frames[index(side)];
            if (frame && frame->culprit != cluster::kNone) {
                showPart(side, {scenes::TargetKind::Gpu, frame->culprit, cluster::kNone},
                         m_shown.timesS[index(side)]);
            }
        });
    }
    connect(m_mitigations, &MitigationsPanel::numberChanged, this,
            [this](const QString& path, double value) { m_session->setNumber(path, value); });
    connect(m_mitigations, &MitigationsPanel::wordChanged, this,
            [this](const QString& path, const QString& word) { m_session->setNumber(path, word); });
    connect(m_injections.get(), &InjectionDesk::jumpRequested, this, &MainWindow::showPart);
    connect(m_levers, &widgets::LeversPanel::leverChanged, this,
            [this](const QString& path, double value) { m_session->setNumber(path, value); });
    connect(m_deck, &ChartDeck::seekRequested, &m_playback, &Playback::seek);
    connect(m_deck, &ChartDeck::exportRequested, m_exports.get(), &WindowExports::exportChart);
    connect(&m_deck->table(), &widgets::StrategyTable::exportRequested, m_exports.get(),
            &WindowExports::exportTableAs);
    connect(&m_deck->table(), &widgets::StrategyTable::sideChosen, this,
            [this](Side side, const QString& id) {
                m_session->setChoice(side, {id.toStdString(), {}});
            });
    connect(m_header, &widgets::HeaderBar::findRequested, this, [this] { m_views->openPalette(false); });
    connect(m_diagnostics, &widgets::DiagnosticsView::dismissed, m_diagnostics, &QWidget::hide);
    connect(m_diagnostics, &widgets::DiagnosticsView::placeActivated, this,
            [](const QString& file, int, int) { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    connect(m_exports.get(), &WindowExports::done, this,
            [this](const QString& message) { m_status->showMessage(message); });
    connect(m_views.get(), &ViewDesk::told, this,
            [this](const QString& message) { m_status->showMessage(message); });
    connect(m_views.get(), &ViewDesk::failed, this,
            [this](const Diagnostics& problems) { showProblems({}, problems); });
    connect(m_views.get(), &ViewDesk::bookmarksChanged, this, &MainWindow::showMarks);
    connect(m_exports.get(), &WindowExports::failed, this,
            [this](const Diagnostics& problems) { showProblems({}, problems); });
}

void MainWindow::connectSession() {
    QUndoStack* undo = m_session->undoStack();
    connect(undo, &QUndoStack::canUndoChanged, m_actions.undo, &QAction::setEnabled);
    connect(undo, &QUndoStack::canRedoChanged, m_actions.redo, &QAction::setEnabled);
    connect(undo, &QUndoStack::cleanChanged, this,
            [this](bool clean) { m_header->setFile(QFileInfo(m_session->file()).fileName(), !clean); });
    const auto offerExports = [this](bool offered) {
        for (QAction* action :
             {m_actions.exportAll, m_actions.exportReport, m_actions.exportTable, m_actions.exportScene,
              m_actions.exportSceneAs, m_actions.exportTrace, m_actions.copyCommandLine,
              m_actions.assumptions, m_actions.save, m_actions.saveAs, m_actions.inject,
              m_actions.previousStop, m_actions.nextStop, m_actions.find, m_actions.keepView}) {
            action->setEnabled(offered);
        }
    };
    offerExports(false);
    connect(m_session.get(), &Session::scenarioChanged, this, [offerExports] { offerExports(true); });
    m_actions.undo->setEnabled(false);
    m_actions.redo->setEnabled(false);
    connect(m_session.get(), &Session::scenarioChanged, this, [this] {
        if (hasErrors(m_diagnostics->diagnostics())) {
            m_diagnostics->hide();
        }
        m_problems.clear();
        showScenario();
        showEvidence(); // a plan need not wait for the panes
    });
    connect(m_session.get(), &Session::leversChanged, this, &MainWindow::showScenario);
    connect(m_session.get(), &Session::workspaceChanged, this, &MainWindow::showWorkspace);
    connect(m_session.get(), &Session::comparisonChanged, this, &MainWindow::showComparison);
    connect(m_session.get(), &Session::comparisonProgress, m_deck, &ChartDeck::setProgress);
    connect(m_session.get(), &Session::framesReady, this, &MainWindow::showFrames);
    connect(m_session.get(), &Session::rejected, this, &MainWindow::showProblems);
    connect(m_session.get(), &Session::warned, this,
            [this](const QString& file, const Diagnostics& warnings) {
                m_diagnostics->setDiagnostics(file, warnings);
                m_diagnostics->show();
            });
}

/// A click on a cluster: where a strategy on screen uses it, its pane shows it; where it is another telling
/// of one that is used, it takes that one's place in every strategy.
void MainWindow::showFleet(const std::string& id) {
    if (!m_shownWorkspace) {
        return;
    }
    for (const Side side : kSides) {
        const Pane& pane = m_shownWorkspace->pane(side);
        if (pane.choice.cluster != id && std::ranges::find(pane.clusters, id) != pane.clusters.end()) {
            m_session->setChoice(side, {pane.choice.strategy, id});
            return;
        }
    }
    const scenario::Scenario& scenario = *m_session->scenario();
    const scenario::Cluster* wanted = scenario.cluster(id);
    for (const scenario::Cluster& other : scenario.clusters) {
        const bool used =
            std::ranges::any_of(scenario.strategies, [&other](const scenario::Strategy& strategy) {
                return std::ranges::any_of(strategy.assignments,
                                           [&other](const scenario::Assignment& assignment) {
                                               return assignment.cluster == other.id;
                                           });
            });
        const bool sameSite = used && wanted != nullptr && other.id != id &&
                              (wanted->alternativeTo == other.id || other.alternativeTo == id);
        if (sameSite) {
            m_session->setFleet(other.id, id);
            return;
        }
    }
}

void MainWindow::showStepOf(Side side, int direction) {
    if (!m_shownWorkspace) {
        return;
    }
    m_playback.setPlaying(false);
    // The selected pane leads; where it has no steps, the other one does, if both go by one clock.
    const double timeS = m_playback.timeS(side);
    for (const Side each : {side, side == Side::A ? Side::B : Side::A}) {
        const bool asks = each == side || m_playback.link() == scenes::ClockLink::Shared;
        if (const auto& timeline = m_shownWorkspace->pane(each).timeline; timeline && asks) {
            const double boundary = timeline->stepBoundary(timeS, direction);
            if (boundary != timeS) {
                m_playback.seekOn(side, boundary);
                return;
            }
        }
    }
}

void MainWindow::showPart(Side side, scenes::Target target, double timeS) {
    showPage({});
    m_playback.pause();
    m_playback.seekOn(side, timeS);
    select(side, target);
    m_stage->pane(side).view().flyTo(target);
}

void MainWindow::showStopOf(Side side, int direction) {
    if (!m_shownWorkspace || !m_shownWorkspace->pane(side).timeline) {
        return;
    }
    m_playback.setPlaying(false);
    const auto& views = m_views->bookmarks();
    std::vector<double> viewsS;
    for (const Bookmark& view : views) {
        viewsS.push_back(view.clocks[index(side)].timeS);
    }
    const auto stop =
        nextStop(*m_shownWorkspace->pane(side).timeline, viewsS, m_playback.timeS(side), direction);
    if (!stop) {
        m_status->showMessage(tr("No interruption within a month, and no view that was kept"));
    } else if (stop->view) {
        m_views->goTo(*stop->view);
    } else {
        m_playback.seekOn(side, stop->timeS);
    }
}

void MainWindow::copyCommandLine() {
    const QString line = m_session->commandLine();
    QApplication::clipboard()->setText(line);
    m_status->showMessage(tr("Copied: %1").arg(line));
}

} // namespace atlas::app
