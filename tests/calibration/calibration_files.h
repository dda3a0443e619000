// The calibration as files: constants and stack factors, and the errors of every run.
#pragma once

#include "cross_validation.h"

namespace atlas::calibration {

/// `json` with the fitted values in place of the old ones; all else (meanings, ranges, sources) stays. Values
/// are rounded to five digits, so that the file says what the program uses.
[[nodiscard]] std::string updatedJson(const std::string& json, const training::Calibration& fitted,
                                      const std::vector<const Sample*>& samples, const std::string& date,
                                      const std::string& summary);

/// One line a run: id, group, stack, source, dense or MoE, and the errors of the step time in per cent.
[[nodiscard]] std::string errorsCsv(const std::vector<RunError>& errors);

/// To five significant digits.
[[nodiscard]] training::Calibration rounded(training::Calibration calibration);

} // namespace atlas::calibration
