// What the answers look like: which part of the screen a scenario, a workspace, a comparison or a pair of
// frames changes. Split from main_window.cpp, which builds the window and lays it out.
#include "app/area_words.h"
#include "app/blame_words.h"
#include "app/chart_deck.h"
#include "app/difference_desk.h"
#include "app/injection_desk.h"
#include "app/injection_words.h"
#include "app/inspection.h"
#include "app/levers.h"
#include "app/main_window.h"
#include "app/mitigations_panel.h"
#include "app/pages/page_stack.h"
#include "app/pane_caption.h"
#include "app/scenario_lists.h"
#include "app/validity_text.h"
#include "app/view_desk.h"
#include "model/operations/calendar.h"
#include "model/training/calibration.h"
#include "scenes/gpu_area.h"
#include "widgets/diagnostics_view.h"
#include "widgets/format.h"
#include "widgets/header_bar.h"
#include "widgets/inspector_panel.h"
#include "widgets/levers_panel.h"
#include "widgets/scenario_panel.h"
#include "widgets/speed.h"
#include "widgets/status_strip.h"
#include "widgets/transport_bar.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <utility>

namespace atlas::app {

namespace {

/// On opening, a step of the slower side takes about this long on the wall: slow enough to see the stall
/// spread.
constexpr double kStepOnTheWallS = 6.0;

std::shared_ptr<const operations::Site> siteOf(const scenario::Scenario& scenario,
                                               const operations::Timeline* timeline) {
    return timeline != nullptr
               ? std::make_shared<const operations::Site>(operations::siteOf(scenario, *timeline->cluster()))
               : nullptr;
}

} // namespace

void MainWindow::showScenario() {
    if (m_viewsOf != m_session->file()) {
        m_viewsOf = m_session->file();
        m_views->load();
    }
    const scenario::Scenario& scenario = *m_session->scenario();
    m_header->setFile(QFileInfo(m_session->file()).fileName(), m_session->modified());
    std::array<PaneChoice, 2> choices = {m_session->choice(Side::A), m_session->choice(Side::B)};
    for (const Side side : kSides) {
        // Where nothing was asked for, the pane knows which cluster it shows.
        PaneChoice& choice = choices[index(side)];
        if (m_shownWorkspace && choice.cluster.empty() &&
            m_shownWorkspace->pane(side).choice.strategy == choice.strategy) {
            choice = m_shownWorkspace->pane(side).choice;
        }
    }
    m_scenarioPanel->setStrategies(strategyItems(scenario, choices));
    m_scenarioPanel->setClusters(clusterItems(scenario, choices));
    m_levers->setLevers(leversOf(scenario, *m_session->original(), m_session->leverPaths()));
    m_mitigations->setScenario(scenario, *m_session->original(), choices);
    m_pages->setScenario(scenario, *m_session->original());
}

void MainWindow::showWorkspace() {
    const bool opened = m_session->workspace()->tellingS.has_value();
    m_shownWorkspace = m_session->workspace();
    const Workspace& workspace = *m_shownWorkspace;
    const scenario::Scenario& scenario = *workspace.scenario;
    m_playback.setDuration(operations::monthStartS(
        scenario.start, scenario::Month{scenario.start.index + scenario.horizonMonths}));
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        m_stage->pane(side).setCluster(pane.timeline ? pane.timeline->cluster() : nullptr);
        m_stage->pane(side).setSite(siteOf(scenario, pane.timeline.get()));
        m_stage->pane(side).setConstellation(pane.flown);
        m_stage->pane(side).setCaption(paneCaption(scenario, pane, nullptr));
        m_stage->pane(side).setDuration(m_playback.durationS());
        m_stage->pane(side).setLanes(nullptr); // of the timeline before
    }
    m_stage->fitIfFollowing();
    m_header->setComparison(QString::fromStdString(workspace.pane(Side::A).strategyName),
                            QString::fromStdString(workspace.pane(Side::B).strategyName));
    const std::array<PaneChoice, 2> choices = {workspace.pane(Side::A).choice,
                                               workspace.pane(Side::B).choice};
    m_scenarioPanel->setStrategies(strategyItems(scenario, choices));
    m_scenarioPanel->setClusters(clusterItems(scenario, choices));
    showMarks();
    m_deck->setWorkspace(workspace);
    if (const auto comparison = m_session->comparison()) {
        m_deck->setComparison(workspace, *comparison);
    }
    m_sampledWorkspace.reset();
    requestUtilisation();
    showEvidence();
    if (opened) {
        if (workspace.slowestStepS > 0) {
            const double wanted = workspace.slowestStepS / kStepOnTheWallS;
            const auto ladder = widgets::speeds();
            m_playback.setSpeed(*std::ranges::min_element(
                ladder, {}, [wanted](double speed) { return std::abs(std::log(speed / wanted)); }));
        }
        m_playback.seek(m_options.atS.value_or(*workspace.tellingS));
        if (m_options.atOfB) {
            m_playback.setLink(scenes::ClockLink::Own);
            m_playback.seekOn(Side::B, *m_options.atOfB);
        }
        if (m_options.difference) {
            showDifference(true);
        }
        m_playback.setPlaying(m_options.screenshot.isEmpty());
    }
    m_session->requestFrames(m_playback.timesS());
}

