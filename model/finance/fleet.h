// GPUs by month as the owner's books see them: what has power, what is still to be bought, what it is worth.
#pragma once

#include "model/scenario/scenario.h"

#include <string>
#include <vector>

namespace atlas::finance {

/// GPUs that get power in one month, of one class.
struct Tranche {
    std::string name; ///< "Colossus 2 tranche 3"
    const scenario::GpuClass* gpu = nullptr;
    scenario::Month month;
    double gpus = 0;
    double itCapexUsd = 0;       ///< GPUs, servers, network
    double facilityCapexUsd = 0; ///< building, power, cooling; in orbit satellite and launch
    bool bought = false;         ///< has power by the scenario's start: sunk
    double toPayUsd = 0;         ///< what falls due from the start on; instalments paid before are sunk
    [[nodiscard]] double capexUsd() const { return itCapexUsd + facilityCapexUsd; }
};

/// The tranches of a cluster by month; an island without tranches is one at its first month. Numbered in the
/// order of their months. Errors: a GPU class that is not in the catalogue.
[[nodiscard]] Result<std::vector<Tranche>> tranchesOf(const scenario::Scenario& scenario,
                                                      const scenario::Cluster& cluster);

/// What falls due for a tranche in one month.
struct Instalment {
    scenario::Month month;
    double itUsd = 0;
    double facilityUsd = 0;
};

/// The instalments of a tranche by month: the deposit of GPUs and network with their order, the rest on
/// delivery in the month of power; building and power evenly over the months of their lead time before that
/// month, at once where the lead is shorter than a month. They add up to capexUsd().
[[nodiscard]] std::vector<Instalment> instalmentsOf(const Tranche& tranche,
                                                    const scenario::Financing& financing);

[[nodiscard]] double gpusPoweredBy(const std::vector<Tranche>& tranches, scenario::Month month);
[[nodiscard]] double totalGpus(const std::vector<Tranche>& tranches);

/// Facility power of one GPU, W: provisioned power over all GPUs; where it is not stated, TDP and host share
/// times PUE.
[[nodiscard]] double provisionedWPerGpu(const scenario::Cluster& cluster,
                                        const std::vector<Tranche>& tranches);

/// What the GPUs bought so far would fetch at the start of `month`: price times (1 - decay)^age.
[[nodiscard]] double resaleUsd(const std::vector<Tranche>& tranches, scenario::Month month,
                               double decayPerYear);

/// Depreciation of the books in one month: computers and facility of every tranche in equal parts over their
/// accounting lives from the month of power on.
[[nodiscard]] double bookedDepreciationUsd(const std::vector<Tranche>& tranches, scenario::Month month,
                                           const scenario::Financing& financing);

/// What the computers bought by `until` lose in value over [from, until): GPUs, servers and network fall as
/// the resale price of a GPU does; those powered later fall from then on.
[[nodiscard]] double depreciationUsd(const std::vector<Tranche>& tranches, scenario::Month from,
                                     scenario::Month until, double decayPerYear);

} // namespace atlas::finance
