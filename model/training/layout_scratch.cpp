#include "model/training/layout_scratch.h"

#include <algorithm>

namespace atlas::training {

namespace {

/// Whether layouts differ in nothing but chunks and recompute.
bool alike(const Layout& a, const Layout& b) {
    return a.tp == b.tp && a.pp == b.pp && a.cp == b.cp && a.ep == b.ep && a.dp == b.dp &&
           a.microBatch == b.microBatch && a.globalBatch == b.globalBatch &&
           a.sequenceParallel == b.sequenceParallel && a.sharding == b.sharding && a.fsdpGroup == b.fsdpGroup;
}

/// The data network as the group of one pipeline stage sees it: replicas live in one pool each, so a pool
/// holds its p-th part of the group, whatever the distance.
Fabric ofOneStage(const Lane& lane, int stages) {
    Fabric fabric = lane.dataFabric;
    const double inPool = lane.poolGpus / stages;
    for (int l = 0; l + 1 < fabric.levels; ++l) {
        double& reach = fabric.reach[static_cast<std::size_t>(l)];
        reach = std::min(reach, inPool);
    }
    return fabric;
}

} // namespace

StepParts stepPartsOn(const Setup& setup, const Lane& lane, const ModelShape& model, const Layout& layout) {
    const Calibration& c = *setup.calibration;
    if (lane.poolGpus > 0) {
        return stepPartsOf(lane.device, lane.fabric, ofOneStage(lane, layout.pp), model, lane.work, layout,
                           c);
    }
    return stepPartsOf(lane.device, lane.fabric, lane.dataFabric, model, lane.work, layout, c);
}

LayoutScratch::Kept& LayoutScratch::keptFor(std::size_t lane, const Layout& layout) {
    Kept& kept = m_kept[lane];
    if (!alike(kept.layout, layout)) {
        kept.layout = layout;
        kept.memoryKnown = kept.stepKnown = false;
    }
    return kept;
}

const std::array<std::int64_t, kMaxLanes>* LayoutScratch::replicas(const Layout& layout) {
    if (!m_spreadKnown || !alike(m_spreadOf, layout)) {
        m_spreadOf = layout;
        m_replicas = {};
        m_spreads = spreadReplicas(m_setup, layout, m_replicas);
        m_spreadKnown = true;
    }
    return m_spreads ? &m_replicas : nullptr;
}

const MemoryParts& LayoutScratch::memoryParts(std::size_t lane, const Layout& layout) {
    Kept& kept = keptFor(lane, layout);
    if (!kept.memoryKnown) {
        kept.memory = memoryPartsOf(m_setup.model, m_setup.lanes[lane].work, layout);
        kept.memoryKnown = true;
    }
    return kept.memory;
}

const StepParts& LayoutScratch::stepParts(std::size_t lane, const Layout& layout) {
    Kept& kept = keptFor(lane, layout);
    if (!kept.stepKnown) {
        kept.step = stepPartsOn(m_setup, m_setup.lanes[lane], m_setup.model, layout);
        kept.stepKnown = true;
    }
    return kept.step;
}

} // namespace atlas::training
