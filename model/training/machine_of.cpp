#include "model/training/machine.h"

#include "model/orbit/flown_site.h"
#include "model/training/calibration.h"

#include <algorithm>
#include <cmath>

namespace atlas::training {

namespace {

/// Tranches count what has power in all by their month.
std::int64_t poweredGpus(const scenario::Island& island, scenario::Month month) {
    double gpus = 0;
    if (island.tranches.empty()) {
        gpus = month >= island.firstMonth ? island.gpuCount.value : 0;
    }
    for (const auto& tranche : island.tranches) {
        gpus = tranche.month <= month ? std::max(gpus, tranche.gpus.value) : gpus;
    }
    return std::llround(std::min(gpus, island.gpuCount.value));
}

/// NVLink domain, rail leaf, spine of a hall, core between halls, from the typed fabric.
std::vector<NetworkLevel> levelsOf(const scenario::Island& island, const scenario::GpuClass& gpu,
                                   const scenario::RackType& rack, const scenario::FabricType& fabric,
                                   std::int64_t gpus) {
    const auto domain = static_cast<std::int64_t>(std::max(1, rack.nvlinkDomainGpus));
    const double nic = std::min(gpu.nicBytesPerS.value, fabric.linkBytesPerS.value);
    const double oversubscribed = nic / fabric.leafOversubscription.value;
    const double end = fabric.endLatencyS.value;
    const double hop = fabric.hopLatencyS.value;
    std::vector<NetworkLevel> levels;
    levels.push_back({NetworkLevel::Kind::Switch, "NVLink domain", domain, gpu.nvlinkBytesPerS.value,
                      Calibration::builtin().assumptions.nvlinkLatencyS, gpu.fp8FlopPerS.value > 0});
    const std::int64_t underLeaf =
        std::max<std::int64_t>(1, std::int64_t{fabric.leafDownPorts} * fabric.rails / domain);
    levels.push_back(
        {NetworkLevel::Kind::Switch, "rail leaf", underLeaf, nic, end, fabric.inNetworkReduction});
    const auto halls = static_cast<std::int64_t>(std::max(1, island.halls));
    const std::int64_t perHall = (gpus + halls - 1) / halls;
    const std::int64_t leaves =
        std::max<std::int64_t>(1, (perHall + underLeaf * domain - 1) / (underLeaf * domain));
    levels.push_back({NetworkLevel::Kind::Switch, "spine", leaves, oversubscribed, end + 2 * hop,
                      fabric.inNetworkReduction});
    if (halls > 1) {
        levels.push_back({NetworkLevel::Kind::Switch, "core", halls,
                          oversubscribed / fabric.spineOversubscription.value, end + 4 * hop,
                          fabric.inNetworkReduction});
    }
    return levels;
}

Pool poolOf(const scenario::Island& island, const scenario::GpuClass& gpu, const scenario::RackType& rack,
            const scenario::FabricType& fabric, std::int64_t gpus) {
    Pool pool;
    pool.gpu = gpu.id;
    pool.name = island.name.empty() ? island.id : island.name;
    pool.gpus = gpus;
    pool.bf16FlopPerS = gpu.bf16FlopPerS.value;
    pool.fp8FlopPerS = gpu.fp8FlopPerS.value;
    pool.fp4FlopPerS = gpu.fp4FlopPerS.value;
    pool.hbmBytes = gpu.hbmBytes.value;
    pool.hbmBytesPerS = gpu.hbmBytesPerS.value;
    pool.nvlinkBytesPerS = gpu.nvlinkBytesPerS.value;
    pool.nvlinkDomain = rack.nvlinkDomainGpus;
    pool.nicBytesPerS = std::min(gpu.nicBytesPerS.value, fabric.linkBytesPerS.value);
    pool.nicEfficiency = fabric.effectiveThroughput.value;
    pool.tdpW = gpu.tdpW.value;
    pool.idleW = gpu.idleW.value;
    pool.levels = levelsOf(island, gpu, rack, fabric, gpus);
    return pool;
}

} // namespace

Result<Machine> machineOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                          scenario::Month month) {
    Machine machine;
    machine.name = cluster.name.empty() ? cluster.id : cluster.name;
    const double checked = orbit::checkedThroughput(scenario, cluster);
    for (const scenario::Island& island : cluster.islands) {
        const auto* gpu = scenario.gpu(island.gpu);
        const auto* rack = scenario.rack(island.rack);
        const auto* fabric = scenario.fabric(island.fabric);
        if (gpu == nullptr || rack == nullptr || fabric == nullptr) {
            return failure("island `" + island.id +
                               "` names a GPU, rack or fabric that is not in the catalogue",
                           "correct `" + island.gpu + "`, `" + island.rack + "` or `" + island.fabric + "`");
        }
        const std::int64_t gpus = poweredGpus(island, month);
        if (gpus > 0) {
            Pool& pool = machine.pools.emplace_back(poolOf(island, *gpu, *rack, *fabric, gpus));
            for (double* rate :
                 {&pool.bf16FlopPerS, &pool.fp8FlopPerS, &pool.fp4FlopPerS, &pool.hbmBytesPerS}) {
                *rate *= checked;
            }
        }
    }
    if (machine.pools.empty()) {
        return failure("no GPU of `" + cluster.id + "` has power in " + month.text(), "choose a later month");
    }
    if (machine.pools.size() > 1) {
        // Every pool joins through its thinnest trunk; the bundle in the middle limits them all.
        for (const scenario::Trunk& trunk : cluster.trunks) {
            const double bytes = trunk.bytesPerS.value;
            machine.trunkBytesPerS =
                machine.trunkBytesPerS > 0 ? std::min(machine.trunkBytesPerS, bytes) : bytes;
            machine.trunkLatencyS = std::max(machine.trunkLatencyS, trunk.latencyS.value);
        }
        if (machine.trunkBytesPerS <= 0) {
            return failure("the islands of `" + cluster.id + "` are not connected",
                           "add a trunk between them");
        }
    }
    return machine;
}

} // namespace atlas::training
