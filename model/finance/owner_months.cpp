#include "model/finance/owner_months.h"

#include "model/finance/contract.h"
#include "model/orbit/flown_site.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

namespace {

constexpr int kMostMonths = 1200;

using scenario::Activity;

Diagnostics unknown(const std::string& what, const std::string& id, const std::string& strategy) {
    return failure("strategy '" + strategy + "' names the " + what + " '" + id + "', which is not there",
                   "name one of the scenario");
}

/// The assignment of a cluster that holds in a month: the last of those that have begun.
const scenario::Assignment* holding(const scenario::Strategy& strategy, const std::string& cluster,
                                    scenario::Month month) {
    const scenario::Assignment* held = nullptr;
    for (const scenario::Assignment& a : strategy.assignments) {
        if (a.cluster == cluster && a.from <= month && (held == nullptr || a.from >= held->from)) {
            held = &a;
        }
    }
    return held;
}

/// What the physical model says of a cluster; else provisioned power at the load factor.
const ClusterUse& useOf(const scenario::Scenario& s, const OwnerMonths::Site& site, Activity activity,
                        const std::vector<ClusterUse>& use, ClusterUse& guess) {
    const std::string name = activityName(activity);
    for (const ClusterUse& u : use) {
        if (u.cluster == site.cluster->id && u.activity == name) {
            return u;
        }
    }
    const double provisioned = provisionedWPerGpu(*site.cluster, site.tranches) * totalGpus(site.tranches);
    guess.itPowerW = provisioned * s.economics.loadFactor.value / std::max(1.0, site.cluster->pue.value);
    return guess;
}

double tokenSalesUsd(const ClusterUse& use, const scenario::Market& market, double seconds, double inputUsd,
                     double outputUsd) {
    const double cached = std::clamp(use.cachedShare, 0.0, 1.0);
    const double input = use.inputTokensPerS * (1.0 - cached + cached * market.cachedPriceShare.value);
    return (input * inputUsd + use.outputTokensPerS * outputUsd) * 1e-6 * market.paidTokenShare.value *
           seconds;
}

/// Income of a cluster that has `powered` of its GPUs.
void earn(const scenario::Scenario& s, const scenario::Assignment& assignment, const ClusterUse& use,
          double share, const MoneyOptions& options, scenario::Month month, ClusterMonth& m) {
    const double seconds = kHoursPerMonth * 3600.0 * share;
    const scenario::Market& market = s.market;
    if (assignment.activity == Activity::Serve) {
        m.tokenSalesUsd =
            tokenSalesUsd(use, market, seconds, market.labInputUsd.value, market.labOutputUsd.value);
    }
    if (assignment.activity == Activity::Lease) {
        m.contract = s.contract(assignment.contract);
        m.tenantSalesUsd =
            tokenSalesUsd(use, market, seconds, market.tenantInputUsd.value, market.tenantOutputUsd.value);
        const Fee fee =
            leaseFee(*m.contract, month,
                     {m.poweredGpus, use.utilisation, use.sloAttainment, m.tenantSalesUsd}, options.notice);
        m.leaseUsd = fee.netUsd();
        m.slaCreditUsd = fee.creditUsd;
        if (fee.usd <= 0) {
            m.tenantSalesUsd = 0; // no contract holds: the tenant is not there
        }
    }
}

ClusterMonth clusterMonth(const scenario::Scenario& s, const OwnerMonths::Site& site,
                          const scenario::Assignment& assignment, scenario::Month month,
                          const std::vector<ClusterUse>& uses, const MoneyOptions& options) {
    const scenario::Cluster& cluster = *site.cluster;
    const double all = totalGpus(site.tranches);
    ClusterMonth m;
    m.activity = assignment.activity;
    const scenario::OrbitalSite* flown = orbit::siteOf(s, cluster);
    for (const Tranche& tranche : site.tranches) {
        const int age = month.index - tranche.month.index;
        const double left = flown != nullptr ? orbit::survivors(*flown, age / 12.0) : 1.0;
        m.poweredGpus += age >= 0 ? tranche.gpus * left : 0.0;
    }
    const double share = all > 0 ? m.poweredGpus / all : 0.0;
    ClusterUse guess;
    const ClusterUse& use = useOf(s, site, assignment.activity, uses, guess);
    earn(s, assignment, use, share, options, month, m);
    if (share <= 0) {
        return m;
    }
    const double seconds = kHoursPerMonth * 3600.0;
    m.facilityW = use.itPowerW * share * (flown != nullptr ? flown->pue.value : cluster.pue.value);
    if (flown != nullptr) {
        return m; // the Sun sends no bill, and nobody is there to repair
    }
    m.energyUsd = m.facilityW * seconds * cluster.energyUsdPerJoule.value;
    const double megawatts = provisionedWPerGpu(cluster, site.tranches) * m.poweredGpus / 1e6;
    m.staffUsd = megawatts * s.economics.staffPerMw.value * s.economics.staffUsdPerYear.value / 12.0;
    for (const Tranche& tranche : site.tranches) {
        if (tranche.month <= month) {
            m.maintenanceUsd += tranche.itCapexUsd * s.economics.maintenanceSharePerYear.value / 12.0;
            m.partsUsd +=
                tranche.gpus * s.economics.failedGpuPerYear.value / 12.0 * tranche.gpu->priceUsd.value;
        }
    }
    return m;
}

/// Clusters that the strategy gives something to do, in the order of its assignments.
Result<std::vector<OwnerMonths::Site>> sitesOf(const scenario::Scenario& s,
                                               const scenario::Strategy& strategy) {
    std::vector<OwnerMonths::Site> sites;
    const Diagnostics overlaps = checkOverlaps(s, strategy);
    if (!overlaps.empty()) {
        return overlaps;
    }
    for (const scenario::Assignment& a : strategy.assignments) {
        const scenario::Cluster* cluster = s.cluster(a.cluster);
        if (cluster == nullptr) {
            return unknown("cluster", a.cluster, strategy.id);
        }
        if (a.activity == Activity::Lease) {
            const scenario::Contract* contract = s.contract(a.contract);
            if (contract == nullptr) {
                return unknown("contract", a.contract, strategy.id);
            }
            const Diagnostics wrong = checkContract(*contract);
            if (!wrong.empty()) {
                return wrong;
            }
        }
        if (std::ranges::any_of(sites, [&](const auto& site) { return site.cluster == cluster; })) {
            continue;
        }
        auto tranches = tranchesOf(s, *cluster);
        if (!tranches) {
            return tranches.errors();
        }
        sites.push_back({cluster, std::move(*tranches)});
    }
    return sites;
}

void payTranches(const scenario::Scenario& s, OwnerMonths& out) {
    for (std::size_t t = 0; t < out.tranches.size(); ++t) {
        if (out.tranches[t].bought) {
            continue;
        }
        for (const Instalment& due : instalmentsOf(out.tranches[t], s.financing)) {
            const int at = due.month.index - s.start.index;
            if (at >= 0 && at < s.horizonMonths) {
                OwnerMonth& month = out.months[static_cast<std::size_t>(at)];
                month.capex.push_back({t, due.itUsd, due.facilityUsd});
                month.capexUsd += due.itUsd + due.facilityUsd;
            }
        }
    }
}

void payTax(double rate, std::vector<OwnerMonth>& months) {
    if (rate <= 0) {
        return;
    }
    double losses = 0;
    for (OwnerMonth& month : months) {
        const double profit = month.ebitdaUsd() - month.depreciationUsd - losses;
        losses = std::max(0.0, -profit);
        month.taxUsd = rate * std::max(0.0, profit);
    }
}

} // namespace