void MainWindow::showComparison() {
    static const explore::Comparison kNone;
    const auto held = m_session->comparison();
    const explore::Comparison& comparison = held ? *held : kNone;
    m_deck->setTable(comparison);
    if (m_shownWorkspace) {
        m_deck->setComparison(*m_shownWorkspace, comparison);
    }
    showEvidence();
}

void MainWindow::showFrames(const FramePair& frames) {
    if (frames.workspace != m_shownWorkspace) {
        return; // an answer for what is no longer on screen
    }
    const bool firstOfItsKind = frames.workspace != m_shown.workspace;
    const auto before = std::exchange(m_shown, frames);
    const Workspace& workspace = *m_shownWorkspace;
    for (const Side side : kSides) {
        const auto& frame = frames.frames[index(side)];
        const double timeS = frames.timesS[index(side)];
        if (!firstOfItsKind && frame == before.frames[index(side)] && timeS == before.timesS[index(side)]) {
            continue; // its clock stands still
        }
        widgets::ScenePane& pane = m_stage->pane(side);
        pane.setTrafficClock(timeS / m_playback.clock(side).speed);
        if (const auto& timeline = workspace.pane(side).timeline; timeline && pane.floor().wantsShape()) {
            const auto work = timeline->workAt(timeS, {});
            pane.floor().setShape(work ? work->shape : nullptr);
        }
        pane.setFrame(frame);
        showCaption(side);
        if (frame) {
            const Callout callout = culpritCallout(*workspace.pane(side).timeline->cluster(), *frame);
            pane.setCallout(callout.title, callout.detail);
        }
    }
    m_stage->followClocks(frames.timesS);
    m_difference->show(m_shown);
    if (firstOfItsKind) {
        m_stage->refreshLegend();
    }
    showStepNumber();
    showSelection();
    requestBlame();
    showBlame();
    showStatus();
    emit pictureShown();
}

void MainWindow::showCaption(Side side) {
    const Workspace& workspace = *m_shownWorkspace;
    widgets::PaneCaption caption =
        paneCaption(*workspace.scenario, workspace.pane(side), m_shown.frames[index(side)].get());
    if (m_playback.link() == scenes::ClockLink::Own) {
        caption.clock = clockCaption(m_playback.clock(side), m_shown.timesS[index(side)]);
        caption.clockInHand = m_playback.inHand() == side;
    }
    m_stage->pane(side).setCaption(caption);
}

void MainWindow::showStepNumber() {
    const bool own = m_playback.link() == scenes::ClockLink::Own;
    const auto trains = [](const auto& frame) { return frame && frame->training; };
    const auto& first = m_shown.frames[own ? index(m_playback.inHand()) : 0];
    const auto& stepping = trains(first) || own ? first : m_shown.frames[1];
    m_transport->setStep(trains(stepping)
                             ? tr("step %1").arg(widgets::countText(static_cast<double>(stepping->step)))
                             : QString());
}

void MainWindow::showClocks() {
    const bool own = m_playback.link() == scenes::ClockLink::Own;
    const bool captionsChange = own == m_stage->pane(Side::A).caption().clock.isEmpty();
    m_transport->setClockOf(own ? std::optional(m_playback.inHand()) : std::nullopt);
    m_actions.ownClocks->setChecked(own);
    m_actions.otherClock->setEnabled(own);
    for (const Side side : kSides) {
        m_stage->setPace(side, m_playback.clock(side).speed);
        if (m_shownWorkspace) {
            showCaption(side);
        }
    }
    if (m_shownWorkspace) {
        showStepNumber();
        if (captionsChange) {
            m_stage->fitIfFollowing(); // there is more or less room under them
        }
    }
}

