// What several GPUs are doing, in words: for tooltips, cards and the legend of whatever is coloured by it.
#pragma once

#include "scenes/floor_cells.h"
#include "scenes/scene.h"

namespace atlas::scenes {

/// The states of a range of GPUs, the most frequent first: "waiting 58, computing 6".
[[nodiscard]] QString stateCounts(const operations::Frame& frame, const cluster::Range& gpus);

/// Adds how many GPUs there are, of which class, what they do and how busy they are.
void describeGroup(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                   const cluster::Range& gpus);
/// Title and rows of one GPU.
void describeGpu(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                 cluster::Index gpu);

/// Adds what the colours mean. `frame` is null where the cluster is without power.
void addColouring(Legend& legend, const cluster::Cluster& cluster, const operations::Frame* frame,
                  ColourBy by, const Theme& theme);

} // namespace atlas::scenes
