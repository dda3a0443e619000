// What a person does to a cluster, from the scenario's words to events: which part is meant, and what that
// does.
#pragma once

#include "model/operations/events.h"
#include "model/scenario/scenario.h"

#include <vector>

namespace atlas::operations {

/// One injection as an event. A target below what is meant stands for what contains it: the rack of a GPU,
/// the hall of a rack, the leaf of a GPU. Errors: a target that is not there (with the nearest one that is),
/// one of the wrong kind, nothing taken away.
[[nodiscard]] Result<Event> resolveInjection(const cluster::Cluster& cluster,
                                             const scenario::Injection& injection, std::int32_t index);

/// All injections into this cluster, in order of time. Errors name the injection by its place in the list.
[[nodiscard]] Result<std::vector<Event>> resolveInjections(const cluster::Cluster& cluster,
                                                           const scenario::Operations& operations);

/// What can be done to a part, in the order of a menu; empty where nothing can.
[[nodiscard]] std::vector<scenario::InjectionKind> injectionsFor(const cluster::Cluster& cluster,
                                                                 cluster::Part part);

/// The scenario with one more injection, checked against the cluster it is for.
[[nodiscard]] Result<scenario::Scenario> withInjection(scenario::Scenario scenario,
                                                       const scenario::Injection& injection,
                                                       const cluster::Cluster& cluster);
/// Without the one at `index`. Precondition: it is there.
[[nodiscard]] scenario::Scenario withoutInjection(scenario::Scenario scenario, std::size_t index);

/// The same, on the cluster that it names, which is built for that.
[[nodiscard]] Result<scenario::Scenario> withInjection(scenario::Scenario scenario,
                                                       const scenario::Injection& injection);

/// What is wrong with one of a scenario's injections.
struct InjectionProblem {
    std::size_t index = 0; ///< in scenario::Operations::injections
    Diagnostic problem;    ///< names it by its place in the list
};
/// Every injection of a scenario against its cluster, which is built for that; empty where all is well.
[[nodiscard]] std::vector<InjectionProblem> checkInjections(const scenario::Scenario& scenario);

} // namespace atlas::operations
