// Fits the constants of the training model to published runs: robust Gauss-Newton on the log error, with the
// ranges of the constants as priors. Deterministic: no random numbers, no threads.
#pragma once

#include "model/validation/error_summary.h"

#include <span>

namespace atlas::calibration {

/// A published run ready to evaluate again and again.
struct Sample {
    std::string id;
    std::string group;  ///< model, GPU and precision: left out as a whole
    std::string stack;  ///< key of its multiplier
    std::string source; ///< who published it
    std::string gpu, precision, model;
    double gpus = 0;
    bool moe = false;
    double reported = 0;
    std::string metric;
    validation::RunCase run;
    double weight = 1;
};

/// Clean rows with a time the model can answer for; the rest is counted in `skipped`.
[[nodiscard]] std::vector<Sample> samplesOf(const std::vector<validation::RunRow>& rows, int& skipped);

/// ln(predicted step time / reported step time); metrics that are rates are turned over.
[[nodiscard]] double logError(const Sample& sample, const training::Calibration& calibration);

struct FitOptions {
    int iterations = 12;
    std::vector<training::Constant> frozen; ///< constants that stay where they are
};

/// The calibration that fits `samples`, from `start`. Multipliers of stacks without samples become the
/// default's.
[[nodiscard]] training::Calibration fit(const std::vector<const Sample*>& samples,
                                        const training::Calibration& start, const FitOptions& options = {});

using Summary = validation::ErrorSummary;
/// Of relative errors given as ln(predicted / reported).
[[nodiscard]] Summary summarise(std::vector<double> logErrors);

} // namespace atlas::calibration
