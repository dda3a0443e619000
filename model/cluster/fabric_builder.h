// Switches, links and bundles of a cluster whose halls and racks are laid out.
#pragma once

#include "model/cluster/cluster.h"

#include <span>

namespace atlas::cluster {

/// Fills switches, links, rail planes and link groups.
///
/// NVLink: one switch entry a domain, one link a GPU. Scale-out: GPU i of a rack is on rail i mod rails;
/// a leaf takes `leafDownPorts` GPUs of one rail of one hall and has leafDownPorts / leafOversubscription
/// uplinks; leaves stand in pods of at most `spinePorts`, and a pod has as many spines as its uplinks fill.
/// A spine has spinePorts / spineOversubscription uplinks to the island's cores (switches of 2 x spinePorts
/// ports), spread round robin so that each pod meets every core. Cores exist where there is more than one
/// pod a rail or more than one island. Trunk cables are spread over the cores of both ends.
/// Errors: a trunk between islands that are not there, with no bandwidth, or islands left unconnected.
[[nodiscard]] Diagnostics buildFabric(Cluster& cluster, std::span<const scenario::Island> islandSpecs,
                                      std::span<const scenario::Trunk> trunks);

} // namespace atlas::cluster
