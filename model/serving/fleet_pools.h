// From hardware to the pools of a fleet: the layout each class of GPU serves best with, and its curve.
#pragma once

#include "model/serving/fleet.h"
#include "model/serving/serving.h"

namespace atlas::serving {

/// The curve of replicas of `layout`, tabulated; the cost of prompts is that beside a batch of `batch`.
[[nodiscard]] ReplicaCurve curveOf(const training::Pool& pool, const scenario::Transformer& model,
                                   const scenario::ServeJob& job, const std::string& layout, double batch,
                                   const ServingConstants& constants);

/// Traffic, demand and kinds of a service; pools, phases and faults are left to the caller. Errors: those of
/// requestClassesOf. `linkS`: what the way to the users takes of every promised time to a first token, beyond
/// the ground network's own (a cluster in orbit).
[[nodiscard]] Result<FleetInputs> fleetInputsOf(const scenario::Scenario& scenario,
                                                const scenario::ServeJob& job, std::uint64_t seed,
                                                int startWeekday, double linkS = 0);

/// One pool a class of GPU, in the order of the machine; without replicas where nothing can be served, and
/// said so in `rate`.
struct FleetPools {
    std::vector<FleetPool> pools;
    ServingRate rate; ///< of the mean request
};

/// Layouts are chosen for the mean request under the strictest promise. Errors: those of servingRate.
[[nodiscard]] Result<FleetPools> fleetPoolsOf(const training::Machine& machine,
                                              const scenario::Transformer& model,
                                              const scenario::ServeJob& job, const RequestClasses& classes,
                                              const ServingConstants& constants);

} // namespace atlas::serving
