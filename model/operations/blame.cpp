#include "model/operations/blame.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;

/// Where a rank stands in its class.
struct Place {
    std::size_t law = 0;
    Index rank = 0;
    Index stage = 0;   ///< of the class
    Index inStage = 0; ///< rank within the stage
};

Place placeOf(const StepMembers& members, Index gpu) {
    Place place;
    while (!members.laws()[place.law].members.isMember(gpu)) {
        ++place.law;
    }
    const ClassLaw& law = members.laws()[place.law];
    place.rank = law.members.rankOf(gpu);
    place.stage = std::min(place.rank / law.stageRun, static_cast<Index>(law.stages.size()) - 1);
    place.inStage = place.rank - place.stage * law.stageRun;
    return place;
}

/// Adds ranks [first, first + count) of a stage of the law's whole class, without those already in `out` and
/// without the culprit. Parts of a class under conditions of their own are laws of their own.
class Adder {
public:
    Adder(const StepMembers& members, std::vector<HeldUp>& out)
        : m_members(members)
        , m_out(out) {}

    void add(Group group, const ClassLaw& like, Index stage, Index first, Index count, bool upstream) {
        for (std::size_t l = 0; l < m_members.laws().size(); ++l) {
            const MemberClass& part = m_members.laws()[l].members;
            if (part.whole.first != like.members.whole.first) {
                continue;
            }
            const Index from = std::max(stage * like.stageRun + first, part.rankOf(part.gpus.first));
            const Index to = std::min(stage * like.stageRun + first + count, part.rankOf(part.gpus.end()));
            HeldUp held{
                group,   l, from, to > from ? to - from : 0, like.firstStage + static_cast<int>(stage),
                upstream};
            split(held, part.rankOf(m_members.culprit()), part.isMember(m_members.culprit()));
        }
    }

private:
    /// Around what is known already: all of one stage and innermost first, so that the known lies inside.
    void split(HeldUp held, Index culprit, bool mine) {
        const Index low = held.rank;
        const Index high = held.rank + held.count;
        Index innerLow = high;
        Index innerHigh = low;
        if (mine && culprit >= low && culprit < high) {
            innerLow = culprit;
            innerHigh = culprit + 1;
        }
        for (const HeldUp& known : m_out) {
            if (known.law == held.law && known.rank >= low && known.rank + known.count <= high) {
                innerLow = std::min(innerLow, known.rank);
                innerHigh = std::max(innerHigh, known.rank + known.count);
            }
        }
        const auto push = [&](Index from, Index to) {
            if (to > from) {
                held.rank = from;
                held.count = to - from;
                m_out.push_back(held);
            }
        };
        push(low, innerLow);
        push(std::max(innerHigh, innerLow), high);
    }

    const StepMembers& m_members;
    std::vector<HeldUp>& m_out;
};

/// The pace of a rank held up: when in the step it works and when it waits.
struct Pace {
    float startIdleS = 0, midIdleS = 0, busyBefore = 1;
    float workS = 0;    ///< of its own
    float computeS = 0; ///< of that
    float spanS = 0;    ///< the culprit's pace: work and waiting
};

Pace paceOf(const StepMembers& members, const HeldUp& held, const ClassLaw& law, float finishS) {
    const StageTiming& timing = law.stages[static_cast<std::size_t>(held.stage - law.firstStage)];
    Pace pace;
    pace.startIdleS = timing.startIdleS;
    pace.midIdleS = timing.midIdleS;
    pace.busyBefore = timing.busyBefore;
    pace.workS = finishS - law.bubbleS;
    pace.computeS = pace.workS - law.communicateS;
    pace.spanS = members.barrierS() - law.bubbleS;
    return pace;
}

/// A part of the step with `cycles` micro-batches in `spanS` seconds, of which `workS` are work. The last one
/// may be cut off: it has its share of the work and of the waiting.
GpuState inCycle(float sinceS, float spanS, float workS, float computeS, float cycles, Group group) {
    const auto number = static_cast<float>(static_cast<std::int32_t>(sinceS / spanS * cycles));
    const float withinS = sinceS - number * spanS / cycles;
    const float share = std::min(1.0f, cycles - number) / cycles;
    const float workedS = share * workS;
    const float computedS = std::min(computeS / cycles, workedS);
    if (withinS < computedS) {
        return GpuState::Computing;
    }
    // The tensor-parallel group waits before it communicates; the others get what they wait for afterwards.
    if (group == Group::Tensor) {
        const float waitS = share * (spanS - workS);
        return withinS < computedS + waitS ? GpuState::Waiting : GpuState::Communicating;
    }
    return withinS < workedS ? GpuState::Communicating : GpuState::Waiting;
}

