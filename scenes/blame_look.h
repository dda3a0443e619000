// The chain of blame on a map: how the groups that wait for a culprit are outlined, and when the stall has
// come to them.
#pragma once

#include "model/operations/attribution.h"
#include "scenes/theme.h"

#include <QPainter>
#include <QPen>

#include <vector>

namespace atlas::scenes {

/// A group of the chain.
struct BlameGroup {
    operations::Group group = operations::Group::Own;
    std::vector<cluster::Range> gpus; ///< empty: everybody else
    double waitsFromS = 0;            ///< simulated, when its first member begins to wait
};

/// Whom one culprit holds up in one step, innermost group first.
struct BlameChain {
    cluster::Index culprit = cluster::kNone;
    std::vector<BlameGroup> groups;
};

/// The groups that one GPU works in, innermost first.
struct RankGroups {
    cluster::Index gpu = cluster::kNone;
    std::vector<BlameGroup> groups;
};

/// "tensor group of the selection".
[[nodiscard]] QString groupLabel(operations::Group group);

/// "the culprit's tensor-parallel group".
[[nodiscard]] QString blameLabel(operations::Group group);

/// The outline of a group: dotted and faint until the stall has come to it. Groups differ in colour and in
/// dashes.
[[nodiscard]] QPen blamePen(operations::Group group, bool reached, const Theme& theme);

/// The group's mark for legends and lists, as its outline on the map.
void paintBlameMark(QPainter& painter, const QRectF& rect, operations::Group group, bool reached,
                    const Theme& theme);

} // namespace atlas::scenes
