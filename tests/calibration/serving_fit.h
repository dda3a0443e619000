// Fits the constants of the serving model to published rates: robust Gauss-Newton, then a search along each
// constant, because the best layout of a replica changes in steps, from many starts. Deterministic: starts
// are drawn from a fixed seed, and what a file holds as values plays no part.
#pragma once

#include "serving_objective.h"

namespace atlas::calibration {

/// How thoroughly to search: points drawn over the ranges, and how many of the best are followed to the end.
/// The middle of all ranges is always followed.
struct Search {
    int draws = 300;
    int followed = 4;
};

/// The constants with the least objective that was found, each within its range and to the four digits that
/// are written to a file.
[[nodiscard]] serving::ServingConstants fitServing(const std::vector<const validation::ServingPoint*>& points,
                                                   const std::vector<validation::ServingRatio>& ratios,
                                                   const serving::ServingConstants& frame,
                                                   const Search& search = {});

/// The text of a file with the fitted values in place of the old ones; everything else stays as it is.
[[nodiscard]] std::string withFittedValues(const std::string& yaml, serving::ServingConstants constants);

} // namespace atlas::calibration
