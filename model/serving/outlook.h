// What a fleet does in a typical week: the numbers of a strategy's table, without noise and surges.
#pragma once

#include "model/serving/fleet.h"

namespace atlas::serving {

struct ServingOutlook {
    double promiseKept = 0; ///< share of interactive requests
    Rates kept{};           ///< by kind; batch: share done in time
    double inputTokensPerDay = 0;
    double outputTokensPerDay = 0;
    double users = 0;           ///< whose tokens a day are served, interactive requests only
    double meanUtilisation = 0; ///< of all replicas
    double offeredLoad = 0;     ///< interactive demand at a weekday's peak over what the fleet carries
    double givenUpShare = 0;    ///< of interactive requests
};

/// A weekday and a weekend day, 5 to 2, `months` after serving began on `first` (one phase is enough in
/// `inputs`: the pools that serve now). `firstCapacity` in interactive requests/s is what the fleet carried
/// when it began: growth starts from there; 0: the same pools.
[[nodiscard]] ServingOutlook outlookOf(FleetInputs inputs, double months, double firstCapacity = 0);

} // namespace atlas::serving
