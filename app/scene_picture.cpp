#include "app/scene_picture.h"

#include "app/chart_values.h"
#include "app/lane_feed.h"
#include "app/pane_caption.h"
#include "model/operations/calendar.h"
#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "scenes/lanes_scene.h"
#include "scenes/matrix_scene.h"
#include "scenes/orbit_scene.h"
#include "scenes/transparent_image.h"
#include "widgets/format.h"
#include "widgets/legend_bar.h"
#include "widgets/report.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace atlas::app {

namespace {

constexpr int kMargin = 12;
constexpr int kFootGap = 4;     // between the legend and the source
constexpr int kLeastScene = 16; // pixels a side, however small the page

std::unique_ptr<scenes::Scene> makeScene(SceneKind kind) {
    switch (kind) {
    case SceneKind::Floorplan:
        return std::make_unique<scenes::FloorScene>();
    case SceneKind::Fabric:
        return std::make_unique<scenes::FabricScene>();
    case SceneKind::Orbit:
        return std::make_unique<scenes::OrbitScene>();
    case SceneKind::Matrix:
        return std::make_unique<scenes::MatrixScene>();
    case SceneKind::StepTimeline:
        break;
    }
    return std::make_unique<scenes::LanesScene>();
}

/// Lets a step timeline have what it wants to show.
void feedLanes(scenes::Scene& scene, const Workspace& workspace, const Pane& pane,
               const scenes::Viewport& viewport) {
    auto* lanes = dynamic_cast<scenes::LanesScene*>(&scene);
    if (lanes == nullptr || !pane.timeline) {
        return;
    }
    scenes::LanesOptions options;
    options.durationS = operations::monthStartS(
        workspace.scenario->start,
        scenario::Month{workspace.scenario->start.index + workspace.scenario->horizonMonths});
    lanes->setOptions(options);
    lanes->setCamera(lanes->home(viewport));
    if (const auto wish = lanes->wish(viewport)) {
        lanes->setLanes(std::make_shared<const operations::StepLanes>(
            operations::lanesOf(*pane.timeline, requestOf(*wish))));
    }
}

} // namespace

SceneWords sceneWords(const scenario::Scenario& scenario, const Pane& pane, Side side,
                      const operations::Frame* frame) {
    const widgets::PaneCaption caption = paneCaption(scenario, pane, frame);
    SceneWords words;
    words.title = QString(QLatin1Char(widgets::letter(side))) + QStringLiteral("  ") + caption.cluster;
    words.detail = caption.problem.isEmpty() ? caption.summary : caption.problem.simplified();
    if (frame != nullptr) {
        // Hours and minutes say enough under a picture.
        words.detail += QStringLiteral(" · ") + widgets::clockText(frame->timeS).chopped(7);
    }
    return words;
}

ScenePage::ScenePage() = default;

ScenePage::~ScenePage() = default;

std::unique_ptr<ScenePage> ScenePage::make(const Workspace& workspace, Side side, SceneKind kind,
                                           const ScenePictureOptions& options) {
    const Pane& pane = workspace.pane(side);
    const auto cluster = workspace.clusters.find(pane.choice.cluster);
    if (cluster == workspace.clusters.end()) {
        return nullptr;
    }
    const std::shared_ptr<const operations::Frame> frame =
        pane.timeline ? pane.timeline->frameAt(options.atS) : nullptr;
    std::unique_ptr<ScenePage> page(new ScenePage);
    page->m_options = options;
    page->m_scene = makeScene(kind);
    scenes::Scene& scene = *page->m_scene;
    scene.setTheme(options.theme);
    scene.setCluster(cluster->second);
    scene.setFrame(frame);
    if (auto* drawn = dynamic_cast<scenes::ClusterScene*>(&scene)) {
        drawn->setSite(std::make_shared<const operations::Site>(
            operations::siteOf(*workspace.scenario, *cluster->second)));
    }
    if (auto* floor = dynamic_cast<scenes::FloorScene*>(&scene)) {
        scenes::FloorOptions choice = floor->options();
        choice.colourBy = options.colourBy;
        floor->setOptions(choice);
    }
    if (auto* orbit = dynamic_cast<scenes::OrbitScene*>(&scene)) {
        orbit->setConstellation(pane.flown);
        scenes::OrbitOptions choice = orbit->options();
        choice.colourBy = options.colourBy;
        orbit->setOptions(choice);
    }
    if (options.caption) {
        const SceneWords words = sceneWords(*workspace.scenario, pane, side, frame.get());
        page->m_title = words.title;
        page->m_detail = words.detail;
        page->m_source = provenance(*workspace.scenario);
    }
    page->layOut(workspace, pane);
    return page;
}

