#include "scenes/floor_scene.h"

#include "scenes/floor_ground.h"
#include "scenes/floor_overlay.h"
#include "scenes/floor_raster.h"
#include "scenes/gl_floor.h"

#include <algorithm>

namespace atlas::scenes {

namespace {
constexpr double kCaptionRoomM = 5; // above the halls, in metres: their captions, whatever the zoom
}

FloorScene::FloorScene()
    : m_geometry(makeFloorGeometry(std::make_shared<cluster::Cluster>()))
    , m_cards(std::make_unique<CardPainter>(m_theme)) {}

FloorScene::~FloorScene() = default;

void FloorScene::setCluster(std::shared_ptr<const cluster::Cluster> cluster) {
    if (cluster && cluster == m_geometry->cluster)
        return;
    m_geometry = makeFloorGeometry(cluster ? std::move(cluster) : std::make_shared<cluster::Cluster>());
    m_stale = true;
}

void FloorScene::setFrame(std::shared_ptr<const operations::Frame> frame) {
    m_frame = std::move(frame);
}

void FloorScene::setTheme(const Theme& theme) {
    m_theme = theme;
    m_cards = std::make_unique<CardPainter>(m_theme);
    m_stale = true;
}

const operations::Frame* FloorScene::frame() const {
    const bool fits = m_frame && m_frame->state.size() == m_geometry->cluster->gpuCount &&
                      m_frame->utilisation.size() == m_geometry->cluster->gpuCount;
    return fits ? m_frame.get() : nullptr;
}

QRectF FloorScene::bounds() const {
    return toQt(m_geometry->cluster->bounds).adjusted(0, -kCaptionRoomM, 0, 0);
}

ZoomLimits FloorScene::zoomLimits(const Viewport& viewport) const {
    return scenes::zoomLimits(bounds(), m_geometry->smallestCell, viewport);
}

void FloorScene::update(const Viewport& viewport) {
    if (!m_stale && m_map.camera == m_camera && m_map.viewport == viewport)
        return;
    m_map = makeFloorMap(*m_geometry, m_camera, viewport);
    m_labels = planFloorLabels(*m_geometry, m_map, m_theme);
    if (m_image.size() != viewport.deviceSize())
        m_image = QImage(viewport.deviceSize(), QImage::Format_RGB32);
    m_image.setDevicePixelRatio(viewport.devicePixelRatio);
    QPainter painter(&m_image);
    paintGround(painter, *m_geometry, m_map, m_labels, m_theme);
    m_stale = false;
    ++m_generation;
}

Overlay FloorScene::overlay() const {
    return floorOverlay({*m_geometry, m_map, m_labels, m_cells, frame(), m_options, m_theme, *m_cards});
}

void FloorScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    colourCells(*m_geometry, m_map, frame(), m_options.colourBy, m_theme, m_cells);
    rasterCells(m_map, m_cells, m_theme.panel.rgb(), m_image);
    painter.drawImage(QPointF(0, 0), m_image);
    paintOverlay(painter, overlay());
}

} // namespace atlas::scenes
