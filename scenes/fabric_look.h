// How the fabric's ribbons look at one instant: colour = load, dashes = traffic, red and full = congested.
#pragma once

#include "scenes/camera.h"
#include "scenes/fabric_layout.h"
#include "scenes/ribbon.h"
#include "scenes/scene.h"

namespace atlas::scenes {

/// From this load on a link is congested: drawn last, full, at least kHotWidthPx wide.
inline constexpr double kHotLoad = 0.9;

/// Worst load of a ribbon's groups, 0..1; NaN when one of them is down (its load is not a number, or below
/// 0).
[[nodiscard]] double ribbonLoad(const FabricRibbon& ribbon, const operations::Frame* frame);

struct RibbonInput {
    const FabricLayout& layout;
    const operations::Frame* frame; ///< null: cables without traffic
    const Theme& theme;
    const Camera& camera;
    const Viewport& viewport;
    double clockS = 0; ///< moves the dashes
    Target emphasised; ///< a Hall or LinkGroup: everything else steps back
};

/// The ribbons in view, in drawing order.
[[nodiscard]] std::vector<RibbonDraw> lookOfRibbons(const RibbonInput& input);

/// One ribbon's place in device pixels, without colours.
[[nodiscard]] RibbonDraw placeOf(const FabricRibbon& ribbon, const Camera& camera, const Viewport& viewport);

} // namespace atlas::scenes
