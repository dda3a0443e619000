#include "model/operations/replica_map.h"

#include <algorithm>

namespace atlas::operations {

using cluster::Index;

ReplicaMap::ReplicaMap(cluster::Range gpus, Index size, Index domain)
    : m_gpus(gpus)
    , m_size(size) {
    if (size == 0) {
        return;
    }
    const Index whole = std::max<Index>(1, domain);
    if (size <= whole) {
        m_block = whole;
        m_each = whole / size;
        m_replicas = gpus.count / whole * m_each + gpus.count % whole / size;
    } else {
        m_block = (size + whole - 1) / whole * whole;
        m_replicas = gpus.count / m_block;
    }
}

cluster::Range ReplicaMap::gpusOf(Index replica) const {
    return {m_gpus.first + replica / m_each * m_block + replica % m_each * m_size, m_size};
}

Index ReplicaMap::replicaOf(Index gpu) const {
    if (m_size == 0 || !m_gpus.contains(gpu)) {
        return cluster::kNone;
    }
    const Index at = gpu - m_gpus.first;
    const Index inBlock = at % m_block / m_size;
    const Index replica = at / m_block * m_each + inBlock;
    return inBlock < m_each && replica < m_replicas ? replica : cluster::kNone;
}

} // namespace atlas::operations
