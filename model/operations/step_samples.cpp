#include "model/operations/step_samples.h"

#include "model/operations/step_members.h"

#include <algorithm>

namespace atlas::operations {

namespace {

double barrierOf(const StepShape& shape) {
    return shape.nominalS() - shape.tailS();
}

} // namespace

StepShares sharesAt(const StepShape& shape, const Barrier& barrier, const StepAt& at, double sinceStartS) {
    StepShares shares;
    if (sinceStartS >= at.barrierS) {
        (sinceStartS - at.barrierS < shape.reduceS ? shares.communicating : shares.computing) = 1;
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
        const double all = barrier.cdf(group, at.barrierS);
        const auto doneBy = [&](double workS) {
            const double t = std::min(workS + own.bubbleS, at.barrierS);
            return all > 0 ? barrier.cdf(group, t) / all : (t >= at.barrierS ? 1 : 0);
        };
        const double computeShare =
            1 - own.communicateS / std::max(1e-300, barrier.meanBelow(group, at.barrierS) - own.bubbleS);
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

StepShares meanShares(const StepShape& shape, const Barrier& barrier, const StepAt& at) {
    StepShares shares;
    const double members = shape.members();
    for (const MemberGroup& group : barrier.groups()) {
        const MemberClass& own = shape.classes[group.memberClass];
        const double finishS = std::min(at.barrierS, barrier.meanBelow(group, at.barrierS));
        const double weight = group.count / members / at.stepS;
        shares.computing += weight * (finishS - own.fixedS());
        shares.communicating += weight * own.communicateS;
        shares.waiting += weight * (at.barrierS - finishS + own.bubbleS);
    }
    shares.computing += shape.optimizerS / at.stepS;
    shares.communicating += shape.reduceS / at.stepS;
    return shares;
}

Waterfall waterfallOf(const cluster::Cluster& cluster, std::span<const WaterfallPart> parts) {
    double weights = 0;
    double idle = 0;
    double kernels = 0;
    double communication = 0;
    double bubble = 0;
    double mismatch = 0;
    double jitter = 0;
    double interrupted = 0;
    for (const WaterfallPart& part : parts) {
        const StepShape& shape = *part.shape;
        const double nominal = barrierOf(shape);
        const double meanBarrier = part.barrier->meanS();
        const double step = meanBarrier + shape.tailS();
        const double used = std::min(1.0, memberPeakShare(cluster, shape, part.poweredPeakFlopPerS));
        double compute = shape.optimizerS;
        double communicate = shape.reduceS;
        double idleInStep = 0;
        double slack = 0;
        for (const MemberClass& each : shape.classes) {
            compute += each.peakShare * each.computeS;
            communicate += each.peakShare * each.communicateS;
            idleInStep += each.peakShare * each.bubbleS;
            slack += each.peakShare * (nominal - each.finishS());
        }
        const double weight = part.weight * used / step;
        weights += part.weight;
        idle += part.weight * (1 - used);
        kernels += weight * (compute - shape.anatomy.kernelS);
        communication += weight * communicate;
        bubble += weight * idleInStep;
        mismatch += weight * slack;
        jitter += weight * (meanBarrier - nominal);
        interrupted += (1 - part.timeKept) * weight * shape.anatomy.kernelS;
    }
    if (!(weights > 0)) {
        return {};
    }
    Waterfall bars{{"peak", 1.0, true},
                   {"idle GPUs", idle / weights, false},
                   {"kernels", kernels / weights, false},
                   {"exposed communication", communication / weights, false},
                   {"bubble", bubble / weights, false},
                   {"class mismatch", mismatch / weights, false},
                   {"jitter tail", jitter / weights, false},
                   {"fail-stop", interrupted / weights, false}};
    double left = 1;
    for (std::size_t i = 1; i < bars.size(); ++i) {
        left -= bars[i].share;
    }
    bars.push_back({"goodput", left, true});
    return bars;
}

double memberPeakShare(const cluster::Cluster& cluster, const StepShape& shape, double poweredPeakFlopPerS) {
    double peak = 0;
    for (const MemberClass& each : shape.classes) {
        peak +=
            each.gpus.count * cluster.gpuClasses[cluster.islands[each.island].gpuClass].bf16FlopPerS.value;
    }
    return poweredPeakFlopPerS > 0 ? peak / poweredPeakFlopPerS : 0;
}

double poweredPeakFlopPerS(const cluster::Cluster& cluster, scenario::Month month) {
    double peak = 0;
    for (cluster::Index i = 0; i < cluster.islands.size(); ++i) {
        peak += poweredOf(cluster, i, month).count *
                cluster.gpuClasses[cluster.islands[i].gpuClass].bf16FlopPerS.value;
    }
    return peak;
}

} // namespace atlas::operations
