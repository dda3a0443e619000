#include "scenes/ribbon.h"

#include "scenes/pane_rows.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace atlas::scenes {

namespace {

// As in ribbon.frag: how much its tone differs and how opaque a dash is.
constexpr float kDashLift = 0.45f;
constexpr float kDashAlpha = 0.75f;

/// What does not change from row to row.
struct Course {
    float dx, perRow, length;
    explicit Course(const RibbonDraw& r)
        : dx(r.x1 - r.x0)
        , perRow(1 / (r.y1 - r.y0))
        , length(std::sqrt(dx * dx + (r.y1 - r.y0) * (r.y1 - r.y0))) {}
};

/// A ribbon at one height: its middle, and how a horizontal distance shortens to a distance from the line.
struct Section {
    float x = 0;
    float shortening = 1;
    float along = 0; ///< device pixels from the lower end
};

Section sectionAt(const RibbonDraw& r, const Course& course, float y) {
    const float u = std::clamp((y - r.y0) * course.perRow, 0.0f, 1.0f);
    const float slope = course.dx * 6 * u * (1 - u) * course.perRow;
    return {r.x0 + course.dx * u * u * (3 - 2 * u), 1 / std::sqrt(1 + slope * slope), u * course.length};
}

/// 0 between dashes, 1 in the middle of one.
float dashAt(const RibbonDraw& r, float along) {
    const float t = (along - r.phase) / r.dashPeriod;
    const float place = t - std::floor(t);
    return std::clamp(3 - std::abs(place - 0.5f) * 12, 0.0f, 1.0f);
}

/// A colour as two packed channel pairs, and its opacity in 256 parts.
struct Ink {
    std::uint32_t rb = 0, g = 0;
    float alpha = 0;
    Ink(float red, float green, float blue, float opacity)
        : rb(static_cast<std::uint32_t>(red * 255 + 0.5f) << 16 |
             static_cast<std::uint32_t>(blue * 255 + 0.5f))
        , g(static_cast<std::uint32_t>(green * 255 + 0.5f) << 8)
        , alpha(opacity * 256) {}
};

QRgb over(QRgb under, const Ink& ink, std::uint32_t weight) {
    const std::uint32_t rest = 256 - weight;
    return 0xff000000u | ((ink.rb * weight + (under & 0xff00ffu) * rest) >> 8 & 0xff00ffu) |
           ((ink.g * weight + (under & 0x00ff00u) * rest) >> 8 & 0x00ff00u);
}

/// Blends one stroke of a row: `halfWidth` about the middle, its edges smoothed.
void strokeRow(const Section& section, float halfWidth, const Ink& ink, int width, QRgb* pixels) {
    const float reach = (halfWidth + 0.5f) / section.shortening;
    const int from = std::max(0, static_cast<int>(std::floor(section.x - reach)));
    const int to = std::min(width, static_cast<int>(std::ceil(section.x + reach)));
    for (int x = from; x < to; ++x) {
        const float distance = std::abs(static_cast<float>(x) + 0.5f - section.x) * section.shortening;
        const float coverage = std::clamp(halfWidth + 0.5f - distance, 0.0f, 1.0f);
        pixels[x] = over(pixels[x], ink, static_cast<std::uint32_t>(ink.alpha * coverage));
    }
}

/// The body, then the dash: a fine lighter stream in its middle. A broken link is dashes and nothing else.
void rasterRow(const RibbonDraw& ribbon, const Course& course, int row, int width, QRgb* pixels) {
    const Section section = sectionAt(ribbon, course, static_cast<float>(row) + 0.5f);
    if (ribbon.dash < 0) {
        const float dash = dashAt(ribbon, section.along);
        if (dash > 0)
            strokeRow(section, ribbon.halfWidth, {ribbon.r, ribbon.g, ribbon.b, ribbon.alpha * dash}, width,
                      pixels);
        return;
    }
    strokeRow(section, ribbon.halfWidth, {ribbon.r, ribbon.g, ribbon.b, ribbon.alpha}, width, pixels);
    if (ribbon.dash == 0)
        return;
    const float dash = ribbon.dash * dashAt(ribbon, section.along);
    if (dash > 0)
        strokeRow(section, std::min(ribbon.halfWidth, ribbon.dashHalfWidth),
                  {ribbon.r + (ribbon.dashTone - ribbon.r) * kDashLift,
                   ribbon.g + (ribbon.dashTone - ribbon.g) * kDashLift,
                   ribbon.b + (ribbon.dashTone - ribbon.b) * kDashLift,
                   kDashAlpha * dash * (0.4f + 0.6f * ribbon.alpha)},
                  width, pixels);
}

} // namespace

float ribbonX(const RibbonDraw& ribbon, float y) {
    return sectionAt(ribbon, Course(ribbon), y).x;
}

float ribbonDistance(const RibbonDraw& ribbon, QPointF point) {
    const auto y = static_cast<float>(point.y());
    if (y > ribbon.y0 || y < ribbon.y1)
        return 1e9f;
    const Section section = sectionAt(ribbon, Course(ribbon), y);
    return std::abs(static_cast<float>(point.x()) - section.x) * section.shortening;
}

void rasterRibbons(const std::vector<RibbonDraw>& ribbons, QImage& target) {
    uchar* const bits = target.bits();
    const auto stride = static_cast<std::size_t>(target.bytesPerLine());
    const int width = target.width();
    const int top = firstRow(target);
    tbb::parallel_for(
        tbb::blocked_range<int>(top, top + target.height(), 48), [&](const tbb::blocked_range<int>& rows) {
            for (const RibbonDraw& ribbon : ribbons) {
                // Rows whose centre lies between the ends.
                const int from = std::max(rows.begin(), static_cast<int>(std::ceil(ribbon.y1 - 0.5f)));
                const int to = std::min(rows.end(), static_cast<int>(std::floor(ribbon.y0 - 0.5f)) + 1);
                const Course course(ribbon);
                for (int row = from; row < to; ++row)
                    rasterRow(ribbon, course, row, width,
                              reinterpret_cast<QRgb*>(bits + static_cast<std::size_t>(row - top) * stride));
            }
        });
}

} // namespace atlas::scenes
