// One axis of a hall on the screen: which cell each pixel shows and how much of the pixel it covers. A floor
// is the product of two of these, so panning and zooming cost width + height, not width x height.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace atlas::scenes {

/// The pattern coordinate inside a cell runs from 0 to kPatternSize - 1.
inline constexpr int kPatternSize = 64;

struct AxisMap {
    struct Span {
        int begin = 0, end = 0; ///< pixels relative to `first`, all with weight > 0
    };
    struct Extent {
        double begin = 0, end = 0;
    };
    int first = 0;                     ///< device pixel of entry 0
    std::vector<std::int32_t> cell;    ///< within the visible window; only valid where weight > 0
    std::vector<std::uint16_t> weight; ///< coverage of the pixel by cells, 0..256
    std::vector<std::uint8_t> sub;     ///< place inside the cell, 0..kPatternSize - 1
    std::vector<Span> spans;
    std::vector<int> edges; ///< entries that cells cover in part: 0 < weight < 256, ascending
    std::size_t firstUnit = 0, unitCount = 0; ///< the visible window of racks
    int cellsPerUnit = 1;                     ///< at most the GPUs of a rack along this axis
    double cellPixels = 0;                    ///< size of a cell with its gap
    double unitPixels = 0;                    ///< size of a rack
    double cellGap = 0;                       ///< between cells of a rack, pixels
    std::vector<double> unitStart;            ///< of the visible racks, device pixels, their gap left out

    [[nodiscard]] int size() const { return static_cast<int>(cell.size()); }
    /// Where cell `k` of visible rack `unit` is drawn, device pixels.
    [[nodiscard]] Extent cellExtent(std::size_t unit, int k) const {
        const double start = unitStart[unit] + k * cellPixels;
        return {start + cellGap / 2, start + cellPixels - cellGap / 2};
    }
    [[nodiscard]] int cellCount() const { return static_cast<int>(unitCount) * cellsPerUnit; }
};

struct AxisSpec {
    std::span<const double> unitStart; ///< ascending, metres
    double unitSize = 1;               ///< metres
    int gpusPerUnit = 1;
    double gapScale = 1;       ///< of the gaps between cells: trays stand further apart than GPUs
    double origin = 0;         ///< device pixel of metre 0
    double pixelsPerMetre = 1; ///< device pixels
    int pixels = 1;            ///< of the pane along this axis
    double devicePixelRatio = 1;
    int cellsBefore = 0; ///< of a rack as it was drawn last; 0: not drawn yet
};

/// Levels of detail come in when they have their size, and a level on screen stays until it lacks this share
/// of it: a zoom back and forth about a threshold does not flicker.
inline constexpr double kHysteresis = 0.15;

/// A rack is divided into as many cells as it has GPUs along the axis, or fewer so that each is at least one
/// pixel; from fewer to more only when they are larger than that by kHysteresis. Units outside the pane are
/// left out.
[[nodiscard]] AxisMap makeAxisMap(const AxisSpec& spec);

/// Racks as drawn: the whole campus shows them larger than they are, at the cost of the aisles, so that state
/// is read and not floor. `share` of the narrowest aisle goes to the racks beside it, 0 for true to scale.
/// Racks that touch stay touching and remain in order.
struct DrawnUnits {
    std::vector<double> start;
    double size = 0;
};
[[nodiscard]] DrawnUnits grownUnits(std::span<const double> start, double size, double share);

/// The cell of a rack that GPU `index` of `gpus` along the axis falls into.
[[nodiscard]] constexpr int cellOf(int index, int gpus, int cells) {
    return index * cells / gpus;
}

} // namespace atlas::scenes
