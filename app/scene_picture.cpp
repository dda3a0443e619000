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

namespace atlas::app {

namespace {

constexpr int kMargin = 12;

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

QImage scenePicture(const Workspace& workspace, Side side, SceneKind kind,
                    const ScenePictureOptions& options) {
    const Pane& pane = workspace.pane(side);
    const auto cluster = workspace.clusters.find(pane.choice.cluster);
    if (cluster == workspace.clusters.end()) {
        return {};
    }
    const std::shared_ptr<const operations::Frame> frame =
        pane.timeline ? pane.timeline->frameAt(options.atS) : nullptr;
    const scenes::Theme& theme = options.theme;

    const std::unique_ptr<scenes::Scene> scene = makeScene(kind);
    scene->setTheme(theme);
    scene->setCluster(cluster->second);
    scene->setFrame(frame);
    if (auto* drawn = dynamic_cast<scenes::ClusterScene*>(scene.get())) {
        drawn->setSite(std::make_shared<const operations::Site>(
            operations::siteOf(*workspace.scenario, *cluster->second)));
    }
    if (auto* orbit = dynamic_cast<scenes::OrbitScene*>(scene.get())) {
        orbit->setConstellation(pane.flown);
    }

    const QFont head = theme.font(scenes::TextRole::Head);
    const QFont quiet = theme.font(scenes::TextRole::Label);
    const int headHeight =
        options.caption
            ? static_cast<int>(QFontMetricsF(head).height() + QFontMetricsF(quiet).height()) + kMargin
            : 0;
    const int footHeight = options.caption ? static_cast<int>(QFontMetricsF(quiet).height()) + 4 : 0;
    const int width = std::max(16, options.size.width() - 2 * kMargin);

    feedLanes(*scene, workspace, pane, {QSize(width, options.size.height()), options.pixelRatio});
    widgets::LegendBar legend;
    legend.setTheme(theme);
    legend.setLegend(scene->legend({QSize(width, options.size.height()), options.pixelRatio}));
    const int legendHeight = options.legend ? legend.heightForWidth(width) : 0;
    const int sceneHeight =
        std::max(16, options.size.height() - 2 * kMargin - headHeight - legendHeight - footHeight);
    const scenes::Viewport viewport{QSize(width, sceneHeight), options.pixelRatio};
    scene->setCamera(scene->home(viewport));
    if (options.around && scene->camera().axes == scenes::CameraAxes::Plane) {
        scene->setCamera(scenes::fitted(*options.around, viewport, 0));
    }
    const QImage drawn =
        options.transparent ? scenes::transparentImage(*scene, theme, viewport) : scene->image(viewport);
    legend.setLegend(scene->legend(viewport)); // how much a pixel stands for depends on the camera

    QImage picture((QSizeF(options.size) * options.pixelRatio).toSize(),
                   options.transparent ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    if (picture.isNull()) {
        return picture; // more than the memory holds
    }
    picture.setDevicePixelRatio(options.pixelRatio);
    picture.fill(options.transparent ? QColor(Qt::transparent) : theme.ground);
    QPainter painter(&picture);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    int y = kMargin;
    if (options.caption) {
        const SceneWords words = sceneWords(*workspace.scenario, pane, side, frame.get());
        painter.setFont(head);
        painter.setPen(theme.text);
        const int first = static_cast<int>(QFontMetricsF(head).height());
        painter.drawText(QRect(kMargin, y, width, first), Qt::AlignLeft | Qt::AlignVCenter, words.title);
        painter.setFont(quiet);
        painter.setPen(theme.quietText);
        painter.drawText(
            QRect(kMargin, y + first, width, static_cast<int>(QFontMetricsF(quiet).height()) + 2),
            Qt::AlignLeft | Qt::AlignVCenter, words.detail);
        y += headHeight;
    }
    painter.drawImage(QPointF(kMargin, y), drawn);
    y += sceneHeight;
    if (options.legend) {
        legend.resize(width, legendHeight);
        legend.render(&painter, QPoint(kMargin, y), QRegion(), QWidget::RenderFlags());
    }
    if (options.caption) {
        painter.setFont(quiet);
        painter.setPen(theme.quietText);
        painter.drawText(QRect(kMargin, options.size.height() - kMargin - footHeight, width, footHeight),
                         Qt::AlignRight | Qt::AlignBottom, provenance(*workspace.scenario));
    }
    return picture;
}

} // namespace atlas::app
