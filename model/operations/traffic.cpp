#include "model/operations/traffic.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;

/// A part of the floor seen from its uplinks: members in it, how many such parts share the bundle, how wide
/// the block of consecutive GPUs is that the part covers, and how many rails of it the bundle carries.
struct Part {
    double members = 0;
    double parts = 1;
    double block = 0;
    double domain = 1;    ///< GPUs of an NVLink domain
    double stageGpus = 1; ///< consecutive GPUs of a pipeline stage there
    double rails = 1;     ///< rails of the fabric
    bool oneRail = false; ///< the bundle carries one of them
};

class Volumes {
public:
    Volumes(const StepShape& shape, const StepVolumes& volumes)
        : m_volumes(volumes)
        , m_layout(shape.anatomy.layout)
        , m_members(shape.members())
        , m_acrossClasses(shape.classes.size() > 1 &&
                          shape.anatomy.placement != training::Placement::ClassStages) {}

    /// Bytes of the gradient exchange that leave the part in a step.
    [[nodiscard]] double reduceBytes(const Part& part) const {
        return groupsLeaving(part, m_layout.tp) * m_volumes.denseGradient +
               groupsLeaving(part, static_cast<double>(m_layout.tp) * m_layout.ep) * m_volumes.expertGradient;
    }
    /// Bytes of the micro-batches that leave the part in a step.
    [[nodiscard]] double insideBytes(const Part& part) const {
        if (part.block >= m_members) {
            return 0;
        }
        const double next = m_layout.pp > 1 ? std::min(1.0, part.stageGpus / part.block) : 0;
        return part.members *
               (m_volumes.expertExchange * shareOfCopiesLeaving(part) + m_volumes.pipeline * next);
    }
    /// Between islands replicas exchange nothing before the gradients, unless the pipeline runs through both.
    [[nodiscard]] double insideBytesOfTrunk(const Part& part) const {
        return m_acrossClasses ? 0 : part.stageGpus * m_volumes.pipeline;
    }

private:
    /// Of all copies of a token, those that leave the part: distinct domains reached by uniform choices, and
    /// of these the ones beyond the part.
    [[nodiscard]] double shareOfCopiesLeaving(const Part& part) const {
        const double span = static_cast<double>(m_layout.ep) * m_layout.tp;
        if (span <= part.block || span <= part.domain) {
            return 0;
        }
        const double domains = std::ceil(span / part.domain);
        const double reached = (domains - 1) * (1 - std::pow(1 - 1 / domains, m_volumes.expertCopies));
        const double beyond = (1 - part.block / span) / (1 - part.domain / span);
        return reached / m_volumes.expertCopies * std::min(1.0, beyond);
    }
    /// Groups with members both inside and outside of each of the parts, summed over the parts; a stage has
    /// `ofStage` groups.
    [[nodiscard]] double groupsLeaving(const Part& part, double ofStage) const {
        if (part.block >= m_members) {
            return 0;
        }
        // Stages that lie wholly inside stay inside, but for one across the edge; unless another class has
        // members too.
        const double stagesInside = std::max(1.0, part.block / part.stageGpus);
        const double stages = m_acrossClasses ? stagesInside : 1;
        const double here = part.oneRail ? std::max(1.0, stages * ofStage / part.rails) : stages * ofStage;
        return part.parts * std::min(here, part.members / part.parts);
    }

    const StepVolumes& m_volumes;
    const training::Layout& m_layout;
    double m_members;
    bool m_acrossClasses;
};

double membersIn(const StepShape& shape, cluster::Range gpus) {
    double sum = 0;
    for (const MemberClass& each : shape.classes) {
        sum += each.countIn(gpus);
    }
    return sum;
}

Part partOf(const cluster::Cluster& cluster, const StepShape& shape, const cluster::LinkGroup& group) {
    const scenario::FabricType& fabric = cluster.islands[group.island].fabric;
    Part part;
    part.rails = fabric.rails;
    part.domain = cluster.islands[group.island].rackType.nvlinkDomainGpus;
    const auto own = std::ranges::find(shape.classes, group.island, &MemberClass::island);
    part.stageGpus = own == shape.classes.end() ? 1 : own->stageGpus();
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
        const bool trunk = group.kind == cluster::LinkKind::Trunk;
        double inside = 0;
        if (part.members > 0) {
            inside = trunk ? bytes.insideBytesOfTrunk(part) : bytes.insideBytes(part);
        }
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
