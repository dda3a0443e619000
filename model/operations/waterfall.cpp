#include "model/operations/waterfall.h"

#include <algorithm>

namespace atlas::operations {

double memberPeakShare(const cluster::Cluster& cluster, const StepShape& shape, double poweredPeakFlopPerS) {
    double peak = 0;
    for (const MemberClass& each : shape.classes) {
        peak += each.count() * cluster.gpuClasses[cluster.islands[each.island].gpuClass].bf16FlopPerS.value;
    }
    return poweredPeakFlopPerS > 0 ? std::min(1.0, peak / poweredPeakFlopPerS) : 0;
}

double poweredPeakFlopPerS(const cluster::Cluster& cluster, scenario::Month month) {
    double peak = 0;
    for (cluster::Index i = 0; i < cluster.islands.size(); ++i) {
        peak += poweredOf(cluster, i, month).count *
                cluster.gpuClasses[cluster.islands[i].gpuClass].bf16FlopPerS.value;
    }
    return peak;
}

LanePart expectedPart(const Lane& lane) {
    LanePart part;
    part.shape = &lane.shape();
    part.stepS = lane.undisturbedStepS / lane.outlook.pace;
    part.unevenS = lane.unevenStepS();
    part.jitterS = lane.healthyStepS() - part.unevenS - lane.shape().nominalS();
    part.slowS = part.stepS - lane.healthyStepS();
    part.kept = lane.outlook.kept * lane.outlook.capacity;
    part.useful = lane.outlook.useful;
    return part;
}

Waterfall waterfallOf(const cluster::Cluster& cluster, std::span<const WaterfallPart> parts) {
    double weights = 0;
    double idle = 0;
    double kernels = 0;
    double communication = 0;
    double bubble = 0;
    double mismatch = 0;
    double uneven = 0;
    double jitter = 0;
    double slow = 0;
    double stopped = 0;
    for (const WaterfallPart& part : parts) {
        weights += part.weight;
        idle += part.weight;
        for (const LanePart& lane : part.lanes) {
            const StepShape& shape = *lane.shape;
            const double used = memberPeakShare(cluster, shape, part.poweredPeakFlopPerS);
            const double nominal = shape.nominalS() - shape.tailS();
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
            const double weight = part.weight * used / lane.stepS;
            const double backups = (1 - lane.useful) * weight * shape.anatomy.kernelS;
            idle -= part.weight * used - backups;
            kernels += weight * (compute - shape.anatomy.kernelS);
            communication += weight * communicate;
            bubble += weight * idleInStep;
            mismatch += weight * slack;
            uneven += weight * lane.unevenS;
            jitter += weight * lane.jitterS;
            slow += weight * lane.slowS;
            stopped += (1 - lane.kept) * (weight * shape.anatomy.kernelS - backups);
        }
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
                   {"uneven work", uneven / weights, false},
                   {"jitter tail", jitter / weights, false},
                   {"fail-slow", slow / weights, false},
                   {"fail-stop", stopped / weights, false}};
    double left = 1;
    for (std::size_t i = 1; i < bars.size(); ++i) {
        left -= bars[i].share;
    }
    bars.push_back({"goodput", left, true});
    return bars;
}

std::vector<BridgeStep> bridge(const Waterfall& a, const Waterfall& b) {
    std::vector<BridgeStep> steps;
    const auto add = [&steps](const Waterfall& bars, double sign) {
        for (const WaterfallBar& bar : bars) {
            if (bar.total) {
                continue;
            }
            auto known = std::ranges::find(steps, bar.name, &BridgeStep::name);
            if (known == steps.end()) {
                steps.push_back({bar.name, 0});
                known = std::prev(steps.end());
            }
            known->change += sign * bar.share;
        }
    };
    add(a, 1);
    add(b, -1);
    return steps;
}

} // namespace atlas::operations
