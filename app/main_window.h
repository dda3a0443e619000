// The window: puts the panels together and wires intents to the session and answers to the panels. Holds no
// model.
#pragma once

#include "app/chart_values.h"
#include "app/counterpart.h"
#include "app/lane_feed.h"
#include "app/main_actions.h"
#include "app/options.h"
#include "app/playback.h"
#include "app/session.h"
#include "scenes/renderer_probe.h"
#include "scenes/theme.h"
#include "widgets/stage.h"

#include <QMainWindow>

#include <memory>

class QSplitter;
class QTabWidget;

namespace atlas::widgets {
class BlamePanel;
class CommandPalette;
class DiagnosticsView;
class HeaderBar;
class InjectionsPanel;
class InspectorPanel;
struct InspectorContent;
class LeversPanel;
class ScenarioPanel;
class Restyler;
class StatusStrip;
class TransportBar;
} // namespace atlas::widgets

namespace atlas::app {

class ChartDeck;
class DifferenceDesk;
class BlameFeed;
class InjectionDesk;
class MitigationsPanel;
class PageStack;
class PerformanceDesk;
class ViewDesk;
class WindowExports;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(const Options& options, const scenes::RendererChoice& renderer, const QString& resources);
    ~MainWindow() override;

    /// True when everything asked for is on screen and nothing more is coming.
    [[nodiscard]] bool settled() const;
    /// True once the first frames have been shown.
    [[nodiscard]] bool hasPicture() const { return m_shown.frames[0] || m_shown.frames[1]; }
    /// What was wrong with the last file that could not be opened; empty where the last opening went well.
    [[nodiscard]] const Diagnostics& problems() const { return m_problems; }

    [[nodiscard]] Session& session() { return *m_session; }
    [[nodiscard]] Playback& playback() { return m_playback; }
    [[nodiscard]] widgets::Stage& stage() { return *m_stage; }
    [[nodiscard]] const MainActions& actions() const { return m_actions; }
    [[nodiscard]] PageStack& pages() { return *m_pages; }
    [[nodiscard]] ChartDeck& charts() { return *m_deck; }
    [[nodiscard]] InjectionDesk& injections() { return *m_injections; }
    [[nodiscard]] const scenes::Theme& theme() const { return m_theme; }
    [[nodiscard]] QString themeName() const { return m_theme.name; }
    [[nodiscard]] const FramePair& shown() const { return m_shown; }

    [[nodiscard]] ViewDesk& views() { return *m_views; }
    [[nodiscard]] Side selectedSide() const { return m_selectedSide; }
    [[nodiscard]] QAction* actionOf(widgets::PaneScene scene) const;

    void open(const QString& file);
    void select(Side side, scenes::Target target);
    /// Many GPUs at once: those inside an outline on the floor, world metres.
    void selectArea(Side side, const QPolygonF& world);
    /// The GPUs of the selected area; empty where none is selected.
    [[nodiscard]] const std::vector<cluster::Range>& selectedArea() const { return m_area; }
    void colour(scenes::ColourBy by);
    void setMotion(widgets::Motion motion);
    [[nodiscard]] bool showsDifference() const;
    /// Pane B minus pane A, or pane B again.
    void showDifference(bool on);
    /// The clock that keys and the transport move, where each pane has its own.
    void takeClock(Side side);
    void setTheme(scenes::ThemeMode mode);
    /// Shows a page in place of stage and charts; empty: stage and charts again.
    void showPage(const QString& id);
    /// The training page at its plan of a side, or at its scaling chart.
    void showPlan(Side side);
    void showScaling();

signals:
    void pictureShown(); ///< frames of the newest workspace are on the stage

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    /// Asks where changes are not saved.
    [[nodiscard]] bool mayClose();
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct UtilisationRequest {
        std::shared_ptr<const Workspace> workspace;
        double timeS = 0;
    };

    void layOut();
    /// Panels at the sizes of the first start.
    void layColumns();
    void connectActions();
    void connectPanels();
    void connectSession();
    void restoreState();

    void showScenario();
    void showWorkspace();
    void showComparison();
    void showFrames(const FramePair& frames);
    void showProblems(const QString& file, const Diagnostics& problems);
    void showSelection();
    /// Who holds up the steps on screen: in the panel and on the map.
    void showBlame();
    [[nodiscard]] cluster::Index selectedGpu(Side side) const;
    void requestBlame();
    void requestLanes(Side side);
    void showStatus();
    /// How many clocks there are, which is in hand, and how fast each goes.
    void showClocks();
    /// What stands above a pane, at the instant that it shows.
    void showCaption(Side side);
    /// The step that the clock in hand is in.
    void showStepNumber();
    /// What happens when, on the time line: of the scenario, and the views that are kept.
    void showMarks();
    void showEvidence();
    /// Charts are there on the live view and where they are wanted; without them the stage has their room.
    void showCharts();
    void requestUtilisation();
    void showFleet(const std::string& id);
    void showStepOf(Side side, int direction);
    /// To the next failure or injection that stops the job, or the one before.
    void showStopOf(Side side, int direction);
    /// Shows an instant with a part selected and in view.
    void showPart(Side side, scenes::Target target, double timeS);
    void zoomToArea();
    /// What the selected part is in the other pane.
    void addCounterpart(widgets::InspectorContent& content) const;
    void copyCommandLine();

    Options m_options;
    scenes::RendererChoice m_renderer;
    scenes::Theme m_theme;
    MainActions m_actions;
    Playback m_playback;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<WindowExports> m_exports;
    std::unique_ptr<ViewDesk> m_views;
    std::unique_ptr<PerformanceDesk> m_performance;
    std::unique_ptr<LaneFeed> m_lanes;
    std::unique_ptr<InjectionDesk> m_injections;
    std::unique_ptr<DifferenceDesk> m_difference;
    std::unique_ptr<BlameFeed> m_blame;
    std::unique_ptr<LatestWorker<UtilisationRequest, widgets::UtilisationValues>> m_sampler;

    widgets::HeaderBar* m_header;
    widgets::DiagnosticsView* m_diagnostics;
    widgets::ScenarioPanel* m_scenarioPanel;
    widgets::Stage* m_stage;
    PageStack* m_pages;
    widgets::InspectorPanel* m_inspector;
    widgets::InjectionsPanel* m_injectionsPanel;
    std::array<widgets::BlamePanel*, 2> m_blamePanels;
    MitigationsPanel* m_mitigations;
    widgets::LeversPanel* m_levers;
    widgets::TransportBar* m_transport;
    ChartDeck* m_deck;
    widgets::StatusStrip* m_status;
    widgets::Restyler* m_restyler;
    QWidget* m_lower; ///< transport and charts
    QTabWidget* m_rightColumn;
    QSplitter* m_columns;
    QSplitter* m_rows;
    QList<int> m_rowsWithCharts; ///< heights while charts are shown

    std::shared_ptr<const Workspace> m_shownWorkspace;
    FramePair m_shown;
    std::shared_ptr<const Workspace> m_sampledWorkspace;
    TimeSpan m_sampledSpan;
    Side m_selectedSide = Side::A;
    std::vector<cluster::Range> m_area; ///< of m_selectedSide
    Counterpart m_counterpart;          ///< of what is selected, in the other pane
    Diagnostics m_problems;
    QString m_viewsOf; ///< the file whose views are loaded
};

} // namespace atlas::app
