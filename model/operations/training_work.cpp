// What a training timeline says about the work of ranks inside a step.
#include "model/operations/lane_instant.h"
#include "model/operations/training_timeline.h"

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;

RankWork workOf(const cluster::Cluster& cluster, const LaneInstant& lane, const ClassLaw& law, Index gpu) {
    const StepMembers& members = lane.members();
    const SlowMember* slow = members.slowOf(gpu);
    RankWork rank;
    rank.gpu = gpu;
    rank.place = placeOf(cluster, lane.lane().shape(), gpu).value_or(RankPlace{});
    rank.finishS =
        gpu == members.culprit() ? lane.step().barrierS : static_cast<double>(members.finishOf(law, gpu));
    rank.bubbleS = static_cast<double>(law.bubbleS);
    rank.communicateS = slow != nullptr && gpu == members.culprit() ? slow->fixedS - rank.bubbleS
                                                                    : static_cast<double>(law.communicateS);
    rank.timing = law.stages[static_cast<std::size_t>(
        std::clamp(rank.place.stage - law.firstStage, 0, static_cast<int>(law.stages.size()) - 1))];
    rank.offset = static_cast<double>(members.phaseOf(law.members.rankOf(gpu) / law.tensorGroup));
    if (gpu != members.culprit()) {
        if (const HeldUp* held = holding(members, lane.heldUp(), gpu)) {
            rank.heldBy = held->group;
            rank.upstream = held->upstream;
        }
    }
    return rank;
}

} // namespace

std::optional<StepWork> TrainingTimeline::workAt(double timeS, std::span<const Index> gpus) const {
    const double now = clamped(timeS);
    const JobCourse* job = running(stretchAt(now)).job.get();
    if (job == nullptr) {
        return std::nullopt;
    }
    // Under local SGD the island of the first GPU that was asked for, else the largest that steps.
    std::optional<LaneInstant> found;
    for (std::size_t l = 0; l < job->lanes().size(); ++l) {
        LaneInstant each(*job, l, now);
        const bool wanted = !gpus.empty() && each.lane().shape().classOf(gpus.front()) != nullptr;
        if (each.stepping() && (!found || wanted || each.lane().members > found->lane().members)) {
            found.emplace(std::move(each));
        }
        if (wanted) {
            break;
        }
    }
    if (!found) {
        return std::nullopt;
    }
    const LaneInstant& lane = *found;
    StepWork work;
    work.shape = lane.lane().book->plan();
    work.step.startS = lane.stepStartS();
    work.step.barrierS = lane.step().barrierS;
    work.step.endS = std::min(lane.where().interval->endS, lane.stepStartS() + lane.step().stepS);
    work.step.step = lane.step().step;
    work.step.culprit = lane.members().culprit();
    work.step.cause = latenessOf(lane.lane(), lane.where(), lane.step(), lane.members()).cause;
    work.step.island = lane.lane().island;
    work.reduceS = lane.law().reduceS;
    for (const Index gpu : gpus) {
        if (const ClassLaw* law = lane.members().lawOf(gpu)) {
            work.ranks.push_back(workOf(*cluster(), lane, *law, gpu));
        }
    }
    return work;
}

} // namespace atlas::operations
