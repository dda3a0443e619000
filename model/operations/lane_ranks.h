// Which ranks of a step get lanes of their own.
#pragma once

#include "model/operations/step_lanes.h"
#include "model/operations/step_work.h"

#include <vector>

namespace atlas::operations {

/// Ranks of one group, in the order in which they are shown.
struct RankSection {
    LaneSection section;
    std::vector<cluster::Index> gpus; ///< kNone where the layout has no such place
};

/// The culprit's tensor- and context-parallel ranks, one rank of every stage of its replica, then of a
/// replica of every class, then the selected GPU. Large groups are told by some of their ranks, evenly
/// chosen.
[[nodiscard]] std::vector<RankSection> chooseRanks(const cluster::Cluster& cluster, const StepShape& shape,
                                                   cluster::Index culprit, cluster::Index selected);

} // namespace atlas::operations
