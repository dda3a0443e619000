// The whole calibration: fit, then cross-validation. What atlas-calibrate writes and the tests repeat.
#pragma once

#include "cross_validation.h"

namespace atlas::calibration {

struct Calibrated {
    training::Calibration best;                         ///< rounded to the digits of the file
    std::vector<const Sample*> all;                     ///< samples in the order of the errors' file
    std::vector<RunError> dense, experts;               ///< by run, in the order of the samples
    [[nodiscard]] std::vector<RunError> errors() const; ///< dense, then MoE
    [[nodiscard]] std::string summary() const;          ///< one line for the file and for reports
};

/// Dense runs fit all constants but those of experts, MoE runs then fit those and the factors of releases.
/// `start` gives ranges, stacks and assumptions; its values do not matter. Deterministic.
[[nodiscard]] Calibrated calibrate(const std::vector<Sample>& samples, const training::Calibration& start);

/// One of the errors of every run.
[[nodiscard]] std::vector<double> column(const std::vector<RunError>& errors, double RunError::*which);

} // namespace atlas::calibration
