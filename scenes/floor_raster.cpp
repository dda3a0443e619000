#include "scenes/floor_raster.h"

#include "scenes/pane_rows.h"
#include "scenes/pattern.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace atlas::scenes {

namespace {

/// `weight` of 256 parts of `over`, the rest of `under`; two channels at a time. Opaque.
inline QRgb blended(QRgb over, QRgb under, std::uint32_t weight) {
    const std::uint32_t rest = 256 - weight;
    const std::uint32_t rb = ((over & 0xff00ffu) * weight + (under & 0xff00ffu) * rest) >> 8 & 0xff00ffu;
    const std::uint32_t g = ((over & 0x00ff00u) * weight + (under & 0x00ff00u) * rest) >> 8 & 0x00ff00u;
    return 0xff000000u | rb | g;
}

struct Line {
    const QRgb* cells;           ///< of the map's row
    std::uint32_t weight;        ///< of the row, 0..256
    const std::uint8_t* pattern; ///< the masks' row at this height, mask after mask
    std::uint32_t patternShare;  ///< 0..256: how far the masks have come in
};

/// A row that cells cover in full: copied, and blended only where racks begin and end.
void fullRow(const AxisMap& x, const Line& line, QRgb floor, QRgb* out) {
    const std::int32_t* const cell = x.cell.data();
    for (const AxisMap::Span& span : x.spans)
        for (int i = span.begin; i < span.end; ++i)
            out[i] = line.cells[cell[i]] | 0xff000000u;
    for (const int i : x.edges)
        out[i] = blended(out[i], floor, x.weight[static_cast<std::size_t>(i)]);
}

void plainRow(const AxisMap& x, const Line& line, QRgb floor, QRgb* out) {
    if (line.weight == 256) {
        fullRow(x, line, floor, out);
        return;
    }
    const std::int32_t* const cell = x.cell.data();
    const std::uint16_t* const weight = x.weight.data();
    for (const AxisMap::Span& span : x.spans) {
        for (int i = span.begin; i < span.end; ++i) {
            const std::uint32_t w = weight[i] * line.weight >> 8;
            out[i] = blended(line.cells[cell[i]], floor, w);
        }
    }
}

void patternRow(const AxisMap& x, const Line& line, QRgb floor, QRgb* out) {
    constexpr std::size_t kMask = kPatternSize * kPatternSize;
    for (const AxisMap::Span& span : x.spans) {
        for (auto i = static_cast<std::size_t>(span.begin); i < static_cast<std::size_t>(span.end); ++i) {
            const QRgb c = line.cells[x.cell[i]];
            const std::uint32_t mask = line.pattern[(c >> 24) * kMask + x.sub[i]];
            const std::uint32_t shade = 255 - ((255 - mask) * line.patternShare >> 8);
            const std::uint32_t w = (x.weight[i] * line.weight >> 8) * (shade + 1) >> 8;
            out[i] = blended(c, floor, w);
        }
    }
}

void copySpans(const AxisMap& x, const QRgb* from, QRgb* to) {
    for (const AxisMap::Span& span : x.spans)
        std::memcpy(to + span.begin, from + span.begin,
                    static_cast<std::size_t>(span.end - span.begin) * sizeof(QRgb));
}

struct Bits {
    uchar* bytes;
    std::size_t stride;
    int firstRow; ///< of the pane
};

/// Rows of one hall, counted from its first.
struct Band {
    std::size_t hall = 0;
    int begin = 0, end = 0;
};

/// Those rows of a hall that the picture shows.
void addBands(std::size_t hall, const AxisMap& y, const QImage& target, std::vector<Band>& bands) {
    constexpr int kRows = 64; // enough work to be worth another thread
    const int top = firstRow(target) - y.first;
    const int end = std::clamp(top + target.height(), 0, y.size());
    for (int row = std::clamp(top, 0, y.size()); row < end; row += kRows)
        bands.push_back({hall, row, std::min(row + kRows, end)});
}

void rasterBand(const HallMap& hall, const HallCells& cells, const Band& band, QRgb floor, Bits target) {
    const AxisMap& y = hall.y;
    const std::uint8_t* const masks = patternMasks().masks.front().data();
    const auto pixels = [&](std::size_t row) {
        return reinterpret_cast<QRgb*>(target.bytes + static_cast<std::size_t>(
                                                          y.first + static_cast<int>(row) - target.firstRow) *
                                                          target.stride) +
               hall.x.first;
    };
    for (auto row = static_cast<std::size_t>(band.begin); row < static_cast<std::size_t>(band.end); ++row) {
        if (y.weight[row] == 0)
            continue;
        const bool repeats = row > static_cast<std::size_t>(band.begin) && !hall.patterned() &&
                             y.cell[row] == y.cell[row - 1] && y.weight[row] == y.weight[row - 1];
        if (repeats) {
            copySpans(hall.x, pixels(row - 1), pixels(row));
            continue;
        }
        const Line line{cells.colour.data() +
                            static_cast<std::size_t>(y.cell[row]) * static_cast<std::size_t>(cells.width),
                        y.weight[row], masks + static_cast<std::size_t>(y.sub[row]) * kPatternSize,
                        static_cast<std::uint32_t>(std::lround(hall.patternShare * 256))};
        if (hall.patterned())
            patternRow(hall.x, line, floor, pixels(row));
        else
            plainRow(hall.x, line, floor, pixels(row));
    }
}

} // namespace

void rasterCells(const FloorMap& map, const FloorCells& cells, QRgb floor, QImage& target) {
    std::vector<Band> bands;
    for (std::size_t h = 0; h < map.halls.size(); ++h)
        if (!map.halls[h].hidden())
            addBands(h, map.halls[h].y, target, bands);
    // Detached once, before threads write.
    const Bits bits{target.bits(), static_cast<std::size_t>(target.bytesPerLine()), firstRow(target)};
    tbb::parallel_for(std::size_t{0}, bands.size(), [&](std::size_t i) {
        const Band& band = bands[i];
        rasterBand(map.halls[band.hall], cells.halls[band.hall], band, floor, bits);
    });
}

} // namespace atlas::scenes
