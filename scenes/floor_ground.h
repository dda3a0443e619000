// What stands still on a floor while the clock runs: ground, halls and their captions.
#pragma once

#include "scenes/floor_labels.h"
#include "scenes/site_yard.h"

#include <QPainter>

namespace atlas::scenes {

/// Paints in device-independent coordinates. The inside of a hall has the theme's panel colour, which the
/// cells blend with.
void paintGround(QPainter& painter, const FloorGeometry& geometry, const FloorMap& map,
                 const FloorLabels& labels, const SiteYard& yard, const Theme& theme);

void paintFloorLabel(QPainter& painter, const FloorLabel& label, const Theme& theme);

} // namespace atlas::scenes
