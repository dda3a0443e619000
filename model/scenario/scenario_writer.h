// A scenario as a file: what scenario_loader reads back to the same values.
#pragma once

#include "model/scenario/catalogue.h"

namespace atlas::scenario {

/// YAML text of the scenario. Numbers are written as the file had them ("400 Gbit/s", `{fact: c1.h100}`); a
/// number changed since is written out with its range and source, in SI and to the last bit. What has its
/// default is left out, and so are entries of the catalogue that are unchanged. Comments of the original file
/// are not kept.
[[nodiscard]] std::string writeScenario(const Scenario& scenario, const Catalogue& catalogue);

} // namespace atlas::scenario
