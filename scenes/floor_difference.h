// The floor as a difference: B minus A, GPU by GPU where both stand on the same floor, on a scale that
// diverges from nothing. Cost follows what is in view.
#pragma once

#include "scenes/floor_cells.h"

namespace atlas::scenes {

struct Legend;

/// True where every GPU of one cluster has its counterpart of the same number, place and class in the other:
/// only then has the difference of two GPUs a meaning.
[[nodiscard]] bool sameFloor(const cluster::Cluster& a, const cluster::Cluster& b);

/// Colours the cells in view by the quantity in `frame` minus that in `base`; from less by a whole scale over
/// the same to more by a whole scale. Where several GPUs share a cell it takes the mean of their differences;
/// below Detail::Trays quantities that are all or nothing for one GPU are the mean of the rack. Where less is
/// more than a hair, cells are striped, so that the sign is not told by hue alone. Marked as worst: culprits
/// and faults that `base` has not. Without power in both: unpowered; no quantity known: empty. Preconditions:
/// isQuantity(colouring.by), both frames of `geometry`'s floor, see sameFloor().
void colourDifference(const FloorGeometry& geometry, const FloorMap& map, const operations::Frame& base,
                      const operations::Frame& frame, const Colouring& colouring, const Theme& theme,
                      FloorCells& cells);

/// "+12 pp", "−3 °C", "+1.4 MW": a difference with its sign.
[[nodiscard]] QString differenceText(const Colouring& colouring, double difference);

/// The scale of the difference with its ends and units, and what the marks mean.
void addDifference(Legend& legend, const Colouring& colouring, const Theme& theme);

} // namespace atlas::scenes
