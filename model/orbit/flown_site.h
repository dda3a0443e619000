// A site in orbit as those see it who pay for a cluster or run something on it: what a place for a GPU costs
// there, how many GPUs are left after some years, and what light, radiation and links take from its work.
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

/// Of the GPUs of a cluster that have been launched by then, the share still at work: mean over the months
/// [from, until). 1 for a cluster on the ground.
[[nodiscard]] double meanSurvivors(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                   scenario::Month from, scenario::Month until);

/// Share of the year in which a satellite's computers have power: all of it with batteries.
[[nodiscard]] double poweredShare(const scenario::OrbitalSite& site);
/// Share of the year in which all satellites of the plane have power, as work in step needs: with batteries
/// all of it, without them the days on which no orbit has an eclipse.
[[nodiscard]] double allPoweredShare(const scenario::OrbitalSite& site);

/// Throughput that checks against radiation upsets leave; 1 on the ground.
[[nodiscard]] double checkedThroughput(const scenario::Scenario& scenario, const scenario::Cluster& cluster);
/// What the link to the ground adds to the time to a first token, s; 0 on the ground.
[[nodiscard]] double groundLinkS(const scenario::Scenario& scenario, const scenario::Cluster& cluster);

} // namespace atlas::orbit
