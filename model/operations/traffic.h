// What a step puts on each bundle of links: bytes by the layout, load by the time there is to move them.
#pragma once

#include "model/operations/step_shape.h"

#include <vector>

namespace atlas::operations {

/// What one GPU sends over the scale-out network in a step, bytes, before asking how far it goes.
struct StepVolumes {
    double denseGradient = 0;     ///< gradients plus weights of the dense part that this GPU holds
    double expertGradient = 0;    ///< the same of its experts
    double expertExchange = 0;    ///< all-to-all of tokens, every copy counted
    double expertCopies = 1;      ///< experts a token goes to; a domain gets one copy for all of its own
    double pipeline = 0;          ///< activations and their gradients to the next stages
    bool everyMicroBatch = false; ///< fully sharded: weights and gradients move in every micro-batch
};

/// Loads of the link groups of a cluster, 0..1 of capacity: during the micro-batches, and while gradients are
/// exchanged. `reduceWindowS` is how long that exchange takes: the exposed part, or longer where the
/// narrowest bundle needs longer and hides behind the backward pass.
struct LinkTraffic {
    std::vector<float> inside;
    std::vector<float> reduce;
    double reduceWindowS = 0;
};

/// Hierarchical or ring exchange: from any part of the floor (leaf, hall, island) each data-parallel group
/// with members inside and outside sends its gradient bytes once out of that part. A pipeline stage is a
/// block of consecutive GPUs, its data-parallel groups lie in the block and, where classes share replicas, in
/// the block of the other class. Expert groups are consecutive too: they leave a part by the share of the
/// group that does not fit.
[[nodiscard]] LinkTraffic trafficOf(const cluster::Cluster& cluster, const StepShape& shape,
                                    const StepVolumes& volumes);

} // namespace atlas::operations
