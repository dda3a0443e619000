#include "scenes/floor_scene.h"

#include "scenes/floor_difference.h"
#include "scenes/floor_ground.h"
#include "scenes/floor_overlay.h"
#include "scenes/floor_raster.h"
#include "scenes/gl_floor.h"
#include "scenes/gl_scene.h"
#include "scenes/words.h"

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
    m_map = {}; // what was drawn of another cluster says nothing
    m_shape.reset();
    m_network = makeNetworkRows(*m_cluster);
    siteChanged();
}

void FloorScene::siteChanged() {
    m_yard = makeSiteYard(*m_cluster, m_site ? m_site->works : std::vector<operations::SiteWork>{});
}

void FloorScene::themeChanged() {
    m_cards = std::make_unique<CardPainter>(m_theme);
}

QRectF FloorScene::bounds() const {
    return toQt(m_geometry->cluster->bounds).adjusted(0, -kCaptionRoomM, 0, 0).united(m_yard.rect);
}

ZoomLimits FloorScene::zoomLimits(const Viewport& viewport) const {
    return scenes::zoomLimits(bounds(), m_geometry->smallestCell, viewport);
}

void FloorScene::update(const Viewport& viewport) {
    if (!m_stale && m_map.camera == m_camera && m_map.viewport == viewport)
        return;
    m_map = makeFloorMap(*m_geometry, m_camera, viewport, &m_map);
    m_labels = planFloorLabels(*m_geometry, m_map, m_theme, yardCaptions());
    fitPicture(m_image, viewport);
    RowsPainter painter(m_image);
    paintGround(painter, *m_geometry, m_map, m_labels, m_yard, m_theme);
    m_stale = false;
    ++m_generation;
}

std::vector<YardCaption> FloorScene::yardCaptions() const {
    std::vector<YardCaption> captions;
    const auto& blocks = m_yard.blocks;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const operations::SiteWork& work = m_site->works[blocks[b].work];
        const QRectF block = m_camera.toScreen(blocks[b].rect, m_map.viewport);
        const double end = b + 1 < blocks.size()
                               ? m_camera.toScreen(blocks[b + 1].rect, m_map.viewport).left()
                               : m_map.viewport.rect().right();
        captions.push_back(
            {block, end - block.left(), grouped(work.count) + ' ' + workName(work.kind), workRating(work)});
    }
    return captions;
}

Overlay FloorScene::overlay() const {
    return floorOverlay({*m_geometry, m_map, m_labels, m_cells, frame(), m_options, m_theme, *m_cards,
                         m_site.get(), m_shape.get(), &m_network});
}

const operations::Frame* FloorScene::base() const {
    const std::size_t gpus = m_geometry->cluster->gpuCount;
    const operations::Frame* const other = m_options.base.get();
    const bool has = other != nullptr && frame() != nullptr && isQuantity(m_options.colourBy) &&
                     other->state.size() == gpus && other->utilisation.size() == gpus;
    return has ? other : nullptr;
}

void FloorScene::colour() {
    const Colouring colouring(m_options.colourBy, conditions());
    if (const operations::Frame* other = base())
        colourDifference(*m_geometry, m_map, *other, *frame(), colouring, m_theme, m_cells);
    else
        colourCells(*m_geometry, m_map, frame(), colouring, m_theme, m_cells);
}

void FloorScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    colour();
    rasterCells(m_map, m_cells, m_theme.panel.rgb(), m_image);
    paintRows(painter, m_image);
    paintOverlay(painter, overlay());
}

void FloorScene::drawGl(GlFloor& painter, const Viewport& viewport) {
    update(viewport);
    colour();
    painter.draw({m_map, m_cells, m_image, m_generation, m_theme.ground, m_theme.panel, overlay()});
}

} // namespace atlas::scenes
