#include "model/operations/step_painter.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;
constexpr Index kBlock = StepMembers::kBlock;

constexpr auto kComputing = static_cast<std::int32_t>(GpuState::Computing);
constexpr auto kCommunicating = static_cast<std::int32_t>(GpuState::Communicating);
constexpr auto kWaiting = static_cast<std::int32_t>(GpuState::Waiting);

/// Per-GPU inputs of the phase, filled run by run: all GPUs of a tensor-parallel group do the same at the
/// same time, and all of a pipeline stage have their bubble in the same places.
struct PhaseInputs {
    std::array<float, kBlock> startIdleS, midIdleS, busyBefore, offset;
};

void fillInputs(const StepMembers& members, const ClassLaw& law, Index first, Index count, PhaseInputs& in) {
    const Index rank = law.members.rankOf(first);
    const auto stages = static_cast<Index>(law.stages.size());
    Index leftInGroup = 0;
    Index leftInStage = law.stageRun - rank % law.stageRun;
    Index stage = std::min(rank / law.stageRun, stages - 1);
    float offset = 0;
    for (Index i = 0; i < count; ++i) {
        if (leftInStage == 0) {
            stage = std::min(stage + 1, stages - 1);
            leftInStage = law.stageRun;
        }
        if (leftInGroup == 0) {
            leftInGroup = law.tensorGroup - (rank + i) % law.tensorGroup;
            offset = members.phaseOf((rank + i) / law.tensorGroup);
        }
        const StageTiming& timing = law.stages[stage];
        in.startIdleS[i] = timing.startIdleS;
        in.midIdleS[i] = timing.midIdleS;
        in.busyBefore[i] = timing.busyBefore;
        in.offset[i] = offset;
        --leftInGroup;
        --leftInStage;
    }
}

/// Members [first, first + count) of one class into states; the sum of their waits in this step.
std::uint64_t paintBlock(const StepMembers& members, const ClassLaw& law, const StepInstant& at, Index first,
                         Index count, std::uint8_t* state) {
    std::array<float, kBlock> finishS;
    members.draw(law, first, count, finishS.data());
    const float barrierS = members.barrierS();
    const float units = kWaitUnits / barrierS;
    std::uint32_t waits = 0; // at most kBlock * 2^23 units
    for (Index i = 0; i < count; ++i) {
        const float waitS = barrierS - (finishS[i] - law.bubbleS);
        waits += static_cast<std::uint32_t>(static_cast<std::int32_t>(waitS * units + 0.5f));
    }
    const float sinceBarrierS = at.sinceStartS - barrierS;
    if (sinceBarrierS >= 0) {
        std::fill(state, state + count,
                  static_cast<std::uint8_t>(sinceBarrierS < at.reduceS ? kCommunicating : kComputing));
        return waits;
    }
    PhaseInputs in;
    fillInputs(members, law, first, count, in);
    // Locals only: bytes may alias anything, and the compiler shall do several at once.
    const float bubbleS = law.bubbleS;
    const float communicateS = law.communicateS;
    const float sinceStartS = at.sinceStartS;
    const float cycles = at.microBatches;
    std::array<std::int32_t, kBlock> states;
    for (Index i = 0; i < count; ++i) {
        const float workS = finishS[i] - bubbleS;
        const float computeS = workS - communicateS;
        const float sinceS = sinceStartS - in.startIdleS[i];
        const float firstPartS = in.busyBefore[i] * workS;
        const bool late = sinceS >= firstPartS + in.midIdleS[i];
        const float doneS = late ? sinceS - in.midIdleS[i] : sinceS;
        const bool busy = (sinceS >= 0) & (late | (sinceS < firstPartS)) & (doneS < workS);
        // Every micro-batch computes, then communicates what does not hide; groups are out of step.
        const float positive = doneS > 0 ? doneS : 0.0f;
        const float cycle = positive / workS * cycles + in.offset[i];
        const float within = cycle - static_cast<float>(static_cast<std::int32_t>(cycle));
        const std::int32_t working = within * workS < computeS ? kComputing : kCommunicating;
        states[i] = busy ? working : kWaiting;
    }
    for (Index i = 0; i < count; ++i) {
        state[i] = static_cast<std::uint8_t>(states[i]);
    }
    return waits;
}

} // namespace

