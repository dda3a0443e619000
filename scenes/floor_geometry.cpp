#include "scenes/floor_geometry.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kSameEdgeM = 1e-3; // racks whose edges differ by less stand in one line

void addEdge(std::vector<double>& edges, double at) {
    const auto next = std::lower_bound(edges.begin(), edges.end(), at - kSameEdgeM);
    if (next == edges.end() || *next > at + kSameEdgeM)
        edges.insert(next, at);
}

HallGridView gridOf(const cluster::Cluster& cluster, cluster::Index hall) {
    const auto& range = cluster.halls[hall].racks;
    HallGridView grid;
    grid.hall = hall;
    grid.rect = cluster.halls[hall].rect;
    for (cluster::Index r = range.first; r < range.end(); ++r) {
        const auto& rack = cluster.racks[r];
        addEdge(grid.rackX, static_cast<double>(rack.x));
        addEdge(grid.rackY, static_cast<double>(rack.y));
        grid.rackW = std::max(grid.rackW, static_cast<double>(rack.w));
        grid.rackH = std::max(grid.rackH, static_cast<double>(rack.h));
        grid.columns = std::max(grid.columns, static_cast<int>(rack.columns));
        grid.lines = std::max(grid.lines, static_cast<int>(rack.lines));
    }
    grid.racks.assign(grid.rackX.size() * grid.rackY.size(), cluster::kNone);
    for (cluster::Index r = range.first; r < range.end(); ++r) {
        const auto& rack = cluster.racks[r];
        const std::size_t x = unitOf(grid.rackX, static_cast<double>(rack.x));
        const std::size_t y = unitOf(grid.rackY, static_cast<double>(rack.y));
        grid.racks[y * grid.rackX.size() + x] = r;
    }
    return grid;
}

} // namespace

std::size_t unitOf(const std::vector<double>& edges, double at) {
    const auto found = std::lower_bound(edges.begin(), edges.end(), at - kSameEdgeM);
    return static_cast<std::size_t>(found - edges.begin());
}

std::shared_ptr<const FloorGeometry> makeFloorGeometry(std::shared_ptr<const cluster::Cluster> cluster) {
    auto geometry = std::make_shared<FloorGeometry>();
    geometry->cluster = std::move(cluster);
    double smallest = 1e9;
    for (cluster::Index h = 0; h < geometry->cluster->halls.size(); ++h) {
        if (geometry->cluster->halls[h].racks.count == 0)
            continue;
        geometry->halls.push_back(gridOf(*geometry->cluster, h));
        const auto& grid = geometry->halls.back();
        smallest = std::min({smallest, grid.rackW / grid.columns, grid.rackH / grid.lines});
    }
    if (!geometry->halls.empty())
        geometry->smallestCell = smallest;
    return geometry;
}

} // namespace atlas::scenes
