#include "widgets/scene_pane.h"

#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include <algorithm>
#include <tuple>

namespace atlas::widgets {

namespace {

constexpr int kHeightForStrip = 340;
constexpr int kStripHeight = 76;
constexpr double kMostForFigures = 0.45; ///< of the pane: the floor keeps the rest
constexpr double kMostWhereLow = 0.3;    ///< of a pane with no room for the strip either

QRect headRect(const scenes::Theme& theme, int width, bool clock) {
    const int lines = QFontMetrics(theme.font(scenes::TextRole::Head)).height() +
                      QFontMetrics(theme.font(scenes::TextRole::Label)).height() +
                      (clock ? QFontMetrics(theme.font(scenes::TextRole::Label)).height() + 1 : 0);
    return {theme.spacing.large, theme.spacing.small, std::max(0, width - 2 * theme.spacing.large),
            lines + 2};
}

} // namespace

ScenePane::ScenePane(Side side, SceneHost host, const scenes::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_side(side)
    , m_theme(theme)
    , m_floor(std::make_unique<scenes::FloorScene>())
    , m_fabric(std::make_unique<scenes::FabricScene>())
    , m_stripScene(std::make_unique<scenes::FabricScene>())
    , m_lanes(std::make_unique<scenes::LanesScene>())
    , m_orbit(std::make_unique<scenes::OrbitScene>())
    , m_matrix(std::make_unique<scenes::MatrixScene>())
    , m_view(new SceneView(
          host, {m_floor.get(), m_fabric.get(), m_lanes.get(), m_orbit.get(), m_matrix.get()}, this))
    , m_strip(new SceneView(SceneHost::Raster, {m_stripScene.get()}, this))
    , m_veil(new AreaVeil(*m_view, this))
    , m_differencePanel(new DifferencePanel(this))
    , m_minimap(new Minimap(*m_view, this))
    , m_performance(new PerformanceOverlay(this))
    , m_hover(new HoverCard(this))
    , m_clusterButton(new QToolButton(this)) {
    setObjectName(side == Side::A ? QStringLiteral("paneA") : QStringLiteral("paneB"));
    m_view->setAccessibleName(side == Side::A ? tr("Scene of strategy A") : tr("Scene of strategy B"));
    scenes::FabricOptions strip;
    strip.mode = scenes::FabricMode::Strip;
    strip.labels = false;
    m_stripScene->setOptions(strip);
    m_strip->setFocusPolicy(Qt::NoFocus);
    m_strip->setToolTip(tr("The network; click to see it in full"));
    connect(m_strip, &SceneView::clicked, this, &ScenePane::fabricRequested);
    m_clusterButton->setPopupMode(QToolButton::InstantPopup);
    m_clusterButton->setText(tr("Cluster"));
    m_clusterButton->setToolTip(tr("Show another cluster of this strategy"));
    m_clusterButton->setMenu(new QMenu(m_clusterButton));
    m_clusterButton->hide();
    connect(m_view, &SceneView::hovered, this, &ScenePane::showHover);
    connect(m_view, &SceneView::left, this, [this] { showHover({}, {}); });
    connect(m_view, &SceneView::clicked, this,
            [this](scenes::Target target, Qt::KeyboardModifiers) { activate(target); });
    connect(m_view, &SceneView::contextMenuRequested, this, &ScenePane::contextMenuRequested);
    connect(m_minimap, &Minimap::wantedChanged, this, &ScenePane::layOut);
    connect(m_view, &SceneView::areaDrawn, m_veil, &AreaVeil::setDrawn);
    connect(m_view, &SceneView::areaChosen, this, [this](const QPolygonF& world) {
        if (m_shown == PaneScene::Floorplan) {
            emit areaSelected(world);
        }
    });
    connect(m_view, &SceneView::viewChanged, this, &ScenePane::askForLanes);
    setTheme(theme);
}

ScenePane::~ScenePane() {
    delete m_view; // host the scenes, which go after them
    delete m_strip;
}

void ScenePane::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    m_floor->setTheme(theme);
    m_fabric->setTheme(theme);
    m_stripScene->setTheme(theme);
    m_lanes->setTheme(theme);
    m_orbit->setTheme(theme);
    m_matrix->setTheme(theme);
    m_veil->setTheme(theme);
    m_differencePanel->setTheme(theme);
    m_minimap->setTheme(theme);
    m_performance->setTheme(theme);
    m_hover->setTheme(theme);
    layOut();
    m_view->redraw();
    m_strip->redraw();
    update();
}

void ScenePane::setCaption(const PaneCaption& caption) {
    const bool problemChanged = caption.problem.isEmpty() != m_caption.problem.isEmpty();
    const bool linesChanged = caption.clock.isEmpty() != m_caption.clock.isEmpty();
    const bool choicesChanged = caption.currentCluster != m_caption.currentCluster ||
                                caption.clusters.size() != m_caption.clusters.size();
    m_caption = caption;
    setAccessibleName(caption.cluster + QStringLiteral(", ") + caption.strategy);
    setAccessibleDescription(caption.summary);
    if (choicesChanged) {
        QMenu& menu = *m_clusterButton->menu();
        menu.clear();
        for (const PaneCaption::Choice& choice : m_caption.clusters) {
            QAction* action = menu.addAction(choice.name);
            action->setCheckable(true);
            action->setChecked(choice.id == m_caption.currentCluster);
            connect(action, &QAction::triggered, this, [this, id = choice.id] { emit clusterChosen(id); });
        }
        m_clusterButton->setVisible(m_caption.clusters.size() > 1);
        layOut();
    }
    if (problemChanged) {
        m_view->setVisible(m_caption.problem.isEmpty());
    }
    if (problemChanged || linesChanged) {
        layOut();
    }
    update();
}

void ScenePane::setCluster(std::shared_ptr<const cluster::Cluster> cluster) {
    if (cluster == m_cluster) {
        return;
    }
    m_cluster = std::move(cluster);
    m_floor->setCluster(m_cluster);
    m_fabric->setCluster(m_cluster);
    m_stripScene->setCluster(m_cluster);
    m_lanes->setCluster(m_cluster);
    m_lanes->setLanes(nullptr);
    m_orbit->setCluster(m_cluster);
    m_matrix->setCluster(m_cluster);
    m_minimap->setCluster(m_cluster);
    setSelection({}); // an index of the old cluster means nothing in the new one
    showHover({}, {});
    m_view->setFollowsFit(true);
    m_view->worldChanged();
    m_strip->worldChanged();
}

void ScenePane::setSite(std::shared_ptr<const operations::Site> site) {
    m_floor->setSite(site);
    m_orbit->setSite(std::move(site));
    m_view->worldChanged();
}

void ScenePane::setConstellation(std::shared_ptr<const orbit::Constellation> flown) {
    m_orbit->setConstellation(std::move(flown));
    if (m_shown == PaneScene::Orbit) {
        m_view->worldChanged();
    }
}

void ScenePane::setFrame(std::shared_ptr<const operations::Frame> frame) {
    m_orbit->setFrame(frame);
    m_matrix->setFrame(frame);
    m_minimap->setFrame(frame);
    m_floor->setFrame(frame);
    m_fabric->setFrame(frame);
    m_lanes->setFrame(frame);
    m_stripScene->setFrame(std::move(frame));
    if (m_shown == PaneScene::StepTimeline) {
        m_view->refreshHome();
        askForLanes();
    }
    m_view->redraw();
    m_strip->redraw();
    if (m_hovered) {
        m_hover->show(m_view->scene().hoverText(m_hovered),
                      m_view->mapTo(this, m_hoveredAt.toPoint()).toPointF());
    }
}

void ScenePane::showScene(PaneScene scene) {
    showHover({}, {});
    m_shown = scene;
    m_veil->setShown(scene == PaneScene::Floorplan);
    m_view->showScene(static_cast<std::size_t>(scene));
    m_minimap->setWorld(scene == PaneScene::Floorplan ? Minimap::World::Floor
                        : scene == PaneScene::Fabric  ? Minimap::World::Fabric
                                                      : Minimap::World::None);
    layOut();
    askForLanes();
}

template <class Change>
void ScenePane::changeLanes(Change change) {
    scenes::LanesOptions options = m_lanes->options();
    change(options);
    m_lanes->setOptions(options);
}

template <class Change>
void ScenePane::changeOrbit(Change change) {
    scenes::OrbitOptions options = m_orbit->options();
    change(options);
    m_orbit->setOptions(options);
}

template <class Change>
void ScenePane::changeMatrix(Change change) {
    scenes::MatrixOptions options = m_matrix->options();
    change(options);
    m_matrix->setOptions(options);
}

void ScenePane::setDuration(double seconds) {
    changeLanes([seconds](scenes::LanesOptions& o) { o.durationS = seconds; });
    m_view->refreshHome();
}

void ScenePane::setPace(double pace) {
    changeLanes([pace](scenes::LanesOptions& o) { o.paceSPerS = pace; });
    changeFabric([pace](scenes::FabricOptions& o) { o.pace = pace; });
}

void ScenePane::setLanes(std::shared_ptr<const operations::StepLanes> lanes) {
    m_lanes->setLanes(std::move(lanes));
    m_view->refreshHome();
    m_view->redraw();
}

std::optional<scenes::LanesWish> ScenePane::lanesWish() const {
    const bool shown = m_shown == PaneScene::StepTimeline && m_cluster && isVisible();
    return shown ? m_lanes->wish(m_view->viewport()) : std::nullopt;
}

void ScenePane::askForLanes() {
    if (lanesWish()) {
        emit lanesWanted();
    }
}

void ScenePane::activate(scenes::Target target) {
    const bool time = target.kind == scenes::TargetKind::Instant || target.kind == scenes::TargetKind::Lane;
    if (!time) {
        emit selected(target.whole());
    } else if (const auto instant = m_lanes->instantOf(target, m_view->viewport())) {
        emit seekRequested(*instant);
    }
}

template <class Change>
void ScenePane::changeFabric(Change change) {
    for (scenes::FabricScene* fabric : {m_fabric.get(), m_stripScene.get()}) {
        scenes::FabricOptions options = fabric->options();
        change(options);
        if (options != fabric->options()) {
            fabric->setOptions(options);
        }
    }
}

void ScenePane::setTrafficClock(double clockS) {
    if (m_view->navigator().motion() == Motion::Reduced) {
        clockS = 0;
    }
    changeFabric([clockS](scenes::FabricOptions& o) { o.clockS = clockS; });
    changeOrbit([clockS](scenes::OrbitOptions& o) { o.clockS = clockS; });
}

void ScenePane::setColourBy(scenes::ColourBy colourBy) {
    scenes::FloorOptions options = m_floor->options();
    options.colourBy = colourBy;
    m_floor->setOptions(options);
    m_minimap->setColourBy(colourBy);
    changeOrbit([colourBy](scenes::OrbitOptions& o) { o.colourBy = colourBy; });
    m_view->redraw();
}

void ScenePane::setArea(const QPolygonF& world) {
    m_veil->setArea(world);
}

void ScenePane::setDifference(const std::optional<DifferenceContent>& content,
                              std::shared_ptr<const operations::Frame> base) {
    const auto rows = [](const std::optional<DifferenceContent>& of) {
        return of ? std::tuple(true, of->map, of->rows.size()) : std::tuple(false, false, std::size_t{0});
    };
    const bool laidOutAnew = rows(content) != rows(m_difference);
    m_difference = content;
    scenes::FloorOptions options = m_floor->options();
    options.base = content && content->map ? std::move(base) : nullptr;
    if (options != m_floor->options()) {
        m_floor->setOptions(options);
        m_minimap->setBase(options.base);
        m_view->redraw();
    }
    if (content) {
        m_differencePanel->setContent(*content);
        m_differencePanel->setLegend(m_floor->legend(m_view->viewport()));
    }
    if (laidOutAnew) {
        layOut();
        update();
    }
}

void ScenePane::setMotion(Motion motion) {
    m_view->navigator().setMotion(motion);
    m_strip->navigator().setMotion(motion);
    if (motion == Motion::Reduced) {
        setTrafficClock(0);
    }
}

void ScenePane::setPerformance(const std::vector<PerformanceLine>& lines) {
    m_performance->setLines(lines);
    layOut();
}

void ScenePane::setSelection(scenes::Target target) {
    m_veil->setArea({});
    m_selection = target;
    scenes::FloorOptions options = m_floor->options();
    options.selected = target;
    m_floor->setOptions(options);
    changeFabric([target](scenes::FabricOptions& o) { o.selected = target; });
    changeLanes([target](scenes::LanesOptions& o) { o.selected = target; });
    changeOrbit([target](scenes::OrbitOptions& o) { o.selected = target; });
    changeMatrix([target](scenes::MatrixOptions& o) { o.selected = target; });
    m_minimap->setSelection(target);
    askForLanes();
    m_view->redraw();
}

void ScenePane::setCallout(const QString& title, const QString& detail) {
    scenes::FloorOptions options = m_floor->options();
    options.calloutTitle = title;
    options.calloutDetail = detail;
    if (options != m_floor->options()) {
        m_floor->setOptions(options);
        changeOrbit([&](scenes::OrbitOptions& o) {
            o.calloutTitle = title;
            o.calloutDetail = detail;
        });
        m_view->redraw();
    }
}

void ScenePane::setBlame(std::shared_ptr<const scenes::BlameChain> blame) {
    scenes::FloorOptions options = m_floor->options();
    options.blame = blame;
    if (options != m_floor->options()) {
        m_floor->setOptions(options);
        changeFabric([&blame](scenes::FabricOptions& o) { o.blame = blame; });
        m_view->redraw();
    }
}

void ScenePane::setGroups(std::shared_ptr<const scenes::RankGroups> groups) {
    if (m_fabric->options().groups != groups) {
        changeFabric([&groups](scenes::FabricOptions& o) { o.groups = groups; });
        m_view->redraw();
    }
}

scenes::Legend ScenePane::legend() const {
    return m_view->scene().legend(m_view->viewport());
}

void ScenePane::showHover(scenes::Target target, QPointF position) {
    m_hoveredAt = position;
    if (target != m_hovered) {
        m_hovered = target;
        scenes::FloorOptions options = m_floor->options();
        options.hovered = target.whole();
        m_floor->setOptions(options);
        changeFabric([target](scenes::FabricOptions& o) { o.hovered = target.whole(); });
        changeLanes([target](scenes::LanesOptions& o) { o.hovered = target; });
        changeOrbit([target](scenes::OrbitOptions& o) { o.hovered = target.whole(); });
        changeMatrix([target](scenes::MatrixOptions& o) { o.hovered = target; });
        m_view->redraw();
    }
    if (!target) {
        m_hover->hide();
        return;
    }
    m_hover->show(m_view->scene().hoverText(target), m_view->mapTo(this, position.toPoint()).toPointF());
}

void ScenePane::layOut() {
    const QRect head = headRect(m_theme, width(), !m_caption.clock.isEmpty());
    const int top = head.bottom() + m_theme.spacing.tight;
    // The strip only where the floor keeps most of the pane.
    const bool differs = m_difference && m_caption.problem.isEmpty();
    const bool strip = m_shown == PaneScene::Floorplan && height() >= kHeightForStrip &&
                       m_caption.problem.isEmpty() && !differs;
    const int figures =
        std::min(m_differencePanel->heightForWidth(width()),
                 static_cast<int>((height() < kHeightForStrip ? kMostWhereLow : kMostForFigures) * height()));
    const int stripHeight = strip ? kStripHeight : differs && m_difference->map ? figures : 0;
    m_strip->setVisible(strip);
    m_strip->setGeometry(0, height() - stripHeight, width(), std::max(1, stripHeight));
    m_view->setGeometry(0, top, width(), std::max(1, height() - top - stripHeight));
    m_differencePanel->setVisible(differs);
    m_differencePanel->setGeometry(differs && m_difference->map
                                       ? m_strip->geometry()
                                       : QRect(0, top, width(), std::max(1, height() - top)));
    m_veil->setGeometry(m_view->geometry());
    const QSize map = m_minimap->sizeHint();
    const bool roomForMap = m_view->width() > 2 * map.width() && m_view->height() > 2 * map.height();
    m_minimap->setVisible(m_minimap->wanted() && roomForMap && m_caption.problem.isEmpty() &&
                          !(differs && !m_difference->map));
    m_minimap->setGeometry(QRect(m_view->geometry().bottomRight() - QPoint(map.width(), map.height()) -
                                     QPoint(m_theme.spacing.small, m_theme.spacing.small),
                                 map));
    const QSize performance = m_performance->sizeHint();
    m_performance->setGeometry(QRect(
        QPoint(width() - performance.width() - m_theme.spacing.small, m_view->y() + m_theme.spacing.small),
        performance));
    if (m_clusterButton->isVisibleTo(this)) {
        const QSize size = m_clusterButton->sizeHint();
        m_clusterButton->setGeometry(width() - m_theme.spacing.large - size.width(), head.top(), size.width(),
                                     size.height());
    }
}

void ScenePane::resizeEvent(QResizeEvent*) {
    layOut();
}

void ScenePane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.ground);
    QRect head = headRect(m_theme, width(), !m_caption.clock.isEmpty());
    if (m_clusterButton->isVisibleTo(this)) {
        head.setRight(m_clusterButton->x() - m_theme.spacing.small);
    }
    const QFont headFont = m_theme.font(scenes::TextRole::Head);
    const QFont labelFont = m_theme.font(scenes::TextRole::Label);
    const QFontMetrics headMetrics(headFont);
    const QFontMetrics labelMetrics(labelFont);
    painter.setFont(headFont);
    painter.setPen(m_theme.strategies[index(m_side)]);
    const bool differs = m_difference && m_difference->map;
    const QString badge = differs ? tr("B − A") : QString(QLatin1Char(letter(m_side)));
    painter.drawText(head.left(), head.top() + headMetrics.ascent(), badge);
    const int indent = headMetrics.horizontalAdvance(badge) + m_theme.spacing.small;
    const int room = std::max(0, head.width() - indent);
    painter.setPen(m_theme.text);
    const QString cluster = headMetrics.elidedText(m_caption.cluster, Qt::ElideRight, room);
    painter.drawText(head.left() + indent, head.top() + headMetrics.ascent(), cluster);
    const int used = headMetrics.horizontalAdvance(cluster) + m_theme.spacing.medium;
    painter.setFont(labelFont);
    painter.setPen(m_theme.quietText);
    painter.drawText(head.left() + indent + used, head.top() + headMetrics.ascent(),
                     labelMetrics.elidedText(m_caption.strategy, Qt::ElideRight, std::max(0, room - used)));
    painter.drawText(head.left() + indent, head.top() + headMetrics.height() + 1 + labelMetrics.ascent(),
                     labelMetrics.elidedText(m_caption.summary, Qt::ElideRight, room));
    if (!m_caption.clock.isEmpty()) {
        const int line = head.top() + headMetrics.height() + labelMetrics.height() + 2;
        const QColor ink = m_caption.clockInHand ? m_theme.accent : m_theme.quietText;
        const double size = labelMetrics.xHeight();
        const QRectF dot(head.left() + 1, line + labelMetrics.ascent() - size, size, size);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(ink, 1.2));
        painter.setBrush(m_caption.clockInHand ? QBrush(ink) : QBrush(Qt::NoBrush));
        painter.drawEllipse(dot);
        painter.setPen(ink);
        painter.drawText(head.left() + indent, line + labelMetrics.ascent(),
                         labelMetrics.elidedText(m_caption.clock, Qt::ElideRight, room));
    }
    if (!m_caption.problem.isEmpty()) {
        painter.setFont(m_theme.font(scenes::TextRole::Body));
        painter.setPen(m_theme.text);
        const QRect body = rect().adjusted(m_theme.spacing.large, head.bottom() + m_theme.spacing.large,
                                           -m_theme.spacing.large, -m_theme.spacing.large);
        painter.drawText(body, Qt::AlignCenter | Qt::TextWordWrap, m_caption.problem);
    }
}

} // namespace atlas::widgets
