// The calibration as files: constants and stack factors, and the predictions of runs left out.
#pragma once

#include "cross_validation.h"

namespace atlas::calibration {

/// `json` with the fitted values in place of the old ones; all else (meanings, ranges, sources) stays. Values
/// are rounded to five digits, so that the file says what the program uses.
[[nodiscard]] std::string updatedJson(const std::string& json, const training::Calibration& fitted,
                                      const std::vector<const Sample*>& samples, const std::string& date,
                                      const std::string& summary);

/// One line a run: what it is, the fold it was left out with, what the fit without that fold predicts, and
/// all errors of its step time in per cent. Comments ahead of the header say what the columns mean.
[[nodiscard]] std::string outOfFoldCsv(const std::vector<RunError>& errors, const std::string& date);

/// To five significant digits.
[[nodiscard]] training::Calibration rounded(training::Calibration calibration);

} // namespace atlas::calibration
