// Sentences about how good the models are, computed from their errors: titles of charts.
#pragma once

#include "model/validation/checked_runs.h"
#include "model/validation/serving_points.h"
#include "model/validation/validated_range.h"
#include "model/validation/worst_rows.h"

#include <optional>
#include <span>
#include <string>

namespace atlas::validation {

/// "Half of 285 dense runs are predicted within 2.8 %, half of 95 mixtures of experts within 6.2 %".
[[nodiscard]] std::string accuracyFinding(const std::vector<CheckedRun>& runs, FitBasis basis);

/// What the predictions had not seen: "each run by a fit that saw no run of its model, GPU and precision".
[[nodiscard]] std::string basisText(FitBasis basis);

/// Which group is off on the whole, if any: "No GPU is off by more than 3 % in the middle", "GB300 is
/// promised 4.1 % too much in the middle; all else stays within 3 %". Groups of fewer than kFewRuns runs are
/// left out. `what` names the grouping: "GPU", "precision".
[[nodiscard]] std::string biasFinding(const std::vector<ErrorGroup>& groups, const std::string& what);
inline constexpr std::size_t kFewRuns = 4;
inline constexpr double kBiasLimit = 0.03; ///< beyond it a group is called off

/// "7 of the ten worst of 380 runs are mixtures of experts; the worst is promised 57 % too much".
[[nodiscard]] std::string worstFinding(const std::vector<WorstRow>& worst, std::size_t runs);

/// "Checked from 8 to 2,304 GPUs of 8 classes in 16, 8 and 4 bit".
[[nodiscard]] std::string rangeFinding(const ValidatedRange& range);

/// "Half of 33 published serving rates are met within a factor of 1.30, the worst within 3.25".
[[nodiscard]] std::string servingFinding(std::span<const ServingRun> runs);

/// Error of a serving rate by a fit that saw nothing of its group (a source, a model and a generation);
/// empty where the record has none.
[[nodiscard]] std::optional<double> leftOutError(const ServingRun& run);
/// "Fits that saw nothing of a rate's group miss it by 22 % in the middle".
[[nodiscard]] std::string servingLeftOutFinding(std::span<const ServingRun> runs);

/// The factor a prediction is off by, up or down: 1 is right.
[[nodiscard]] double offBy(const ServingRun& run);

/// "within 2.8 %": a share with one decimal.
[[nodiscard]] std::string percentText(double share);

} // namespace atlas::validation
