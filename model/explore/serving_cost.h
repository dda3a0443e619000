// What serving costs by class of GPU: tokens a GPU yields against what the GPU costs.
#pragma once

#include "model/serving/serving.h"

namespace atlas::explore {

/// One class at the full sustained rate. USD a million output tokens, the prompts they belong to included.
struct ClassCost {
    double rentUsd = 0;   ///< at the market rent of the class
    double energyUsd = 0; ///< facility power at the load of a busy GPU, at the cluster's tariff
};

/// Zeros where the class serves nothing or the scenario does not know it.
[[nodiscard]] ClassCost classCost(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                  const serving::ClassRate& rate);

/// Mean over all classes, idle ones paid for too: what a million output tokens cost at full load.
[[nodiscard]] double rentUsdPerMillion(const scenario::Scenario& scenario, const serving::ServingRate& rate);

} // namespace atlas::explore
