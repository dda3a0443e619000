#include "model/orbit/satellite.h"

#include "model/units/quantity.h"
#include "model/units/unit_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace atlas::orbit {

Path pathOf(const scenario::OrbitalSite& site) {
    return {site.altitudeM.value, site.ascendingNodeH};
}

double radiatorWPerM2(const scenario::OrbitalSite& site) {
    const double emitted = site.emissivity.value * kStefanBoltzmann * std::pow(site.radiatorK.value, 4);
    const double absorbed =
        site.earthViewFactor.value * (site.emissivity.value * site.earthInfraredWPerM2.value +
                                      site.absorptivity.value * site.albedo.value * site.solarWPerM2.value);
    return 2 * (emitted - absorbed);
}

Satellite sizeSatellite(const scenario::OrbitalSite& site, double computeW) {
    const bool battery = site.eclipse == scenario::EclipsePower::Battery;
    Satellite sized;
    sized.computeW = computeW;
    sized.loadW = computeW * site.pue.value;
    sized.eclipse = eclipseYear(pathOf(site));
    sized.sunlitShare = 1 - sized.eclipse.mean;
    sized.runningShare = battery ? 1.0 : sized.sunlitShare;
    const double atEnd = std::pow(1 - site.arrayLossPerYear.value, site.lifeYears.value);
    sized.arrayW = sized.loadW / atEnd / (battery ? 1 - sized.eclipse.worst : 1.0);
    sized.arrayM2 = sized.arrayW / (site.solarWPerM2.value * site.cellEfficiency.value);
    sized.batteryJ = battery ? sized.loadW * sized.eclipse.worstS / site.depthOfDischarge.value : 0.0;
    sized.radiatorWPerM2 = radiatorWPerM2(site);
    sized.radiatorM2 = sized.radiatorWPerM2 > 0 ? sized.loadW / sized.radiatorWPerM2
                                                : std::numeric_limits<double>::infinity();
    sized.arrayKg = sized.arrayW / site.arrayWPerKg.value;
    sized.batteryKg = sized.batteryJ / site.batteryJPerKg.value;
    sized.thermalKg = sized.loadW / site.thermalWPerKg.value;
    sized.computeKg = computeW * site.computeKgPerW.value;
    sized.busKg =
        site.busMassShare.value * (sized.arrayKg + sized.batteryKg + sized.thermalKg + sized.computeKg);
    return sized;
}

Result<Satellite> workingSatellite(const scenario::OrbitalSite& site, double computeW) {
    Satellite sized = sizeSatellite(site, computeW);
    if (sized.radiatorWPerM2 > 0) {
        return sized;
    }
    return failure("the radiator at " +
                       units::formatQuantity(site.radiatorK.value, units::Dimension::Kelvin) +
                       " takes up more heat than it gives off",
                   "raise orbits." + site.id + ".radiator_temperature");
}

Balance balanceAt(const scenario::OrbitalSite& site, const Satellite& satellite, double timeS, int index,
                  int count, double ageYears) {
    const Path path = pathOf(site);
    const Vector sun = sunDirection(timeS);
    const Vector place = positionM(path, timeS, index, count);
    const double eclipse = eclipseFraction(path.altitudeM, betaRad(path, timeS));
    const bool battery = site.eclipse == scenario::EclipsePower::Battery;
    Balance now;
    now.shadow = eclipse > 0 && inShadow(place, sun);
    now.loadW = now.shadow && !battery ? 0.0 : satellite.loadW;
    now.heatW = now.loadW;
    const double given = satellite.arrayW * std::pow(1 - site.arrayLossPerYear.value,
                                                     std::clamp(ageYears, 0.0, site.lifeYears.value));
    if (eclipse == 0 || !battery) {
        now.arrayW = now.shadow ? 0.0 : std::min(given, satellite.loadW);
        return now;
    }
    // Phase from the middle of the shadow, 0..1/2 of an orbit: how far the satellite is from the point behind
    // the Earth, measured along its plane.
    const double tilt = std::cos(betaRad(path, timeS));
    const double radius = kEarthRadiusM + path.altitudeM;
    const double away =
        std::acos(std::clamp(-dot(place, sun) / (radius * tilt), -1.0, 1.0)) / (2 * std::numbers::pi);
    const double period = periodS(path.altitudeM);
    const double used = satellite.loadW * eclipse * period; // energy one eclipse takes
    // Which half of the orbit: after the middle the satellite moves towards the Sun.
    const Vector soon = positionM(path, timeS + 1.0, index, count);
    const bool leaving = dot(soon, sun) > dot(place, sun);
    if (now.shadow) {
        const double elapsed = leaving ? eclipse / 2 + away : eclipse / 2 - away;
        now.batteryW = satellite.loadW;
        now.batteryShare = 1 - satellite.loadW * elapsed * period / satellite.batteryJ;
        return now;
    }
    const double spare = given - satellite.loadW;
    const double lit = (leaving ? away - eclipse / 2 : 1 - eclipse / 2 - away) * period;
    const double missing = std::max(0.0, used - spare * lit);
    now.batteryW = missing > 0 ? -spare : 0.0;
    now.arrayW = satellite.loadW - now.batteryW;
    now.batteryShare = 1 - missing / satellite.batteryJ;
    return now;
}

} // namespace atlas::orbit
