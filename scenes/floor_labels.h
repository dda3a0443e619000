// Where the words of a floor go: captions of halls, rows and racks, trunks between halls. Planned when the
// camera moves; no two ever overlap.
#pragma once

#include "scenes/floor_map.h"
#include "scenes/label_placer.h"
#include "scenes/theme.h"

#include <QLineF>
#include <QString>

#include <vector>

namespace atlas::scenes {

struct FloorLabel {
    QRectF rect; ///< device-independent pixels
    QString text;
    QString quiet; ///< continues the text, stepping back
    TextRole role = TextRole::Label;
    bool plate = false; ///< on a plate, because it lies over racks
    bool dim = false;   ///< in the quiet colour altogether
};

/// A bundle of links between two halls, drawn on the floor between them.
struct FloorTrunk {
    cluster::Index group = cluster::kNone; ///< in Cluster::linkGroups
    QLineF line;                           ///< device-independent pixels
    QRectF labelRect;                      ///< null if there is no room or another piece carries the label
    bool betweenIslands = false;
};

struct FloorLabels {
    std::vector<FloorLabel> labels;
    std::vector<FloorTrunk> trunks;
    std::vector<QRectF> taken; ///< every place in use, for what is placed later
};

/// What stands in the yard, named above its place.
struct YardCaption {
    QRectF block;    ///< device-independent pixels
    double room = 0; ///< from its left to the next one
    QString text;
    QString quiet; ///< left out where there is no room for it
};

[[nodiscard]] FloorLabels planFloorLabels(const FloorGeometry& geometry, const FloorMap& map,
                                          const Theme& theme, const std::vector<YardCaption>& yard = {});

/// "trunk 97 %".
[[nodiscard]] QString trunkText(double load);

} // namespace atlas::scenes
