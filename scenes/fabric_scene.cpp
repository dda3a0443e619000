#include "scenes/fabric_scene.h"

#include "scenes/fabric_look.h"
#include "scenes/fabric_overlay.h"
#include "scenes/gl_fabric.h"
#include "scenes/gl_scene.h"

#include <algorithm>

namespace atlas::scenes {

template class GlScene<GlFabric>;

namespace {
// Room around the layers, shares of their width and height: names of layers, captions.
constexpr double kRoomLeft = 0.09, kRoomRight = 0.02, kRoomTop = 0.03, kRoomBottom = 0.08;
} // namespace

FabricScene::FabricScene() = default;

FabricScene::~FabricScene() = default;

void FabricScene::clusterChanged() {
    m_layoutStale = true;
    m_layout = makeFabricLayout(*m_cluster); // bounds() is asked for before anything is drawn
}

void FabricScene::setOptions(const FabricOptions& options) {
    const auto openedBefore = opened();
    const bool modeChanged = m_options.mode != options.mode;
    const bool labelsChanged = m_options.labels != options.labels;
    m_options = options;
    m_stale = m_stale || labelsChanged;
    if (openedBefore == opened() && !modeChanged)
        return;
    m_layoutStale = true;
    if (m_options.mode == FabricMode::Full)
        m_layout = makeFabricLayout(*m_cluster, opened());
}

cluster::Index FabricScene::opened() const {
    const Target& target = m_options.selected;
    switch (target.kind) {
    case TargetKind::Hall:
        return target.index < m_cluster->halls.size() ? target.index : cluster::kNone;
    case TargetKind::Rack:
        return target.index < m_cluster->racks.size() ? m_cluster->racks[target.index].hall : cluster::kNone;
    case TargetKind::Gpu:
        return target.index < m_cluster->gpuCount ? m_cluster->hallOf(target.index) : cluster::kNone;
    default:
        return cluster::kNone;
    }
}

QRectF FabricScene::bounds() const {
    const QRectF& b = m_layout.bounds;
    return b.adjusted(-kRoomLeft * b.width(), -kRoomTop * b.height(), kRoomRight * b.width(),
                      kRoomBottom * b.height());
}

ZoomLimits FabricScene::zoomLimits(const Viewport& viewport) const {
    return scenes::zoomLimits(bounds(), bounds().width() / 120, viewport);
}

Camera FabricScene::drawnCamera(const Viewport& viewport) const {
    return m_options.mode == FabricMode::Strip ? Camera{viewport.rect().center(), 1.0} : m_camera;
}

void FabricScene::update(const Viewport& viewport) {
    const Camera camera = drawnCamera(viewport);
    if (!m_layoutStale && !m_stale && camera == m_drawnCamera && viewport == m_viewport)
        return;
    if (m_options.mode == FabricMode::Strip)
        m_layout = makeFabricStrip(*m_cluster, QSizeF(viewport.size));
    else if (m_layoutStale)
        m_layout = makeFabricLayout(*m_cluster, opened());
    m_layoutStale = m_stale = false;
    m_drawnCamera = camera;
    m_viewport = viewport;
    fitPicture(m_ground, viewport);
    fitPicture(m_image, viewport);
    const FabricPane pane{*m_cluster, m_layout, m_drawnCamera, m_viewport, m_theme};
    m_labels.clear();
    m_taken.clear();
    if (m_options.labels && m_options.mode == FabricMode::Full)
        m_labels = planFabricLabels(pane, m_taken);
    paintFabricGround(pane, m_labels, m_ground);
    ++m_generation;
}

std::vector<RibbonDraw> FabricScene::ribbons() const {
    Target emphasised;
    for (const Target& target : {m_options.hovered, m_options.selected})
        if (!emphasised && target.kind == TargetKind::LinkGroup)
            emphasised = target;
    return lookOfRibbons(
        {m_layout, frame(), m_theme, m_drawnCamera, m_viewport, m_options.clockS, emphasised});
}

Overlay FabricScene::overlay() const {
    return fabricOverlay({*m_cluster, m_layout, m_drawnCamera, m_viewport, m_theme}, frame(), m_options,
                         m_labels, m_taken);
}

void FabricScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    std::copy_n(m_ground.constBits(), m_ground.sizeInBytes(), m_image.bits());
    rasterRibbons(ribbons(), m_image);
    paintRows(painter, m_image);
    paintOverlay(painter, overlay());
}

void FabricScene::drawGl(GlFabric& painter, const Viewport& viewport) {
    update(viewport);
    painter.draw({m_ground, m_generation, m_theme.ground, m_theme.panel, ribbons(), overlay(), m_viewport});
}

} // namespace atlas::scenes
