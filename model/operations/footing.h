// How a job stands on the floor, and what is left of it when some GPUs are out.
#pragma once

#include "model/cluster/address.h"
#include "model/operations/step_shape.h"

#include <vector>

namespace atlas::operations {

/// GPUs that are out, as ranges in order, none touching another.
using OutRanges = std::vector<cluster::Range>;

/// The GPUs of a part that failed. A bundle of links takes its hall with it, a trunk the smaller of its
/// islands.
[[nodiscard]] OutRanges outOf(const cluster::Cluster& cluster, cluster::Part part);
/// Joins ranges that may overlap and stand in any order.
[[nodiscard]] OutRanges joined(OutRanges ranges);
[[nodiscard]] bool isOut(const OutRanges& out, cluster::Index gpu);

/// What runs in spite of what is out.
struct Standing {
    double capacity = 1; ///< replicas that run, of the layout's, weighted by their tokens
    struct Class {
        cluster::Index replaced = 0; ///< members that idle GPUs stand in for
        double lostReplicas = 0;
    };
    std::vector<Class> classes; ///< as in the shape; empty: nothing is out
};

/// Only GPUs of one NVLink domain make up a tensor-parallel group, so what is left of a domain counts in
/// whole groups. Idle groups of the island stand in for lost ones; what they cannot make good costs whole
/// replicas.
class Footing {
public:
    Footing(const cluster::Cluster& cluster, const StepShape& shape, scenario::Month month);

    [[nodiscard]] Standing standing(const OutRanges& out) const;
    /// Whether the failure of a part stops the job: it has a GPU that works, for itself or for another one,
    /// and was not out already.
    [[nodiscard]] bool hits(cluster::Part part, const OutRanges& out, const Standing& now) const;
    /// Whether a part has a member.
    [[nodiscard]] bool uses(cluster::Part part) const { return hits(part, {}, {}); }
    /// GPUs of a class in one replica.
    [[nodiscard]] double gpusPerReplica(std::size_t memberClass) const {
        return m_classes[memberClass].perReplica;
    }
    /// Idle GPUs in whole groups.
    [[nodiscard]] cluster::Index spares(std::size_t memberClass) const {
        return m_classes[memberClass].spares;
    }

private:
    struct Class {
        cluster::Range pool; ///< GPUs of the island with power
        MemberClass members;
        cluster::Index domain = 1;
        cluster::Index group = 1; ///< GPUs that stay together in a domain
        double perReplica = 1;
        double replicas = 1;
        double tokens = 1;
        cluster::Index spares = 0;
        [[nodiscard]] cluster::Range domainOf(cluster::Index gpu) const;
        [[nodiscard]] cluster::Index usable(cluster::Index gpus) const { return gpus / group * group; }
    };
    const cluster::Cluster* m_cluster;
    std::vector<Class> m_classes;
    bool m_inStages = false; ///< every replica has GPUs of every class
};

} // namespace atlas::operations
