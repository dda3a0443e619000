#include "app/main_window.h"

#include "app/blame_feed.h"
#include "app/chart_deck.h"
#include "app/difference_desk.h"
#include "app/injection_desk.h"
#include "app/mitigations_panel.h"
#include "app/pages/page_stack.h"
#include "app/pages/training_desk.h"
#include "app/performance_desk.h"
#include "app/scenario_lists.h"
#include "app/view_desk.h"
#include "app/window_exports.h"
#include "app/window_state.h"
#include "widgets/blame_panel.h"
#include "widgets/diagnostics_view.h"
#include "widgets/header_bar.h"
#include "widgets/injections_panel.h"
#include "widgets/inspector_panel.h"
#include "widgets/lever_slider.h"
#include "widgets/levers_panel.h"
#include "widgets/restyler.h"
#include "widgets/scenario_panel.h"
#include "widgets/status_strip.h"
#include "widgets/style.h"
#include "widgets/transport_bar.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace atlas::app {

namespace {

constexpr QSize kFirstSize(1600, 900);
constexpr int kLeftWidth = 236;
constexpr int kRightWidth = 266;
constexpr int kLowerHeight = 312;

/// Panels under each other, scrolling up and down.
QScrollArea* scrolled(std::initializer_list<QWidget*> panels) {
    auto* inside = new QWidget;
    auto* layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget* panel : panels) {
        layout->addWidget(panel);
    }
    layout->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(inside);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return area;
}

widgets::SceneHost hostFor(const scenes::RendererChoice& choice) {
    return choice.renderer == scenes::Renderer::Gl ? widgets::SceneHost::Gl : widgets::SceneHost::Raster;
}

} // namespace

MainWindow::MainWindow(const Options& options, const scenes::RendererChoice& renderer,
                       const QString& resources)
    : m_options(options)
    , m_renderer(renderer)
    , m_theme(scenes::loadTheme(options.theme.value_or(scenes::ThemeMode::Dark)))
    , m_actions(*this)
    , m_session(std::make_unique<Session>(resources))
    , m_exports(std::make_unique<WindowExports>(*this))
    , m_views(std::make_unique<ViewDesk>(*this))
    , m_lanes(std::make_unique<LaneFeed>())
    , m_blame(std::make_unique<BlameFeed>())
    , m_header(new widgets::HeaderBar)
    , m_diagnostics(new widgets::DiagnosticsView)
    , m_scenarioPanel(new widgets::ScenarioPanel)
    , m_stage(new widgets::Stage(hostFor(renderer), m_theme))
    , m_pages(new PageStack(m_stage))
    , m_inspector(new widgets::InspectorPanel)
    , m_injectionsPanel(new widgets::InjectionsPanel)
    , m_blamePanels{new widgets::BlamePanel(Side::A), new widgets::BlamePanel(Side::B)}
    , m_mitigations(new MitigationsPanel)
    , m_levers(new widgets::LeversPanel)
    , m_transport(new widgets::TransportBar)
    , m_deck(new ChartDeck(m_theme))
    , m_status(new widgets::StatusStrip)
    , m_restyler(new widgets::Restyler(*this)) {
    setWindowTitle(tr("Colossus Atlas"));
    setAcceptDrops(true);
    m_sampler = std::make_unique<LatestWorker<UtilisationRequest, widgets::UtilisationValues>>(
        this, Overtaken::Stop,
        [](const UtilisationRequest& request, std::stop_token) {
            return utilisationValues(*request.workspace, weekAround(request.timeS));
        },
        [this](widgets::UtilisationValues values) {
            if (m_shownWorkspace) {
                m_deck->setUtilisation(*m_shownWorkspace, values);
            }
        });
    m_injections = std::make_unique<InjectionDesk>(*m_session, m_playback, *m_injectionsPanel);
    m_difference = std::make_unique<DifferenceDesk>(*m_stage);
    m_performance =
        std::make_unique<PerformanceDesk>(*m_stage, m_renderer.sentence, [this] { return m_shown.modelMs; });
    qApp->installEventFilter(this);
    layOut();
    connectActions();
    connectPanels();
    connectSession();
    setTheme(m_theme.mode);
    restoreState();
    m_stage->pane(Side::A).view().setFocus();
    showPage(options.page);
    if (options.scene) {
        actionOf(*options.scene)->trigger();
    }
    for (QAction* colouring : m_actions.colourings) {
        if (colouring->data().toString() == options.colouring) {
            colouring->trigger();
        }
    }
}

