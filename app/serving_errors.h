// Tables of the credibility page on the serving model: where it errs, and how generations of GPU compare.
#pragma once

#include "model/validation/serving_errors.h"
#include "widgets/chart_picture.h"
#include "widgets/data_table.h"

namespace atlas::app {

/// Errors in the fit and out of it, by GPU or by publication.
[[nodiscard]] widgets::DataTable servingErrorTable(validation::ServingGroupBy by, const QString& name);
[[nodiscard]] widgets::Caption servingErrorCaption(validation::ServingGroupBy by);

/// Published and predicted ratios between generations.
[[nodiscard]] widgets::DataTable servingRatioTable();
[[nodiscard]] widgets::Caption servingRatioCaption();

} // namespace atlas::app
