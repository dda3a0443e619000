// A cluster built to the last GPU and link: structure of arrays, index-linked, deterministic. Immutable once
// built.
//
// GPUs are numbered hall by hall, row by row, rack by rack, tray by tray: every unit of the hierarchy owns a
// contiguous range of GPU indices.
#pragma once

#include "model/scenario/scenario.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace atlas::cluster {

using Index = std::uint32_t;
inline constexpr Index kNone = 0xffffffffu;

struct Range {
    Index first = 0;
    Index count = 0;
    [[nodiscard]] Index end() const { return first + count; }
    [[nodiscard]] bool contains(Index i) const { return i >= first && i - first < count; }
};

/// A rectangle on the floor in metres, y down.
struct Rect {
    double x = 0, y = 0, w = 0, h = 0;
    [[nodiscard]] bool contains(double px, double py) const {
        return px >= x && py >= y && px < x + w && py < y + h;
    }
};

/// Stands for "not within any tranche": the rack stays without power.
inline constexpr scenario::Month kNeverPowered{std::numeric_limits<int>::max()};

struct Rack {
    Range gpus;
    Index hall = 0;
    Index row = 0;
    float x = 0, y = 0, w = 0, h = 0; ///< on the floor, metres
    std::uint16_t columns = 8;        ///< GPUs are drawn columns x lines inside the rack, tray by tray
    std::uint16_t lines = 8;
    scenario::Month poweredFrom;
    std::string label() const; ///< "1-203-7": hall, row, position (filled from the three numbers below)
    std::uint16_t hallNumber = 0, rowNumber = 0, position = 0;
};

/// A row of racks; Colossus 1 calls eight racks an array.
struct Row {
    Range racks;
    Index hall = 0;
    Rect rect;
};

/// How rows stand in a hall: `columns` rows side by side, line under line, two lines sharing a hot aisle.
/// The floor is regular, so that a point is found without a search.
struct HallGrid {
    Index columns = 1;
    double x = 0, y = 0;   ///< corner of the first rack, metres
    double rackW = 0;      ///< pitch of racks in a row
    double rackH = 0;      ///< depth of a row
    double rowPitch = 0;   ///< from row to row in a line
    double pairPitch = 0;  ///< from line 0 to line 2
    double secondLine = 0; ///< from line 0 to line 1
    [[nodiscard]] double lineY(Index line) const {
        return y + (line / 2) * pairPitch + (line % 2) * secondLine;
    }
};

struct Hall {
    std::string name; ///< "Hall 4, A100 island"
    Range rows, racks, gpus;
    Index island = 0;
    Rect rect;
    HallGrid grid;
    [[nodiscard]] Rect content() const; ///< the racks without the walls' clearance
};

struct Island {
    std::string name;
    Range halls, racks, gpus;
    std::uint8_t gpuClass = 0; ///< index in Cluster::gpuClasses
    scenario::RackType rackType;
    scenario::FabricType fabric;
};

enum class Tier : std::uint8_t { NvSwitch, Leaf, Spine, Core };

/// A switch. An NvSwitch entry stands for the whole NVLink domain.
struct Switch {
    Tier tier = Tier::Leaf;
    Index island = 0;
    Index hall = kNone; ///< kNone for cores
    std::uint16_t rail = 0;
    Index number = 0; ///< within its tier and hall
};

enum class LinkKind : std::uint8_t { NvLink, Nic, LeafSpine, SpineCore, Trunk };

/// Links as parallel arrays. Ends below gpuCount are GPUs; gpuCount + i is switch i.
/// Parallel cables between the same two switches are one entry with `cables` > 1.
struct Links {
    std::vector<Index> a, b;
    std::vector<LinkKind> kind;
    std::vector<std::uint16_t> cables;
    [[nodiscard]] std::size_t size() const { return a.size(); }
    /// Links are sorted by kind: NvLink (one a GPU, in the order of GPUs), Nic (the same), LeafSpine,
    /// SpineCore, Trunk.
    [[nodiscard]] Range ofKind(LinkKind wanted) const;
};

/// One rail of one hall: its leaves and spines. Leaves stand in pods small enough that every leaf of a pod
/// reaches every spine of it; pods and halls meet in the island's cores.
struct RailPlane {
    Index hall = 0;
    std::uint16_t rail = 0;
    Range leaves; ///< switch indices
    Range spines; ///< switch indices
    Index pods = 1;
};

/// A bundle of links drawn and loaded as one: what the fabric scene shows from afar.
struct LinkGroup {
    LinkKind kind = LinkKind::Nic;
    Index island = 0;
    Index islandB = kNone;              ///< other end of a trunk
    Index hallA = kNone, hallB = kNone; ///< ends; kNone stands for the island's core
    std::uint16_t rail = 0;             ///< 0xffff: all rails
    std::uint32_t cables = 0;
    double bytesPerS = 0; ///< capacity of the bundle, one direction, after effective throughput
    double latencyS = 0;
    std::string name; ///< "Hall 2 rail 3, leaf to spine"
};

struct Cluster {
    std::string id;
    std::string name;
    std::vector<scenario::GpuClass> gpuClasses;
    std::vector<Island> islands;
    std::vector<Hall> halls;
    std::vector<Row> rows;
    std::vector<Rack> racks;
    std::vector<Switch> switches; ///< island by island: NVLink domains, leaves and spines, cores
    Links links;
    std::vector<RailPlane> railPlanes; ///< hall by hall, rail by rail
    std::vector<LinkGroup> linkGroups; ///< a hall's rails (leaf to spine), halls (spine to core), trunks
    Index gpuCount = 0;
    Rect bounds; ///< the campus

    // Where a GPU is; O(log n) or O(1), no per-GPU tables needed.
    [[nodiscard]] Index rackOf(Index gpu) const;
    [[nodiscard]] Index hallOf(Index gpu) const { return racks[rackOf(gpu)].hall; }
    [[nodiscard]] Index islandOf(Index gpu) const { return halls[hallOf(gpu)].island; }
    [[nodiscard]] std::uint8_t classOf(Index gpu) const { return islands[islandOf(gpu)].gpuClass; }
    [[nodiscard]] Index trayOf(Index gpu) const; ///< tray number within its rack
    [[nodiscard]] Range nvlinkDomainOf(Index gpu) const;
    [[nodiscard]] Index nvSwitchOf(Index gpu) const { return links.b[gpu] - gpuCount; }
    [[nodiscard]] Index leafOf(Index gpu) const { return links.b[gpuCount + gpu] - gpuCount; }
    [[nodiscard]] std::string switchLabel(Index number) const; ///< "Hall 2, rail 3, leaf 17"
    [[nodiscard]] Rect gpuRect(Index gpu) const;               ///< on the floor, metres
    [[nodiscard]] Index gpuAt(double x, double y) const;       ///< kNone between racks
    [[nodiscard]] Index rackAt(double x, double y) const;
    [[nodiscard]] std::string gpuLabel(Index gpu) const; ///< "rack 1-203-7, tray 4, GPU 5"
    [[nodiscard]] Index gpusPoweredBy(scenario::Month month) const;
    [[nodiscard]] double itPowerW() const; ///< sum of TDP and host share
};

/// Builds every hall, row, rack, GPU, switch and link. Errors: a class, rack or fabric that is not in the
/// catalogue; zero or absurd counts; islands without a trunk between them ("a fabric that does not connect").
[[nodiscard]] Result<std::shared_ptr<const Cluster>> buildCluster(const scenario::Scenario& scenario,
                                                                  const scenario::Cluster& spec);

} // namespace atlas::cluster
