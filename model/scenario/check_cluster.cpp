#include "model/scenario/check.h"

#include "model/units/quantity.h"

#include <cmath>
#include <numeric>

namespace atlas::scenario {

namespace {

using units::Dimension;

std::string count(double value) {
    return units::formatQuantity(value, Dimension::Number);
}

void checkTranches(const Island& island, const std::string& path, Checker& check) {
    const Island::Tranche* before = nullptr;
    for (const Island::Tranche& tranche : island.tranches) {
        const std::string here = path + ".tranches." + tranche.month.text();
        if (before != nullptr && tranche.month < before->month) {
            check.error(here, "tranche " + tranche.month.text() + " stands after " + before->month.text(),
                        "order tranches by month");
        } else if (before != nullptr && tranche.gpus.value < before->gpus.value) {
            check.error(here, "fewer GPUs than the tranche before it",
                        "tranches count all GPUs with power by then, earlier ones included");
        }
        if (std::llround(tranche.gpus.value) > std::llround(island.gpuCount.value)) {
            check.error(here,
                        count(tranche.gpus.value) + " GPUs have power, but the island has " +
                            count(island.gpuCount.value),
                        "raise gpu_count or lower the tranche");
        }
        before = &tranche;
    }
}

void checkIsland(const Scenario& scenario, const Island& island, const std::string& path, Checker& check) {
    check.known(path + ".gpu", "GPU", island.gpu, scenario.gpus);
    if (!island.rack.empty()) {
        check.known(path + ".rack", "rack", island.rack, scenario.racks);
    }
    if (!island.fabric.empty()) {
        check.known(path + ".fabric", "fabric", island.fabric, scenario.fabrics);
    }
    // A count that could not be read is 0 and has been reported.
    if (island.gpuCount.value > 0.0 && std::llround(island.gpuCount.value) < 1) {
        check.error(path + ".gpu_count", "an island without GPUs", "give it at least 1");
    }
    if (island.gpuCount.value > 0.0 && island.halls > island.gpuCount.value) {
        check.error(path + ".halls", "more halls than GPUs", "spread the GPUs over fewer halls");
    }
    checkTranches(island, path, check);
}

/// Islands that trunks join get the same root.
std::size_t rootOf(std::vector<std::size_t>& parent, std::size_t i) {
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

void checkTrunks(const Cluster& cluster, const std::string& path, Checker& check) {
    std::vector<std::size_t> parent(cluster.islands.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto indexOf = [&cluster](const std::string& id) {
        return static_cast<std::size_t>(std::ranges::find(cluster.islands, id, &Island::id) -
                                        cluster.islands.begin());
    };
    bool allKnown = true;
    for (const Trunk& trunk : cluster.trunks) {
        const std::string here = path + ".trunks." + trunk.id;
        const bool from = check.known(here + ".from", "island", trunk.from, cluster.islands);
        const bool to = check.known(here + ".to", "island", trunk.to, cluster.islands);
        if (from && to && trunk.from == trunk.to) {
            check.error(here + ".to", "a trunk from `" + trunk.from + "` to itself", "name another island");
        }
        if (from && to) {
            parent[rootOf(parent, indexOf(trunk.from))] = rootOf(parent, indexOf(trunk.to));
        }
        allKnown = allKnown && from && to;
    }
    for (std::size_t i = 1; allKnown && i < parent.size(); ++i) {
        if (rootOf(parent, i) != rootOf(parent, 0)) {
            check.error(path + ".islands." + cluster.islands[i].id,
                        "the fabric does not connect: no trunk leads from `" + cluster.islands[0].id +
                            "` to `" + cluster.islands[i].id + "`",
                        "add a trunk under `trunks:`");
        }
    }
}

} // namespace

void checkCluster(const Scenario& scenario, const Cluster& cluster, Checker& check) {
    const std::string path = "clusters." + cluster.id;
    double gpus = 0.0;
    for (const Island& island : cluster.islands) {
        checkIsland(scenario, island, path + ".islands." + island.id, check);
        gpus += island.gpuCount.value;
    }
    if (gpus > check.limits.maxGpusPerCluster) {
        const auto* largest = &*std::ranges::max_element(
            cluster.islands, {}, [](const Island& island) { return island.gpuCount.value; });
        check.error(path + ".islands." + largest->id + ".gpu_count",
                    "the cluster has " + count(gpus) + " GPUs; the limit is " +
                        count(check.limits.maxGpusPerCluster),
                    "lower gpu_count");
    }
    if (!cluster.alternativeTo.empty()) {
        check.known(path + ".alternative_to", "cluster", cluster.alternativeTo, scenario.clusters);
    }
    if (!cluster.orbit.empty()) {
        check.known(path + ".orbit", "site in orbit", cluster.orbit, scenario.orbits);
    }
    checkTrunks(cluster, path, check);
}

} // namespace atlas::scenario
