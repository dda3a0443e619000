// Where the lanes of the step timeline stand in a pane: names at the left, time across, sections down.
#pragma once

#include "model/operations/step_lanes.h"
#include "scenes/camera.h"
#include "scenes/lane_fold.h"

#include <vector>

namespace atlas::scenes {

/// A heading or a lane, in pixels down from the first one.
struct LaneRow {
    bool heading = false;
    std::uint32_t index = 0; ///< of the section or the lane
    double top = 0, height = 0;
};

struct LanesLayout {
    double gutter = 0; ///< width of the names
    double axis = 0;   ///< height of the time axis at the top
    double height = 0; ///< of all rows
    std::vector<LaneRow> rows;

    /// Lanes share the height of the pane, between the smallest that can be pointed at and the largest that
    /// reads well.
    [[nodiscard]] static LanesLayout of(const operations::StepLanes* lanes, const Viewport& viewport);

    /// The part of the pane in which time is drawn.
    [[nodiscard]] QRectF content(const Viewport& viewport) const;
    /// Scrolled no further than to the first and the last lane.
    [[nodiscard]] Camera bounded(Camera camera, const Viewport& viewport) const;
    /// Where a row is drawn, over the whole width of the pane.
    [[nodiscard]] QRectF screen(const LaneRow& row, const Camera& camera, const Viewport& viewport) const;
    /// The row at a point; null beside them.
    [[nodiscard]] const LaneRow* rowAt(QPointF screen, const Camera& camera, const Viewport& viewport) const;
    /// Time and width of the content.
    [[nodiscard]] LaneWindow window(const Camera& camera, const Viewport& viewport) const;
    /// The camera that shows [fromS, toS] across the content, from the first lane on.
    [[nodiscard]] Camera showing(double fromS, double toS, const Viewport& viewport) const;
};

} // namespace atlas::scenes
