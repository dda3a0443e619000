#include "model/orbit/orbit_cost.h"

#include "model/units/quantity.h"
#include "model/units/unit_table.h"

#include <cmath>

namespace atlas::orbit {

namespace {

constexpr double kHoursPerYear = units::kYearS / 3600.0;

std::string sentence(const OrbitAgainstGround& result, const scenario::OrbitalSite& site) {
    const auto price = [](double usd) {
        return units::formatQuantity(usd, units::Dimension::UsdPerKilogram);
    };
    std::string words = "A GPU-hour in orbit costs " +
                        units::formatQuantity(result.ratio(), units::Dimension::Number) +
                        " times one on the ground";
    if (!result.parityUsdPerKg) {
        return words + "; not even a free launch would bring them level";
    }
    return words + "; at " + price(*result.parityUsdPerKg) + " a launch they would meet, against " +
           price(site.launchUsdPerKg.value);
}

} // namespace

double presentYears(double ratePerYear, double lossPerYear, double years) {
    const double decay = std::log1p(ratePerYear) + lossPerYear;
    return decay == 0 ? years : -std::expm1(-decay * years) / decay;
}

Result<OrbitAgainstGround> againstGround(const scenario::OrbitalSite& site, const scenario::GpuClass& gpu,
                                         const scenario::Cluster& ground,
                                         const scenario::Economics& economics) {
    OrbitAgainstGround result;
    result.gpuW = gpu.tdpW.value + gpu.hostOverheadW.value;
    auto satellite = workingSatellite(site, result.gpuW * site.gpusPerSatellite);
    if (!satellite) {
        return satellite.errors();
    }
    result.satellite = *satellite;
    const double rate = economics.discountRatePerYear.value;
    const double years = site.lifeYears.value;
    const double perGpu = 1.0 / site.gpusPerSatellite;

    const double lost = site.gpuLossPerYear.value + site.satelliteLossPerYear.value;
    HourCost& up = result.orbit;
    up.hours = kHoursPerYear * result.satellite.runningShare * (1 - site.upsetOverhead.value) *
               presentYears(rate, lost, years);
    const double kgPerGpu = result.satellite.massKg() * perGpu;
    up.computersUsd = gpu.clusterCapexUsd.value / up.hours;
    up.platformUsd = site.platformUsdPerW.value * result.satellite.loadW * perGpu / up.hours;
    up.launchUsd = site.launchUsdPerKg.value * kgPerGpu / up.hours;

    HourCost& down = result.ground;
    const double worth = presentYears(rate, 0, years);
    down.hours = kHoursPerYear * worth;
    const double siteW = result.gpuW * ground.pue.value;
    down.computersUsd = gpu.clusterCapexUsd.value / down.hours;
    down.platformUsd = economics.facilityUsdPerW.value * siteW / down.hours;
    down.energyUsd = siteW * ground.energyUsdPerJoule.value * units::kYearS * worth / down.hours;
    const double upkeepPerYear = gpu.clusterCapexUsd.value * economics.maintenanceSharePerYear.value +
                                 gpu.priceUsd.value * economics.failedGpuPerYear.value +
                                 siteW / 1e6 * economics.staffPerMw.value * economics.staffUsdPerYear.value;
    down.upkeepUsd = upkeepPerYear * worth / down.hours;

    // The cost in orbit is linear in the launch price, so parity needs no search.
    const double withoutLaunch = up.totalUsd() - up.launchUsd;
    const double parity = (down.totalUsd() - withoutLaunch) * up.hours / kgPerGpu;
    if (parity >= 0) {
        result.parityUsdPerKg = parity;
    }
    result.launchesPerGw = 1e9 / result.gpuW * kgPerGpu / site.launchPayloadKg.value;
    const double joulesPerHour = result.gpuW * 3600.0;
    result.energyUsdPerJoule = (up.platformUsd + up.launchUsd) / joulesPerHour;
    result.groundUsdPerJoule = (down.platformUsd + down.energyUsd) / joulesPerHour;
    result.verdict = sentence(result, site);
    return result;
}

} // namespace atlas::orbit
