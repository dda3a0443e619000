#include "model/cluster/cluster.h"

#include <algorithm>
#include <cmath>

namespace atlas::cluster {

namespace {

std::string hallNumber(Index hall) {
    return "Hall " + std::to_string(hall + 1);
}

} // namespace

std::string Rack::label() const {
    return std::to_string(hallNumber) + '-' + std::to_string(rowNumber) + '-' + std::to_string(position);
}

Rect Hall::content() const {
    const double wallX = grid.x - rect.x;
    const double wallY = grid.y - rect.y;
    return {grid.x, grid.y, rect.w - 2 * wallX, rect.h - 2 * wallY};
}

Range Links::ofKind(LinkKind wanted) const {
    const auto [first, last] = std::ranges::equal_range(kind, wanted);
    return {static_cast<Index>(first - kind.begin()), static_cast<Index>(last - first)};
}

Index Cluster::rackOf(Index gpu) const {
    // Every rack of an island is full but its last one.
    const Island* island = islands.data();
    while (!island->gpus.contains(gpu)) {
        ++island;
    }
    return island->racks.first +
           (gpu - island->gpus.first) / static_cast<Index>(island->rackType.gpusPerRack());
}

Index Cluster::trayOf(Index gpu) const {
    const Rack& rack = racks[rackOf(gpu)];
    const auto perTray = static_cast<Index>(islands[halls[rack.hall].island].rackType.gpusPerTray);
    return (gpu - rack.gpus.first) / perTray;
}

Range Cluster::nvlinkDomainOf(Index gpu) const {
    const Rack& rack = racks[rackOf(gpu)];
    const auto size = static_cast<Index>(islands[halls[rack.hall].island].rackType.nvlinkDomainGpus);
    const Index first = rack.gpus.first + (gpu - rack.gpus.first) / size * size;
    return {first, std::min(size, rack.gpus.end() - first)};
}

Rect Cluster::gpuRect(Index gpu) const {
    const Rack& rack = racks[rackOf(gpu)];
    const Index local = gpu - rack.gpus.first;
    const double w = static_cast<double>(rack.w) / rack.columns;
    const double h = static_cast<double>(rack.h) / rack.lines;
    return {static_cast<double>(rack.x) + local % rack.columns * w,
            static_cast<double>(rack.y) + local / rack.columns * h, w, h};
}

Index Cluster::rackAt(double x, double y) const {
    for (const Hall& hall : halls) {
        if (!hall.content().contains(x, y)) {
            continue;
        }
        const HallGrid& grid = hall.grid;
        const double pairs = std::floor((y - grid.y) / grid.pairPitch);
        double below = y - grid.y - pairs * grid.pairPitch;
        Index line = static_cast<Index>(pairs) * 2;
        if (below >= grid.secondLine) {
            below -= grid.secondLine;
            ++line;
        }
        const auto column = static_cast<Index>((x - grid.x) / grid.rowPitch);
        const Index row = line * grid.columns + column;
        if (below >= grid.rackH || row >= hall.rows.count) {
            return kNone;
        }
        const auto position = static_cast<Index>((x - grid.x - column * grid.rowPitch) / grid.rackW);
        const Range& inRow = rows[hall.rows.first + row].racks;
        return position < inRow.count ? inRow.first + position : kNone;
    }
    return kNone;
}

Index Cluster::gpuAt(double x, double y) const {
    const Index index = rackAt(x, y);
    if (index == kNone) {
        return kNone;
    }
    const Rack& rack = racks[index];
    const auto cell = [](double offset, double size, Index cells) {
        const double at = std::max(0.0, offset / size * cells);
        return std::min(static_cast<Index>(at), cells - 1);
    };
    const Index column = cell(x - static_cast<double>(rack.x), static_cast<double>(rack.w), rack.columns);
    const Index line = cell(y - static_cast<double>(rack.y), static_cast<double>(rack.h), rack.lines);
    const Index local = line * rack.columns + column;
    return local < rack.gpus.count ? rack.gpus.first + local : kNone;
}

std::string Cluster::gpuLabel(Index gpu) const {
    const Rack& rack = racks[rackOf(gpu)];
    const auto perTray = static_cast<Index>(islands[halls[rack.hall].island].rackType.gpusPerTray);
    const Index local = gpu - rack.gpus.first;
    return "rack " + rack.label() + ", tray " + std::to_string(local / perTray + 1) + ", GPU " +
           std::to_string(local % perTray + 1);
}

std::string Cluster::switchLabel(Index number) const {
    const Switch& s = switches[number];
    const std::string which = ' ' + std::to_string(s.number + 1);
    switch (s.tier) {
    case Tier::NvSwitch:
        return hallNumber(s.hall) + ", NVLink domain" + which;
    case Tier::Leaf:
        return hallNumber(s.hall) + ", rail " + std::to_string(s.rail + 1) + ", leaf" + which;
    case Tier::Spine:
        return hallNumber(s.hall) + ", rail " + std::to_string(s.rail + 1) + ", spine" + which;
    case Tier::Core:
        break;
    }
    return islands[s.island].name + ", core" + which;
}

Index Cluster::gpusPoweredBy(scenario::Month month) const {
    Index count = 0;
    for (const Rack& rack : racks) {
        count += rack.poweredFrom <= month ? rack.gpus.count : 0;
    }
    return count;
}

double Cluster::itPowerW() const {
    double power = 0;
    for (const Island& island : islands) {
        const scenario::GpuClass& gpu = gpuClasses[island.gpuClass];
        power += island.gpus.count * (gpu.tdpW.value + gpu.hostOverheadW.value);
    }
    return power;
}

} // namespace atlas::cluster
