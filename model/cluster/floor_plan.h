// Where halls, rows and racks stand: a regular floor in metres. Rows of racks in lines, two lines back to
// back over a hot aisle, cold aisles between the pairs, halls side by side on the campus.
#pragma once

#include "model/cluster/cluster.h"

namespace atlas::cluster {

/// Clearances of the drawn floor, metres. Layouts of the real halls are not published: these are the usual
/// widths of contained aisles and of a passage at a row's end, and they move no number but a position.
struct FloorRules {
    double hotAisleM = 0.9;
    double coldAisleM = 1.2;
    double rowGapM = 1.2;       ///< passage between the rows of a line
    double wallM = 1.2;         ///< clearance inside the walls
    double hallGapXM = 3.0;     ///< between halls
    double hallGapYM = 6.5;     ///< between lines of halls: leaves room for a name
    double islandGapYM = 8.5;   ///< between islands
    double hallAspectLow = 1.3; ///< width over height of a hall that reads well
    double hallAspectHigh = 2.4;
    double mixedLineCost = 1.1; ///< how much larger the floor must show before islands share a line
    double campusAspect = 1.5;  ///< width over height that the campus aims at: a pane of the window
};

/// Places every hall, row and rack of a cluster whose hierarchy (ranges, islands, rack types) is complete.
/// Halls stand in lines, each island beginning its own where that shows the floor well. Searched are the
/// campus width and the number of lines that show the racks largest in a pane of `campusAspect` with halls in
/// good shape.
void placeOnFloor(Cluster& cluster, const FloorRules& rules = {});

} // namespace atlas::cluster
