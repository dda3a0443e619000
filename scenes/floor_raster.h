// Cells to pixels on the CPU: every pixel of a rack through the two axis maps of its hall.
#pragma once

#include "scenes/floor_cells.h"

#include <QImage>

namespace atlas::scenes {

/// Writes the racks into `target` (RGB32, device pixels of the map's viewport, or some rows of them) over a
/// hall floor of colour `floor`. Pixels outside racks are left as they are. Runs on all cores.
void rasterCells(const FloorMap& map, const FloorCells& cells, QRgb floor, QImage& target);

} // namespace atlas::scenes
