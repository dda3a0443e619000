#include "model/scenario/check.h"

#include "model/units/quantity.h"

#include <algorithm>

namespace atlas::scenario {

namespace {

constexpr std::size_t kMostInjections = 1'000; ///< a scenario may come by mail
constexpr double kGpusPerNode = 8;             ///< GpuClass::nodeFailuresPerS is stated for 8 GPUs

std::string seconds(double value) {
    return units::formatQuantity(value, units::Dimension::Seconds);
}

/// Mean time between the failures of a job on the whole cluster, s; 0 where nothing fails.
double meanTimeToFailureS(const Scenario& scenario, const Cluster& cluster) {
    double perS = 0;
    for (const Island& island : cluster.islands) {
        if (const GpuClass* gpu = scenario.gpu(island.gpu)) {
            perS += gpu->nodeFailuresPerS.value * island.gpuCount.value / kGpusPerNode;
        }
    }
    perS *= scenario.operations.failStop.multiplier.value;
    return perS > 0 ? 1 / perS : 0;
}

/// A run that cannot keep anything is simulated all the same, but nobody shall be surprised.
void checkUptime(const Scenario& scenario, const Cluster& cluster, Checker& check) {
    const Operations& o = scenario.operations;
    const double mttfS = meanTimeToFailureS(scenario, cluster);
    const bool broken = std::ranges::any_of(
        check.findings, [](const Finding& finding) { return finding.severity == Severity::Error; });
    if (!(mttfS > 0) || broken) {
        return; // first things first
    }
    const std::string job = "a job on all of `" + cluster.id + "` fails every " + seconds(mttfS);
    const double writeS = o.checkpoint.writeS.value;
    if (writeS >= mttfS) {
        check.warning("operations.checkpoint.write",
                      job + ", sooner than a checkpoint is written (" + seconds(writeS) + ")",
                      "hardly anything will be kept: write faster, or use fewer GPUs");
    }
    const double downS = o.failStop.detectionS.value + o.failStop.restartS.value;
    constexpr double kHopeless = 5; // exp(-5): below 1 % of the time is left
    if (downS > kHopeless * mttfS) {
        check.warning("operations.fail_stop.restart",
                      job + ", and takes " + seconds(downS) + " to come back: it hardly ever runs",
                      "goodput is close to zero: restart faster, or use fewer GPUs");
    }
}

} // namespace

void checkOperations(const Scenario& scenario, Checker& check) {
    const Operations& o = scenario.operations;
    if (o.injections.size() > kMostInjections) {
        check.error("operations.injections",
                    std::to_string(o.injections.size()) + " injections; the limit is " +
                        std::to_string(kMostInjections),
                    "remove some");
    }
    for (std::size_t i = 0; i < o.injections.size(); ++i) {
        const std::string path = "operations.injections." + std::to_string(i + 1);
        check.known(path + ".cluster", "cluster", o.injections[i].cluster, scenario.clusters);
    }
    const FailStop& stop = o.failStop;
    const double weights =
        stop.gpuWeight.value + stop.trayWeight.value + stop.linkWeight.value + stop.softwareWeight.value;
    if (!(weights > 0) && !stop.gpuWeight.source.empty()) {
        check.error("operations.fail_stop", "all weights are zero",
                    "say what fails: gpu_weight, tray_weight, …");
    }
    for (const Cluster& cluster : scenario.clusters) {
        checkUptime(scenario, cluster, check);
    }
}

} // namespace atlas::scenario
