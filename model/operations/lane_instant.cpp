#include "model/operations/lane_instant.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;

StepInstant instantOf(const StepLaw& law, float sinceStartS) {
    return {sinceStartS, static_cast<float>(law.reduceS), static_cast<float>(law.shape->microBatches)};
}

} // namespace

LaneInstant::LaneInstant(const JobCourse& job, std::size_t lane, double timeS)
    : m_lane(&job.lanes()[lane])
    , m_where(job.at(lane, timeS)) {
    if (!m_where.clock) {
        return;
    }
    const double sinceS = std::max(0.0, timeS - m_where.interval->startS);
    m_at = m_where.clock->at(sinceS);
    if (m_at.checkpoint) {
        return;
    }
    m_members.emplace(m_at.step, m_lane->book->speeds());
    m_heldUp = heldUpBy(*m_members);
    m_instant =
        instantOf(law(), static_cast<float>(std::clamp(sinceS - m_at.step.startS, 0.0, m_at.step.stepS)));
}

Phase LaneInstant::phase() const {
    return m_where.clock && m_at.checkpoint ? Phase::Checkpoint : m_where.interval->phase;
}

double LaneInstant::phaseStartS() const {
    return phase() == Phase::Checkpoint ? m_where.interval->startS + m_at.step.endS()
                                        : m_where.interval->startS;
}

double LaneInstant::phaseEndS() const {
    if (phase() == Phase::Checkpoint) {
        return std::min(m_where.interval->endS, phaseStartS() + m_lane->cadence.stallS);
    }
    return m_where.interval->endS;
}

const Event* slownessOf(const JobCourse::Where& where, const cluster::Cluster& cluster,
                        const StepMembers& members, Index gpu) {
    const Slowness& slowness = where.clock->slowness();
    const auto original = [&](std::uint32_t i) { return &where.schedule->events()[slowness.original[i]]; };
    if (const SlowMember* slow = members.slowOf(gpu)) {
        return original(slow->event);
    }
    for (const std::uint32_t wide : members.law().wide) {
        const Event& event = slowness.events[wide];
        if (event.component != Component::Bundle && gpusOf(cluster, event.part).contains(gpu)) {
            return original(wide);
        }
    }
    return nullptr;
}

Lateness latenessOf(const Lane& lane, const JobCourse::Where& where, const StepAt& at,
                    const StepMembers& members) {
    Lateness late;
    const Index culprit = members.culprit();
    const StepShape& healthy = lane.shape();
    const MemberClass& own = *healthy.classOf(culprit);
    const MemberClass& now = *at.law->shape->classOf(culprit);
    const StaticSpeeds& speeds = lane.book->speeds();
    const double bin = speeds.slowdown(speeds.binOf(culprit));
    const StepShape& uneven = *lane.book->healthy()->shape;
    const MemberClass& usual = *uneven.classOf(culprit);
    double meanS = 0;
    for (const MemberClass& each : healthy.classes) {
        meanS += each.count() * each.finishS() / lane.members;
    }
    double meanUnevenS = 0;
    for (const MemberClass& each : uneven.classes) {
        meanUnevenS += each.count() * each.finishS() / lane.members;
    }
    late.mismatchS = own.finishS() - meanS;
    late.staticS = own.computeS * (bin - 1);
    const SlowMember* slow = members.slowOf(culprit);
    const double nominal = slow != nullptr ? slow->nominalS() : now.fixedS() + now.computeS * bin;
    late.slowS = nominal - usual.fixedS() - usual.computeS * bin;
    late.stageS = (usual.computeS - own.computeS) * bin - (meanUnevenS - meanS);
    const double all = at.evenBarrierS() - at.law->barrier->meanFinishS(at.evenBarrierS()) / lane.members;
    late.jitterS = all - late.mismatchS - late.staticS - late.slowS - late.stageS;
    const StepLoad& load = at.law->load;
    if (!load.even()) {
        late.loadS = load.waitS(at.heaviest);
        late.pauses = load.pausedShare(load.quantile(at.heaviest)) > 0.5;
    }
    const double most =
        std::max({late.mismatchS, late.staticS, late.slowS, late.stageS, late.loadS, late.jitterS});
    late.cause = most == late.mismatchS ? Cause::ClassMismatch
                 : most == late.staticS ? Cause::StaticSpread
                 : most == late.stageS  ? Cause::LastStage
                 : most == late.loadS   ? (late.pauses ? Cause::Collection : Cause::Sequences)
                                        : Cause::Jitter;
    if (late.slowS > 0 && most == late.slowS) {
        const Event* event = slownessOf(where, lane.book->cluster(), members, culprit);
        const Component component = event != nullptr ? event->component : Component::Bundle;
        late.injection = event != nullptr ? event->injection : -1;
        late.cause = component == Component::Thermal || component == Component::Power ? Cause::Thermal
                     : component == Component::Host                                   ? Cause::SlowHost
                                                                                      : Cause::SlowLink;
        if (late.injection >= 0 || event == nullptr) { // bundles of links are slow by injection only
            late.cause = Cause::Injection;
        }
    }
    return late;
}

