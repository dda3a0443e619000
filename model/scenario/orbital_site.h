// A site in orbit: what a satellite is made of, where it flies and what it costs. A cluster with `orbit`
// stands there as another stands in a hall.
#pragma once

#include "model/catalog/fact.h"

#include <string>

namespace atlas::scenario {

/// What happens while the Earth is between satellite and Sun.
enum class EclipsePower { Battery, Pause };

struct OrbitalSite {
    std::string id;
    std::string name;
    std::string note;
    catalog::Sourced altitudeM;
    double ascendingNodeH = 18.0; ///< local solar time of the ascending node: 18 flies along the terminator
    EclipsePower eclipse = EclipsePower::Battery;
    int gpusPerSatellite = 72;

    // Power.
    catalog::Sourced solarWPerM2;
    catalog::Sourced cellEfficiency;
    catalog::Sourced arrayWPerKg;      ///< at begin of life
    catalog::Sourced arrayLossPerYear; ///< degradation, of what is left
    catalog::Sourced batteryJPerKg;
    catalog::Sourced depthOfDischarge;
    catalog::Sourced pue; ///< bus load over computers' load

    // Heat.
    catalog::Sourced radiatorK;
    catalog::Sourced emissivity;
    catalog::Sourced absorptivity;    ///< for sunlight
    catalog::Sourced earthViewFactor; ///< of one face
    catalog::Sourced earthInfraredWPerM2;
    catalog::Sourced albedo;
    catalog::Sourced thermalWPerKg; ///< whole thermal system, heat moved a kilogram

    // Mass and price.
    catalog::Sourced computeKgPerW;
    catalog::Sourced busMassShare;    ///< structure, pointing, propulsion over everything else
    catalog::Sourced platformUsdPerW; ///< satellite without computers, a watt of bus load
    catalog::Sourced launchUsdPerKg;
    catalog::Sourced launchPayloadKg;

    // Life and links.
    catalog::Sourced lifeYears;
    catalog::Sourced gpuLossPerYear; ///< nobody repairs
    catalog::Sourced satelliteLossPerYear;
    catalog::Sourced upsetOverhead;      ///< throughput lost to checks against radiation upsets
    catalog::Sourced crossLinkBytesPerS; ///< of one satellite to its neighbours
    catalog::Sourced downlinkBytesPerS;  ///< of one satellite to the ground
    catalog::Sourced groundLatencyS;     ///< round trip to a user beyond the ground network's own
};

} // namespace atlas::scenario
