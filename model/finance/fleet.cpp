#include "model/finance/fleet.h"

#include "model/orbit/flown_site.h"
#include "model/units/unit_table.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

Result<std::vector<Tranche>> tranchesOf(const scenario::Scenario& scenario,
                                        const scenario::Cluster& cluster) {
    std::vector<Tranche> tranches;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = scenario.gpu(island.gpu);
        if (gpu == nullptr) {
            return failure("island '" + island.id + "' of cluster '" + cluster.id + "' has GPUs of class '" +
                               island.gpu + "', which is not in the catalogue",
                           "name a class of the catalogue");
        }
        auto steps = island.tranches;
        if (steps.empty()) {
            steps.push_back({island.firstMonth, island.gpuCount, {}});
        }
        std::ranges::stable_sort(steps, {}, &scenario::Island::Tranche::month);
        double before = 0;
        for (const auto& step :
             steps) { // stated as GPUs with power by the month: the increments are the tranches
            const double by = std::min(step.gpus.value, island.gpuCount.value);
            if (by > before) {
                tranches.push_back({{}, gpu, step.month, by - before, 0, 0, step.month <= scenario.start, 0});
                before = by;
            }
        }
    }
    std::ranges::stable_sort(tranches, {}, &Tranche::month);
    const double wattsPerGpu = provisionedWPerGpu(cluster, tranches);
    const scenario::OrbitalSite* flown = orbit::siteOf(scenario, cluster);
    int number = 0;
    for (Tranche& tranche : tranches) {
        tranche.name = cluster.name + " tranche " + std::to_string(++number);
        tranche.itCapexUsd = tranche.gpus * tranche.gpu->clusterCapexUsd.value;
        tranche.facilityCapexUsd =
            tranche.gpus * (flown != nullptr ? orbit::placeUsdPerGpu(*flown, *tranche.gpu)
                                             : wattsPerGpu * scenario.economics.facilityUsdPerW.value);
        for (const Instalment& due : instalmentsOf(tranche, scenario.financing)) {
            const bool counts = !tranche.bought && due.month >= scenario.start;
            tranche.toPayUsd += counts ? due.itUsd + due.facilityUsd : 0.0;
        }
    }
    return tranches;
}

std::vector<Instalment> instalmentsOf(const Tranche& tranche, const scenario::Financing& financing) {
    const auto months = [](double seconds) {
        return std::max(0, static_cast<int>(std::lround(seconds / units::kMonthS)));
    };
    const int order = tranche.month.index - months(financing.gpuLeadS.value);
    const int building = months(financing.facilityLeadS.value);
    const int first = std::min(order, tranche.month.index - building);
    std::vector<Instalment> due;
    for (int m = first; m <= tranche.month.index; ++m) {
        due.push_back({{m}, 0, 0});
    }
    const double deposit = tranche.itCapexUsd * std::clamp(financing.gpuDeposit.value, 0.0, 1.0);
    due[static_cast<std::size_t>(order - first)].itUsd += deposit;
    due.back().itUsd += tranche.itCapexUsd - deposit;
    if (building == 0) {
        due.back().facilityUsd += tranche.facilityCapexUsd;
    }
    for (int m = tranche.month.index - building; m < tranche.month.index; ++m) {
        due[static_cast<std::size_t>(m - first)].facilityUsd += tranche.facilityCapexUsd / building;
    }
    std::erase_if(due, [](const Instalment& i) { return i.itUsd <= 0 && i.facilityUsd <= 0; });
    return due;
}

double bookedDepreciationUsd(const std::vector<Tranche>& tranches, scenario::Month month,
                             const scenario::Financing& financing) {
    const auto part = [&](const Tranche& tranche, double usd, double lifeS) {
        const double life = lifeS / units::kMonthS;
        const double left = life - (month.index - tranche.month.index);
        return life > 0 ? usd / life * std::clamp(left, 0.0, 1.0) : 0.0;
    };
    double usd = 0;
    for (const Tranche& tranche : tranches) {
        if (tranche.month <= month) {
            usd += part(tranche, tranche.itCapexUsd, financing.gpuLifeS.value) +
                   part(tranche, tranche.facilityCapexUsd, financing.facilityLifeS.value);
        }
    }
    return usd;
}

double gpusPoweredBy(const std::vector<Tranche>& tranches, scenario::Month month) {
    double gpus = 0;
    for (const Tranche& tranche : tranches) {
        gpus += tranche.month <= month ? tranche.gpus : 0.0;
    }
    return gpus;
}

double totalGpus(const std::vector<Tranche>& tranches) {
    double gpus = 0;
    for (const Tranche& tranche : tranches) {
        gpus += tranche.gpus;
    }
    return gpus;
}

double provisionedWPerGpu(const scenario::Cluster& cluster, const std::vector<Tranche>& tranches) {
    const double gpus = totalGpus(tranches);
    if (gpus <= 0) {
        return 0;
    }
    if (cluster.provisionedPowerW.value > 0) {
        return cluster.provisionedPowerW.value / gpus;
    }
    double watts = 0;
    for (const Tranche& tranche : tranches) {
        watts += tranche.gpus * (tranche.gpu->tdpW.value + tranche.gpu->hostOverheadW.value);
    }
    return watts * cluster.pue.value / gpus;
}

double resaleUsd(const std::vector<Tranche>& tranches, scenario::Month month, double decayPerYear) {
    double usd = 0;
    for (const Tranche& tranche : tranches) {
        if (tranche.month <= month) {
            const double years = (month.index - tranche.month.index) / 12.0;
            usd += tranche.gpus * tranche.gpu->priceUsd.value *
                   std::pow(1.0 - std::clamp(decayPerYear, 0.0, 1.0), years);
        }
    }
    return usd;
}

double depreciationUsd(const std::vector<Tranche>& tranches, scenario::Month from, scenario::Month until,
                       double decayPerYear) {
    const double kept = 1.0 - std::clamp(decayPerYear, 0.0, 1.0);
    double usd = 0;
    for (const Tranche& tranche : tranches) {
        const int begin = std::max(from.index, tranche.month.index);
        if (begin < until.index) {
            usd += tranche.itCapexUsd * (std::pow(kept, (begin - tranche.month.index) / 12.0) -
                                         std::pow(kept, (until.index - tranche.month.index) / 12.0));
        }
    }
    return usd;
}

} // namespace atlas::finance
