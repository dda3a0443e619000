// From a scenario to everything an export shows: panes, comparison, charts, report. Plain values; the window
// and the command line share it.
#pragma once

#include "app/scene_picture.h"
#include "widgets/cash_plot.h"
#include "widgets/report.h"
#include "widgets/utilisation_plot.h"
#include "widgets/waterfall_plot.h"

#include <memory>

namespace atlas::app {

/// The panes as the program opens with them, or as asked for (ids; empty: the scenario's own).
[[nodiscard]] std::shared_ptr<const Workspace> composeWorkspace(const scenario::Scenario& scenario,
                                                                const std::string& strategyA = {},
                                                                const std::string& strategyB = {});

/// The three charts with their captions; the plots live in here.
struct ComposedCharts {
    std::unique_ptr<widgets::WaterfallPlot> waterfall;
    std::unique_ptr<widgets::UtilisationPlot> utilisation;
    std::unique_ptr<widgets::CashPlot> cash;
    widgets::Caption waterfallCaption, utilisationCaption, cashCaption;
};
/// `comparison` may be null: the cash chart is then left out.
[[nodiscard]] ComposedCharts composeCharts(const Workspace& workspace, const explore::Comparison* comparison,
                                           double atS);

/// The report: findings, both panes' scenes, strategies, charts, sources. Pictures come from the raster
/// renderer at the instant `atS`.
[[nodiscard]] QByteArray composeReport(const Workspace& workspace, const explore::Comparison& comparison,
                                       double atS, const scenes::Theme& theme);

/// The strategies table with A as base.
[[nodiscard]] widgets::DataTable composeTable(const Workspace& workspace,
                                              const explore::Comparison& comparison);

} // namespace atlas::app
