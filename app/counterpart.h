// What a part of one pane is in the other: by its name, else by its place.
#pragma once

#include "model/cluster/cluster.h"
#include "scenes/scene.h"

namespace atlas::app {

struct Counterpart {
    scenes::Target target;
    bool sameName = false; ///< else the same share of the way through the cluster, counted in GPUs
};

/// The counterpart of a hall, row, rack, GPU, switch or bundle of links of `from` in `to`; no target where
/// there is none: switches and bundles are matched by name only.
[[nodiscard]] Counterpart counterpartOf(scenes::Target target, const cluster::Cluster& from,
                                        const cluster::Cluster& to);

} // namespace atlas::app
