// The floor seen through a camera: for every hall in view, two axis maps. Rebuilt when the camera moves.
#pragma once

#include "scenes/axis_map.h"
#include "scenes/camera.h"
#include "scenes/floor_geometry.h"

namespace atlas::scenes {

/// What is drawn for a GPU, by its size on the screen.
enum class Detail : std::uint8_t {
    Tiles,  ///< several GPUs share a cell: the mean colour, the worst as a mark
    Texels, ///< a cell per GPU
    Trays,  ///< cells with patterns, trays set apart, racks labelled
    Cards,  ///< a card per GPU with its class, state and utilisation in words
};

struct HallMap {
    std::size_t grid = 0; ///< index in FloorGeometry::halls
    AxisMap x, y;
    Detail detail = Detail::Tiles;
    /// How far the marks of states and the cards have come in, 0..1: by size alone, from nothing at the
    /// threshold, so that nothing jumps there.
    double patternShare = 0, cardShare = 0;
    /// Cards lie over all of its cells.
    [[nodiscard]] bool hidden() const { return cardShare >= 1; }
    [[nodiscard]] bool patterned() const { return patternShare > 0; }
};

struct FloorMap {
    Camera camera;
    Viewport viewport;
    std::vector<HallMap> halls;    ///< those in view
    Detail detail = Detail::Tiles; ///< of the hall nearest to the middle of the pane
    double gpusPerPixel = 0;       ///< device pixels, where it is densest; below 1 when close
};

/// `before`: the map that was drawn last; null: none. Levels of detail near a threshold stay as they were
/// there (kHysteresis), if the pane is the same. A picture from a fresh map depends on its camera only.
[[nodiscard]] FloorMap makeFloorMap(const FloorGeometry& geometry, const Camera& camera,
                                    const Viewport& viewport, const FloorMap* before = nullptr);

/// A hall as drawn, metres: far up its walls stand closer to the racks, which leaves room for names.
[[nodiscard]] QRectF drawnHall(const HallGridView& grid, const Camera& camera);

/// What the map shows at a point of the pane, exactly as drawn; kNone for nothing. Constant time.
struct FloorHit {
    cluster::Index rack = cluster::kNone;
    cluster::Index gpu = cluster::kNone; ///< kNone too where a cell stands for several GPUs
};
[[nodiscard]] FloorHit hitAt(const FloorGeometry& geometry, const FloorMap& map, QPointF screen);

/// Where a GPU's cell is drawn, device-independent pixels; empty outside the pane.
[[nodiscard]] QRectF drawnRect(const FloorGeometry& geometry, const FloorMap& map, cluster::Index gpu);
[[nodiscard]] QRectF drawnRack(const FloorGeometry& geometry, const FloorMap& map, cluster::Index rack);

} // namespace atlas::scenes
