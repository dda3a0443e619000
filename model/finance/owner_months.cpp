#include "model/finance/owner_months.h"

#include "model/finance/contract.h"

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

Diagnostics checkContract(const scenario::Contract& c) {
    Diagnostics errors;
    const auto require = [&](bool holds, const std::string& what, const std::string& remedy) {
        if (!holds) {
            errors.push_back({Severity::Error, {}, "contract '" + c.id + "' " + what, remedy});
        }
    };
    require(c.start <= c.end, "ends before it starts", "set end to " + c.start.text() + " or later");
    require(c.usdPerMonth.value >= 0 && c.usdPerGpuHour.value >= 0, "has a negative price",
            "set it to 0 or more");
    require(c.shareOfThisCluster.value >= 0 && c.shareOfThisCluster.value <= 1, "has a share outside 0 to 1",
            "set share_of_this_cluster between 0 and 1");
    require(c.noticeDays >= 0, "has a negative notice", "set notice to 0 days or more");
    for (const double ramp : c.ramp) {
        require(ramp >= 0 && std::isfinite(ramp), "has a negative ramp", "set every ramp to 0 or more");
    }
    return errors;
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

double itPowerW(const scenario::Scenario& s, const scenario::Cluster& cluster, Activity activity,
                const std::vector<Tranche>& tranches, const std::vector<ClusterUse>& use) {
    const std::string name = activityName(activity);
    for (const ClusterUse& u : use) {
        if (u.cluster == cluster.id && u.activity == name) {
            return u.itPowerW;
        }
    }
    const double provisioned = provisionedWPerGpu(cluster, tranches) * totalGpus(tranches);
    return provisioned * s.economics.loadFactor.value / std::max(1.0, cluster.pue.value);
}

ClusterMonth clusterMonth(const scenario::Scenario& s, const OwnerMonths::Site& site,
                          const scenario::Assignment& assignment, scenario::Month month,
                          const std::vector<ClusterUse>& use, const MoneyOptions& options) {
    const scenario::Cluster& cluster = *site.cluster;
    const double all = totalGpus(site.tranches);
    const double powered = gpusPoweredBy(site.tranches, month);
    ClusterMonth m;
    if (assignment.activity == Activity::Lease) {
        m.contract = s.contract(assignment.contract);
        m.leaseUsd = leaseFeeUsd(*m.contract, month, powered, options.notice);
    }
    if (all <= 0 || powered <= 0) {
        return m;
    }
    const double seconds = kHoursPerMonth * 3600.0;
    const double share = powered / all;
    m.facilityW = itPowerW(s, cluster, assignment.activity, site.tranches, use) * share * cluster.pue.value;
    m.energyUsd = m.facilityW * seconds * cluster.energyUsdPerJoule.value;
    const double megawatts = provisionedWPerGpu(cluster, site.tranches) * powered / 1e6;
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
            month.runningUsd += m.runningUsd();
            month.clusters.push_back(m);
        }
        for (std::size_t t = 0; t < out.tranches.size(); ++t) {
            if (!out.tranches[t].bought && out.tranches[t].month == month.month) {
                month.due.push_back(t);
                month.capexUsd += out.tranches[t].capexUsd();
            }
        }
        out.months.push_back(std::move(month));
    }
    const scenario::Month end{s.start.index + s.horizonMonths};
    out.residualUsd = resaleUsd(out.tranches, end, s.economics.gpuPriceDecayPerYear.value);
    return out;
}

} // namespace atlas::finance