void MainWindow::takeClock(Side side) {
    m_playback.takeInHand(side);
}

void MainWindow::showSelection() {
    if (m_shownWorkspace && !m_area.empty()) {
        m_inspector->setContent(inspectArea(*m_shownWorkspace, m_selectedSide, m_area,
                                            m_shown.frames[index(m_selectedSide)].get()));
        m_injections->setArea(m_selectedSide, m_area);
        m_injections->showList(m_playback.timeS(m_selectedSide));
    } else if (m_shownWorkspace) {
        widgets::InspectorContent content =
            inspect(*m_shownWorkspace, m_selectedSide, m_stage->pane(m_selectedSide).selection(),
                    m_shown.frames[index(m_selectedSide)].get());
        addCounterpart(content);
        m_inspector->setContent(content);
        m_injections->setSelection(m_selectedSide, m_stage->pane(m_selectedSide).selection());
        m_injections->showList(m_playback.timeS(m_selectedSide));
    }
}

cluster::Index MainWindow::selectedGpu(Side side) const {
    const scenes::Target target = m_stage->pane(side).selection();
    return target.kind == scenes::TargetKind::Gpu ? target.index : cluster::kNone;
}

void MainWindow::addCounterpart(widgets::InspectorContent& content) const {
    const Side other = m_selectedSide == Side::A ? Side::B : Side::A;
    const auto cluster = m_stage->pane(other).cluster();
    const QString key = tr("in %1").arg(QString(QLatin1Char(widgets::letter(other))));
    const scenes::TargetKind kind = m_stage->pane(m_selectedSide).selection().kind;
    if (cluster && !m_counterpart.target &&
        (kind == scenes::TargetKind::Switch || kind == scenes::TargetKind::LinkGroup)) {
        content.rows.push_back({key, tr("none of that name"), widgets::Ink::Quiet,
                                tr("The fabrics differ here: switches and bundles of links answer to each "
                                   "other by their names only")});
        return;
    }
    if (!m_counterpart.target || !cluster || m_stage->pane(other).selection() != m_counterpart.target) {
        return;
    }
    if (const auto part = partOf(*cluster, m_counterpart.target)) {
        content.rows.push_back(
            {key, QString::fromStdString(cluster::partName(*cluster, *part)), widgets::Ink::Text,
             m_counterpart.sameName ? tr("The part of the same name, marked in the other pane")
                                    : tr("There is none of that name: the part as far through the cluster")});
    }
}

void MainWindow::showMarks() {
    if (!m_shownWorkspace) {
        return;
    }
    std::vector<widgets::TimeMark> marks = timeMarks(*m_shownWorkspace);
    for (const Bookmark& view : m_views->bookmarks()) {
        for (const Side side : kSides) {
            const bool own = view.clockLink == scenes::ClockLink::Own;
            if (side == Side::A || own) {
                widgets::TimeMark mark{view.clocks[index(side)].timeS, side, operations::GpuState::Computing,
                                       tr("View: %1").arg(view.name)};
                mark.byHand = true;
                marks.push_back(std::move(mark));
            }
        }
    }
    m_transport->setMarks(std::move(marks));
}

void MainWindow::select(Side side, scenes::Target target) {
    takeClock(side);
    m_area.clear();
    const Side other = side == Side::A ? Side::B : Side::A;
    const auto here = m_stage->pane(side).cluster();
    const auto there = m_stage->pane(other).cluster();
    m_counterpart = target && here && there ? counterpartOf(target, *here, *there) : Counterpart{};
    m_stage->pane(side).setSelection(target);
    m_stage->pane(other).setSelection(m_counterpart.target);
    m_selectedSide = side;
    showSelection();
    requestBlame();
}

void MainWindow::selectArea(Side side, const QPolygonF& world) {
    const auto cluster = m_stage->pane(side).cluster();
    select(side, {});
    if (cluster) {
        m_area = scenes::gpusInside(*cluster, world);
        m_stage->pane(side).setArea(m_area.empty() ? QPolygonF() : world);
        showSelection();
    }
}

