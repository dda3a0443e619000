// From the ledger of a strategy to what the charts of the programme page draw, and what they say.
#pragma once

#include "app/workspace.h"
#include "model/explore/programme.h"
#include "widgets/gantt_plot.h"
#include "widgets/money_bridge_plot.h"
#include "widgets/month_stack_plot.h"
#include "widgets/sankey_plot.h"

#include <stop_token>
#include <string>

namespace atlas::app {

/// What a person chose to look at on the programme page.
struct ProgrammeChoice {
    std::string strategy; ///< id; empty: that of pane B
    int year = 0;         ///< of the money flow; 0: the first whole one
    bool operator==(const ProgrammeChoice&) const = default;
};

/// The result of the chosen strategy, else of pane B, else the first; null where there is none.
[[nodiscard]] const explore::StrategyResult*
shownResult(const Workspace& workspace, const explore::Comparison& comparison, const ProgrammeChoice& choice);
/// The result of a strategy by id; null where it is not there.
[[nodiscard]] const explore::StrategyResult* resultOf(const explore::Comparison& comparison,
                                                      const std::string& id);

/// The year that a choice stands for: 0 is the first whole one of the programme.
[[nodiscard]] int yearOf(const scenario::Scenario& scenario, const ProgrammeChoice& choice);

/// Cash in less cash out of every entity by month.
[[nodiscard]] widgets::MonthStackValues entityCash(const explore::StrategyResult& result);
[[nodiscard]] widgets::SankeyValues yearFlows(const explore::StrategyResult& result, int year);
[[nodiscard]] widgets::GanttValues buildOut(const scenario::Scenario& scenario,
                                            const explore::Programme& programme);
/// Net present value with models, from one strategy to the other.
[[nodiscard]] widgets::MoneyBridgeValues
valueBridge(const scenario::Scenario& scenario, const explore::Programme& a, const explore::Programme& b);
/// The sum of the parts of a strategy's business.
[[nodiscard]] widgets::MoneyBridgeValues impliedValue(const explore::Programme& programme);

} // namespace atlas::app
