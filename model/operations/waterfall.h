// Where the peak of a cluster goes, bar by bar: expected over a life, or as a span was simulated.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/job_course.h"

#include <span>
#include <vector>

namespace atlas::operations {

/// What steps of a lane spend their time on beyond what the plan says, on average, seconds a step.
struct LanePart {
    const StepShape* shape = nullptr;
    double stepS = 0;   ///< mean step
    double jitterS = 0; ///< of it: the barrier without anything slow by failure, beyond the plan's
    double slowS = 0;   ///< of it: for what is slow by failure
    double unevenS = 0; ///< of it: for work that is not shared out evenly
    double kept = 1;    ///< share of time in kept steps, times the replicas that ran
    double useful = 1;  ///< of the replicas, those that are no backups
};

/// A stretch with one plan.
struct WaterfallPart {
    double weight = 0;              ///< seconds times peak of the GPUs with power
    double poweredPeakFlopPerS = 0; ///< bf16, of the GPUs with power
    std::vector<LanePart> lanes;
};

/// bf16 peak of the GPUs that have power in a month.
[[nodiscard]] double poweredPeakFlopPerS(const cluster::Cluster& cluster, scenario::Month month);
/// Share of it that belongs to the members of a step.
[[nodiscard]] double memberPeakShare(const cluster::Cluster& cluster, const StepShape& shape,
                                     double poweredPeakFlopPerS);

/// Mean over the parts, in shares of the bf16 peak of the GPUs with power: peak, GPUs the layout leaves out
/// and backup replicas, kernels below peak (with recompute and optimizer; negative where lower precision
/// beats the bf16 peak), exposed communication, bubble, class mismatch, uneven work, jitter tail (lasting and
/// transient), fail-slow, fail-stop (restarts, work done again, checkpoints, missing replicas: of what was
/// left), goodput (the MFU over all GPUs with power and all time).
[[nodiscard]] Waterfall waterfallOf(const cluster::Cluster& cluster, std::span<const WaterfallPart> parts);

/// The lane as it is to be expected.
[[nodiscard]] LanePart expectedPart(const Lane& lane);

/// One step of the way from one waterfall to another.
struct BridgeStep {
    std::string name;
    double change = 0; ///< of goodput, in shares of peak; positive: B loses less here
};
/// From the goodput of `a` to that of `b`: the changes add up to the difference exactly. Bars that only one
/// of them has count as nothing in the other.
[[nodiscard]] std::vector<BridgeStep> bridge(const Waterfall& a, const Waterfall& b);

} // namespace atlas::operations
