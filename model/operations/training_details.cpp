// What a training timeline says about one GPU and about whoever held up a step.
#include "model/operations/lane_instant.h"
#include "model/operations/training_timeline.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace atlas::operations {

namespace {

using cluster::Index;

/// The lane a GPU works in; the first one where it works in none.
std::size_t laneOf(const JobCourse& job, Index gpu) {
    for (std::size_t l = 0; l < job.lanes().size(); ++l) {
        if (job.lanes()[l].shape().classOf(gpu) != nullptr) {
            return l;
        }
    }
    return 0;
}

/// Place of a member in its layout.
void describePlace(const StepShape& shape, const MemberClass& own, Index gpu, GpuDetail& detail) {
    const training::Layout& layout = shape.anatomy.layout;
    detail.tp = std::max(1, layout.tp);
    detail.cp = std::max(1, layout.cp);
    detail.pp = std::max(1, layout.pp);
    detail.dp = std::max<std::int64_t>(1, layout.dp);
    const Index rank = own.rankOf(gpu);
    const auto tp = static_cast<Index>(detail.tp);
    const auto cp = static_cast<Index>(detail.cp);
    const Index stage = std::min(rank / own.stageGpus(), static_cast<Index>(own.stages) - 1);
    detail.tpRank = static_cast<int>(rank % tp);
    detail.cpRank = static_cast<int>(rank / tp % cp);
    detail.ppStage = own.firstStage + static_cast<int>(stage);
    detail.dpReplica = (rank - stage * own.stageGpus()) / (tp * cp);
    for (const MemberClass& each : shape.classes) {
        // Replicas of one class follow those of the class before, unless classes share replicas by stage.
        detail.dpReplica +=
            &each < &own && each.firstStage == own.firstStage ? each.stageGpus() / (tp * cp) : 0;
    }
}

/// When the first ordinary member outside of the culprit's groups is done, s after the step's start.
float earliestOther(const StepMembers& members, const std::vector<HeldUp>& held) {
    const auto earlier = [](float a, float b) { return std::min(a, b); };
    float earliest = members.barrierS();
    for (const ClassLaw& law : members.laws()) {
        const tbb::blocked_range<Index> all(law.gpus.first, law.gpus.end(), 16'384);
        const auto part = [&](const tbb::blocked_range<Index>& gpus, float before) {
            std::array<float, StepMembers::kBlock> finishS;
            law.members.forRuns(gpus.begin(), gpus.end(), StepMembers::kBlock, [&](Index first, Index count) {
                members.draw(law, first, count, finishS.data());
                for (Index i = 0; i < count; ++i) {
                    const bool other = finishS[i] < before && first + i != members.culprit() &&
                                       holding(members, held, first + i) == nullptr;
                    before = other ? finishS[i] : before;
                }
            });
            return before;
        };
        earliest = std::min(earliest, tbb::parallel_reduce(all, members.barrierS(), part, earlier));
    }
    return earliest;
}

/// GPU-seconds that the members held up wait.
double waitsOf(const StepMembers& members, const HeldUp& held) {
    const ClassLaw& law = members.laws()[held.law];
    double waits = 0;
    for (Index rank = held.rank; rank < held.rank + held.count; ++rank) {
        waits += static_cast<double>(members.barrierS() - members.finishOf(law, law.members.gpuOf(rank)));
    }
    return waits;
}

/// The GPUs of ranks: consecutive but for those that stand by.
void addRanges(const MemberClass& own, const HeldUp& held, std::vector<cluster::Range>& out) {
    for (Index rank = held.rank; rank < held.rank + held.count; ++rank) {
        const Index gpu = own.gpuOf(rank);
        if (rank > held.rank && out.back().end() == gpu) {
            ++out.back().count;
        } else {
            out.push_back({gpu, 1});
        }
    }
}

std::vector<BlameLink> chainOf(const LaneInstant& now, double allWaits) {
    const StepMembers& members = now.members();
    std::vector<BlameLink> chain{{Group::Own, 0, 1, 0, {{members.culprit(), 1}}}};
    double told = 0;
    std::uint64_t gpus = 1;
    for (const HeldUp& held : now.heldUp()) {
        const auto from = static_cast<double>(waitsFromS(members, held, now.instant().microBatches));
        if (chain.back().group != held.group) {
            chain.push_back({held.group, from, 0, 0, {}});
        }
        BlameLink& link = chain.back();
        link.waitsFromS = std::min(link.waitsFromS, from);
        link.gpus += held.count;
        link.waitGpuSeconds += waitsOf(members, held);
        addRanges(members.laws()[held.law].members, held, link.ranges);
    }
    for (const BlameLink& link : chain) {
        told += link.waitGpuSeconds;
        gpus += link.group == Group::Own ? 0 : link.gpus;
    }
    const auto everybody = static_cast<std::uint64_t>(now.lane().members);
    if (everybody > gpus) {
        chain.push_back({Group::Data,
                         static_cast<double>(earliestOther(members, now.heldUp())),
                         everybody - gpus,
                         std::max(0.0, allWaits - told),
                         {}});
    }
    return chain;
}

} // namespace

GpuDetail TrainingTimeline::detailAt(double timeS, cluster::Index gpu) const {
    const double now = clamped(timeS);
    const Stretch& stretch = stretchAt(now);
    const cluster::Cluster& floor = *cluster();
    GpuDetail detail;
    detail.gpuClass = floor.gpuClasses[floor.classOf(gpu)].name;
    detail.staticSlowdown = m_speeds.slowdown(m_speeds.binOf(gpu));
    const bool powered = floor.racks[floor.rackOf(gpu)].poweredFrom <= stretch.month;
    detail.state = powered ? GpuState::Idle : GpuState::Unpowered;
    const JobCourse* job = running(stretch).job.get();
    if (job == nullptr) {
        return detail;
    }
    // As the frame has it, with all that is painted over the members.
    detail.state = static_cast<GpuState>(frameAt(now)->state[gpu]);
    detail.utilisation = static_cast<float>(trainingUtilisation(detail.state)) / 255;
    const LaneInstant lane(*job, laneOf(*job, gpu), now);
    const StepShape& shape = lane.lane().shape();
    const MemberClass* own = shape.classOf(gpu);
    if (own == nullptr) {
        return detail;
    }
    detail.member = true;
    describePlace(shape, *own, gpu, detail);
    const StepNoise noise{m_inputs.stepJitter};
    detail.classMedianComputeS = own->computeS * (1 + noise.quantile(0.5)) + shape.optimizerS;
    if (!lane.stepping()) {
        return detail;
    }
    const StepAt& at = lane.step();
    const StepMembers& members = lane.members();
    const ClassLaw& law = *members.lawOf(gpu);
    detail.culprit = members.culprit() == gpu;
    const double finishS = detail.culprit ? at.barrierS : static_cast<double>(members.finishOf(law, gpu));
    const SlowMember* slow = members.slowOf(gpu);
    const double fixedS = slow != nullptr ? slow->fixedS : law.members.fixedS();
    detail.bubbleS = law.members.bubbleS;
    detail.communicateS = fixedS - detail.bubbleS + lane.law().reduceS;
    detail.computeS = finishS - fixedS + shape.optimizerS;
    detail.waitS = std::max(0.0, at.barrierS - finishS);
    detail.stepTimeS = at.stepS;
    if (const Event* event = slownessOf(lane.where(), floor, members, gpu)) {
        detail.slowdown = event->slowdown;
        detail.slowText = eventText(floor, *event);
    }
    const auto without = [&](cluster::Range gpus, double count, double& stepS, double& othersWaitGpuHours) {
        const double left = lane.lane().members - count;
        const bool blocked = left > 0 && gpus.contains(members.culprit());
        const double savedS =
            blocked ? std::max(0.0, at.barrierS - static_cast<double>(members.barrierWithoutS(gpus))) : 0;
        stepS = at.stepS - savedS;
        othersWaitGpuHours = savedS * left / 3600;
    };
    without({gpu, 1}, 1, detail.stepTimeWithoutS, detail.causedWaitGpuHours);
    without(own->gpus, own->count(), detail.stepTimeWithoutClassS, detail.classCausedWaitGpuHours);
    return detail;
}

std::vector<StateSpan> TrainingTimeline::statesOf(double timeS, cluster::Index gpu) const {
    const double now = clamped(timeS);
    const Stretch& stretch = stretchAt(now);
    const JobCourse* job = running(stretch).job.get();
    if (job == nullptr) {
        return {{stretch.startS, stretch.endS, detailAt(now, gpu).state}};
    }
    const LaneInstant lane(*job, laneOf(*job, gpu), now);
    const auto state = static_cast<GpuState>(frameAt(now)->state[gpu]);
    const bool works = state != GpuState::Fault && state != GpuState::Unpowered && state != GpuState::Idle;
    if (!lane.stepping() || !works || lane.members().lawOf(gpu) == nullptr) {
        return {{lane.phaseStartS(), lane.phaseEndS(), state}};
    }
    const auto work = workAt(now, {&gpu, 1});
    if (!work || work->ranks.empty()) {
        return {{lane.stepStartS(), lane.stepStartS() + lane.step().stepS, state}};
    }
    const bool culprit = gpu == work->step.culprit;
    const double barrierS = work->step.startS + work->step.barrierS;
    std::vector<StateSpan> spans;
    for (const LaneSpan& span : spansOf(*work, work->ranks.front(), WorkDetail::MicroBatches)) {
        const bool holds = culprit && (span.startS + span.endS) / 2 < barrierS;
        const GpuState here = holds ? GpuState::Culprit : stateOf(span.kind);
        if (!spans.empty() && spans.back().state == here) {
            spans.back().endS = span.endS;
        } else {
            spans.push_back({span.startS, span.endS, here});
        }
    }
    return spans;
}

std::optional<Attribution> TrainingTimeline::attributionAt(double timeS) const {
    const double now = clamped(timeS);
    const JobCourse* job = running(stretchAt(now)).job.get();
    if (job == nullptr) {
        return std::nullopt;
    }
    // Under local SGD the largest island that steps.
    std::optional<LaneInstant> found;
    for (std::size_t l = 0; l < job->lanes().size(); ++l) {
        LaneInstant each(*job, l, now);
        if (each.stepping() && (!found || each.lane().members > found->lane().members)) {
            found.emplace(std::move(each));
        }
    }
    if (!found) {
        return std::nullopt;
    }
    const LaneInstant& lane = *found;
    const StepAt& at = lane.step();
    const StepMembers& members = lane.members();
    const StepLaw& law = lane.law();
    Attribution out;
    out.step = at.step;
    out.stepStartS = lane.stepStartS();
    out.stepS = at.stepS;
    out.culprit = members.culprit();
    out.gpuClass = cluster()->classOf(out.culprit);
    const Lateness late = latenessOf(lane.lane(), lane.where(), at, members);
    out.lateS = late.sumS();
    out.mismatchS = late.mismatchS;
    out.staticS = late.staticS;
    out.jitterS = late.jitterS;
    out.slowS = late.slowS;
    out.stageS = late.stageS;
    out.loadS = late.loadS;
    out.cause = late.cause;
    out.injection = late.injection;
    const auto barrierWithout = [&](cluster::Range gpus) {
        return std::min<double>(at.barrierS, static_cast<double>(members.barrierWithoutS(gpus)));
    };
    const auto left = [&](double barrierS) { return barrierS > 0 ? barrierS + law.tailS : at.stepS; };
    out.withoutCulpritS = left(barrierWithout({out.culprit, 1}));
    const MemberClass& own = *lane.lane().shape().classOf(out.culprit);
    out.withoutClassS = own.count() < lane.lane().members ? left(barrierWithout(own.gpus)) : at.stepS;
    const StepLaw& healthy = *lane.lane().book->healthy();
    out.withoutSlownessS = std::min(at.stepS, healthy.draw(at.draw).timeS + healthy.tailS);
    const StepLaw& even = *lane.lane().book->even();
    out.evenS = at.stepS - (healthy.draw(at.draw).timeS - even.draw(at.draw).timeS);
    double waits = 0;
    for (const ClassLaw& each : members.laws()) {
        const tbb::blocked_range<Index> all(each.gpus.first, each.gpus.end(), 16'384);
        waits += tbb::parallel_deterministic_reduce(
            all, 0.0,
            [&](const tbb::blocked_range<Index>& gpus, double sum) {
                std::array<float, StepMembers::kBlock> finishS;
                each.members.forRuns(gpus.begin(), gpus.end(), StepMembers::kBlock,
                                     [&](Index first, Index count) {
                                         members.draw(each, first, count, finishS.data());
                                         for (Index i = 0; i < count; ++i) {
                                             sum += static_cast<double>(members.barrierS() - finishS[i]);
                                         }
                                     });
                return sum;
            },
            std::plus{});
    }
    out.waitGpuSeconds = waits;
    out.causedWaitGpuSeconds = (at.stepS - out.withoutCulpritS) * (lane.lane().members - 1);
    out.chain = chainOf(lane, waits);
    out.through = out.chain.size() > 1 ? out.chain[1].group : Group::Own;
    return out;
}

} // namespace atlas::operations
