#include "model/operations/traffic.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;

/// A part of the floor seen from its uplinks: members in it, how many such parts share the bundle, how wide
/// the block of consecutive GPUs is that the part covers, and how many rails of it the bundle carries.
struct Part {
    double members = 0;
    double parts = 1;
    double block = 0;
    double rails = 1;     ///< rails of the fabric
    bool oneRail = false; ///< the bundle carries one of them
};

class Volumes {
public:
    Volumes(const StepShape& shape, const StepVolumes& volumes)
        : m_volumes(volumes)
        , m_layout(shape.anatomy.layout)
        , m_members(shape.members()) {}

    /// Bytes of the gradient exchange that leave the part in a step.
    [[nodiscard]] double reduceBytes(const Part& part) const {
        const double dense = static_cast<double>(m_layout.tp) * m_layout.pp;
        return groupsLeaving(part, dense) * m_volumes.denseGradient +
               groupsLeaving(part, dense * m_layout.ep) * m_volumes.expertGradient;
    }
    /// Bytes of the micro-batches that leave the part in a step.
    [[nodiscard]] double insideBytes(const Part& part) const {
        if (part.block >= m_members) {
            return 0;
        }
        const double span = static_cast<double>(m_layout.ep) * m_layout.tp * m_layout.pp;
        const double outside = std::max(0.0, 1 - part.block / std::max(1.0, span));
        const double next = static_cast<double>(m_layout.tp) * m_layout.cp;
        const double crossing = m_layout.pp > 1 ? std::min(1.0, next / part.block) : 0;
        return part.members * (m_volumes.expertExchange * outside + m_volumes.pipeline * crossing);
    }

private:
    /// Groups of `distinct` that have members both inside and outside each of the parts, summed over parts.
    [[nodiscard]] double groupsLeaving(const Part& part, double distinct) const {
        if (part.block >= m_members || m_members <= distinct) {
            return 0;
        }
        const double here = part.oneRail ? std::max(1.0, distinct / part.rails) : distinct;
        return part.parts * std::min(here, part.members / part.parts);
    }

    const StepVolumes& m_volumes;
    const training::Layout& m_layout;
    double m_members;
};

double membersIn(const StepShape& shape, cluster::Range gpus) {
    double sum = 0;
    for (const MemberClass& each : shape.classes) {
        const Index first = std::max(each.gpus.first, gpus.first);
        const Index end = std::min(each.gpus.end(), gpus.end());
        sum += end > first ? end - first : 0;
    }
    return sum;
}

Part partOf(const cluster::Cluster& cluster, const StepShape& shape, const cluster::LinkGroup& group) {
    const scenario::FabricType& fabric = cluster.islands[group.island].fabric;
    Part part;
    part.rails = fabric.rails;
    if (group.kind == cluster::LinkKind::Trunk) {
        const double a = membersIn(shape, cluster.islands[group.island].gpus);
        const double b = membersIn(shape, cluster.islands[group.islandB].gpus);
        part.members = part.block = std::min(a, b);
        return part;
    }
    const double inHall = membersIn(shape, cluster.halls[group.hallA].gpus);
    if (group.kind == cluster::LinkKind::LeafSpine) {
        part.oneRail = true;
        part.members = inHall / fabric.rails;
        part.parts = std::max(1.0, part.members / fabric.leafDownPorts);
        part.block = std::min(inHall, static_cast<double>(fabric.leafDownPorts) * fabric.rails);
    } else {
        part.members = inHall;
        const auto plane = std::ranges::find(cluster.railPlanes, group.hallA, &cluster::RailPlane::hall);
        part.parts = plane == cluster.railPlanes.end() ? 1 : plane->pods;
        part.block = inHall / part.parts;
    }
    return part;
}

} // namespace

LinkTraffic trafficOf(const cluster::Cluster& cluster, const StepShape& shape, const StepVolumes& volumes) {
    const Volumes bytes(shape, volumes);
    const double insideS = std::max(1e-9, shape.nominalS() - shape.tailS());
    const double repeats = volumes.everyMicroBatch ? shape.microBatches : 1;
    LinkTraffic traffic;
    std::vector<double> reduceS;
    for (const cluster::LinkGroup& group : cluster.linkGroups) {
        const Part part = partOf(cluster, shape, group);
        double inside = part.members > 0 ? bytes.insideBytes(part) : 0;
        const double reduce = part.members > 0 ? repeats * bytes.reduceBytes(part) : 0;
        inside += volumes.everyMicroBatch ? reduce : 0;
        traffic.inside.push_back(static_cast<float>(std::min(1.0, inside / group.bytesPerS / insideS)));
        reduceS.push_back(volumes.everyMicroBatch ? 0 : reduce / group.bytesPerS);
    }
    const double narrowest = reduceS.empty() ? 0 : std::ranges::max(reduceS);
    traffic.reduceWindowS = std::max(shape.reduceS, narrowest);
    for (const double needed : reduceS) {
        const double share = traffic.reduceWindowS > 0 ? needed / traffic.reduceWindowS : 0;
        traffic.reduce.push_back(static_cast<float>(share));
    }
    return traffic;
}

} // namespace atlas::operations
