// Ribbons as both painters draw them: a smooth step from a lower to an upper point, of constant thickness,
// with dashes that move along it. Everything a pixel needs follows from these few numbers in closed form.
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>

#include <vector>

namespace atlas::scenes {

struct RibbonDraw {
    float x0 = 0, y0 = 0; ///< lower end, device pixels
    float x1 = 0, y1 = 0; ///< upper end, y1 < y0
    float halfWidth = 0.5f;
    float alpha = 1; ///< of the body
    float dash = 0;  ///< how far dashes stand out, 0..1; negative: dashes and no body (a broken link)
    float phase = 0; ///< device pixels the dashes have moved
    float r = 0, g = 0, b = 0; ///< 0..1
    float dashPeriod = 14;     ///< device pixels
    float dashHalfWidth = 1;   ///< a dash is a stream in the middle, no wider than this
    float dashTone = 1;        ///< 1: dashes are lighter than the body, 0: darker
};

/// x of the middle line at `y`, device pixels.
[[nodiscard]] float ribbonX(const RibbonDraw& ribbon, float y);
/// Distance of a point from the ribbon's middle line, device pixels; large beyond its ends.
[[nodiscard]] float ribbonDistance(const RibbonDraw& ribbon, QPointF point);

/// Blends the ribbons over `target` (RGB32, the pane or some rows of it) in order. Runs on all cores.
void rasterRibbons(const std::vector<RibbonDraw>& ribbons, QImage& target);

} // namespace atlas::scenes
