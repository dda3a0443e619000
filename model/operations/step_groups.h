// The groups of a layout that one rank belongs to, as GPUs.
#pragma once

#include "model/operations/attribution.h"
#include "model/operations/step_work.h"

#include <optional>
#include <vector>

namespace atlas::operations {

struct RankGroup {
    Group group = Group::Own;
    std::vector<cluster::Range> gpus; ///< the rank's own GPU among them
    bool operator==(const RankGroup&) const = default;
};

/// Which part of the experts a rank holds: the ranks of its stage are numbered replica by replica, in a
/// replica by context, and shared out over groups of `ep` neighbours. Where `ep` is more than there are of
/// these, the ranks of a tensor group hold different experts too (innermost), as the planner prices it.
struct ExpertPlace {
    std::int64_t group = 0; ///< from 0, within the stage
    int rank = 0;           ///< in the group, 0..ep-1
    bool operator==(const ExpertPlace&) const = default;
};
/// Nothing where the layout does not share experts out.
[[nodiscard]] std::optional<ExpertPlace> expertPlaceOf(const training::Layout& layout,
                                                       const RankPlace& place);

/// Groups of more than one rank, innermost first: tensor, context, expert, pipeline, data. Empty where the
/// GPU takes no part. `shape`: as planned.
[[nodiscard]] std::vector<RankGroup> groupsOf(const cluster::Cluster& cluster, const StepShape& shape,
                                              cluster::Index gpu);

} // namespace atlas::operations
