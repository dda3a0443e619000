// The groups of a layout that one rank belongs to, as GPUs.
#pragma once

#include "model/operations/attribution.h"
#include "model/operations/step_work.h"

#include <vector>

namespace atlas::operations {

struct RankGroup {
    Group group = Group::Own;
    std::vector<cluster::Range> gpus; ///< the rank's own GPU among them
    bool operator==(const RankGroup&) const = default;
};

/// Groups of more than one rank, innermost first: tensor, context, expert, pipeline, data. Empty where the
/// GPU takes no part. `shape`: as planned.
[[nodiscard]] std::vector<RankGroup> groupsOf(const cluster::Cluster& cluster, const StepShape& shape,
                                              cluster::Index gpu);

} // namespace atlas::operations
