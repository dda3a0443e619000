// What a satellite has to be to power and cool its computers: array, battery, radiator, masses. Closed forms
// on the numbers of an orbital site.
#pragma once

#include "model/core/result.h"
#include "model/orbit/geometry.h"
#include "model/scenario/orbital_site.h"

namespace atlas::orbit {

inline constexpr double kStefanBoltzmann = 5.670374419e-8; ///< [W/m2/K4], CODATA

struct Satellite {
    double computeW = 0; ///< what its computers draw
    double loadW = 0;    ///< with everything else on board: computeW * pue
    EclipseYear eclipse;
    double sunlitShare = 1;  ///< of the year
    double runningShare = 1; ///< of the year in which the computers have power
    double arrayW = 0;       ///< at begin of life: load, charging and what will be lost by the end of life
    double arrayM2 = 0;
    double batteryJ = 0;
    double radiatorWPerM2 = 0; ///< net, both faces; not positive where the panel cannot cool
    double radiatorM2 = 0;
    double arrayKg = 0, batteryKg = 0, thermalKg = 0, computeKg = 0, busKg = 0;

    [[nodiscard]] double massKg() const { return arrayKg + batteryKg + thermalKg + computeKg + busKg; }
};

[[nodiscard]] Path pathOf(const scenario::OrbitalSite& site);

/// Heat a square metre of panel gets rid of, both faces, edge on to the Sun: 2 (e s T^4 - F (e E + a A S))
/// with emissivity e, temperature T, view factor F of the Earth, its infrared E, absorptivity a, albedo A,
/// sunlight S.
[[nodiscard]] double radiatorWPerM2(const scenario::OrbitalSite& site);

/// Sizes a satellite for computers of `computeW`. Array: load over the sunlit share of the worst orbit (where
/// batteries carry the eclipse), over what degradation leaves at the end of life. Battery: load through the
/// longest eclipse over the depth of discharge. Everything is a load to be cooled.
[[nodiscard]] Satellite sizeSatellite(const scenario::OrbitalSite& site, double computeW);
/// The same. Errors: a radiator that absorbs more than it emits.
[[nodiscard]] Result<Satellite> workingSatellite(const scenario::OrbitalSite& site, double computeW);

/// Power and heat of a satellite at an instant, for the picture of its balance.
struct Balance {
    bool shadow = false;
    double arrayW = 0;       ///< what the array gives, year `ageYears` of its life
    double loadW = 0;        ///< 0 while it pauses
    double batteryW = 0;     ///< out of the battery; negative: charging
    double batteryShare = 1; ///< charge left
    double heatW = 0;        ///< rejected
};
/// `timeS` since the March equinox. The battery's charge follows from how long the present light or shadow
/// lasts.
[[nodiscard]] Balance balanceAt(const scenario::OrbitalSite& site, const Satellite& satellite, double timeS,
                                int index, int count, double ageYears);

} // namespace atlas::orbit
