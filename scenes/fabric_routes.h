// Ways through the fabric as it is laid out: along the middle lines of its ribbons.
#pragma once

#include "model/cluster/cluster.h"
#include "scenes/fabric_layout.h"

#include <QPointF>

#include <vector>

namespace atlas::scenes {

/// Appends the middle line of a ribbon, from its lower end upwards or back: x follows y in a smooth step.
void appendRibbon(const FabricRibbon& ribbon, bool upwards, std::vector<QPointF>& out);

/// The way from the NVLink domain of one GPU to that of another: in their hall through its spines, in their
/// island through the cores, else through the trunk. World units.
[[nodiscard]] std::vector<QPointF> fabricRoute(const cluster::Cluster& cluster, const FabricLayout& layout,
                                               cluster::Index fromGpu, cluster::Index toGpu);

} // namespace atlas::scenes
