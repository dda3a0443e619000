// A site in orbit as those see it who pay for a cluster: what a place for a GPU costs there, and how many
// GPUs are left after some years.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::orbit {

/// The site a cluster flies at; null where it stands on the ground.
[[nodiscard]] const scenario::OrbitalSite* siteOf(const scenario::Scenario& scenario,
                                                  const scenario::Cluster& cluster);

/// Satellite without computers and its launch, USD a GPU: what building, power and cooling are on the ground.
[[nodiscard]] double placeUsdPerGpu(const scenario::OrbitalSite& site, const scenario::GpuClass& gpu);

/// Share of the GPUs still at work, exp(-(GPU losses + satellite losses) * age); 0 from the end of life on.
[[nodiscard]] double survivors(const scenario::OrbitalSite& site, double ageYears);

} // namespace atlas::orbit