QAction* MainWindow::actionOf(widgets::PaneScene scene) const {
    switch (scene) {
    case widgets::PaneScene::Fabric:
        return m_actions.fabric;
    case widgets::PaneScene::StepTimeline:
        return m_actions.stepTimeline;
    case widgets::PaneScene::Orbit:
        return m_actions.orbit;
    case widgets::PaneScene::Matrix:
        return m_actions.matrix;
    case widgets::PaneScene::Floorplan:
        break;
    }
    return m_actions.floorplan;
}

MainWindow::~MainWindow() {
    m_performance.reset();
    m_views.reset();
    m_injections.reset();
    m_blame.reset();
    m_lanes.reset();
    m_sampler.reset();
    m_session->undoStack()->disconnect(this); // tells of being cleared when it goes
    m_session.reset();                        // joins the workers while what they answer to is still there
}

void MainWindow::layOut() {
    auto* menu = new QMenuBar;
    menu->setNativeMenuBar(false);
    m_actions.fill(*menu);
    m_header->setMenuBar(menu);
    m_header->setPages(m_actions.pages);

    m_rightColumn = new QTabWidget;
    m_rightColumn->setDocumentMode(true);
    m_rightColumn->setUsesScrollButtons(false);
    m_rightColumn->addTab(scrolled({m_inspector, m_injectionsPanel}), tr("Selected"));
    m_rightColumn->addTab(scrolled({m_blamePanels[0], m_blamePanels[1]}), tr("Waiting"));
    m_rightColumn->addTab(scrolled({m_mitigations}), tr("Remedies"));
    m_rightColumn->addTab(scrolled({m_levers}), tr("Levers"));
    for (int tab = 0; tab < m_rightColumn->count(); ++tab) {
        m_rightColumn->widget(tab)->setProperty("look", "panel");
    }
    if (m_options.panel >= 0) {
        m_rightColumn->setCurrentIndex(m_options.panel);
    }

    m_columns = new QSplitter(Qt::Horizontal);
    m_columns->setHandleWidth(1);
    m_columns->addWidget(m_scenarioPanel);
    m_columns->addWidget(m_pages);
    m_columns->addWidget(m_rightColumn);
    m_columns->setStretchFactor(1, 1);
    m_columns->setCollapsible(1, false);

    m_lower = new QWidget;
    auto* lowerLayout = new QVBoxLayout(m_lower);
    lowerLayout->setContentsMargins(0, 0, 0, 0);
    lowerLayout->setSpacing(0);
    lowerLayout->addWidget(m_transport);
    lowerLayout->addWidget(m_deck, 1);

    m_rows = new QSplitter(Qt::Vertical);
    m_rows->setHandleWidth(1);
    m_rows->addWidget(m_columns);
    m_rows->addWidget(m_lower);
    m_rows->setCollapsible(0, false);
    m_rows->setCollapsible(1, false);
    m_rows->setStretchFactor(0, 1);

    auto* centre = new QWidget;
    auto* whole = new QVBoxLayout(centre);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_header);
    whole->addWidget(m_diagnostics);
    whole->addWidget(m_rows, 1);
    whole->addWidget(m_status);
    setCentralWidget(centre);
    m_diagnostics->hide();
    m_scenarioPanel->setColourings(colouringItems(), colouringId(scenes::ColourBy::State));
    setMinimumSize(960, 600);
    resize(m_options.size.isValid() ? m_options.size : kFirstSize);
    layColumns();
}

void MainWindow::layColumns() {
    m_columns->setSizes({kLeftWidth, width() - kLeftWidth - kRightWidth, kRightWidth});
    m_rows->setSizes({height() - kLowerHeight, kLowerHeight});
}

void MainWindow::restoreState() {
    if (m_options.screenshot.isEmpty()) {
        WindowState state;
        state.restore(*this, *m_columns, *m_rows, m_deck->splitter());
        if (!m_options.theme) {
            setTheme(state.themeMode());
        }
        setMotion(state.motion());
        if (m_options.size.isValid()) {
            resize(m_options.size);
        }
    }
}

bool MainWindow::mayClose() {
    if (!m_session->modified() || !m_options.screenshot.isEmpty()) {
        return true;
    }
    const auto answer = QMessageBox::question(this, tr("Close Colossus Atlas"),
                                              tr("The scenario has changes that are not saved. Save them?"),
                                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    if (answer == QMessageBox::Save) {
        m_exports->save();
        return !m_session->modified(); // saving may be cancelled, or fail
    }
    return answer == QMessageBox::Discard;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayClose()) {
        event->ignore();
        return;
    }
    if (m_options.screenshot.isEmpty()) {
        showPage({}); // the layout that is kept is that of the live view
        WindowState().save(*this, *m_columns, *m_rows, m_deck->splitter(), m_theme.mode);
    }
    QMainWindow::closeEvent(event);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // Space presses a focused button, Home and End move in a focused list: a control comes before the clock.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        const QWidget* focus = QApplication::focusWidget();
        const bool list = qobject_cast<const QAbstractItemView*>(focus) != nullptr;
        const bool button = qobject_cast<const QAbstractButton*>(focus) != nullptr;
        const bool slider = qobject_cast<const widgets::LeverSlider*>(focus) != nullptr;
        const bool ends = key.key() == Qt::Key_Home || key.key() == Qt::Key_End;
        const bool paged = (key.key() == Qt::Key_PageUp || key.key() == Qt::Key_PageDown) &&
                           qobject_cast<const QAbstractScrollArea*>(focus) != nullptr;
        if (key.modifiers() == Qt::NoModifier &&
            ((key.key() == Qt::Key_Space && (list || button)) || (ends && (list || slider)) || paged)) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    if (const QList<QUrl> urls = event->mimeData()->urls(); !urls.isEmpty()) {
        open(urls.first().toLocalFile());
    }
}

