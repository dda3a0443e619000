// From model results to what the charts draw: plain values, shared by the window and the exports.
#pragma once

#include "app/workspace.h"
#include "model/explore/compare.h"
#include "widgets/cash_plot.h"
#include "widgets/chart_picture.h"
#include "widgets/utilisation_plot.h"
#include "widgets/waterfall_plot.h"

namespace atlas::app {

/// A span of simulated time, seconds from the scenario's start.
struct TimeSpan {
    double fromS = 0;
    double toS = 0;
    bool operator==(const TimeSpan&) const = default;
};

/// The week around an instant, weeks counted from the scenario's start: what the utilisation chart shows.
[[nodiscard]] TimeSpan weekAround(double timeS);

[[nodiscard]] widgets::WaterfallValues waterfallValues(const Workspace& workspace);
/// Takes away losses that neither strategy has.
void leaveOutEmptyLosses(widgets::WaterfallValues& values);
/// `count` means of both timelines over equal spans (a week: by the hour), each of a dozen steps of its span;
/// some ten milliseconds, so not for the GUI thread.
[[nodiscard]] widgets::UtilisationValues utilisationValues(const Workspace& workspace, TimeSpan span,
                                                           int count = 168);
[[nodiscard]] widgets::CashValues cashValues(const Workspace& workspace,
                                             const explore::Comparison& comparison);

[[nodiscard]] widgets::Caption waterfallCaption(const Workspace& workspace,
                                                const widgets::WaterfallValues& values);
[[nodiscard]] widgets::Caption utilisationCaption(const Workspace& workspace,
                                                  const widgets::UtilisationValues& values);
[[nodiscard]] widgets::Caption cashCaption(const Workspace& workspace, const widgets::CashValues& values);

/// "colossus.atlas.yaml · Colossus Atlas 0.1.0 · seed 7": stands at the foot of every export.
[[nodiscard]] QString provenance(const scenario::Scenario& scenario);

/// Tells the plots why there may be nothing to see; each may be null.
void explainEmptyCharts(widgets::WaterfallPlot* waterfall, widgets::UtilisationPlot* utilisation,
                        widgets::CashPlot* cash);

} // namespace atlas::app
