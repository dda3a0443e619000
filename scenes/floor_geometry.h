// The floor of a cluster as regular grids, one a hall: racks stand in columns and lines, so a pixel finds its
// GPU through two small tables, one along x and one along y. Built once a cluster.
#pragma once

#include "model/cluster/cluster.h"

#include <memory>
#include <vector>

namespace atlas::scenes {

/// The racks of one hall on a grid. All racks of a hall are alike.
struct HallGridView {
    cluster::Index hall = 0;
    cluster::Rect rect;                ///< the hall with its walls, metres
    std::vector<double> rackX;         ///< left edges of the grid's columns, ascending, metres
    std::vector<double> rackY;         ///< upper edges of the grid's lines
    double rackW = 0, rackH = 0;       ///< metres
    int columns = 1, lines = 1;        ///< GPUs in a rack
    std::vector<cluster::Index> racks; ///< [rackY.size() * rackX.size()], kNone where no rack stands
    [[nodiscard]] cluster::Index rackAt(std::size_t x, std::size_t y) const {
        return racks[y * rackX.size() + x];
    }
};

struct FloorGeometry {
    std::shared_ptr<const cluster::Cluster> cluster;
    std::vector<HallGridView> halls; ///< those that have racks
    double smallestCell = 1;         ///< shorter side of the smallest GPU cell, metres
};

/// The column (or line) of a grid whose edge is at `metres`.
[[nodiscard]] std::size_t unitOf(const std::vector<double>& edges, double metres);

[[nodiscard]] std::shared_ptr<const FloorGeometry>
makeFloorGeometry(std::shared_ptr<const cluster::Cluster> cluster);

} // namespace atlas::scenes
