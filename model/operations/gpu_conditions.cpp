#include "model/operations/gpu_conditions.h"

#include "model/training/calibration.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

double numberOf(const scenario::Scenario& scenario, const std::string& key) {
    const catalog::Fact* fact = scenario.facts ? scenario.facts->find(key) : nullptr;
    return fact != nullptr && fact->isNumber() ? fact->value : std::numeric_limits<double>::quiet_NaN();
}

ConditionLaw lawOf(const scenario::Scenario& scenario, const scenario::GpuClass& gpu) {
    ConditionLaw law;
    law.idleW = gpu.idleW.value;
    law.tdpW = gpu.tdpW.value;
    law.waitingShare = training::Calibration::builtin().assumptions.waitingPowerShare;
    law.supplyC = numberOf(scenario, "cooling." + gpu.architecture + ".supply_c");
    law.fullLoadC = numberOf(scenario, "cooling." + gpu.architecture + ".full_load_c");
    law.rentUsdPerHour = gpu.rentUsdPerGpuHour.value;
    return law;
}

} // namespace

bool standsStill(GpuState state) {
    return state == GpuState::Waiting || state == GpuState::Fault || state == GpuState::Checkpoint ||
           state == GpuState::Restart;
}

double ConditionLaw::powerW(GpuState state, double utilisation) const {
    const double span = std::max(0.0, tdpW - idleW);
    switch (state) {
    case GpuState::Unpowered:
    case GpuState::Fault:
        return 0;
    case GpuState::Idle:
        return idleW;
    case GpuState::Communicating:
    case GpuState::Waiting:
    case GpuState::Checkpoint:
    case GpuState::Restart:
        return idleW + waitingShare * span;
    case GpuState::Computing:
    case GpuState::Culprit:
    case GpuState::Prefill:
    case GpuState::Decode:
        break;
    }
    return idleW + std::clamp(utilisation, 0.0, 1.0) * span;
}

double ConditionLaw::temperatureC(GpuState state, double utilisation) const {
    if (state == GpuState::Unpowered || state == GpuState::Fault || !(tdpW > 0))
        return std::numeric_limits<double>::quiet_NaN();
    return supplyC + (fullLoadC - supplyC) * powerW(state, utilisation) / tdpW;
}

double ConditionLaw::lostUsdPerHour(GpuState state) const {
    return standsStill(state) ? rentUsdPerHour : 0;
}

GpuConditions gpuConditions(const scenario::Scenario& scenario, const cluster::Cluster& cluster) {
    GpuConditions conditions;
    for (const scenario::GpuClass& gpu : cluster.gpuClasses) {
        conditions.classes.push_back(lawOf(scenario, gpu));
        conditions.mostUsdPerHour =
            std::max(conditions.mostUsdPerHour, conditions.classes.back().rentUsdPerHour);
    }
    for (const scenario::GpuClass& gpu : scenario.gpus) {
        const ConditionLaw law = lawOf(scenario, gpu);
        conditions.mostW = std::max(conditions.mostW, law.tdpW);
        conditions.leastC = std::fmin(conditions.leastC, law.supplyC);
    }
    conditions.mostC = numberOf(scenario, "cooling.slowdown_c");
    return conditions;
}

} // namespace atlas::operations