GpuState LaneInstant::stateOf(Index gpu) const {
    return stateOf(gpu, m_instant.sinceStartS);
}

GpuState LaneInstant::stateOf(Index gpu, float sinceStartS) const {
    const ClassLaw* law = m_members->lawOf(gpu);
    if (law == nullptr) {
        return GpuState::Idle;
    }
    StepInstant at = m_instant;
    at.sinceStartS = sinceStartS;
    if (sinceStartS < m_members->barrierS() && gpu != m_members->culprit()) {
        if (const HeldUp* held = holding(*m_members, m_heldUp, gpu)) {
            return heldUpState(*m_members, *held, at, gpu);
        }
    }
    return operations::stateOf(*m_members, *law, at, gpu);
}

void paintStanding(std::uint8_t* state, const cluster::Cluster& cluster, const LaneInstant& now, double timeS,
                   scenario::Month month) {
    const auto idle = static_cast<std::uint8_t>(GpuState::Idle);
    const Standing& standing = now.standing();
    const StepShape& shape = now.lane().shape();
    const bool works =
        now.phase() == Phase::Running || now.phase() == Phase::Checkpoint || now.phase() == Phase::Outer;
    const OutRanges out = now.where().schedule->outAt(timeS);
    const auto tp = static_cast<Index>(std::max(1, shape.anatomy.layout.tp));
    const auto cp = static_cast<Index>(std::max(1, shape.anatomy.layout.cp));
    for (std::size_t c = 0; works && c < standing.classes.size(); ++c) {
        const MemberClass& members = shape.classes[c];
        // Idle GPUs work in the place of those that are out; the last replicas stand still for the rest.
        const Index end = poweredOf(cluster, members.island, month).end();
        for (Index i = 0; i < standing.classes[c].replaced && members.whole.end() + i < end; ++i) {
            state[members.whole.end() + i] = state[members.whole.first + i];
        }
        const auto lost = static_cast<Index>(standing.classes[c].lostReplicas) * tp * cp;
        for (int s = 0; lost > 0 && s < members.stages; ++s) {
            const Index stage = static_cast<Index>(s) * members.stageGpus();
            for (Index rank = stage + members.stageGpus() - std::min(lost, members.stageGpus());
                 rank < stage + members.stageGpus(); ++rank) {
                state[members.gpuOf(rank)] = idle;
            }
        }
    }
    for (const cluster::Range gpus : out) {
        for (const MemberClass& members : shape.classes) {
            if (members.countIn(gpus) == 0) {
                continue;
            }
            // The rest of a tensor-parallel group is of no use without them.
            const Index first = members.rankOf(std::max(gpus.first, members.gpus.first)) / tp * tp;
            const Index last = members.rankOf(std::min(gpus.end(), members.gpus.end()) - 1) / tp * tp + tp;
            for (Index rank = first; works && rank < last && members.gpuOf(rank) < members.gpus.end();
                 ++rank) {
                state[members.gpuOf(rank)] = idle;
            }
        }
        for (Index gpu = gpus.first; gpu < gpus.end(); ++gpu) {
            if (state[gpu] != static_cast<std::uint8_t>(GpuState::Unpowered)) {
                state[gpu] = static_cast<std::uint8_t>(GpuState::Fault);
            }
        }
    }
}

} // namespace atlas::operations
