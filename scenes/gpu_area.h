// The GPUs of the floor inside a box or a lasso.
#pragma once

#include "model/cluster/cluster.h"

#include <QPolygonF>

#include <vector>

namespace atlas::scenes {

/// GPUs whose middle lies inside `world` (metres, odd-even rule), as sorted ranges that do not touch. Halls
/// and racks that lie whole inside or outside are not looked into: a large lasso costs little more than a
/// small one.
[[nodiscard]] std::vector<cluster::Range> gpusInside(const cluster::Cluster& cluster, const QPolygonF& world);

} // namespace atlas::scenes
