// The fabric as a matrix, a square a link: of every hall, its leaves down and the spines of its rails across,
// the cores below the spines; of every pair of islands, its trunk. Analytic like the layers, and without a
// limit: no line crosses another.
#pragma once

#include "model/cluster/cluster.h"

#include <QRectF>

#include <optional>
#include <vector>

namespace atlas::scenes {

/// Links of one group: a rail of a hall (leaf to spine), its part of the hall's uplinks (spine to core), a
/// trunk.
struct MatrixTile {
    cluster::LinkKind kind = cluster::LinkKind::LeafSpine;
    cluster::Index group = cluster::kNone; ///< in Cluster::linkGroups
    cluster::Index hall = cluster::kNone;
    cluster::Index plane = cluster::kNone; ///< in Cluster::railPlanes
    QRectF rect;                           ///< world units: a square is 1 x 1
    int columns = 1, lines = 1;
    /// Cables of a square, 0 where there is no link; from fine to coarse, halved each time with the most of
    /// four kept. [0] has columns * lines of them.
    std::vector<std::vector<std::uint8_t>> cables;
    /// First link of each line (leaf to spine) or column (spine to core); a trunk's links one after another.
    std::vector<cluster::Index> firstLink;
};

struct MatrixHall {
    cluster::Index hall = 0;
    QRectF rect;          ///< its tiles
    cluster::Range tiles; ///< in MatrixLayout::tiles
};

struct MatrixIsland {
    cluster::Index island = 0;
    QRectF rect;          ///< its halls, without its title
    cluster::Range halls; ///< in MatrixLayout::halls
};

struct MatrixLayout {
    std::vector<MatrixTile> tiles;
    std::vector<MatrixHall> halls;
    std::vector<MatrixIsland> islands;
    QRectF bounds;
    double captionRoom = 0; ///< above a hall and a trunk; twice that above an island
    int mostCables = 1;     ///< of any square between leaf and spine
};

[[nodiscard]] MatrixLayout makeMatrixLayout(const cluster::Cluster& cluster);

/// What stands at a place of the world.
struct MatrixHit {
    std::size_t tile = 0;
    int column = 0, line = 0;
};
/// Nothing between tiles.
[[nodiscard]] std::optional<MatrixHit> hitAt(const MatrixLayout& layout, QPointF world);
/// The link of a square, the first where it stands for several (uplinks to a group of cores); kNone where
/// there is none.
[[nodiscard]] cluster::Index linkAt(const cluster::Cluster& cluster, const MatrixTile& tile, int column,
                                    int line);

} // namespace atlas::scenes
