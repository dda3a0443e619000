// The colours of a floor's cells for one frame: what both painters show. Cost follows what is in view.
#pragma once

#include "scenes/colouring.h"
#include "scenes/floor_map.h"

#include <vector>

namespace atlas::scenes {

/// One colour a cell; the alpha byte is the Pattern to draw it with.
struct HallCells {
    int width = 0, height = 0;
    std::vector<QRgb> colour; ///< [height * width]
};

/// A GPU that must be seen whatever the zoom.
struct WorstMark {
    cluster::Index gpu = 0;
    operations::GpuState state = operations::GpuState::Fault;
    bool operator==(const WorstMark&) const = default;
};

struct FloorCells {
    std::vector<HallCells> halls; ///< parallel to FloorMap::halls
    std::vector<WorstMark> worst; ///< culprits and faults in view, ascending by GPU
};

/// True for the states that are never averaged away: they are carried up every level as marks.
[[nodiscard]] constexpr bool isWorst(operations::GpuState state) {
    return state == operations::GpuState::Culprit || state == operations::GpuState::Fault;
}

/// Colours the cells in view. Where several GPUs share a cell it takes the mean of their light (squared
/// sRGB), or of their quantity, unless one of them isWorst. Quantities that are all or nothing for one GPU
/// are the mean of the rack below Detail::Trays. Without a frame, or with one of another cluster, all GPUs
/// are unpowered. `cells` is reused between calls.
void colourCells(const FloorGeometry& geometry, const FloorMap& map, const operations::Frame* frame,
                 const Colouring& colouring, const Theme& theme, FloorCells& cells);

} // namespace atlas::scenes
