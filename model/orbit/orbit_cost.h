// What an hour of a GPU costs in orbit and on the ground, on the same terms, and the launch price at which
// the two meet.
#pragma once

#include "model/orbit/satellite.h"
#include "model/scenario/scenario.h"

#include <optional>
#include <string>

namespace atlas::orbit {

/// Levelised cost: present value of everything spent over present value of the GPU-hours delivered.
struct HourCost {
    double computersUsd = 0; ///< GPUs with servers and network
    double platformUsd = 0;  ///< satellite, or shell, power and cooling
    double launchUsd = 0;
    double energyUsd = 0;
    double upkeepUsd = 0; ///< staff, maintenance and replaced GPUs
    double hours = 0;     ///< present GPU-hours a GPU at the start delivers

    [[nodiscard]] double totalUsd() const {
        return computersUsd + platformUsd + launchUsd + energyUsd + upkeepUsd;
    }
};

struct OrbitAgainstGround {
    double gpuW = 0; ///< a GPU with its share of the server
    Satellite satellite;
    HourCost orbit;               ///< USD a GPU-hour
    HourCost ground;              ///< USD a GPU-hour
    double launchesPerGw = 0;     ///< of computers' power
    double energyUsdPerJoule = 0; ///< platform and launch over the energy delivered to computers
    double groundUsdPerJoule = 0; ///< facility and electricity over the same
    /// Launch price at which both cost the same; empty where even a free launch is too dear.
    std::optional<double> parityUsdPerKg;
    std::string verdict; ///< the comparison in a sentence

    [[nodiscard]] double ratio() const { return orbit.totalUsd() / ground.totalUsd(); }
};

/// Present worth of one unit a year, continuously, over `years`, shrinking by `lossPerYear`: (1 - exp(-(r +
/// l) n)) / (r + l).
[[nodiscard]] double presentYears(double ratePerYear, double lossPerYear, double years);

/// The same GPU in orbit and at `ground` (energy price, PUE), both over the satellite's life, at the
/// economics' discount rate. In orbit what fails stays dead; on the ground it is replaced. Errors: a radiator
/// that absorbs more than it emits.
[[nodiscard]] Result<OrbitAgainstGround> againstGround(const scenario::OrbitalSite& site,
                                                       const scenario::GpuClass& gpu,
                                                       const scenario::Cluster& ground,
                                                       const scenario::Economics& economics);

} // namespace atlas::orbit
