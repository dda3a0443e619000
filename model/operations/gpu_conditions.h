// What a GPU's state means in watts, degrees and dollars: laws of one line each, so that every GPU of a frame
// can be coloured by them.
#pragma once

#include "model/operations/frame.h"

#include <limits>

namespace atlas::operations {

/// Of one class of GPU.
struct ConditionLaw {
    double idleW = 0;
    double tdpW = 0;
    double waitingShare = 0; ///< of the span from idle to TDP, while it spins in a collective or at a barrier
    /// Coolant (or air) that reaches the GPU, and the GPU itself at TDP; NaN where the record has none.
    double supplyC = std::numeric_limits<double>::quiet_NaN();
    double fullLoadC = std::numeric_limits<double>::quiet_NaN();
    double rentUsdPerHour = 0; ///< market rent

    /// Board power. Busy processors draw the span from idle to TDP in proportion, as the step's energy is
    /// counted in training; one that spins draws waitingShare of it; a failed one is switched off.
    [[nodiscard]] double powerW(GpuState state, double utilisation) const;
    /// Rises with power from the supply's temperature: a thermal resistance that is met at TDP. NaN where
    /// nothing is known, and without power.
    [[nodiscard]] double temperatureC(GpuState state, double utilisation) const;
    /// Market rent of a GPU that stands still, as Account counts stalls; else 0.
    [[nodiscard]] double lostUsdPerHour(GpuState state) const;
};

/// At a barrier, or held by a checkpoint, a restart or a fault: what Account calls stalled.
[[nodiscard]] bool standsStill(GpuState state);

struct GpuConditions {
    std::vector<ConditionLaw> classes; ///< [Cluster::gpuClasses]
    // Ends of the scales, over every class of the catalogue, so that two clusters compare.
    double mostW = 0;
    double leastC = std::numeric_limits<double>::quiet_NaN(); ///< the coolest supply
    double mostC = std::numeric_limits<double>::quiet_NaN();  ///< where GPUs slow down to protect themselves
    double mostUsdPerHour = 0;                                ///< highest rent among `classes`
};

/// Power and rent of the classes, temperatures from the facts cooling.ARCHITECTURE.supply_c and
/// .full_load_c and cooling.slowdown_c, the waiting share from the calibration.
[[nodiscard]] GpuConditions gpuConditions(const scenario::Scenario& scenario,
                                          const cluster::Cluster& cluster);

} // namespace atlas::operations
