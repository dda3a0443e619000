// Shares of time and GPUs over a step, and the efficiency waterfall, from the distributions: no GPU is drawn.
#pragma once

#include "model/operations/barrier.h"
#include "model/operations/frame.h"
#include "model/operations/step_clock.h"

#include <span>

namespace atlas::operations {

/// Of the members of a step; they add up to 1.
struct StepShares {
    double computing = 0;
    double communicating = 0;
    double waiting = 0;
};

/// Expected shares of members in each state, `sinceStartS` into a step whose maximum is known.
[[nodiscard]] StepShares sharesAt(const StepShape& shape, const Barrier& barrier, const StepAt& at,
                                  double sinceStartS);

/// Expected shares of members' time over a whole step whose maximum is known.
[[nodiscard]] StepShares meanShares(const StepShape& shape, const Barrier& barrier, const StepAt& at);

/// A stretch of constant conditions for the waterfall.
struct WaterfallPart {
    const StepShape* shape = nullptr;
    const Barrier* barrier = nullptr;
    double weight = 0;              ///< seconds times peak of the GPUs with power
    double poweredPeakFlopPerS = 0; ///< bf16, of the GPUs with power
    double timeKept = 1;            ///< share of wall-clock time in kept steps
};

/// bf16 peak of the GPUs that have power in a month.
[[nodiscard]] double poweredPeakFlopPerS(const cluster::Cluster& cluster, scenario::Month month);
/// Share of it that belongs to the members of a step.
[[nodiscard]] double memberPeakShare(const cluster::Cluster& cluster, const StepShape& shape,
                                     double poweredPeakFlopPerS);

/// Mean over the parts, in shares of the bf16 peak of the GPUs with power: peak, GPUs the layout leaves out,
/// kernels below peak (with recompute and optimizer; negative where lower precision beats the bf16 peak),
/// exposed communication, bubble, class mismatch, jitter tail (lasting and transient), interruptions
/// (restarts, work done twice, checkpoints: of what was left), goodput (the MFU over all GPUs with power and
/// all time).
[[nodiscard]] Waterfall waterfallOf(const cluster::Cluster& cluster, std::span<const WaterfallPart> parts);

} // namespace atlas::operations
