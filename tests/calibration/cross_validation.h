// Errors on runs a fit never saw: whole (model, GPU, precision) groups left out, whole software stacks,
// and whole sources.
#pragma once

#include "fit.h"

namespace atlas::calibration {

/// Errors of one run, ln(predicted / reported) of the step time.
struct RunError {
    const Sample* sample = nullptr;
    double inSample = 0;
    double groupLeftOut = 0;
    double stackLeftOut = 0;
    double sourceLeftOut = 0;
};

/// The constants that only experts move; the dense fit holds them, the MoE fit holds all others.
[[nodiscard]] std::vector<training::Constant> expertConstants();
[[nodiscard]] std::vector<training::Constant> denseConstants();

/// Refits once for every group, every stack and every source. `held` are constants that do not move.
[[nodiscard]] std::vector<RunError> crossValidate(const std::vector<const Sample*>& samples,
                                                  const training::Calibration& fitted,
                                                  const std::vector<training::Constant>& held);

} // namespace atlas::calibration
