#include "scenes/lanes_scene.h"

#include "scenes/gl_picture.h"
#include "scenes/gl_scene.h"
#include "scenes/label_paint.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

template class GlScene<GlPicture>;

namespace {

constexpr double kPageWallS = 8;       // a page of the timeline plays for at least this long
constexpr double kStepsToPage = 3;     // below that a page is one step
constexpr double kMargin = 0.02;       // of a page, at both ends
constexpr double kWithoutSteps = 3600; // page where nothing steps, seconds
constexpr double kFinestPxPerS = 2e5;  // zoom limit: 5 microseconds a pixel
constexpr double kOverscan = 0.5;      // windows asked for at either side of what is in view
constexpr double kFinerBy = 2; // zoomed by this much since they were computed, lanes are asked for again

} // namespace

LanesScene::LanesScene()
    : m_looks(laneLooks(m_theme)) {
    m_camera.axes = CameraAxes::Time;
}

LanesScene::~LanesScene() = default;

void LanesScene::setOptions(const LanesOptions& options) {
    m_stale = m_stale || options.criticalPath != m_options.criticalPath;
    m_options = options;
}

void LanesScene::setLanes(std::shared_ptr<const operations::StepLanes> lanes) {
    m_lanes = std::move(lanes);
    m_stale = true;
}

void LanesScene::themeChanged() {
    m_looks = laneLooks(m_theme);
}

const operations::StepLanes* LanesScene::fitting() const {
    return m_lanes && m_lanes->cluster == m_cluster ? m_lanes.get() : nullptr;
}

LanesLayout LanesScene::layoutFor(const Viewport& viewport) const {
    const bool drawn = !m_stale && viewport == m_viewport;
    return drawn ? m_layout : LanesLayout::of(fitting(), viewport);
}

QRectF LanesScene::bounds() const {
    return {0, 0, std::max(1.0, m_options.durationS), std::max(1.0, m_layout.height)};
}

ZoomLimits LanesScene::zoomLimits(const Viewport& viewport) const {
    const double width = layoutFor(viewport).content(viewport).width();
    return {0.5 * width / std::max(1.0, m_options.durationS), kFinestPxPerS};
}

Camera LanesScene::home(const Viewport& viewport) const {
    double lengthS = kWithoutSteps;
    double fromS = 0;
    if (const operations::Frame* now = anyFrame()) {
        const bool stepping = now->training && now->stepTimeS > 0;
        lengthS = stepping ? now->stepTimeS : kWithoutSteps;
        fromS = stepping ? now->stepStartS : std::floor(now->timeS / lengthS) * lengthS;
        if (const double pageS = kPageWallS * m_options.paceSPerS; pageS > kStepsToPage * lengthS) {
            lengthS = pageS;
            fromS = std::floor(now->timeS / lengthS) * lengthS;
        }
    }
    return layoutFor(viewport).showing(fromS - kMargin * lengthS, fromS + (1 + kMargin) * lengthS, viewport);
}

Camera LanesScene::bounded(const Camera& camera, const Viewport& viewport) const {
    Camera inside = layoutFor(viewport).bounded(camera, viewport);
    inside.centre.setX(std::clamp(inside.centre.x(), 0.0, std::max(1.0, m_options.durationS)));
    return inside;
}

bool LanesScene::shows(double timeS, const Viewport& viewport) const {
    const LaneWindow window = layoutFor(viewport).window(m_camera, viewport);
    return timeS >= window.fromS && timeS < window.toS();
}

std::optional<LanesWish> LanesScene::wish(const Viewport& viewport) const {
    const LaneWindow window = layoutFor(viewport).window(m_camera, viewport);
    const double focusS = anyFrame() ? anyFrame()->timeS : window.fromS;
    const cluster::Index selected =
        m_options.selected.kind == TargetKind::Gpu ? m_options.selected.index : cluster::kNone;
    const operations::StepLanes* now = fitting();
    const double widthS = window.toS() - window.fromS;
    if (now != nullptr) {
        const double fromS = std::clamp(window.fromS, 0.0, m_options.durationS);
        const double toS = std::clamp(window.toS(), 0.0, m_options.durationS);
        const bool covered = now->fromS <= fromS && now->toS >= toS;
        const double zoomed = window.pixelsPerS / now->pixelsPerS;
        const bool sharp = zoomed < kFinerBy && zoomed > 1 / kFinerBy;
        const bool focused = now->focusFromS <= focusS && focusS < now->focusToS;
        // While steps rush by, who is first changes with the page and not with every step.
        const bool rushing = m_options.paceSPerS > now->focusToS - now->focusFromS;
        if (covered && sharp && (focused || (rushing && shows(focusS, viewport))) &&
            now->selected == selected)
            return std::nullopt;
    }
    return LanesWish{std::max(0.0, window.fromS - kOverscan * widthS),
                     std::min(std::max(1.0, m_options.durationS), window.toS() + kOverscan * widthS),
                     window.pixelsPerS, focusS, selected};
}

