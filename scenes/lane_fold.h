// What of a lane is drawn: spans that are wide enough by themselves, the others folded together with a count.
// Costs follow pixels, not spans.
#pragma once

#include "model/operations/lane_track.h"

#include <vector>

namespace atlas::scenes {

/// Spans narrower than this are folded with their neighbours.
inline constexpr double kFoldPx = 3;

/// A span, or several folded into one block, as drawn.
struct LaneItem {
    double left = 0, right = 0;        ///< pixels from `fromS`; right - left >= 1 pixel where there is room
    std::uint32_t first = 0;           ///< index in the track
    std::uint32_t count = 1;           ///< spans in it; above 1: folded
    operations::SpanKind kind{};       ///< of the span; of a fold, the one with most time
    bool marked = false;               ///< a severe one is among them
    operations::KindSeconds seconds{}; ///< of a fold, for its colour; unused for a span
};

struct LaneWindow {
    double fromS = 0;
    double pixelsPerS = 1;
    double widthPx = 0;
    [[nodiscard]] double x(double timeS) const { return (timeS - fromS) * pixelsPerS; }
    [[nodiscard]] double toS() const { return fromS + widthPx / pixelsPerS; }
};

struct FoldedLane {
    std::vector<LaneItem>
        items;              ///< from left to right, not overlapping; every visible span is in exactly one
    std::size_t folded = 0; ///< spans in blocks of more than one
};

/// Spans that begin within kFoldPx of the first of a fold and are narrower than that themselves join it. A
/// narrow span alone is drawn as it is, at least a pixel wide.
[[nodiscard]] FoldedLane foldLane(const operations::LaneTrack& track, const LaneWindow& window);

} // namespace atlas::scenes
