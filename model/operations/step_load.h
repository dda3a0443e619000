// Work that replicas do not share evenly: sequences of unequal length, and collections of garbage.
//
// In every step each replica has a load X beyond the lightest one, drawn anew. From sequences it is a
// Rayleigh variate with standard deviation `spreadS`, P(X > x) = exp(-(x / scale)^2): the sum over some ten
// micro-batches with exponential loads has its skewness (0.63) and its Gaussian tail. The plan prices the
// mean replica, so that a replica is late by X - meanS(). With probability `pauseShare` one of its processes
// collects garbage, which adds `pauseS`. The step waits for the heaviest replica, whose load is drawn first,
// from its exact distribution. It is taken to fall to the replica of whoever comes last anyway: a step is at
// most so much too long as the replicas' latest members differ by chance.
#pragma once

#include "model/operations/step_shape.h"
#include "model/scenario/imbalance.h"

namespace atlas::operations {

struct StepLoad {
    double spreadS = 0;
    double pauseS = 0;
    double pauseShare = 0;
    double replicas = 1;
    int backups = 0; ///< so many of the heaviest replicas are not waited for

    [[nodiscard]] bool even() const { return !(spreadS > 0) && !(pauseS > 0 && pauseShare > 0); }
    /// Of sequences alone.
    [[nodiscard]] double scaleS() const;
    [[nodiscard]] double meanS() const;
    /// P(X > x), x >= 0.
    [[nodiscard]] double survival(double x) const;
    /// X with P(X > x) = above.
    [[nodiscard]] double quantile(double above) const;

    /// P(X > that of the heaviest replica that is waited for), by counted draws. Loads may be equal, these
    /// probabilities are not.
    [[nodiscard]] double heaviest(std::uint64_t seed, std::uint32_t stream, std::uint64_t step) const;
    /// Load of another replica given the heaviest, for a uniform draw.
    [[nodiscard]] double below(double heaviest, double u) const {
        return quantile(heaviest + (1 - heaviest) * u);
    }
    /// Its mean.
    [[nodiscard]] double meanBelow(double heaviest) const;
    /// E[load of the heaviest].
    [[nodiscard]] double meanHeaviest() const;
    /// Mean wait of a member for the heaviest replica.
    [[nodiscard]] double waitS(double heaviest) const {
        return (1 - 1 / replicas) * (quantile(heaviest) - meanBelow(heaviest));
    }
    /// Of a load, the share that is expected to be a pause.
    [[nodiscard]] double pausedShare(double x) const;
    /// How late a replica with a load comes in.
    [[nodiscard]] double lateS(double x) const { return x - meanS(); }
};

/// The load of a step of this shape. Sequences average out over the micro-batches of a replica, like the root
/// of their number; every process of a replica pauses by itself.
[[nodiscard]] StepLoad loadOf(const scenario::Imbalance& imbalance, const training::Layout& layout,
                              double microBatches, double computeS, int backups);
[[nodiscard]] StepLoad loadOf(const scenario::Imbalance& imbalance, const StepShape& shape, int backups);

/// GPUs of the class that hold the last stage of the pipeline; empty where there is no pipeline, or the class
/// does not hold it.
[[nodiscard]] cluster::Range lastStageOf(const MemberClass& members, int pipelineStages);

} // namespace atlas::operations
