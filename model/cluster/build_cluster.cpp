#include "model/cluster/cluster.h"
#include "model/cluster/fabric_builder.h"
#include "model/cluster/floor_plan.h"

#include <algorithm>
#include <cmath>

namespace atlas::cluster {

namespace {

// A scenario may come by mail: limits far above any cluster that exists, far below what memory holds.
constexpr double kMaxGpus = 4e6;
constexpr int kMaxHalls = 1024;
constexpr int kMaxRacksPerRow = 4096;
constexpr int kMaxGpusPerRack = 4096;
constexpr int kMaxRails = 64;
constexpr int kMaxPorts = 4096;
constexpr double kMinOversubscription = 0.25;
constexpr double kMaxOversubscription = 1000;
constexpr std::size_t kMaxIslands = 255;

/// Collects findings about one island.
class IslandCheck {
public:
    IslandCheck(const scenario::Cluster& cluster, const scenario::Island& island, Diagnostics& errors)
        : m_where("cluster \"" + cluster.id + "\", island \"" + island.id + "\": ")
        , m_errors(errors) {}

    void require(bool fine, const std::string& what, const std::string& remedy) {
        if (!fine) {
            m_errors.push_back(failure(m_where + what, remedy).front());
        }
    }
    void within(int value, int low, int high, const std::string& name) {
        require(value >= low && value <= high, name + " is " + std::to_string(value),
                "give between " + std::to_string(low) + " and " + std::to_string(high));
    }

private:
    std::string m_where;
    Diagnostics& m_errors;
};

bool positive(const scenario::Sourced& number) {
    return std::isfinite(number.value) && number.value > 0;
}

void checkFabric(IslandCheck& check, const scenario::FabricType& fabric) {
    check.within(fabric.rails, 1, kMaxRails, "rails of the fabric");
    check.within(fabric.leafDownPorts, 1, kMaxPorts, "GPU-facing ports of a leaf");
    check.within(fabric.spinePorts, 1, kMaxPorts, "leaf-facing ports of a spine");
    check.require(positive(fabric.linkBytesPerS), "the fabric's links have no bandwidth",
                  "give the rate of one port, for example \"400 Gbit/s\"");
    check.require(positive(fabric.effectiveThroughput) && fabric.effectiveThroughput.value <= 1,
                  "effective throughput of the fabric is not between 0 and 1",
                  "give a share of the line rate");
    for (const scenario::Sourced* ratio : {&fabric.leafOversubscription, &fabric.spineOversubscription}) {
        check.require(ratio->value >= kMinOversubscription && ratio->value <= kMaxOversubscription,
                      "oversubscription of the fabric is not between 0.25 and 1000",
                      "give capacity down over capacity up; 1 is non-blocking");
    }
}

void checkRack(IslandCheck& check, const scenario::RackType& rack) {
    check.within(rack.traysPerRack, 1, kMaxGpusPerRack, "trays of the rack");
    check.within(rack.gpusPerTray, 1, kMaxGpusPerRack, "GPUs of a tray");
    if (rack.traysPerRack < 1 || rack.gpusPerTray < 1 || rack.traysPerRack > kMaxGpusPerRack ||
        rack.gpusPerTray > kMaxGpusPerRack) {
        return;
    }
    check.within(rack.gpusPerRack(), 1, kMaxGpusPerRack, "GPUs of a rack");
    check.within(rack.nvlinkDomainGpus, 1, rack.gpusPerRack(), "GPUs of an NVLink domain (inside one rack)");
    check.require(rack.widthM > 0 && rack.depthM > 0 && rack.widthM < 100 && rack.depthM < 100,
                  "the rack has no footprint", "give its width and depth in metres");
}

void checkIsland(const scenario::Scenario& scenario, const scenario::Cluster& spec,
                 const scenario::Island& island, Diagnostics& errors) {
    IslandCheck check(spec, island, errors);
    check.require(scenario.gpu(island.gpu) != nullptr,
                  "GPU class \"" + island.gpu + "\" is not in the catalogue",
                  "use the id of a class in gpus.yaml");
    const scenario::RackType* rack = scenario.rack(island.rack);
    check.require(rack != nullptr, "rack type \"" + island.rack + "\" is not in the catalogue",
                  "use the id of a type in racks.yaml");
    const scenario::FabricType* fabric = scenario.fabric(island.fabric);
    check.require(fabric != nullptr, "fabric \"" + island.fabric + "\" is not in the catalogue",
                  "use the id of a fabric in fabrics.yaml");
    check.require(std::isfinite(island.gpuCount.value) && std::round(island.gpuCount.value) >= 1, "no GPUs",
                  "give at least one GPU");
    check.require(!(island.gpuCount.value > kMaxGpus), "more than 4,000,000 GPUs", "give fewer GPUs");
    check.within(island.halls, 1, kMaxHalls, "number of halls");
    check.within(island.racksPerRow, 1, kMaxRacksPerRow, "racks in a row");
    if (rack != nullptr) {
        checkRack(check, *rack);
    }
    if (fabric != nullptr) {
        checkFabric(check, *fabric);
    }
    for (const scenario::Island::Tranche& tranche : island.tranches) {
        check.require(std::isfinite(tranche.gpus.value) && tranche.gpus.value >= 0,
                      "tranche of " + tranche.month.text() + " has no valid number of GPUs",
                      "give the GPUs that have power from that month on");
    }
    if (errors.empty()) {
        const double racks = std::ceil(std::round(island.gpuCount.value) / rack->gpusPerRack());
        check.require(racks >= island.halls,
                      std::to_string(island.halls) + " halls for " + std::to_string(std::llround(racks)) +
                          " racks",
                      "give at most one hall a rack");
        check.require(racks / island.halls / island.racksPerRow < 65535 - 1,
                      "more than 65,534 rows in a hall", "give more halls or longer rows");
    }
}

/// The month from which a rack has power: the first tranche that covers at least half of it.
scenario::Month poweredFrom(const scenario::Island& spec, Index offset, Index count) {
    if (spec.tranches.empty()) {
        return spec.firstMonth;
    }
    scenario::Month first = kNeverPowered;
    for (const scenario::Island::Tranche& tranche : spec.tranches) {
        if (offset + count / 2.0 <= tranche.gpus.value) {
            first = std::min(first, tranche.month);
        }
    }
    return first;
}

std::uint8_t classIndex(Cluster& cluster, const scenario::GpuClass& gpu) {
    const auto found = std::ranges::find(cluster.gpuClasses, gpu.id, &scenario::GpuClass::id);
    if (found != cluster.gpuClasses.end()) {
        return static_cast<std::uint8_t>(found - cluster.gpuClasses.begin());
    }
    cluster.gpuClasses.push_back(gpu);
    return static_cast<std::uint8_t>(cluster.gpuClasses.size() - 1);
}

/// Racks of one hall, row by row, from the island's racks [first, first + count).
void addHall(Cluster& cluster, const scenario::Island& spec, Index islandIndex, Index racks) {
    const Island& island = cluster.islands[islandIndex];
    const auto perRack = static_cast<Index>(island.rackType.gpusPerRack());
    const auto hallIndex = static_cast<Index>(cluster.halls.size());
    Hall hall;
    hall.name = "Hall " + std::to_string(hallIndex + 1) + ", " + island.name;
    hall.island = islandIndex;
    hall.racks = {static_cast<Index>(cluster.racks.size()), racks};
    hall.rows.first = static_cast<Index>(cluster.rows.size());
    hall.gpus.first = cluster.gpuCount;
    const auto perRow = static_cast<Index>(spec.racksPerRow);
    for (Index first = 0; first < racks; first += perRow) {
        Row row;
        row.hall = hallIndex;
        row.racks = {hall.racks.first + first, std::min(perRow, racks - first)};
        for (Index i = 0; i < row.racks.count; ++i) {
            const Index offset = cluster.gpuCount - island.gpus.first;
            Rack rack;
            rack.gpus = {cluster.gpuCount, std::min(perRack, island.gpus.count - offset)};
            rack.hall = hallIndex;
            rack.row = static_cast<Index>(cluster.rows.size());
            rack.columns = static_cast<std::uint16_t>(island.rackType.gpusPerTray);
            rack.lines = static_cast<std::uint16_t>(island.rackType.traysPerRack);
            rack.poweredFrom = poweredFrom(spec, offset, rack.gpus.count);
            rack.hallNumber = static_cast<std::uint16_t>(hallIndex + 1);
            rack.rowNumber = static_cast<std::uint16_t>(first / perRow + 1);
            rack.position = static_cast<std::uint16_t>(i + 1);
            cluster.gpuCount += rack.gpus.count;
            cluster.racks.push_back(rack);
        }
        cluster.rows.push_back(row);
    }
    hall.rows.count = static_cast<Index>(cluster.rows.size()) - hall.rows.first;
    hall.gpus.count = cluster.gpuCount - hall.gpus.first;
    cluster.halls.push_back(std::move(hall));
}

void addIsland(Cluster& cluster, const scenario::Scenario& scenario, const scenario::Island& spec) {
    const auto islandIndex = static_cast<Index>(cluster.islands.size());
    Island island;
    island.name = spec.name.empty() ? spec.id : spec.name;
    island.gpuClass = classIndex(cluster, *scenario.gpu(spec.gpu));
    island.rackType = *scenario.rack(spec.rack);
    island.fabric = *scenario.fabric(spec.fabric);
    island.gpus = {cluster.gpuCount, static_cast<Index>(std::lround(spec.gpuCount.value))};
    const auto perRack = static_cast<Index>(island.rackType.gpusPerRack());
    const auto halls = static_cast<Index>(spec.halls);
    island.racks = {static_cast<Index>(cluster.racks.size()), (island.gpus.count + perRack - 1) / perRack};
    island.halls = {static_cast<Index>(cluster.halls.size()), halls};
    cluster.islands.push_back(std::move(island));
    const Index racks = cluster.islands.back().racks.count;
    for (Index h = 0; h < halls; ++h) {
        addHall(cluster, spec, islandIndex, racks / halls + (h < racks % halls ? 1 : 0));
    }
}

} // namespace

Result<std::shared_ptr<const Cluster>> buildCluster(const scenario::Scenario& scenario,
                                                    const scenario::Cluster& spec) {
    if (spec.islands.empty() || spec.islands.size() > kMaxIslands) {
        return failure("cluster \"" + spec.id + "\" has " + std::to_string(spec.islands.size()) + " islands",
                       "give between 1 and 255");
    }
    Diagnostics errors;
    double total = 0;
    int halls = 0;
    for (const scenario::Island& island : spec.islands) {
        checkIsland(scenario, spec, island, errors);
        total += island.gpuCount.value;
        halls += std::clamp(island.halls, 0, kMaxHalls);
    }
    if (errors.empty() && (total > kMaxGpus || halls > kMaxHalls)) {
        errors = failure("cluster \"" + spec.id + "\" has more than 4,000,000 GPUs or 1024 halls in all",
                         "give fewer");
    }
    if (!errors.empty()) {
        return errors;
    }
    auto cluster = std::make_shared<Cluster>();
    cluster->id = spec.id;
    cluster->name = spec.name;
    for (const scenario::Island& island : spec.islands) {
        addIsland(*cluster, scenario, island);
    }
    placeOnFloor(*cluster);
    if (Diagnostics broken = buildFabric(*cluster, spec.islands, spec.trunks); !broken.empty()) {
        return broken;
    }
    return std::shared_ptr<const Cluster>(std::move(cluster));
}

} // namespace atlas::cluster
