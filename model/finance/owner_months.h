// The owner's months in plain numbers, before anyone is named: fast enough for thousands of draws.
#pragma once

#include "model/finance/fleet.h"

#include <optional>
#include <vector>

namespace atlas::finance {

/// What a cluster does while an assignment runs; averaged by the caller from the physical model.
struct ClusterUse {
    std::string cluster;
    std::string activity;       ///< activityName() of the assignment
    double itPowerW = 0;        ///< mean draw with every GPU powered; scaled down to the GPUs that have power
    double utilisation = 1;     ///< share of what it could serve that is used, over the week
    double sloAttainment = 1;   ///< share of requests within the objectives
    double inputTokensPerS = 0; ///< served on average with every GPU powered, cached ones included
    double cachedShare = 0;     ///< of the input tokens
    double outputTokensPerS = 0;
};

[[nodiscard]] std::string activityName(scenario::Activity activity);

/// Owner's money of one cluster in one month, USD, all positive.
struct ClusterMonth {
    std::size_t cluster = 0; ///< index in OwnerMonths::clusters
    scenario::Activity activity = scenario::Activity::Idle;
    const scenario::Contract* contract = nullptr;
    double leaseUsd = 0;       ///< after the credit
    double slaCreditUsd = 0;   ///< given back to the tenant
    double tokenSalesUsd = 0;  ///< of the lab's own service
    double tenantSalesUsd = 0; ///< of the tenant's; not the owner's
    double energyUsd = 0;
    double staffUsd = 0;
    double maintenanceUsd = 0;
    double partsUsd = 0; ///< GPUs that fail and are replaced
    double facilityW = 0;
    double poweredGpus = 0;
    [[nodiscard]] double runningUsd() const { return energyUsd + staffUsd + maintenanceUsd + partsUsd; }
};

/// What is paid for a tranche in a month.
struct CapexPayment {
    std::size_t tranche = 0; ///< index in OwnerMonths::tranches
    double itUsd = 0;
    double facilityUsd = 0;
};

struct OwnerMonth {
    scenario::Month month;
    std::vector<ClusterMonth> clusters;
    std::vector<CapexPayment> capex;
    double leaseUsd = 0;
    double tokenSalesUsd = 0;
    double runningUsd = 0;
    double capexUsd = 0;
    double depreciationUsd = 0; ///< of the books, straight line; not paid
    double taxUsd = 0;          ///< of earnings before interest, after losses carried forward
    [[nodiscard]] double revenueUsd() const { return leaseUsd + tokenSalesUsd; }
    [[nodiscard]] double ebitdaUsd() const { return revenueUsd() - runningUsd; }
    [[nodiscard]] double netUsd() const { return ebitdaUsd() - taxUsd - capexUsd; }
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
/// begun holds. The owner is paid the lease (contract.h) and what its own service sells (market prices of the
/// paid tokens); pays energy (mean IT power x PUE x tariff), staff by provisioned MW, maintenance as a share
/// of IT capex, replacement of failed GPUs, the instalments of tranches that get power after the start
/// (instalmentsOf), and tax where the scenario has it; what was due or powered by the start is sunk. Without
/// a ClusterUse the draw is provisioned power x load factor and nothing is served. Errors: a cluster, class
/// or contract that is not there, a horizon below one month, contracts whose terms or dates make no sense.
[[nodiscard]] Result<OwnerMonths> ownerMonths(const scenario::Scenario& scenario,
                                              const scenario::Strategy& strategy,
                                              const std::vector<ClusterUse>& use,
                                              const MoneyOptions& options = {});

} // namespace atlas::finance