std::string activityName(Activity activity) {
    switch (activity) {
    case Activity::Train:
        return "train";
    case Activity::Serve:
        return "serve";
    case Activity::Lease:
        return "lease";
    case Activity::Idle:
        break;
    }
    return "idle";
}

std::vector<double> OwnerMonths::flowsUsd() const {
    std::vector<double> flows;
    flows.reserve(months.size() + 1);
    for (const OwnerMonth& month : months) {
        flows.push_back(month.netUsd());
    }
    flows.push_back(residualUsd);
    return flows;
}

Result<OwnerMonths> ownerMonths(const scenario::Scenario& s, const scenario::Strategy& strategy,
                                const std::vector<ClusterUse>& use, const MoneyOptions& options) {
    if (s.horizonMonths < 1 || s.horizonMonths > kMostMonths) {
        return failure("the horizon is " + std::to_string(s.horizonMonths) + " months",
                       "set it between 1 and " + std::to_string(kMostMonths));
    }
    auto sites = sitesOf(s, strategy);
    if (!sites) {
        return sites.errors();
    }
    OwnerMonths out;
    out.clusters = std::move(*sites);
    for (const OwnerMonths::Site& site : out.clusters) {
        out.tranches.insert(out.tranches.end(), site.tranches.begin(), site.tranches.end());
    }
    std::ranges::stable_sort(out.tranches, {}, &Tranche::month);

    for (int i = 0; i < s.horizonMonths; ++i) {
        OwnerMonth month;
        month.month = {s.start.index + i};
        for (std::size_t c = 0; c < out.clusters.size(); ++c) {
            const scenario::Assignment* a = holding(strategy, out.clusters[c].cluster->id, month.month);
            if (a == nullptr) {
                continue;
            }
            ClusterMonth m = clusterMonth(s, out.clusters[c], *a, month.month, use, options);
            m.cluster = c;
            month.leaseUsd += m.leaseUsd;
            month.tokenSalesUsd += m.tokenSalesUsd;
            month.runningUsd += m.runningUsd();
            month.clusters.push_back(m);
        }
        month.depreciationUsd = bookedDepreciationUsd(out.tranches, month.month, s.financing);
        out.months.push_back(std::move(month));
    }
    payTranches(s, out);
    payTax(s.financing.taxRate.value, out.months);
    const scenario::Month end{s.start.index + s.horizonMonths};
    out.residualUsd = resaleUsd(out.tranches, end, s.economics.gpuPriceDecayPerYear.value);
    return out;
}

} // namespace atlas::finance
