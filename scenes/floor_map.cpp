#include "scenes/floor_map.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace atlas::scenes {

namespace {

// Sizes in device-independent pixels of the shorter and of both sides of a GPU's cell.
constexpr double kPatternCell = 7;
constexpr double kCardWidth = 44;
constexpr double kCardHeight = 40;
constexpr double kFade = 0.25; // larger by this share, a level of detail has come in fully

// Racks are drawn larger than they are while narrower than the second width, fully so below the first.
constexpr double kGrownBelow = 10;
constexpr double kTrueAbove = 30;
constexpr double kAisleShare = 0.72;

double grownShare(double rackPixels) {
    const double t = std::clamp((kTrueAbove - rackPixels) / (kTrueAbove - kGrownBelow), 0.0, 1.0);
    return kAisleShare * t * t * (3 - 2 * t);
}

/// What its cells have room for; a level that was there stays a little longer.
Detail detailOf(const HallMap& map, const HallGridView& grid, double ratio, Detail before) {
    if (map.x.cellsPerUnit < grid.columns || map.y.cellsPerUnit < grid.lines)
        return Detail::Tiles;
    const auto needed = [&](double size, Detail level) {
        return size * ratio * (before >= level ? 1 - kHysteresis : 1);
    };
    if (map.x.cellPixels >= needed(kCardWidth, Detail::Cards) &&
        map.y.cellPixels >= needed(kCardHeight, Detail::Cards))
        return Detail::Cards;
    return std::min(map.x.cellPixels, map.y.cellPixels) >= needed(kPatternCell, Detail::Trays)
               ? Detail::Trays
               : Detail::Texels;
}

/// The hall in a map of the same pane; null where it was not in view.
const HallMap* hallBefore(const FloorMap* before, const Viewport& viewport, std::size_t grid) {
    if (before == nullptr || before->viewport != viewport)
        return nullptr;
    const auto found = std::ranges::find(before->halls, grid, &HallMap::grid);
    return found != before->halls.end() ? &*found : nullptr;
}

/// 0 where `size` is what a level of detail needs, 1 where it is larger by kFade.
double fadedIn(double size, double needed) {
    const double t = std::clamp((size / needed - 1) / kFade, 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

} // namespace

FloorMap makeFloorMap(const FloorGeometry& geometry, const Camera& camera, const Viewport& viewport,
                      const FloorMap* before) {
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
        const double share = grownShare(grid.rackW * camera.pixelsPerMetre);
        const DrawnUnits x = grownUnits(grid.rackX, grid.rackW, share);
        const DrawnUnits y = grownUnits(grid.rackY, grid.rackH, share);
        const HallMap* const was = hallBefore(before, viewport, g);
        hall.x = makeAxisMap({x.start, x.size, grid.columns, 1.0, origin.x(), scale, device.width(), ratio,
                              was ? was->x.cellsPerUnit : 0});
        hall.y = makeAxisMap({y.start, y.size, grid.lines, 1.6, origin.y(), scale, device.height(), ratio,
                              was ? was->y.cellsPerUnit : 0});
        if (hall.x.spans.empty() || hall.y.spans.empty())
            continue;
        hall.detail = detailOf(hall, grid, ratio, was ? was->detail : Detail::Tiles);
        if (hall.detail >= Detail::Trays)
            hall.patternShare = fadedIn(std::min(hall.x.cellPixels, hall.y.cellPixels), kPatternCell * ratio);
        if (hall.detail == Detail::Cards)
            hall.cardShare = std::min(fadedIn(hall.x.cellPixels, kCardWidth * ratio),
                                      fadedIn(hall.y.cellPixels, kCardHeight * ratio));
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

namespace {

struct Place {
    std::size_t unit = 0;
    int cell = 0;
};

std::optional<Place> placeAt(const AxisMap& axis, double pixel) {
    const int i = static_cast<int>(std::floor(pixel)) - axis.first;
    if (i < 0 || i >= axis.size() || axis.weight[static_cast<std::size_t>(i)] == 0)
        return std::nullopt;
    const auto [unit, cell] = std::div(axis.cell[static_cast<std::size_t>(i)], axis.cellsPerUnit);
    return Place{static_cast<std::size_t>(unit), cell};
}

} // namespace

QRectF drawnHall(const HallGridView& grid, const Camera& camera) {
    constexpr double kMostShare = 0.35; // of the clearance between wall and racks
    const double clearance = std::min(grid.rackX.front() - grid.rect.x, grid.rackY.front() - grid.rect.y);
    const double in =
        kMostShare * std::max(0.0, clearance) * std::clamp((16 - camera.pixelsPerMetre) / 8, 0.0, 1.0);
    return toQt(grid.rect).adjusted(in, in, -in, -in);
}

FloorHit hitAt(const FloorGeometry& geometry, const FloorMap& map, QPointF screen) {
    const QPointF device = screen * map.viewport.devicePixelRatio;
    for (const HallMap& hall : map.halls) {
        const HallGridView& grid = geometry.halls[hall.grid];
        const auto x = placeAt(hall.x, device.x());
        const auto y = placeAt(hall.y, device.y());
        if (!x || !y)
            continue;
        const auto rackIndex = grid.rackAt(hall.x.firstUnit + x->unit, hall.y.firstUnit + y->unit);
        if (rackIndex == cluster::kNone)
            return {};
        FloorHit hit{rackIndex, cluster::kNone};
        const cluster::Rack& rack = geometry.cluster->racks[rackIndex];
        const auto local = static_cast<cluster::Index>(y->cell * grid.columns + x->cell);
        if (hall.detail != Detail::Tiles && local < rack.gpus.count)
            hit.gpu = rack.gpus.first + local;
        return hit;
    }
    return {};
}

namespace {

struct RackPlace {
    const HallMap* hall = nullptr;
    std::size_t column = 0, line = 0; ///< within the visible window
};

RackPlace rackPlace(const FloorGeometry& geometry, const FloorMap& map, const cluster::Rack& rack) {
    for (const HallMap& hall : map.halls) {
        const HallGridView& grid = geometry.halls[hall.grid];
        if (grid.hall != rack.hall)
            continue;
        const std::size_t column = unitOf(grid.rackX, static_cast<double>(rack.x)) - hall.x.firstUnit;
        const std::size_t line = unitOf(grid.rackY, static_cast<double>(rack.y)) - hall.y.firstUnit;
        if (column < hall.x.unitCount && line < hall.y.unitCount)
            return {&hall, column, line};
    }
    return {};
}

QRectF fromExtents(AxisMap::Extent x, AxisMap::Extent y, const FloorMap& map) {
    const double ratio = map.viewport.devicePixelRatio;
    return {QPointF(x.begin, y.begin) / ratio, QPointF(x.end, y.end) / ratio};
}

} // namespace

QRectF drawnRect(const FloorGeometry& geometry, const FloorMap& map, cluster::Index gpu) {
    const cluster::Rack& rack = geometry.cluster->racks[geometry.cluster->rackOf(gpu)];
    const RackPlace place = rackPlace(geometry, map, rack);
    if (!place.hall)
        return {};
    const HallGridView& grid = geometry.halls[place.hall->grid];
    const AxisMap& x = place.hall->x;
    const AxisMap& y = place.hall->y;
    const auto local = static_cast<int>(gpu - rack.gpus.first);
    return fromExtents(x.cellExtent(place.column, cellOf(local % rack.columns, grid.columns, x.cellsPerUnit)),
                       y.cellExtent(place.line, cellOf(local / rack.columns, grid.lines, y.cellsPerUnit)),
                       map);
}

QRectF drawnRack(const FloorGeometry& geometry, const FloorMap& map, cluster::Index rack) {
    const RackPlace place = rackPlace(geometry, map, geometry.cluster->racks[rack]);
    if (!place.hall)
        return {};
    const AxisMap& x = place.hall->x;
    const AxisMap& y = place.hall->y;
    return fromExtents(
        {x.cellExtent(place.column, 0).begin, x.cellExtent(place.column, x.cellsPerUnit - 1).end},
        {y.cellExtent(place.line, 0).begin, y.cellExtent(place.line, y.cellsPerUnit - 1).end}, map);
}

} // namespace atlas::scenes
