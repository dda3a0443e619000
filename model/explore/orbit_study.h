// Does orbit pay? A GPU-hour there against one on the ground, over the price of a launch, with the ranges of
// all facts; and what could run there at all.
#pragma once

#include "model/orbit/links.h"
#include "model/orbit/orbit_cost.h"
#include "model/training/step.h"

#include <stop_token>
#include <string>
#include <vector>

namespace atlas::explore {

/// A value with its 5 to 95 % range over draws of the facts.
struct Band {
    double low = 0, value = 0, high = 0;
};

struct OrbitStudy {
    std::string site, gpu, ground; ///< names
    orbit::OrbitAgainstGround central;
    double launchUsdPerKg = 0;         ///< as the site has it
    std::vector<double> priceUsdPerKg; ///< launch prices, growing
    std::vector<Band> orbitUsdPerHour; ///< at each of them
    Band groundUsdPerHour;
    double parityShare =
        0; ///< of the draws, those in which some launch price makes orbit as cheap as the ground
    double cheaperShare = 0; ///< of the draws, those in which orbit is cheaper at its own launch price
    int draws = 0;
    std::vector<orbit::Verdict> verdicts;
};

/// Compares the GPUs that fly at `site` (or, where none does, the newest class of the largest cluster) with
/// the largest cluster on the ground. `step`: a step of training at the site or on that ground,
/// whose layout says what each satellite holds, for the verdicts on training; may be null. Parallel; the same
/// bits on any number of threads. Errors: no such site, no cluster on the ground, a radiator that cannot
/// cool; stopped.
[[nodiscard]] Result<OrbitStudy> studyOrbit(const scenario::Scenario& scenario, const std::string& site,
                                            const training::StepAnatomy* step, int draws,
                                            std::stop_token stop);

} // namespace atlas::explore
