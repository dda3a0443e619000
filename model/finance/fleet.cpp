#include "model/finance/fleet.h"

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
                tranches.push_back({{}, gpu, step.month, by - before, 0, 0, step.month <= scenario.start});
                before = by;
            }
        }
    }
    std::ranges::stable_sort(tranches, {}, &Tranche::month);
    const double wattsPerGpu = provisionedWPerGpu(cluster, tranches);
    int number = 0;
    for (Tranche& tranche : tranches) {
        tranche.name = cluster.name + " tranche " + std::to_string(++number);
        tranche.itCapexUsd = tranche.gpus * tranche.gpu->clusterCapexUsd.value;
        tranche.facilityCapexUsd = tranche.gpus * wattsPerGpu * scenario.economics.facilityUsdPerW.value;
    }
    return tranches;
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
