#include "model/explore/serving_cost.h"

#include <algorithm>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;

} // namespace

ClassCost classCost(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                    const serving::ClassRate& rate) {
    const scenario::GpuClass* gpu = scenario.gpu(rate.gpu);
    if (gpu == nullptr || !(rate.outputTokensPerSPerGpu > 0)) {
        return {};
    }
    const double perS = rate.outputTokensPerSPerGpu / kMillion;
    const double busyW = std::max(gpu->idleW.value, scenario.economics.loadFactor.value * gpu->tdpW.value) +
                         gpu->hostOverheadW.value;
    return {gpu->rentUsdPerGpuHour.value / kSecondsPerHour / perS,
            busyW * cluster.pue.value * cluster.energyUsdPerJoule.value / perS};
}

double rentUsdPerMillion(const scenario::Scenario& scenario, const serving::ServingRate& rate) {
    double usdPerS = 0;
    for (const serving::ClassRate& c : rate.classes) {
        const scenario::GpuClass* gpu = scenario.gpu(c.gpu);
        usdPerS += gpu == nullptr
                       ? 0
                       : static_cast<double>(c.count) * gpu->rentUsdPerGpuHour.value / kSecondsPerHour;
    }
    return rate.outputTokensPerS > 0 ? usdPerS / (rate.outputTokensPerS / kMillion) : 0;
}

} // namespace atlas::explore
