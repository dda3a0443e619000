#include "scenes/lane_fold.h"

#include <algorithm>

namespace atlas::scenes {

namespace {

using operations::LaneSpan;
using operations::LaneTrack;

/// Index of the kind with most time.
operations::SpanKind most(const operations::KindSeconds& seconds, operations::SpanKind otherwise) {
    const auto found = std::max_element(seconds.begin(), seconds.end());
    return *found > 0 ? static_cast<operations::SpanKind>(found - seconds.begin()) : otherwise;
}

} // namespace

FoldedLane foldLane(const LaneTrack& track, const LaneWindow& window) {
    FoldedLane out;
    const auto spans = track.spans();
    const double narrowS = kFoldPx / window.pixelsPerS;
    const double toS = window.toS();
    std::size_t i = track.firstAfter(window.fromS);
    double drawnTo = 0; // right end of the item before
    while (i < spans.size() && spans[i].startS < toS) {
        const LaneSpan& first = spans[i];
        LaneItem item;
        item.first = static_cast<std::uint32_t>(i);
        item.kind = first.kind;
        item.marked = operations::severe(first.kind);
        std::size_t end = i + 1;
        if (first.seconds() < narrowS) {
            // Everything that starts within reach, but for the last one if it is wide: it stands alone.
            end = std::max(end, track.firstFrom(std::min(first.startS + narrowS, toS)));
            while (end > i + 1 && spans[end - 1].seconds() >= narrowS)
                --end;
        }
        item.count = static_cast<std::uint32_t>(end - i);
        double rightS = first.endS;
        if (item.count > 1) {
            item.seconds = track.seconds(i, end);
            item.kind = most(item.seconds, first.kind);
            item.marked = track.severeIn(i, end) != nullptr;
            rightS = spans[end - 1].endS;
            out.folded += item.count;
        }
        item.left = std::max(drawnTo, window.x(first.startS));
        item.right = std::min(window.widthPx, std::max(window.x(rightS), item.left + 1));
        drawnTo = item.right;
        out.items.push_back(item);
        i = end;
    }
    return out;
}

} // namespace atlas::scenes
