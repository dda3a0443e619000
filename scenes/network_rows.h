// The network rows of halls: leaves and spines as a row along the lower wall, rail by rail. How many there
// are is the cluster's; where they stand in the real halls is not published.
#pragma once

#include "model/cluster/cluster.h"
#include "model/operations/frame.h"
#include "scenes/camera.h"
#include "scenes/theme.h"

#include <QPainter>
#include <QRectF>
#include <QString>

#include <vector>

namespace atlas::scenes {

/// The leaves or the spines of one rail.
struct SwitchBlock {
    cluster::Range switches; ///< in Cluster::switches, side by side from the left
    cluster::Tier tier = cluster::Tier::Leaf;
    cluster::Index group = cluster::kNone; ///< their link group, leaf to spine
    QRectF rect;                           ///< metres
    [[nodiscard]] QRectF rectOf(cluster::Index number) const;
};

struct NetworkRow {
    cluster::Index hall = 0;
    QRectF rect; ///< metres
    std::vector<SwitchBlock> blocks;
};

/// One row a hall that has leaves or spines.
[[nodiscard]] std::vector<NetworkRow> makeNetworkRows(const cluster::Cluster& cluster);

/// The switch at a point in metres; kNone where none stands.
[[nodiscard]] cluster::Index switchAt(const std::vector<NetworkRow>& rows, QPointF world);
/// Where a switch stands, metres; empty where it is in no row (cores, NVLink domains).
[[nodiscard]] QRectF switchRect(const std::vector<NetworkRow>& rows, cluster::Index number);

/// "rail 3 · 108 leaves".
[[nodiscard]] QString switchBlockName(const cluster::Cluster& cluster, const SwitchBlock& block);

/// A switch drawn this wide can be told from the next one and picked, device-independent pixels.
inline constexpr double kSwitchPx = 3;

/// Where a row is drawn, device-independent pixels: never thinner than a line.
[[nodiscard]] QRectF drawnRow(const NetworkRow& row, const Camera& camera, const Viewport& viewport);

/// Colour = load of the rail, leaves above, spines half as high; a rail that is down in the colour of a
/// fault. Without a frame there is no load. Single switches where they are kSwitchPx wide.
void paintNetworkRow(QPainter& painter, const NetworkRow& row, const operations::Frame* frame,
                     const Camera& camera, const Viewport& viewport, const Theme& theme);

} // namespace atlas::scenes
