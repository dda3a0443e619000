// What stands outside the halls and keeps them running: grid, turbines, batteries, chillers, as the record
// has it.
#pragma once

#include "model/operations/gpu_conditions.h"

#include <string>
#include <vector>

namespace atlas::operations {

enum class WorkKind : std::uint8_t { Substations, Turbines, Batteries, Chillers };
inline constexpr WorkKind kWorkKinds[] = {WorkKind::Substations, WorkKind::Turbines, WorkKind::Batteries,
                                          WorkKind::Chillers};

struct SiteWork {
    WorkKind kind = WorkKind::Substations;
    int count = 0;
    double powerW = 0;  ///< of all of them; 0: not published
    double energyJ = 0; ///< stored in all of them; 0: not published or none
    std::string source; ///< of the count
    std::string note;
};

/// From the facts SITE.works.KIND, _mw and _mwh. SITE is how the fact of the cluster's provisioned power
/// begins
/// ("c1" of c1.power_mw). Empty where the record says nothing, where the power is no fact, and where the
/// cluster has a share of it only: works belong to a campus, not to a part of its halls.
[[nodiscard]] std::vector<SiteWork> siteWorks(const scenario::Scenario& scenario,
                                              const scenario::Cluster& cluster);

/// What a floor shows of a site beside the cluster.
struct Site {
    GpuConditions conditions;
    std::vector<SiteWork> works;
};
/// Works only where `cluster` is one of the scenario's.
[[nodiscard]] Site siteOf(const scenario::Scenario& scenario, const cluster::Cluster& cluster);

} // namespace atlas::operations
