// Demand over a day and a week, and how often the latency objective holds under it.
#pragma once

#include "model/scenario/scenario.h"

#include <array>

namespace atlas::serving {

/// Demand of a day by hour, relative to its mean: a raised cosine whose peak over mean is `peakOverMean` (>=
/// 1). Above 2 the valley would be negative, so the cosine is raised to a power instead; the mean stays 1.
[[nodiscard]] std::array<double, 24> dayProfile(double peakOverMean);

/// Mean over a week of demand relative to capacity, capacity being the peak of the busier kind of day.
[[nodiscard]] double weekUtilisation(double peakOverMean, double weekendFactor);

/// Share of requests that find their replica's batch not over-full, replicas provisioned so that the
/// weekday's peak loads them to `headroom`: the number in a replica is Poisson (M/G/infinity, insensitive to
/// answer lengths), its tail the chance that the time per token is missed. Weighted by demand over the day.
[[nodiscard]] double sloAttainment(double batch, double headroom, double peakOverMean);

/// P(X <= k) for X Poisson with mean `mean`.
[[nodiscard]] double poissonCdf(double k, double mean);

} // namespace atlas::serving
