// Where the serving model errs: by class of GPU, by publication, and in the ratios between generations.
#pragma once

#include "model/validation/error_summary.h"
#include "model/validation/serving_points.h"

#include <span>

namespace atlas::validation {

enum class ServingGroupBy {
    Gpu,
    Group ///< a source, a model and a generation: what the fits out of fold leave out together
};

/// Errors of the fit and of fits without the group, by name. Assumptions of the catalogue are left out.
[[nodiscard]] std::vector<GroupSummary> servingSummariesBy(std::span<const ServingRun> runs,
                                                           ServingGroupBy by);
/// "Left out, ix-h100 is missed by 24 % in the middle, more than any other": the group with most error in the
/// middle.
[[nodiscard]] std::string servingGroupFinding(std::span<const GroupSummary> groups);

/// One GPU over another at the same work.
struct RatioCheck {
    std::string name;
    double published = 0, predicted = 0;
    [[nodiscard]] double error() const { return predicted / published - 1; }
};

/// The published ratios of which both rates are among `runs`.
[[nodiscard]] std::vector<RatioCheck> ratioChecks(std::span<const ServingRun> runs,
                                                  std::span<const ServingRatio> ratios);

/// "14 of 16 ratios between generations of GPU are met within 15 %; furthest off is H100 over A100, 70B, by
/// 17
/// %".
[[nodiscard]] std::string ratioFinding(std::span<const RatioCheck> checks);
inline constexpr double kRatioGoal = 0.15;

} // namespace atlas::validation