GpuState stateAt(const Pace& pace, const HeldUp& held, const StepInstant& instant) {
    const float sinceS = instant.sinceStartS - pace.startIdleS;
    if (sinceS < 0) {
        return GpuState::Waiting;
    }
    const float before = pace.busyBefore;
    // Upstream stages keep their own pace until the first backward pass comes back.
    const float firstWorkS = before * pace.workS;
    const float firstSpanS = held.upstream ? firstWorkS : before * pace.spanS;
    if (sinceS < firstSpanS) {
        return inCycle(sinceS, firstSpanS, firstWorkS, before * pace.computeS, before * instant.microBatches,
                       held.group);
    }
    const float laterS = sinceS - firstSpanS - pace.midIdleS;
    const float spanS = pace.spanS - firstSpanS;
    if (laterS < 0 || laterS >= spanS) {
        return GpuState::Waiting;
    }
    return inCycle(laterS, spanS, (1 - before) * pace.workS, (1 - before) * pace.computeS,
                   (1 - before) * instant.microBatches, held.group);
}

} // namespace

std::vector<HeldUp> heldUpBy(const StepMembers& members) {
    const Place own = placeOf(members, members.culprit());
    const ClassLaw& law = members.laws()[own.law];
    const training::Layout& layout = members.law().shape->anatomy.layout;
    const auto tp = static_cast<Index>(std::max(1, layout.tp));
    const auto cp = static_cast<Index>(std::max(1, layout.cp));
    const auto ep = static_cast<Index>(std::max(1, layout.ep));
    std::vector<HeldUp> held;
    Adder adder(members, held);
    const auto block = [&](Index size) {
        return std::pair{own.inStage / size * size, std::min(size, law.stageRun - own.inStage / size * size)};
    };
    const auto [tensorFirst, tensorCount] = block(tp);
    adder.add(Group::Tensor, law, own.stage, tensorFirst, tensorCount, false);
    const auto [contextFirst, contextCount] = block(tp * cp);
    adder.add(Group::Context, law, own.stage, contextFirst, contextCount, false);
    if (ep > 1) {
        const auto [expertFirst, expertCount] = block(tp * ep);
        if (expertCount >= contextCount) {
            adder.add(Group::Expert, law, own.stage, expertFirst, expertCount, false);
        }
    }
    // The other stages of its replica: of its class, and of the others where replicas run through classes.
    const bool through = members.law().shape->anatomy.placement == training::Placement::ClassStages;
    Index before = cluster::kNone;
    for (const ClassLaw& other : members.laws()) {
        const bool same = other.members.whole.first == law.members.whole.first;
        if (other.members.whole.first == before || (!same && !through)) {
            continue;
        }
        before = other.members.whole.first;
        for (Index stage = 0; stage < other.stages.size(); ++stage) {
            if (!same || stage != own.stage) {
                const bool upstream =
                    other.firstStage + static_cast<int>(stage) < law.firstStage + static_cast<int>(own.stage);
                adder.add(Group::Pipeline, other, stage, contextFirst, std::min(contextCount, other.stageRun),
                          upstream);
            }
        }
    }
    std::erase_if(held, [](const HeldUp& each) { return each.count == 0; });
    return held;
}

float waitsFromS(const StepMembers& members, const HeldUp& held, float microBatches) {
    const ClassLaw& law = members.laws()[held.law];
    float earliest = members.barrierS();
    for (Index rank = held.rank; rank < held.rank + held.count; ++rank) {
        const Pace pace = paceOf(members, held, law, members.finishOf(law, law.members.gpuOf(rank)));
        const float cycles = std::max(1.0f, microBatches);
        const float cycleWorkS = held.group == Group::Tensor ? pace.computeS / cycles : pace.workS / cycles;
        const float from = held.upstream
                               ? pace.startIdleS + pace.busyBefore * pace.workS + pace.midIdleS + cycleWorkS
                               : pace.startIdleS + cycleWorkS;
        earliest = std::min(earliest, from);
    }
    return earliest;
}

void paintHeldUp(std::uint8_t* state, const StepMembers& members, const std::vector<HeldUp>& held,
                 const StepInstant& instant) {
    if (instant.sinceStartS >= members.barrierS()) {
        return;
    }
    std::array<float, StepMembers::kBlock> finishS;
    for (const HeldUp& each : held) {
        const ClassLaw& law = members.laws()[each.law];
        for (Index done = 0; done < each.count;) {
            // Ranks are consecutive GPUs but for those that stand by.
            const Index gpu = law.members.gpuOf(each.rank + done);
            Index count = std::min(StepMembers::kBlock, each.count - done);
            while (law.members.gpuOf(each.rank + done + count - 1) != gpu + count - 1) {
                --count;
            }
            members.draw(law, gpu, count, finishS.data());
            for (Index i = 0; i < count; ++i) {
                state[gpu + i] =
                    static_cast<std::uint8_t>(stateAt(paceOf(members, each, law, finishS[i]), each, instant));
            }
            done += count;
        }
    }
}

GpuState heldUpState(const StepMembers& members, const HeldUp& held, const StepInstant& instant, Index gpu) {
    const ClassLaw& law = members.laws()[held.law];
    return stateAt(paceOf(members, held, law, members.finishOf(law, gpu)), held, instant);
}

const HeldUp* holding(const StepMembers& members, const std::vector<HeldUp>& held, Index gpu) {
    for (const HeldUp& each : held) {
        const MemberClass& own = members.laws()[each.law].members;
        if (own.isMember(gpu) && own.rankOf(gpu) >= each.rank && own.rankOf(gpu) - each.rank < each.count) {
            return &each;
        }
    }
    return nullptr;
}

} // namespace atlas::operations
