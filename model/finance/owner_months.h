// The owner's months in plain numbers, before anyone is named: fast enough for thousands of draws.
#pragma once

#include "model/finance/fleet.h"

#include <optional>
#include <vector>

namespace atlas::finance {

/// What a cluster draws while an assignment runs; averaged by the caller from the physical model.
struct ClusterUse {
    std::string cluster;
    std::string activity; ///< activityName() of the assignment
    double itPowerW = 0;  ///< mean draw with every GPU powered; scaled down to the GPUs that have power
};

[[nodiscard]] std::string activityName(scenario::Activity activity);

/// Owner's money of one cluster in one month, USD, all positive.
struct ClusterMonth {
    std::size_t cluster = 0; ///< index in OwnerMonths::clusters
    const scenario::Contract* contract = nullptr;
    double leaseUsd = 0;
    double energyUsd = 0;
    double staffUsd = 0;
    double maintenanceUsd = 0;
    double partsUsd = 0; ///< GPUs that fail and are replaced
    double facilityW = 0;
    [[nodiscard]] double runningUsd() const { return energyUsd + staffUsd + maintenanceUsd + partsUsd; }
};

struct OwnerMonth {
    scenario::Month month;
    std::vector<ClusterMonth> clusters;
    std::vector<std::size_t> due; ///< indices in OwnerMonths::tranches, paid this month
    double leaseUsd = 0;
    double runningUsd = 0;
    double capexUsd = 0;
    [[nodiscard]] double netUsd() const { return leaseUsd - runningUsd - capexUsd; }
};

/// All months of a strategy, and what is left at the end.
struct OwnerMonths {
    struct Site {
        const scenario::Cluster* cluster = nullptr;
        std::vector<Tranche> tranches;
    };
    std::vector<Site> clusters;    ///< that the strategy gives something to do
    std::vector<Tranche> tranches; ///< of those clusters, by month, sunk ones included
    std::vector<OwnerMonth> months;
    double residualUsd = 0; ///< resale value of all GPUs at the horizon

    /// netUsd by month, the residual added at the end: what NPV, IRR and break-even are computed from. Money
    /// lent and paid back is not in it.
    [[nodiscard]] std::vector<double> flowsUsd() const;
};

struct MoneyOptions {
    std::optional<scenario::Month> notice; ///< the tenant (or lessor) gives notice in this month
};

/// Months from the scenario's start to its horizon. In a month the last assignment of a cluster that has
/// begun holds. Owner pays energy (mean IT power x PUE x tariff), staff by provisioned MW, maintenance as a
/// share of IT capex, replacement of failed GPUs, and each tranche after the scenario's start in the month in
/// which it gets power; what was powered by the start is sunk. Without a ClusterUse the draw is provisioned
/// power x load factor. Errors: a cluster, class or contract that is not there, a horizon below one month,
/// contracts of one cluster that overlap in an impossible way (end before start), negative prices.
[[nodiscard]] Result<OwnerMonths> ownerMonths(const scenario::Scenario& scenario,
                                              const scenario::Strategy& strategy,
                                              const std::vector<ClusterUse>& use,
                                              const MoneyOptions& options = {});

} // namespace atlas::finance
