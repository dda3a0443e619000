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

/// Expected shares of members in each state, `sinceStartS` into a step whose maximum is known.
[[nodiscard]] StepShares sharesAt(const StepLaw& law, double barrierS, double sinceStartS);

/// Expected shares of members' time over a whole step whose maximum is known.
[[nodiscard]] StepShares meanShares(const StepLaw& law, double barrierS);

} // namespace atlas::operations
