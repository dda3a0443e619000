#include "model/orbit/flown_site.h"

#include "model/orbit/satellite.h"

#include <algorithm>
#include <cmath>

namespace atlas::orbit {

const scenario::OrbitalSite* siteOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster) {
    return cluster.orbit.empty() ? nullptr : scenario.orbit(cluster.orbit);
}

double placeUsdPerGpu(const scenario::OrbitalSite& site, const scenario::GpuClass& gpu) {
    const double gpuW = gpu.tdpW.value + gpu.hostOverheadW.value;
    const Satellite satellite = sizeSatellite(site, gpuW * site.gpusPerSatellite);
    return (site.platformUsdPerW.value * satellite.loadW + site.launchUsdPerKg.value * satellite.massKg()) /
           site.gpusPerSatellite;
}

double survivors(const scenario::OrbitalSite& site, double ageYears) {
    if (ageYears < 0 || ageYears >= site.lifeYears.value) {
        return ageYears < 0 ? 1.0 : 0.0;
    }
    return std::exp(-(site.gpuLossPerYear.value + site.satelliteLossPerYear.value) * ageYears);
}

double meanSurvivors(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                     scenario::Month from, scenario::Month until) {
    const scenario::OrbitalSite* site = siteOf(scenario, cluster);
    if (site == nullptr) {
        return 1.0;
    }
    double launched = 0;
    double alive = 0;
    for (int month = from.index; month < until.index; ++month) {
        const auto add = [&](scenario::Month since, double gpus) {
            if (since.index <= month) {
                launched += gpus;
                alive += gpus * survivors(*site, (month - since.index) / 12.0);
            }
        };
        for (const scenario::Island& island : cluster.islands) {
            if (island.tranches.empty()) {
                add(island.firstMonth, island.gpuCount.value);
            }
            double before = 0; // tranches count what has power in all by their month
            for (const auto& tranche : island.tranches) {
                add(tranche.month, std::max(0.0, tranche.gpus.value - before));
                before = std::max(before, tranche.gpus.value);
            }
        }
    }
    return launched > 0 ? alive / launched : 1.0;
}

double poweredShare(const scenario::OrbitalSite& site) {
    const bool pauses = site.eclipse == scenario::EclipsePower::Pause;
    return pauses ? 1.0 - eclipseYear(pathOf(site)).mean : 1.0;
}

double allPoweredShare(const scenario::OrbitalSite& site) {
    const bool pauses = site.eclipse == scenario::EclipsePower::Pause;
    return pauses ? eclipseYear(pathOf(site)).daysWithout / 365.0 : 1.0;
}

double checkedThroughput(const scenario::Scenario& scenario, const scenario::Cluster& cluster) {
    const scenario::OrbitalSite* site = siteOf(scenario, cluster);
    return site == nullptr ? 1.0 : 1.0 - site->upsetOverhead.value;
}

double groundLinkS(const scenario::Scenario& scenario, const scenario::Cluster& cluster) {
    const scenario::OrbitalSite* site = siteOf(scenario, cluster);
    return site == nullptr ? 0.0 : site->groundLatencyS.value;
}

} // namespace atlas::orbit
