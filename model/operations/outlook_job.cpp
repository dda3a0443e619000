#include "model/operations/outlook_job.h"

#include "model/operations/static_speeds.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace atlas::operations {

namespace {

constexpr double kGpusPerNode = 8; ///< GpuClass::nodeFailuresPerS is stated for 8 GPUs

const scenario::Island* islandOf(const scenario::Cluster& cluster, const training::ClassShare& share) {
    const scenario::Island* sameGpu = nullptr;
    for (const scenario::Island& island : cluster.islands) {
        if (island.gpu == share.gpu) {
            if ((island.name.empty() ? island.id : island.name) == share.pool) {
                return &island;
            }
            sameGpu = sameGpu == nullptr ? &island : sameGpu;
        }
    }
    return sameGpu;
}

std::optional<OutlookClass> factsOf(const scenario::Scenario& s, const scenario::Cluster& cluster,
                                    const training::StepAnatomy& anatomy, std::size_t index) {
    const training::ClassShare& share = anatomy.classes[index];
    const scenario::Island* island = islandOf(cluster, share);
    const scenario::GpuClass* gpu = s.gpu(share.gpu);
    if (gpu == nullptr || share.count <= 0 || !(share.computeS > 0)) {
        return std::nullopt;
    }
    OutlookClass f;
    f.share = &share;
    f.gpus = static_cast<double>(share.count);
    const scenario::RackType* rack = island != nullptr ? s.rack(island->rack) : nullptr;
    if (rack != nullptr) {
        f.perTray = rack->gpusPerTray;
        f.perRack = rack->gpusPerRack();
        f.domain = rack->nvlinkDomainGpus;
    }
    const scenario::Mitigations& m = s.operations.mitigations;
    if (m.partialRacks && m.partialRackGpus < f.domain) {
        f.standby = f.domain - m.partialRackGpus;
    }
    if (const scenario::FabricType* fabric = island != nullptr ? s.fabric(island->fabric) : nullptr) {
        f.leafGpus = std::max(1, fabric->leafDownPorts);
    }
    f.leaves = f.gpus / f.leafGpus;
    f.racks = f.gpus / f.perRack;
    if (island != nullptr && island->gpuCount.value > 0) {
        f.halls = island->halls * std::min(1.0, f.gpus / island->gpuCount.value);
        f.rows = f.racks / std::max(1, island->racksPerRow);
    }
    f.failuresPerGpuS = gpu->nodeFailuresPerS.value / kGpusPerNode * s.operations.failStop.multiplier.value;
    f.times = classTimes(anatomy, index, static_cast<int>(f.domain));
    const auto& shares = StaticSpeeds::expectedShares();
    for (std::size_t bin = 0; bin < shares.size(); ++bin) {
        const double count = f.gpus * shares[bin];
        if (count > 1e-9) {
            f.groups.push_back(
                {0, bin, count, f.times.finishS() - f.times.computeS,
                 f.times.computeS * StaticSpeeds::slowdown(bin, cluster.staticSpeedSpread.value)});
        }
    }
    return f;
}

} // namespace

OutlookJob outlookJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                      const training::StepAnatomy& anatomy, const std::vector<std::size_t>& classes) {
    OutlookJob job;
    job.rules = &scenario.operations;
    job.anatomy = &anatomy;
    job.sigma = std::max(0.0, cluster.stepJitter.value);
    double slowest = 0;
    double used = 0;
    double dropped = 0;
    for (std::size_t i = 0; i < anatomy.classes.size(); ++i) {
        const training::ClassShare& share = anatomy.classes[i];
        (share.computeS > 0 ? used : dropped) += static_cast<double>(share.count);
    }
    const double idle = std::max(0.0, static_cast<double>(anatomy.gpusTotal) - used - dropped);
    for (const std::size_t index : classes) {
        if (auto facts = factsOf(scenario, cluster, anatomy, index)) {
            facts->idle = used > 0 ? idle * facts->gpus / used : 0;
            slowest = std::max(slowest, facts->times.finishS());
            job.tokens += facts->share->shareOfTokens;
            job.classes.push_back(std::move(*facts));
        }
    }
    if (job.classes.empty()) {
        return job;
    }
    const training::Breakdown& parts = anatomy.breakdown;
    const double exchange = parts.dp + parts.optimizer;
    job.tailS = classes.size() == 1 ? exchange : std::max(0.0, anatomy.stepTimeS - parts.barrier - slowest);
    job.reduceS = exchange > 0 ? job.tailS * parts.dp / exchange : 0;
    return job;
}

} // namespace atlas::operations
