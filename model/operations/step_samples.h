// Shares of time and GPUs over a step, from the distributions: no GPU is drawn.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/run_clock.h"

namespace atlas::operations {

/// Of the members of a step; they add up to 1.
struct StepShares {
    double computing = 0;
    double communicating = 0;
    double waiting = 0;
};

/// When the barrier opens, and how much of that is due to the heaviest replica's load.
struct BarrierAt {
    double timeS = 0;
    double loadS = 0;
    double memberLateS = 0; ///< how late the mean member comes in for its own replica's load
};
[[nodiscard]] BarrierAt barrierOf(const StepAt& step);

/// Expected shares of members in each state, `sinceStartS` into a step whose maximum is known. Loads of
/// replicas enter with their mean.
[[nodiscard]] StepShares sharesAt(const StepLaw& law, const BarrierAt& at, double sinceStartS);

/// Expected shares of members' time over a whole step whose maximum is known.
[[nodiscard]] StepShares meanShares(const StepLaw& law, const BarrierAt& at);
/// The mean barrier of a law.
[[nodiscard]] BarrierAt meanBarrier(const StepLaw& law);

} // namespace atlas::operations