void LanesScene::update(const Viewport& viewport) {
    const Camera camera = bounded(m_camera, viewport);
    const bool moved = camera.centre.x() != m_drawnCamera.centre.x() ||
                       camera.centre.y() != m_drawnCamera.centre.y() || camera != m_drawnCamera;
    if (!m_stale && !moved && viewport == m_viewport)
        return;
    const operations::StepLanes* now = fitting();
    m_layout = LanesLayout::of(now, viewport);
    m_drawnCamera = m_layout.bounded(camera, viewport);
    m_viewport = viewport;
    m_stale = false;
    fitPicture(m_image, viewport);
    ++m_generation;
    m_picture = {};
    if (now == nullptr) {
        m_image.fill(m_theme.ground);
        return;
    }
    const LanesPane pane{*now, m_layout, m_drawnCamera, m_viewport, m_theme, m_looks};
    m_picture = foldLanes(pane);
    paintLanesGround(pane, m_options.criticalPath, m_picture, m_image);
}

Overlay LanesScene::overlay() const {
    Overlay items;
    const operations::StepLanes* now = fitting();
    const QRectF content = m_layout.content(m_viewport);
    const auto outline = [&](Target target, const QColor& colour) {
        const DrawnLane* lane = drawnLaneOf(target);
        if (lane == nullptr || lane->rect.top() < content.top())
            return;
        const LaneItem* item = itemOf(target);
        const QRectF whole(0, lane->rect.top() - 1, content.right(), lane->rect.height() + 2);
        const QRectF rect = item == nullptr ? whole
                                            : QRectF(lane->rect.left() + item->left - 1, lane->rect.top() - 1,
                                                     item->right - item->left + 2, lane->rect.height() + 2);
        items.push_back({rect.adjusted(-1, -1, 1, 1), [rect, colour](QPainter& p) {
                             p.setRenderHint(QPainter::Antialiasing, false);
                             p.setPen(QPen(colour, 1));
                             p.setBrush(Qt::NoBrush);
                             p.drawRect(rect);
                         }});
    };
    outline(m_options.hovered, m_theme.text);
    outline(m_options.selected.whole(), m_theme.accent);
    if (anyFrame()) {
        const LaneWindow window = m_layout.window(m_drawnCamera, m_viewport);
        const double x = std::round(content.left() + window.x(anyFrame()->timeS));
        if (x >= content.left() && x < content.right()) {
            const QColor colour = m_theme.accent;
            items.push_back({QRectF(x - 6, 0, 12, content.bottom()), [x, content, colour](QPainter& p) {
                                 p.setRenderHint(QPainter::Antialiasing);
                                 p.setPen(QPen(colour, 1.5));
                                 p.drawLine(QPointF(x + 0.5, 6), QPointF(x + 0.5, content.bottom()));
                                 p.setPen(Qt::NoPen);
                                 p.setBrush(colour);
                                 const QPointF head[] = {{x - 4.5, 1}, {x + 5.5, 1}, {x + 0.5, 9}};
                                 p.drawConvexPolygon(head, 3);
                             }});
        }
    }
    if (now != nullptr && !now->instead.empty()) {
        const QString words =
            tr("No step runs at the play-head: %1").arg(QString::fromStdString(now->instead));
        const QSizeF size = calloutSize(words, {}, m_theme);
        const QRectF rect(QPointF(content.left() + 12, content.bottom() - size.height() - 12), size);
        items.push_back({rect, [this, rect, words](QPainter& p) {
                             p.setRenderHint(QPainter::Antialiasing);
                             paintCallout(p, rect, words, {}, m_theme);
                         }});
    }
    return items;
}

void LanesScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    paintRows(painter, m_image);
    paintOverlay(painter, overlay());
}

void LanesScene::drawGl(GlPicture& painter, const Viewport& viewport) {
    update(viewport);
    painter.draw({m_image, m_generation, m_theme.ground, m_theme.panel, overlay(), m_viewport});
}

} // namespace atlas::scenes
