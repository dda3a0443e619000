// The replica of one GPU at one instant, for the inspector.
#pragma once

#include <cstdint>
#include <string>

namespace atlas::operations {

enum class ReplicaState : std::uint8_t {
    None, ///< the GPU is in no replica
    Serving,
    Resting, ///< demand does not need it
    Out      ///< broken or restarting
};

struct ServingDetail {
    ReplicaState state = ReplicaState::None;
    std::int64_t replica = -1; ///< counted within its island
    int gpus = 0;
    std::string layout;     ///< "EP16 TP2"
    double sequences = 0;   ///< answers being written
    double places = 0;      ///< sequences at once
    double waiting = 0;     ///< requests that have no place
    double promptShare = 0; ///< of its time, reading prompts
    double requestsPerS = 0;
    double tokensPerS = 0;  ///< output
    double speed = 1;       ///< of a sound one
    double firstTokenS = 0; ///< p95 of interactive requests in its class of GPU
    double tokenS = 0;      ///< a token of an answer, now
    /// What one GPU slower by a share costs: the service loses that share of this replica's part of the
    /// tokens; a synchronous run would lose that share of everything.
    double partOfTokens = 0; ///< this replica's part of what the cluster can serve
};

/// Share of the output lost while one GPU runs slower by `lost` (0..1): by a service of replicas, as its
/// replica goes at the pace of its slowest GPU and the others go on, and by a synchronous run that waits for
/// it.
struct SlowGpuCost {
    double serving = 0;
    double training = 0;
};
[[nodiscard]] inline SlowGpuCost slowGpuCost(const ServingDetail& replica, double lost) {
    return {lost * replica.partOfTokens, lost};
}

} // namespace atlas::operations
