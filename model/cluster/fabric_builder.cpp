#include "model/cluster/fabric_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atlas::cluster {

namespace {

Index ceilDiv(Index a, Index b) {
    return (a + b - 1) / b;
}

/// Uplinks that `ports` down-facing ports have behind an oversubscription, at least one.
Index uplinksOf(int ports, const scenario::Sourced& oversubscription) {
    return static_cast<Index>(std::max(1L, std::lround(ports / oversubscription.value)));
}

Index switchCount(const Cluster& cluster) {
    return static_cast<Index>(cluster.switches.size());
}

void addLink(Cluster& cluster, LinkKind kind, Index a, Index b, Index cables) {
    cluster.links.a.push_back(a);
    cluster.links.b.push_back(b);
    cluster.links.kind.push_back(kind);
    cluster.links.cables.push_back(static_cast<std::uint16_t>(cables));
}

/// First leaf of a pod; leaves are spread evenly over the pods of their plane.
Index podStart(const RailPlane& plane, Index pod) {
    return static_cast<Index>(std::uint64_t{pod} * plane.leaves.count / plane.pods);
}

/// Links a cluster may have beyond those of its GPUs, so that a strange fabric cannot ask for all memory.
constexpr std::uint64_t kMaxSwitchLinks = 32'000'000;

/// NVLink domains of an island and the link of every GPU to its own.
void addNvlinkDomains(Cluster& cluster, Index islandIndex) {
    const Island& island = cluster.islands[islandIndex];
    const auto size = static_cast<Index>(island.rackType.nvlinkDomainGpus);
    Index hall = kNone;
    Index number = 0;
    for (Index r = island.racks.first; r < island.racks.end(); ++r) {
        const Rack& rack = cluster.racks[r];
        if (rack.hall != hall) {
            hall = rack.hall;
            number = 0;
        }
        for (Index first = 0; first < rack.gpus.count; first += size) {
            const Index here = switchCount(cluster);
            cluster.switches.push_back({Tier::NvSwitch, islandIndex, hall, 0, number++});
            const Index last = std::min(first + size, rack.gpus.count);
            for (Index i = first; i < last; ++i) {
                const Index gpu = rack.gpus.first + i;
                cluster.links.b[gpu] = cluster.gpuCount + here;
            }
        }
    }
}

/// Leaves and spines of one rail of one hall, and the NIC links of its GPUs.
void addRailPlane(Cluster& cluster, Index hallIndex, Index rail) {
    const Hall& hall = cluster.halls[hallIndex];
    const scenario::FabricType& fabric = cluster.islands[hall.island].fabric;
    const auto rails = static_cast<Index>(fabric.rails);
    const auto downPorts = static_cast<Index>(fabric.leafDownPorts);
    const auto spinePorts = static_cast<Index>(fabric.spinePorts);
    const Index firstLeaf = switchCount(cluster);
    Index onThisRail = 0;
    for (Index r = hall.racks.first; r < hall.racks.end(); ++r) {
        const Rack& rack = cluster.racks[r];
        for (Index i = rail; i < rack.gpus.count; i += rails) {
            const Index leaf = firstLeaf + onThisRail++ / downPorts;
            cluster.links.b[cluster.gpuCount + rack.gpus.first + i] = cluster.gpuCount + leaf;
        }
    }
    RailPlane plane;
    plane.hall = hallIndex;
    plane.rail = static_cast<std::uint16_t>(rail);
    plane.leaves = {firstLeaf, ceilDiv(onThisRail, downPorts)};
    for (Index i = 0; i < plane.leaves.count; ++i) {
        cluster.switches.push_back({Tier::Leaf, hall.island, hallIndex, plane.rail, i});
    }
    plane.pods = std::max(Index{1}, ceilDiv(plane.leaves.count, spinePorts));
    plane.spines.first = switchCount(cluster);
    const Index uplinks = uplinksOf(fabric.leafDownPorts, fabric.leafOversubscription);
    for (Index pod = 0; pod < plane.pods; ++pod) {
        plane.spines.count +=
            ceilDiv((podStart(plane, pod + 1) - podStart(plane, pod)) * uplinks, spinePorts);
    }
    for (Index i = 0; i < plane.spines.count; ++i) {
        cluster.switches.push_back({Tier::Spine, hall.island, hallIndex, plane.rail, i});
    }
    cluster.railPlanes.push_back(plane);
}

/// Every leaf of a pod to every spine of it; a remainder of uplinks rotates from leaf to leaf so that no
/// spine takes more than its ports.
void linkLeavesToSpines(Cluster& cluster, const RailPlane& plane) {
    const scenario::FabricType& fabric = cluster.islands[cluster.halls[plane.hall].island].fabric;
    const Index uplinks = uplinksOf(fabric.leafDownPorts, fabric.leafOversubscription);
    Index firstSpine = plane.spines.first;
    for (Index pod = 0; pod < plane.pods; ++pod) {
        const Index firstLeaf = plane.leaves.first + podStart(plane, pod);
        const Index endLeaf = plane.leaves.first + podStart(plane, pod + 1);
        const Index spines = ceilDiv((endLeaf - firstLeaf) * uplinks, static_cast<Index>(fabric.spinePorts));
        Index next = 0;
        for (Index leaf = firstLeaf; leaf < endLeaf; ++leaf) {
            const Index extra = uplinks % spines;
            for (Index s = 0; s < spines; ++s) {
                const Index cables = uplinks / spines + ((s + spines - next) % spines < extra ? 1 : 0);
                if (cables > 0) {
                    addLink(cluster, LinkKind::LeafSpine, cluster.gpuCount + leaf,
                            cluster.gpuCount + firstSpine + s, cables);
                }
            }
            next = (next + extra) % spines;
        }
        firstSpine += spines;
    }
}

/// Spine uplinks dealt round robin over the island's cores.
void linkSpinesToCores(Cluster& cluster, Index islandIndex, Range cores) {
    const scenario::FabricType& fabric = cluster.islands[islandIndex].fabric;
    const Index uplinks = uplinksOf(fabric.spinePorts, fabric.spineOversubscription);
    Index next = 0;
    for (const RailPlane& plane : cluster.railPlanes) {
        if (cluster.halls[plane.hall].island != islandIndex) {
            continue;
        }
        for (Index s = plane.spines.first; s < plane.spines.end(); ++s) {
            const Index distinct = std::min(uplinks, cores.count);
            for (Index i = 0; i < distinct; ++i) {
                const Index core = cores.first + (next + i) % cores.count;
                const Index cables = uplinks / distinct + (i < uplinks % distinct ? 1 : 0);
                addLink(cluster, LinkKind::SpineCore, cluster.gpuCount + s, cluster.gpuCount + core, cables);
            }
            next = (next + uplinks) % cores.count;
        }
    }
}

/// An upper bound of the links between switches, trunks apart.
std::uint64_t switchLinks(const Cluster& cluster, const std::vector<Range>& cores) {
    std::uint64_t count = 0;
    for (const RailPlane& plane : cluster.railPlanes) {
        const Index island = cluster.halls[plane.hall].island;
        const scenario::FabricType& fabric = cluster.islands[island].fabric;
        const Index up = uplinksOf(fabric.leafDownPorts, fabric.leafOversubscription);
        const Index coreUp = uplinksOf(fabric.spinePorts, fabric.spineOversubscription);
        const Index podSpines = ceilDiv(plane.spines.count, plane.pods);
        count += std::uint64_t{plane.leaves.count} * std::min(up, podSpines + 1);
        count += std::uint64_t{plane.spines.count} * std::min(coreUp, cores[island].count);
    }
    return count;
}

double portBytesPerS(const scenario::FabricType& fabric) {
    return fabric.linkBytesPerS.value * fabric.effectiveThroughput.value;
}

void addHallGroups(Cluster& cluster, const std::vector<Range>& cores) {
    for (const RailPlane& plane : cluster.railPlanes) {
        const Index islandIndex = cluster.halls[plane.hall].island;
        const scenario::FabricType& fabric = cluster.islands[islandIndex].fabric;
        LinkGroup group;
        group.kind = LinkKind::LeafSpine;
        group.island = islandIndex;
        group.hallA = group.hallB = plane.hall;
        group.rail = plane.rail;
        group.cables = plane.leaves.count * uplinksOf(fabric.leafDownPorts, fabric.leafOversubscription);
        group.bytesPerS = group.cables * portBytesPerS(fabric);
        group.latencyS = fabric.hopLatencyS.value;
        group.name = "Hall " + std::to_string(plane.hall + 1) + " rail " + std::to_string(plane.rail + 1) +
                     ", leaf to spine";
        cluster.linkGroups.push_back(group);
    }
    for (Index h = 0; h < cluster.halls.size(); ++h) {
        const Index islandIndex = cluster.halls[h].island;
        if (cores[islandIndex].count == 0) {
            continue;
        }
        const scenario::FabricType& fabric = cluster.islands[islandIndex].fabric;
        LinkGroup group;
        group.kind = LinkKind::SpineCore;
        group.island = islandIndex;
        group.hallA = h;
        group.rail = 0xffff;
        for (const RailPlane& plane : cluster.railPlanes) {
            if (plane.hall == h) {
                group.cables +=
                    plane.spines.count * uplinksOf(fabric.spinePorts, fabric.spineOversubscription);
            }
        }
        group.bytesPerS = group.cables * portBytesPerS(fabric);
        group.latencyS = fabric.hopLatencyS.value;
        group.name = "Hall " + std::to_string(h + 1) + ", spine to core";
        cluster.linkGroups.push_back(group);
    }
}

Index islandNamed(std::span<const scenario::Island> specs, const std::string& id) {
    const auto found = std::ranges::find(specs, id, &scenario::Island::id);
    return found == specs.end() ? kNone : static_cast<Index>(found - specs.begin());
}

Diagnostics addTrunk(Cluster& cluster, const scenario::Trunk& trunk, std::span<const scenario::Island> specs,
                     const std::vector<Range>& cores) {
    const Index a = islandNamed(specs, trunk.from);
    const Index b = islandNamed(specs, trunk.to);
    for (const auto& [index, id] : {std::pair{a, trunk.from}, std::pair{b, trunk.to}}) {
        if (index == kNone) {
            return failure("cluster \"" + cluster.id + "\": a trunk ends at island \"" + id +
                               "\", which is not there",
                           "name one of the cluster's islands");
        }
    }
    if (a == b) {
        return failure("cluster \"" + cluster.id + "\": a trunk from island \"" + trunk.from + "\" to itself",
                       "halls of one island meet in its core; remove the trunk");
    }
    const scenario::FabricType& fabricA = cluster.islands[a].fabric;
    const scenario::FabricType& fabricB = cluster.islands[b].fabric;
    const double portRate = std::min(fabricA.linkBytesPerS.value, fabricB.linkBytesPerS.value);
    const double cables = std::ceil(trunk.bytesPerS.value / portRate);
    const Index pairs = std::min(cores[a].count, cores[b].count);
    if (!(cables >= 1) || cables > 65535.0 * pairs) {
        return failure("cluster \"" + cluster.id + "\": the trunk from \"" + trunk.from + "\" to \"" +
                           trunk.to + "\" has a bandwidth that no bundle of cables gives",
                       "state the bandwidth of the whole bundle, for example \"102 Tbit/s\"");
    }
    const auto total = static_cast<Index>(cables);
    for (Index i = 0; i < std::min(pairs, total); ++i) {
        addLink(cluster, LinkKind::Trunk, cluster.gpuCount + cores[a].first + i,
                cluster.gpuCount + cores[b].first + i, total / pairs + (i < total % pairs ? 1 : 0));
    }
    LinkGroup group;
    group.kind = LinkKind::Trunk;
    group.island = a;
    group.islandB = b;
    group.rail = 0xffff;
    group.cables = total;
    group.bytesPerS = trunk.bytesPerS.value *
                      std::min(fabricA.effectiveThroughput.value, fabricB.effectiveThroughput.value);
    group.latencyS = trunk.latencyS.value;
    group.name = "Trunk " + cluster.islands[a].name + " to " + cluster.islands[b].name;
    cluster.linkGroups.push_back(group);
    return {};
}

/// Islands that no chain of trunks joins to the first one.
Diagnostics checkConnected(const Cluster& cluster) {
    std::vector<Index> root(cluster.islands.size());
    std::iota(root.begin(), root.end(), Index{0});
    const auto find = [&root](Index i) {
        while (root[i] != i) {
            i = root[i] = root[root[i]];
        }
        return i;
    };
    for (const LinkGroup& group : cluster.linkGroups) {
        if (group.kind == LinkKind::Trunk) {
            root[find(group.island)] = find(group.islandB);
        }
    }
    for (Index i = 1; i < root.size(); ++i) {
        if (find(i) != find(0)) {
            return failure("cluster \"" + cluster.id +
                               "\": a fabric that does not connect: no trunk joins \"" +
                               cluster.islands[i].name + "\" with \"" + cluster.islands[0].name + '"',
                           "add a trunk between the two islands");
        }
    }
    return {};
}

} // namespace

