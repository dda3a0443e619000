// Which numbers stand as levers beside the stage, and what people call them.
#pragma once

#include "model/scenario/scenario.h"
#include "widgets/levers_panel.h"

#include <stop_token>
#include <string>
#include <vector>

namespace atlas::app {

/// Paths of the inputs that move the decision most: the owner's cash of B and the cost of training of either
/// side, one input at a time over its range. Some hundred evaluations, so not for the GUI thread. Falls back
/// to the inputs with the widest relative range where nothing can be evaluated.
[[nodiscard]] std::vector<std::string> decisiveInputs(const scenario::Scenario& scenario,
                                                      const std::array<std::string, 2>& strategies,
                                                      std::size_t count, std::stop_token stop);

/// The levers of `paths`, with values of `scenario` and restore points of `original`.
[[nodiscard]] std::vector<widgets::Lever> leversOf(const scenario::Scenario& scenario,
                                                   const scenario::Scenario& original,
                                                   const std::vector<std::string>& paths);

/// "Lease fee · Anthropic leases Colossus 1" for "contracts.anthropic.usd_per_month".
[[nodiscard]] QString inputLabel(const scenario::Scenario& scenario, const std::string& path);

} // namespace atlas::app
