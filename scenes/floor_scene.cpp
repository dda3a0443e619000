#include "scenes/floor_scene.h"

#include "scenes/floor_ground.h"
#include "scenes/floor_overlay.h"
#include "scenes/floor_raster.h"
#include "scenes/gl_floor.h"
#include "scenes/gl_scene.h"

#include <algorithm>

namespace atlas::scenes {

template class GlScene<GlFloor>;

namespace {
constexpr double kCaptionRoomM = 5; // above the halls, in metres: their captions, whatever the zoom
}

FloorScene::FloorScene()
    : m_geometry(makeFloorGeometry(m_cluster))
    , m_cards(std::make_unique<CardPainter>(m_theme)) {}

FloorScene::~FloorScene() = default;

void FloorScene::clusterChanged() {
    m_geometry = makeFloorGeometry(m_cluster);
}

void FloorScene::themeChanged() {
    m_cards = std::make_unique<CardPainter>(m_theme);
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
    fitPicture(m_image, viewport);
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

void FloorScene::drawGl(GlFloor& painter, const Viewport& viewport) {
    update(viewport);
    colourCells(*m_geometry, m_map, frame(), m_options.colourBy, m_theme, m_cells);
    painter.draw({m_map, m_cells, m_image, m_generation, m_theme.ground, m_theme.panel, overlay()});
}

} // namespace atlas::scenes
