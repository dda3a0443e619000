// Where the replicas of an island stand: consecutive GPUs, none astride NVLink domains unless it spans whole
// ones.
#pragma once

#include "model/cluster/cluster.h"

namespace atlas::operations {

class ReplicaMap {
public:
    ReplicaMap() = default;
    /// `gpus`: those with power; `size`: GPUs of a replica, 0 where nothing serves; `domain`: GPUs of an
    /// NVLink domain.
    ReplicaMap(cluster::Range gpus, cluster::Index size, cluster::Index domain);

    [[nodiscard]] cluster::Index replicas() const { return m_replicas; }
    [[nodiscard]] cluster::Index size() const { return m_size; }
    [[nodiscard]] cluster::Range gpusOf(cluster::Index replica) const;
    /// kNone where the GPU is in no replica.
    [[nodiscard]] cluster::Index replicaOf(cluster::Index gpu) const;

private:
    cluster::Range m_gpus;
    cluster::Index m_size = 0;
    cluster::Index m_each = 1;  ///< replicas in a block
    cluster::Index m_block = 1; ///< GPUs of a domain, or of the whole domains that one replica spans
    cluster::Index m_replicas = 0;
};

} // namespace atlas::operations