void MainWindow::setTheme(scenes::ThemeMode mode) {
    m_theme = scenes::loadTheme(mode);
    if (isVisible()) {
        m_restyler->restyle(m_theme);
    } else {
        widgets::applyStyle(*qApp, m_theme);
    }
    m_header->setTheme(m_theme);
    m_diagnostics->setTheme(m_theme);
    m_scenarioPanel->setTheme(m_theme);
    m_stage->setTheme(m_theme);
    m_pages->setTheme(m_theme);
    m_inspector->setTheme(m_theme);
    m_rightColumn->tabBar()->setFont(m_theme.font(scenes::TextRole::Body));
    m_injectionsPanel->setTheme(m_theme);
    m_blamePanels[0]->setTheme(m_theme);
    m_blamePanels[1]->setTheme(m_theme);
    m_mitigations->setTheme(m_theme);
    m_levers->setTheme(m_theme);
    m_transport->setTheme(m_theme);
    m_deck->setTheme(m_theme);
    m_status->setTheme(m_theme);
    (mode == scenes::ThemeMode::Dark ? m_actions.darkTheme : m_actions.lightTheme)->setChecked(true);
}

void MainWindow::open(const QString& file) {
    m_problems.clear();
    m_session->open(file);
}

bool MainWindow::settled() const {
    if (m_session->busy() || m_lanes->busy() || m_blame->busy() || m_sampler->busy() || m_stage->moving() ||
        m_pages->busy() || m_restyler->busy()) {
        return false;
    }
    if (!m_session->workspace()) {
        return hasErrors(m_problems);
    }
    return m_shownWorkspace == m_session->workspace() && m_shown.workspace == m_shownWorkspace &&
           m_shown.timesS == m_playback.timesS();
}

void MainWindow::showPlan(Side side) {
    showPage(QStringLiteral("training"));
    if (auto* desk = qobject_cast<TrainingDesk*>(m_pages->page(QStringLiteral("training")))) {
        desk->setSide(side);
        desk->scrollTo(QStringLiteral("plan"));
    }
}

void MainWindow::showScaling() {
    showPage(QStringLiteral("training"));
    m_pages->page(QStringLiteral("training"))->scrollTo(QStringLiteral("scaling"));
}

void MainWindow::showPage(const QString& id) {
    m_pages->showPage(id);
    const QString shown = m_pages->shownPage();
    m_scenarioPanel->colourings().setVisible(shown.isEmpty());
    showCharts();
    for (QAction* action : m_actions.pages) {
        action->setChecked(action->data().toString() == shown);
    }
}

void MainWindow::showCharts() {
    const bool shown = m_pages->shownPage().isEmpty() && m_actions.showCharts->isChecked();
    if (shown == m_deck->isVisibleTo(this)) {
        return;
    }
    if (!shown) {
        m_rowsWithCharts = m_rows->sizes();
    }
    m_deck->setVisible(shown);
    const int least = m_transport->sizeHint().height();
    m_lower->setMaximumHeight(shown ? QWIDGETSIZE_MAX : least);
    m_rows->setSizes(shown ? m_rowsWithCharts : QList<int>{height() - least, least});
}

void MainWindow::requestLanes(Side side) {
    const auto wish = m_stage->pane(side).lanesWish();
    if (wish && m_shownWorkspace) {
        m_lanes->request(side, m_shownWorkspace->pane(side).timeline, *wish);
    }
}

void MainWindow::requestUtilisation() {
    const TimeSpan span = weekAround(m_playback.timeS());
    if (m_shownWorkspace && (m_sampledWorkspace != m_shownWorkspace || span != m_sampledSpan)) {
        m_sampledWorkspace = m_shownWorkspace;
        m_sampledSpan = span;
        m_sampler->request({m_shownWorkspace, m_playback.timeS()});
    }
}

} // namespace atlas::app