PaintSums& PaintSums::operator+=(const PaintSums& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] += other.counts[i];
    }
    return *this;
}

RackSummary summarise(const Frame& frame, const cluster::Rack& rack,
                      std::array<std::uint32_t, kStateCount>& counts) {
    // Four interleaved tallies: a run of equal states would otherwise wait for its own last increment.
    std::array<std::array<std::uint32_t, 16>, 4> tally{};
    std::uint32_t utilisation = 0;
    const std::uint8_t* state = frame.state.data() + rack.gpus.first;
    const std::uint8_t* busy = frame.utilisation.data() + rack.gpus.first;
    for (Index i = 0; i < rack.gpus.count; ++i) {
        ++tally[i % 4][state[i]];
        utilisation += busy[i];
    }
    RackSummary summary;
    std::uint32_t most = 0;
    int worst = -1;
    for (std::size_t s = 0; s < kStateCount; ++s) {
        const std::uint32_t count = tally[0][s] + tally[1][s] + tally[2][s] + tally[3][s];
        if (count == 0) {
            continue;
        }
        counts[s] += count;
        const auto each = static_cast<GpuState>(s);
        if (count > most) {
            most = count;
            summary.dominant = each;
        }
        if (severity(each) > worst) {
            worst = severity(each);
            summary.worst = each;
            summary.worstCount = static_cast<std::uint8_t>(std::min(count, 255u));
        }
    }
    summary.meanUtilisation =
        static_cast<std::uint8_t>((utilisation + rack.gpus.count / 2) / rack.gpus.count);
    return summary;
}

std::uint64_t paintMembers(std::uint8_t* state, const StepMembers& members, const StepInstant& instant,
                           Index first, Index end) {
    std::uint64_t waits = 0;
    for (const ClassLaw& law : members.laws()) {
        law.members.forRuns(first, end, kBlock, [&](Index at, Index count) {
            waits += paintBlock(members, law, instant, at, count, state + at);
        });
    }
    const Index culprit = members.culprit();
    if (instant.sinceStartS < members.barrierS() && culprit >= first && culprit < end) {
        state[culprit] = static_cast<std::uint8_t>(GpuState::Culprit);
    }
    return waits;
}

void paintMembers(std::uint8_t* state, const StepShape& shape, GpuState all, Index first, Index end) {
    for (const MemberClass& each : shape.classes) {
        each.forRuns(first, end, each.gpus.count, [&](Index at, Index count) {
            std::fill_n(state + at, count, static_cast<std::uint8_t>(all));
        });
    }
}

void paintIdle(std::uint8_t* state, const cluster::Cluster& cluster, scenario::Month month, Index firstRack,
               Index endRack) {
    for (Index r = firstRack; r < endRack; ++r) {
        const cluster::Rack& rack = cluster.racks[r];
        const GpuState all = rack.poweredFrom <= month ? GpuState::Idle : GpuState::Unpowered;
        std::fill_n(state + rack.gpus.first, rack.gpus.count, static_cast<std::uint8_t>(all));
    }
}

PaintSums summariseRacks(Frame& frame, const cluster::Cluster& cluster, Index firstRack, Index endRack) {
    PaintSums sums;
    std::array<std::uint8_t, kStateCount> utilisation;
    for (std::size_t s = 0; s < kStateCount; ++s) {
        utilisation[s] = trainingUtilisation(static_cast<GpuState>(s));
    }
    for (Index r = firstRack; r < endRack; ++r) {
        const cluster::Rack& rack = cluster.racks[r];
        for (Index i = rack.gpus.first; i < rack.gpus.end(); ++i) {
            frame.utilisation[i] = utilisation[frame.state[i]];
        }
        frame.racks[r] = summarise(frame, rack, sums.counts);
    }
    return sums;
}

GpuState stateOf(const StepMembers& members, const ClassLaw& law, const StepInstant& instant, Index gpu) {
    if (gpu == members.culprit() && instant.sinceStartS < members.barrierS()) {
        return GpuState::Culprit;
    }
    std::uint8_t state = 0;
    (void)paintBlock(members, law, instant, gpu, 1, &state);
    return static_cast<GpuState>(state);
}

} // namespace atlas::operations
