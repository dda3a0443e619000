#include "model/operations/step_samples.h"

#include "model/operations/step_members.h"

#include <algorithm>

namespace atlas::operations {

BarrierAt barrierOf(const StepAt& step) {
    const StepLoad& load = step.law->load;
    return {step.barrierS, step.loadS, load.even() ? 0 : step.loadS - load.waitS(step.heaviest)};
}

BarrierAt meanBarrier(const StepLaw& law) {
    if (law.load.even()) {
        return {law.barrier->meanS()};
    }
    const double loadS = law.load.lateS(law.load.meanHeaviest());
    return {law.barrier->meanS() + loadS, loadS, law.load.pauseShare * law.load.pauseS};
}

StepShares sharesAt(const StepLaw& law, const BarrierAt& at, double sinceStartS) {
    const StepShape& shape = *law.shape;
    const Barrier& barrier = *law.barrier;
    const double barrierS = at.timeS - at.loadS;
    const double lateS = at.memberLateS;
    StepShares shares;
    if (sinceStartS >= at.timeS) {
        (sinceStartS - at.timeS < law.reduceS ? shares.communicating : shares.computing) = 1;
        return shares;
    }
    std::vector<std::vector<StageTiming>> timings;
    for (const MemberClass& members : shape.classes) {
        timings.push_back(stageTimings(members, shape.anatomy.layout.pp, shape.microBatches));
    }
    const double members = shape.members();
    for (const MemberGroup& group : barrier.groups()) {
        const MemberClass& own = shape.classes[group.memberClass];
        const std::vector<StageTiming>& stages = timings[group.memberClass];
        const double all = barrier.cdf(group, barrierS);
        const auto doneBy = [&](double workS) {
            const double t = std::min(workS + own.bubbleS - lateS, barrierS);
            return all > 0 ? barrier.cdf(group, t) / all : (t >= barrierS ? 1 : 0);
        };
        const double computeShare =
            1 - own.communicateS / std::max(1e-300, barrier.meanBelow(group, barrierS) + lateS - own.bubbleS);
        for (const StageTiming& stage : stages) {
            const double weight = group.count / members / static_cast<double>(stages.size());
            const double sinceS = sinceStartS - static_cast<double>(stage.startIdleS);
            if (sinceS < 0) {
                shares.waiting += weight;
                continue;
            }
            // Busy in the first part, or after the idle time in the middle and not yet done.
            const double split = static_cast<double>(stage.busyBefore);
            const double doneS = sinceS - static_cast<double>(stage.midIdleS);
            double busy = 1 - doneBy(split < 1 ? sinceS / split : sinceS);
            if (split < 1 && doneS > 0) {
                busy += std::max(0.0, doneBy(doneS / split) - doneBy(doneS));
            }
            shares.waiting += weight * (1 - busy);
            shares.computing += weight * busy * computeShare;
            shares.communicating += weight * busy * (1 - computeShare);
        }
    }
    return shares;
}

StepShares meanShares(const StepLaw& law, const BarrierAt& at) {
    const StepShape& shape = *law.shape;
    const Barrier& barrier = *law.barrier;
    const double barrierS = at.timeS - at.loadS;
    const double lateS = at.memberLateS;
    const double stepS = at.timeS + law.tailS;
    StepShares shares;
    const double members = shape.members();
    for (const MemberGroup& group : barrier.groups()) {
        const MemberClass& own = shape.classes[group.memberClass];
        const double finishS = std::min(barrierS, barrier.meanBelow(group, barrierS));
        const double weight = group.count / members / stepS;
        shares.computing += weight * (finishS + lateS - own.fixedS());
        shares.communicating += weight * own.communicateS;
        shares.waiting += weight * (at.timeS - finishS - lateS + own.bubbleS);
    }
    shares.computing += shape.optimizerS / stepS;
    shares.communicating += law.reduceS / stepS;
    return shares;
}

} // namespace atlas::operations
