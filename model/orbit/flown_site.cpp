#include "model/orbit/flown_site.h"

#include "model/orbit/satellite.h"

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

} // namespace atlas::orbit
