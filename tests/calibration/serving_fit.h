// Fits the constants of the serving model to published rates: robust Gauss-Newton on the log error with the
// ranges of the constants as priors, then a search along each constant, because the best layout of a replica
// changes in steps. Deterministic: no random numbers, no threads.
#pragma once

#include "model/validation/serving_points.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::calibration {

/// Keys of the constants that are fitted; the others are stated.
[[nodiscard]] std::span<const std::string_view> fittedServingKeys();

/// ln(predicted / reported); a point that cannot be served at all counts as a factor of ten.
[[nodiscard]] double logError(const validation::ServingPoint& point,
                              const serving::ServingConstants& constants);

/// The constants that fit `points`, each within its range: the best of what is reached from several starts,
/// which differ in fitted constants only. The prior stands in the middle of each range whatever the start.
[[nodiscard]] serving::ServingConstants fitServing(const std::vector<const validation::ServingPoint*>& points,
                                                   const std::vector<validation::ServingRatio>& ratios,
                                                   const std::vector<serving::ServingConstants>& starts);

} // namespace atlas::calibration
