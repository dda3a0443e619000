// The still part of the step timeline: lanes with their spans, names, axis, critical path. Painted once for a
// camera and kept.
#pragma once

#include "scenes/lane_look.h"
#include "scenes/lanes_layout.h"
#include "scenes/theme.h"

#include <QImage>

namespace atlas::scenes {

struct LanesPane {
    const operations::StepLanes& lanes;
    const LanesLayout& layout;
    const Camera& camera; ///< bounded
    const Viewport& viewport;
    const Theme& theme;
    const LaneLooks& looks;
};

/// A lane as drawn.
struct DrawnLane {
    std::uint32_t lane = 0;
    QRectF rect; ///< of its spans, device-independent pixels
    FoldedLane folded;
};

/// A word as drawn, for tests: no two overlap.
struct LaneText {
    QRectF rect;
    QString text;
};

struct LanesPicture {
    std::vector<DrawnLane> lanes; ///< those in view, from the top
    std::vector<LaneText> texts;
    std::size_t folded = 0; ///< spans in view that are not drawn by themselves
};

/// Folds what is in view.
[[nodiscard]] LanesPicture foldLanes(const LanesPane& pane);
/// Paints all of it into `image` (RGB32 of the viewport's device size, or some rows of it) and adds the words
/// to the picture.
void paintLanesGround(const LanesPane& pane, bool criticalPath, LanesPicture& picture, QImage& image);

} // namespace atlas::scenes
