// What several GPUs are doing, in words: for tooltips, cards and the legend of whatever is coloured by it.
#pragma once

#include "scenes/colouring.h"
#include "scenes/scene.h"

namespace atlas::scenes {

/// The states of a range of GPUs, the most frequent first and the worst in any case: "waiting 58, computing
/// 6".
[[nodiscard]] QString stateCounts(const operations::Frame& frame, const cluster::Range& gpus);

/// As everything here takes them; null: not known.
using Conditions = std::shared_ptr<const operations::GpuConditions>;

/// Adds how many GPUs there are, of which class, what they do, how busy and warm they are, what they draw and
/// lose. GPUs of one hall.
void describeGroup(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                   const cluster::Range& gpus, const Conditions& conditions);
/// Title and rows of one GPU.
void describeGpu(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                 cluster::Index gpu, const Conditions& conditions);

/// Adds what the colours mean. `frame` is null where the cluster is without power.
void addColouring(Legend& legend, const cluster::Cluster& cluster, const operations::Frame* frame,
                  const Colouring& colouring, const Theme& theme);

} // namespace atlas::scenes
