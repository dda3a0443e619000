// From a timeline to the lanes of a span of it.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/step_lanes.h"

#include <stop_token>

namespace atlas::operations {

struct LanesRequest {
    double fromS = 0, toS = 0; ///< simulated, from the scenario's start
    double pixelsPerS = 1;     ///< how closely it is looked at: decides how much is told
    double focusS = 0;         ///< an instant of the step whose ranks are shown, its culprit's first
    cluster::Index selected = cluster::kNone; ///< a GPU that is to have a lane
};

/// How much is told of steps of a length: phases from `kCyclePx` a micro-batch on, whole steps from `kStepPx`
/// a step on.
inline constexpr double kCyclePx = 0.5;
inline constexpr double kStepPx = 3;

/// The job, what is wrong with the cluster, and ranks by group: the culprit's tensor- and context-parallel
/// ranks, one rank of every stage of its replica, then of a replica of every class, then the selected GPU.
/// Large groups are told by some of their ranks, evenly chosen; LaneSection::of says how many there are.
/// Stops early, with what there is, when asked to.
[[nodiscard]] StepLanes lanesOf(const Timeline& timeline, const LanesRequest& request,
                                std::stop_token stop = {});

} // namespace atlas::operations