Diagnostics buildFabric(Cluster& cluster, std::span<const scenario::Island> islandSpecs,
                        std::span<const scenario::Trunk> trunks) {
    const Index n = cluster.gpuCount;
    Links& links = cluster.links;
    links.a.resize(2 * std::size_t{n});
    std::iota(links.a.begin(), links.a.begin() + n, Index{0});
    std::iota(links.a.begin() + n, links.a.end(), Index{0});
    links.b.resize(2 * std::size_t{n});
    links.kind.assign(n, LinkKind::NvLink);
    links.kind.resize(2 * std::size_t{n}, LinkKind::Nic);
    links.cables.assign(2 * std::size_t{n}, 1);

    std::vector<Range> cores(cluster.islands.size());
    for (Index i = 0; i < cluster.islands.size(); ++i) {
        const Island& island = cluster.islands[i];
        const scenario::FabricType& fabric = island.fabric;
        addNvlinkDomains(cluster, i);
        Index spines = 0;
        Index podsPerRail = 0;
        for (Index hall = island.halls.first; hall < island.halls.end(); ++hall) {
            for (Index rail = 0; rail < static_cast<Index>(fabric.rails); ++rail) {
                addRailPlane(cluster, hall, rail);
                spines += cluster.railPlanes.back().spines.count;
                podsPerRail += rail == 0 ? cluster.railPlanes.back().pods : 0;
            }
        }
        if (podsPerRail > 1 || cluster.islands.size() > 1) {
            const Index uplinks = uplinksOf(fabric.spinePorts, fabric.spineOversubscription);
            cores[i] = {switchCount(cluster),
                        ceilDiv(spines * uplinks, 2 * static_cast<Index>(fabric.spinePorts))};
            for (Index c = 0; c < cores[i].count; ++c) {
                cluster.switches.push_back({Tier::Core, i, kNone, 0, c});
            }
        }
    }
    const std::uint64_t extraLinks = switchLinks(cluster, cores);
    if (extraLinks > kMaxSwitchLinks) {
        return failure("cluster \"" + cluster.id + "\": its fabric has " + std::to_string(extraLinks) +
                           " links between switches, more than " + std::to_string(kMaxSwitchLinks),
                       "use switches with more ports, or fewer halls and rails");
    }
    const std::size_t capacity = links.size() + extraLinks + 1024;
    links.a.reserve(capacity);
    links.b.reserve(capacity);
    links.kind.reserve(capacity);
    links.cables.reserve(capacity);
    for (const RailPlane& plane : cluster.railPlanes) {
        linkLeavesToSpines(cluster, plane);
    }
    for (Index i = 0; i < cluster.islands.size(); ++i) {
        if (cores[i].count > 0) {
            linkSpinesToCores(cluster, i, cores[i]);
        }
    }
    addHallGroups(cluster, cores);
    for (const scenario::Trunk& trunk : trunks) {
        if (Diagnostics errors = addTrunk(cluster, trunk, islandSpecs, cores); !errors.empty()) {
            return errors;
        }
    }
    return checkConnected(cluster);
}

} // namespace atlas::cluster
