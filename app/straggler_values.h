// The published study of stragglers beside the model: chart, table and their words.
#pragma once

#include "model/validation/straggler_study.h"
#include "widgets/chart_picture.h"
#include "widgets/curves_plot.h"
#include "widgets/data_table.h"

namespace atlas::app {

/// Share of the population's jobs that are slower than this, with the published points.
[[nodiscard]] widgets::CurvesValues jobSlowdownValues();
/// Published and modelled figures, and what each rests on.
[[nodiscard]] widgets::DataTable stragglerTable();
[[nodiscard]] widgets::Caption stragglerCaption();

} // namespace atlas::app
