// One model served to one kind of request: what every class of GPU is asked the same.
#pragma once

#include "model/serving/batching.h"

namespace atlas::serving {

/// Who waits for whom: one queue in front of all replicas, or requests dealt out to them on arrival.
enum class PromptRouting { SharedQueue, QueueEach };

/// References must outlive it; made anew for every question.
struct Service {
    const ModelShape& shape;
    const scenario::Transformer& model;
    scenario::Precision precision = scenario::Precision::Fp8;
    RequestMix mix;
    const scenario::ServingEngine& engine;
    const ServingConstants& constants;
    PromptRouting routing = PromptRouting::SharedQueue;
};

/// A replica of the service on `pool`.
[[nodiscard]] inline Replica replicaOf(const Service& s, const training::Pool& pool,
                                       const Arithmetic& arithmetic, const ReplicaLayout& layout) {
    return {pool, s.shape, s.model.hidden, s.model.layers, arithmetic, layout, s.constants, s.engine};
}

} // namespace atlas::serving
