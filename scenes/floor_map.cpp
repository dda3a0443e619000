#include "scenes/floor_map.h"

#include <algorithm>

namespace atlas::scenes {

namespace {

// Sizes in device-independent pixels of the shorter and of both sides of a GPU's cell.
constexpr double kPatternCell = 7;
constexpr double kCardWidth = 62;
constexpr double kCardHeight = 44;

Detail detailOf(const HallMap& map, const HallGridView& grid, double ratio) {
    if (map.x.cellsPerUnit < grid.columns || map.y.cellsPerUnit < grid.lines)
        return Detail::Tiles;
    if (map.x.cellPixels >= kCardWidth * ratio && map.y.cellPixels >= kCardHeight * ratio)
        return Detail::Cards;
    return std::min(map.x.cellPixels, map.y.cellPixels) >= kPatternCell * ratio ? Detail::Trays
                                                                                 : Detail::Texels;
}

} // namespace

FloorMap makeFloorMap(const FloorGeometry& geometry, const Camera& camera, const Viewport& viewport) {
    FloorMap map;
    map.camera = camera;
    map.viewport = viewport;
    const double ratio = viewport.devicePixelRatio;
    const double scale = camera.pixelsPerMetre * ratio;
    const QSize device = viewport.deviceSize();
    const QPointF origin = camera.toScreen(QPointF(0, 0), viewport) * ratio;
    double nearest = 0;
    for (std::size_t g = 0; g < geometry.halls.size(); ++g) {
        const HallGridView& grid = geometry.halls[g];
        HallMap hall;
        hall.grid = g;
        hall.x = makeAxisMap({grid.rackX, grid.rackW, grid.columns, 1.0, origin.x(), scale, device.width(), ratio});
        hall.y = makeAxisMap({grid.rackY, grid.rackH, grid.lines, 1.6, origin.y(), scale, device.height(), ratio});
        if (hall.x.spans.empty() || hall.y.spans.empty())
            continue;
        hall.detail = detailOf(hall, grid, ratio);
        const double density = grid.columns * grid.lines / (hall.x.unitPixels * hall.y.unitPixels);
        map.gpusPerPixel = std::max(map.gpusPerPixel, density);
        const QPointF offset = toQt(grid.rect).center() - camera.centre;
        const double distance = offset.x() * offset.x() + offset.y() * offset.y();
        if (map.halls.empty() || distance < nearest) {
            nearest = distance;
            map.detail = hall.detail;
        }
        map.halls.push_back(std::move(hall));
    }
    return map;
}

} // namespace atlas::scenes
