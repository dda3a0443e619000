// Where a scaling curve bends, and what bends it.
#pragma once

#include "model/explore/scaling.h"

#include <functional>
#include <span>

namespace atlas::explore {

/// GPU time a kept token takes, by what it is spent on: GPU-seconds a token.
struct TokenCost {
    std::string_view name; ///< "kernels", "pipeline bubble", "idle GPUs", "interruptions", ...
    double gpuS = 0;
};

/// The parts of a point in a fixed order; they add up to gpus / tokensPerS exactly.
[[nodiscard]] std::vector<TokenCost> tokenCosts(const ScalingPoint& point);

/// Tokens a GPU of every point over the most that it or a point before it reaches.
void setEfficiencies(std::span<ScalingPoint> points);

/// Steps within a doubling at which the knee is looked for.
inline constexpr int kKneeSteps = 16;

/// The number of GPUs of step `step` of kKneeSteps between two counts, whole servers.
[[nodiscard]] std::int64_t kneeCount(std::int64_t from, std::int64_t to, int step);

/// The first fine step at which efficiency falls below `share` or throughput no longer grows, between the
/// last good point and the first bad one. Empty where the curve has none.
[[nodiscard]] std::optional<ScalingKnee>
findKnee(std::span<const ScalingPoint> points, double share,
         const std::function<ScalingPoint(std::int64_t gpus)>& pointAt);

/// What grew most in the cost of a token between two points of a curve, in words.
[[nodiscard]] std::string causeOf(const ScalingPoint& before, const ScalingPoint& beyond);

} // namespace atlas::explore
