// The way of the work that a step cannot be shorter than.
#pragma once

#include "model/operations/step_lanes.h"
#include "model/operations/step_work.h"

#include <vector>

namespace atlas::operations {

/// What everybody waits for in a step, as pieces of the lanes of its pipeline: the first micro-batch on its
/// way to the culprit, the culprit's own work, with the way of its first gradient through the later stages
/// while it has none, the last gradient on its way back to the first stage, the exchange and the optimizer.
/// `laneOfStage` gives the lane of each stage of the culprit's replica; a stage without one is -1.
[[nodiscard]] std::vector<CriticalLeg> criticalPath(const StepWork& work, const RankWork& culprit,
                                                    const std::vector<int>& laneOfStage, int culpritLane);

} // namespace atlas::operations