void ScenePage::layOut(const Workspace& workspace, const Pane& pane) {
    const scenes::Theme& theme = m_options.theme;
    const QSize size = m_options.size;
    const double ratio = m_options.pixelRatio;
    const double quiet = QFontMetricsF(theme.font(scenes::TextRole::Label)).height();
    const double head = QFontMetricsF(theme.font(scenes::TextRole::Head)).height();
    const int headHeight = m_options.caption ? static_cast<int>(head + quiet) + kMargin : 0;
    const int footHeight = m_options.caption ? static_cast<int>(quiet) + kFootGap : 0;
    const int width = std::max(kLeastScene, size.width() - 2 * kMargin);
    const scenes::Viewport all{QSize(width, size.height()), ratio};
    feedLanes(*m_scene, workspace, pane, all);
    widgets::LegendBar legend;
    legend.setTheme(theme);
    legend.setLegend(m_scene->legend(all));
    const int legendHeight = m_options.legend ? legend.heightForWidth(width) : 0;
    m_sceneTop = kMargin + headHeight;
    m_viewport = {QSize(width, std::max(kLeastScene, size.height() - 2 * kMargin - headHeight - legendHeight -
                                                         footHeight)),
                  ratio};
    m_legendTop = m_sceneTop + m_viewport.size.height();
    m_scene->setCamera(m_scene->home(m_viewport));
    if (m_options.around && m_scene->camera().axes == scenes::CameraAxes::Plane) {
        m_scene->setCamera(scenes::fitted(*m_options.around, m_viewport, 0));
    }
    if (!m_options.legend) {
        return;
    }
    legend.setLegend(m_scene->legend(m_viewport)); // how much a pixel stands for depends on the camera
    m_legend = QImage((QSizeF(width, legendHeight) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    m_legend.setDevicePixelRatio(ratio);
    m_legend.fill(Qt::transparent);
    legend.resize(width, legendHeight);
    legend.render(&m_legend, QPoint(), QRegion(), QWidget::RenderFlags());
}

QSize ScenePage::deviceSize() const {
    return scenes::Viewport{m_options.size, m_options.pixelRatio}.deviceSize();
}

QImage ScenePage::rows(scenes::PaneRows rows) {
    const QSize whole = deviceSize();
    const int count = rows.count > 0 ? rows.count : whole.height() - rows.first;
    QImage picture(QSize(whole.width(), count),
                   m_options.transparent ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    if (picture.isNull()) {
        return picture;
    }
    picture.setDevicePixelRatio(m_options.pixelRatio);
    picture.setOffset(QPoint(0, rows.first));
    picture.fill(m_options.transparent ? QColor(Qt::transparent) : m_options.theme.ground);
    if (!paintScene(picture)) {
        return {};
    }
    scenes::RowsPainter painter(picture);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    if (!m_legend.isNull()) {
        painter.drawImage(QPointF(kMargin, m_legendTop), m_legend);
    }
    if (m_options.caption) {
        paintCaption(painter);
    }
    return picture;
}

bool ScenePage::paintScene(QImage& picture) {
    const double ratio = m_options.pixelRatio;
    const QPoint corner(qRound(kMargin * ratio), qRound(m_sceneTop * ratio));
    const QRect place = QRect(corner, m_viewport.deviceSize()) & scenes::rectInPane(picture);
    if (place.isEmpty()) {
        return true;
    }
    const scenes::PaneRows wanted{place.top() - corner.y(), place.height()};
    const QImage drawn = m_options.transparent
                             ? scenes::transparentImage(*m_scene, m_options.theme, m_viewport, wanted)
                             : m_scene->image(m_viewport, wanted);
    for (int y = 0; !drawn.isNull() && y < place.height(); ++y) {
        std::copy_n(reinterpret_cast<const QRgb*>(drawn.constScanLine(y)), place.width(),
                    scenes::rowOfPane(picture, place.top() + y) + place.left());
    }
    return !drawn.isNull();
}

void ScenePage::paintCaption(QPainter& painter) const {
    const scenes::Theme& theme = m_options.theme;
    const QFont head = theme.font(scenes::TextRole::Head);
    const QFont quiet = theme.font(scenes::TextRole::Label);
    const int first = static_cast<int>(QFontMetricsF(head).height());
    const int second = static_cast<int>(QFontMetricsF(quiet).height());
    const int width = m_viewport.size.width();
    constexpr auto kLeft = Qt::AlignLeft | Qt::AlignVCenter;
    painter.setFont(head);
    painter.setPen(theme.text);
    painter.drawText(QRect(kMargin, kMargin, width, first), kLeft, m_title);
    painter.setFont(quiet);
    painter.setPen(theme.quietText);
    painter.drawText(QRect(kMargin, kMargin + first, width, second + 2), kLeft, m_detail);
    const int foot = second + kFootGap;
    painter.drawText(QRect(kMargin, m_options.size.height() - kMargin - foot, width, foot),
                     Qt::AlignRight | Qt::AlignBottom, m_source);
}

QImage scenePicture(const Workspace& workspace, Side side, SceneKind kind,
                    const ScenePictureOptions& options) {
    const auto page = ScenePage::make(workspace, side, kind, options);
    return page ? page->rows({}) : QImage();
}

} // namespace atlas::app
