#include "scenes/axis_map.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

double overlap(double a0, double a1, double b0, double b1) {
    return std::max(0.0, std::min(a1, b1) - std::max(a0, b0));
}

/// Gaps grow with zoom and stay hairlines: a rack of 10 px keeps one between it and its neighbour, narrow
/// ones touch, since a fraction of a pixel tells nothing apart.
double rackGap(double unitPixels, double ratio) {
    constexpr double kTouchingPx = 6, kApartPx = 9;
    const double apart = std::clamp((unitPixels / ratio - kTouchingPx) / (kApartPx - kTouchingPx), 0.0, 1.0);
    const double wanted = unitPixels < 60 * ratio ? 0.11 * unitPixels : 0.05 * unitPixels;
    return apart * std::min(wanted, (unitPixels < 60 * ratio ? 3.0 : 8.0) * ratio);
}

double cellGap(double cellPixels, double ratio, double scale) {
    return std::clamp((cellPixels - 3.5 * ratio) * 0.18, 0.0, 2.0 * ratio) * scale;
}

void closeSpans(AxisMap& map) {
    for (int i = 0; i < map.size(); ++i) {
        if (map.weight[static_cast<std::size_t>(i)] == 0)
            continue;
        if (map.spans.empty() || map.spans.back().end != i)
            map.spans.push_back({i, i});
        map.spans.back().end = i + 1;
        if (map.weight[static_cast<std::size_t>(i)] < 256)
            map.edges.push_back(i);
    }
}

/// How many cells a rack of `pixels` has: no cell is smaller than a pixel, and no more than before come in
/// until they are larger than that by kHysteresis.
int cellsOf(double pixels, const AxisSpec& spec) {
    const auto most = [&](double smallest) {
        return static_cast<int>(std::clamp(pixels / smallest, 1.0, static_cast<double>(spec.gpusPerUnit)));
    };
    return spec.cellsBefore > 0 ? std::clamp(spec.cellsBefore, most(1 + kHysteresis), most(1)) : most(1);
}

} // namespace

AxisMap makeAxisMap(const AxisSpec& spec) {
    AxisMap map;
    const double scale = spec.pixelsPerMetre;
    map.unitPixels = spec.unitSize * scale;
    const double gap = rackGap(map.unitPixels, spec.devicePixelRatio);
    const double inner = map.unitPixels - gap;
    map.cellsPerUnit = cellsOf(inner, spec);
    map.cellPixels = inner / map.cellsPerUnit;
    const double between = map.cellsPerUnit == spec.gpusPerUnit
                               ? cellGap(map.cellPixels, spec.devicePixelRatio, spec.gapScale)
                               : 0;
    map.cellGap = between;

    const auto startOf = [&](std::size_t unit) { return spec.unitStart[unit] * scale + spec.origin; };
    std::size_t first = 0;
    std::size_t last = spec.unitStart.size();
    while (first < last && startOf(first) + map.unitPixels <= 0)
        ++first;
    while (last > first && startOf(last - 1) >= spec.pixels)
        --last;
    map.firstUnit = first;
    map.unitCount = last - first;
    if (map.unitCount == 0)
        return map;

    // Cameras may come from files: bound before the conversion, not after it.
    const auto pixel = [&](double at) { return static_cast<int>(std::clamp(at, 0.0, 1.0 * spec.pixels)); };
    map.first = pixel(std::floor(startOf(first)));
    const int end = std::max(map.first, pixel(std::ceil(startOf(last - 1) + map.unitPixels)));
    const auto count = static_cast<std::size_t>(end - map.first);
    map.cell.assign(count, 0);
    map.sub.assign(count, 0);
    map.weight.assign(count, 0);
    std::vector<double> best(count, 0.0);
    std::vector<double> covered(count, 0.0);

    for (std::size_t unit = first; unit < last; ++unit) {
        const double start = startOf(unit) + gap / 2;
        map.unitStart.push_back(start);
        for (int k = 0; k < map.cellsPerUnit; ++k) {
            const double a = start + k * map.cellPixels;
            const double b = a + map.cellPixels;
            const int from = std::max(map.first, pixel(std::floor(a)));
            const int to = std::min(end, pixel(std::ceil(b)));
            for (int p = from; p < to; ++p) {
                const auto i = static_cast<std::size_t>(p - map.first);
                covered[i] += overlap(a + between / 2, b - between / 2, p, p + 1);
                const double whole = overlap(a, b, p, p + 1);
                if (whole <= best[i])
                    continue;
                best[i] = whole;
                map.cell[i] = static_cast<std::int32_t>(unit - first) * map.cellsPerUnit + k;
                const double place = (p + 0.5 - a - between / 2) / std::max(1e-9, map.cellPixels - between);
                map.sub[i] =
                    static_cast<std::uint8_t>(std::clamp(place * kPatternSize, 0.0, kPatternSize - 1.0));
            }
        }
    }
    for (std::size_t i = 0; i < count; ++i)
        map.weight[i] = static_cast<std::uint16_t>(std::lround(std::min(1.0, covered[i]) * 256));
    closeSpans(map);
    return map;
}

DrawnUnits grownUnits(std::span<const double> start, double size, double share) {
    constexpr double kTouching = 0.05; // of a rack: closer neighbours form one run
    DrawnUnits out{{start.begin(), start.end()}, size};
    double aisle = size; // never grow by more than half a rack at either side
    std::size_t run = 1;
    std::size_t longest = 1;
    for (std::size_t i = 1; i < start.size(); ++i) {
        const double gap = start[i] - start[i - 1] - size;
        run = gap > kTouching * size ? 1 : run + 1;
        longest = std::max(longest, run);
        if (gap > kTouching * size)
            aisle = std::min(aisle, gap);
    }
    // Every run grows by as much, the longest one by `share` of the aisle; shorter ones in proportion.
    const double growth = share * aisle / static_cast<double>(longest);
    out.size += growth;
    for (std::size_t i = 0; i < start.size();) {
        std::size_t end = i + 1;
        while (end < start.size() && start[end] - start[end - 1] - size <= kTouching * size)
            ++end;
        const double centred = growth * static_cast<double>(end - i) / 2;
        for (std::size_t k = i; k < end; ++k)
            out.start[k] = start[k] - centred + growth * static_cast<double>(k - i);
        i = end;
    }
    return out;
}

} // namespace atlas::scenes
