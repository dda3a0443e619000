// Communication inside a replica: tensor-parallel reductions and the exchange of tokens with experts.
#pragma once

#include "model/serving/replica.h"

namespace atlas::serving {

/// What the rooflines need to know of a replica.
struct Replica {
    const training::Pool& pool;
    const ModelShape& shape;
    int hidden = 0;
    int layers = 0;
    Arithmetic arithmetic;
    ReplicaLayout layout;
    const ServingConstants& constants;
    const scenario::ServingEngine& engine;
};

enum class Phase { Prefill, Decode };

/// A transfer: wire time a token, and what it takes however small it is.
struct LinkTime {
    double tokenS = 0;
    double latencyS = 0;
};

/// A tensor-parallel all-reduce of hidden vectors. Ring: 2 (n - 1) / n of the bytes over NVLink; across
/// NVLink domains a hierarchical one, each GPU reducing its share of the vector over its own NIC (Thakur et
/// al. 2005).
[[nodiscard]] LinkTime allReduceTime(const Replica& replica);

/// Sending a token to its experts and back, one layer: copies inside the NVLink domain, and over the NIC one
/// copy a remote node (at most nodeLimit, NVLink carries it on) in prefill, one copy a remote expert in
/// decode, where the forwarding hop would cost more than it saves (the two kinds of kernels of DeepEP). The
/// latency is that of one dispatch or combine.
[[nodiscard]] LinkTime expertExchangeTime(const Replica& replica, Phase phase);

/// Handing a micro-batch from one pipeline stage to the next.
[[nodiscard]] LinkTime stageTime(const Replica& replica);

} // namespace atlas::serving
