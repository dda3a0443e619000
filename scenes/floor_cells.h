// The colours of a floor's cells for one frame: what both painters show. Cost follows what is in view.
#pragma once

#include "scenes/colouring.h"
#include "scenes/floor_map.h"

#include <algorithm>
#include <vector>

namespace atlas::scenes {

/// One colour a cell; the alpha byte is the Pattern to draw it with.
struct HallCells {
    int width = 0, height = 0;
    std::vector<QRgb> colour; ///< [height * width]

    /// Room for the cells of a hall; what was in it stays where the size does.
    void fit(const HallMap& hall);
};

/// What HallCells::colour holds of a colour.
[[nodiscard]] constexpr QRgb withPattern(QRgb colour, Pattern pattern) {
    return (colour & 0x00ffffffu) | (static_cast<QRgb>(pattern) << 24);
}

/// A GPU that must be seen whatever the zoom.
struct WorstMark {
    cluster::Index gpu = 0;
    operations::GpuState state = operations::GpuState::Fault;
    bool operator==(const WorstMark&) const = default;
};

struct FloorCells {
    std::vector<HallCells> halls; ///< parallel to FloorMap::halls
    std::vector<WorstMark> worst; ///< culprits and faults in view, ascending by GPU

    /// Takes what several threads found, each some of it.
    template <typename Lists>
    void setWorst(const Lists& found) {
        worst.clear();
        for (const std::vector<WorstMark>& some : found)
            worst.insert(worst.end(), some.begin(), some.end());
        std::ranges::sort(worst, {}, &WorstMark::gpu);
    }
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