void MainWindow::zoomToArea() {
    widgets::ScenePane& pane = m_stage->pane(m_selectedSide);
    if (!pane.area().isEmpty()) {
        pane.view().navigator().fitRect(pane.area().boundingRect());
    }
}

void MainWindow::colour(scenes::ColourBy by) {
    m_stage->setColourBy(by);
    m_difference->show(m_shown);
    m_scenarioPanel->setColourings(colouringItems(), colouringId(by));
    for (QAction* action : m_actions.colourings) {
        action->setChecked(action->data().toString() == colouringId(by));
    }
}

bool MainWindow::showsDifference() const {
    return m_difference->on();
}

void MainWindow::showDifference(bool on) {
    m_difference->setOn(on);
    m_actions.difference->setChecked(on);
    if (on && !scenes::isQuantity(m_stage->pane(Side::B).floor().options().colourBy)) {
        colour(scenes::ColourBy::Utilisation); // states have no difference
    }
    m_difference->show(m_shown);
    m_stage->refreshLegend();
    m_stage->fitIfFollowing();
}

void MainWindow::setMotion(widgets::Motion motion) {
    m_stage->setMotion(motion);
    m_transport->scrubber().setReducedMotion(motion == widgets::Motion::Reduced);
    m_actions.reducedMotion->setChecked(motion == widgets::Motion::Reduced);
}

void MainWindow::showBlame() {
    if (!m_shownWorkspace) {
        return;
    }
    const Blame& blame = m_blame->blame();
    const Bills& bills = m_blame->bills();
    for (const Side side : kSides) {
        const operations::Frame* frame = m_shown.frames[index(side)].get();
        const bool stepping = frame != nullptr && frame->training && frame->culprit != cluster::kNone;
        const bool known =
            blame.workspace == m_shownWorkspace && blame.covers(side, m_shown.timesS[index(side)]);
        if (stepping && !known) {
            continue; // the answer is on its way; until then the last step stands
        }
        const auto step = stepping ? blame.sides[index(side)] : std::nullopt;
        m_stage->pane(side).setBlame(stepping ? blame.chains[index(side)] : nullptr);
        const bool mine = blame.selected[index(side)] == selectedGpu(side);
        m_stage->pane(side).setGroups(stepping && mine ? blame.groups[index(side)] : nullptr);
        m_blamePanels[index(side)]->setContent(
            blameContent(m_shownWorkspace->pane(side), frame, step,
                         bills.workspace == m_shownWorkspace ? bills.sides[index(side)] : WaitingBill{}));
    }
}

void MainWindow::requestBlame() {
    if (m_shownWorkspace) {
        m_blame->request(m_shownWorkspace, m_shown.timesS, m_blamePanels[0]->isVisible(),
                         {selectedGpu(Side::A), selectedGpu(Side::B)});
    }
}

void MainWindow::showProblems(const QString& file, const Diagnostics& problems) {
    m_problems = problems;
    m_diagnostics->setDiagnostics(file, problems);
    m_diagnostics->show();
}

void MainWindow::showStatus() {
    widgets::StatusContent content;
    content.renderer = m_renderer.sentence;
    content.timing =
        tr("model %1 ms · scenes %2 ms")
            .arg(m_shown.modelMs, 0, 'f', 1)
            .arg(m_stage->pane(Side::A).view().paintMs() + m_stage->pane(Side::B).view().paintMs(), 0, 'f',
                 1);
    content.detail = m_stage->scaleNote();
    if (const auto scenario = m_session->scenario()) {
        content.seed = tr("seed %1 · model calibrated %2")
                           .arg(scenario->seed)
                           .arg(QString::fromStdString(training::Calibration::builtin().date));
    }
    content.caveat = validityHeadline(*m_shownWorkspace);
    content.caveatDetail = validityDetail(*m_shownWorkspace);
    m_status->setContent(content);
}

void MainWindow::showEvidence() {
    Evidence evidence;
    evidence.workspace = m_shownWorkspace;
    evidence.comparison = m_session->comparison();
    evidence.timeS = m_playback.timeS();
    evidence.scenario = m_session->scenario();
    m_pages->setEvidence(evidence);
}

} // namespace atlas::app
