// The fabric of a cluster as a graph for other programs (GraphML): halls, rails, spines and cores as nodes,
// bundles of links as edges.
#pragma once

#include "model/operations/frame.h"

#include <QByteArray>

namespace atlas::app {

/// GraphML with, on every node, tier, island, hall, rail, number of switches and of GPUs; on every edge,
/// name, kind, cables, capacity (bytes/s, one direction), latency (s) and, where there is a frame, load
/// (0..1). Parallel cables and switches are aggregated as the fabric scene draws them.
[[nodiscard]] QByteArray fabricGraphMl(const cluster::Cluster& cluster, const operations::Frame* frame);

} // namespace atlas::app
