// The tables compiled into the program: what the models are checked against, and how far they were off.
#pragma once

#include "model/validation/runs_csv.h"

#include <vector>

namespace atlas::validation {

/// resources/validation/training_runs.csv: published training runs.
[[nodiscard]] const std::vector<RunRow>& publishedRuns();
/// resources/calibration/out_of_fold.csv: the runs of the fit, each as a fit that did not see it predicts it.
[[nodiscard]] const std::vector<RunRow>& outOfFold();
/// resources/validation/serving_points.csv: published serving rates.
[[nodiscard]] const std::vector<RunRow>& publishedServing();
/// resources/calibration/serving_out_of_fold.csv: those rates, each as a fit without its group predicts it.
[[nodiscard]] const std::vector<RunRow>& servingOutOfFold();
/// resources/validation/serving_ratios.csv: pairs of them whose ratio is one of GPU generations.
[[nodiscard]] const std::vector<RunRow>& publishedServingRatios();
/// resources/validation/explanations.csv: why a row is predicted badly, as far as that is known.
[[nodiscard]] const std::vector<RunRow>& explanations();

} // namespace atlas::validation
