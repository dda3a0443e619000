// Hand-made steps on small and large floors.
#pragma once

#include "model/operations/training_timeline.h"
#include "tests/model/cluster/cluster_fixtures.h"

#include <QtGlobal>

#include <functional>
#include <string_view>

namespace atlas::testing {

inline std::shared_ptr<const cluster::Cluster> built(const scenario::Cluster& spec) {
    auto result = cluster::buildCluster(catalogue(), spec);
    if (!result) {
        qFatal("%s", text(result.errors()).c_str());
    }
    return *result;
}

/// What one class does, seconds.
struct ClassTimes {
    std::string gpu;
    std::string pool;
    std::int64_t count = 0;
    double computeS = 0;
    double communicateS = 0;
};

/// A step of classes that meet at a barrier; the slowest class sets the pace. dp and optimizer are inside
/// each class's times, as the planner gives them.
inline training::StepAnatomy anatomyOf(const std::vector<ClassTimes>& classes, double dpS = 0.1,
                                       double optimizerS = 0.02, double bubbleS = 0) {
    training::StepAnatomy a;
    for (const ClassTimes& each : classes) {
        a.stepTimeS = std::max(a.stepTimeS, each.computeS + each.communicateS + bubbleS);
        a.gpusUsed += each.count;
    }
    for (const ClassTimes& each : classes) {
        training::ClassShare share;
        share.gpu = each.gpu;
        share.pool = each.pool;
        share.count = each.count;
        share.computeS = each.computeS;
        share.communicateS = each.communicateS;
        share.waitS = a.stepTimeS - each.computeS - each.communicateS;
        a.classes.push_back(share);
    }
    a.breakdown.dp = dpS;
    a.breakdown.optimizer = optimizerS;
    a.breakdown.bubble = bubbleS;
    a.kernelS = 0.5;
    a.mfu = a.kernelS / a.stepTimeS;
    a.layout.tp = 8;
    a.layout.dp = a.gpusUsed / 8;
    a.layout.globalBatch = 4 * a.layout.dp;
    return a;
}

inline operations::TrainingPhase phaseOf(scenario::Month from, const training::StepAnatomy& anatomy,
                                         const operations::StepVolumes& volumes = {}, std::string note = {}) {
    return {from, [=] { return operations::PlannedStep{anatomy, volumes, note, {}, {}, {}}; }};
}

inline operations::TrainingInputs inputsOf(const training::StepAnatomy& anatomy, double spread, double jitter,
                                           std::uint64_t seed = 7) {
    operations::TrainingInputs inputs;
    inputs.seed = seed;
    inputs.start = scenario::Month::of(2026, 1);
    inputs.end = scenario::Month::of(2026, 7);
    inputs.staticSpeedSpread = spread;
    inputs.stepJitter = jitter;
    inputs.phases.push_back(phaseOf(inputs.start, anatomy));
    return inputs;
}

inline std::shared_ptr<const operations::TrainingTimeline> timelineOf(const scenario::Cluster& spec,
                                                                      operations::TrainingInputs inputs) {
    auto made = operations::TrainingTimeline::make(built(spec), std::move(inputs));
    if (!made) {
        qFatal("%s", text(made.errors()).c_str());
    }
    return *made;
}

/// 96 fast and 32 slow GPUs.
inline scenario::Cluster smallMixedSpec() {
    return clusterSpec(
        {island("H100", "H100-SXM", "hgx", "rail8", 96), island("A100", "A100-SXM", "hgx", "old", 32)},
        {trunk("H100", "A100", 1e12)});
}

/// 96 H100 that are done after 1.08 s, 32 A100 that take 2.78 s to the barrier.
inline const training::StepAnatomy& mixedStep() {
    static const auto step =
        anatomyOf({{"H100-SXM", "H100 island", 96, 0.9, 0.3}, {"A100-SXM", "A100 island", 32, 2.5, 0.4}});
    return step;
}

inline std::size_t hashOf(const operations::Frame& frame) {
    const auto bytes = [](const auto& v) {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<const char*>(v.data()), v.size() * sizeof(v[0])});
    };
    std::size_t hash = bytes(frame.state) ^ (bytes(frame.utilisation) * 3) ^ (bytes(frame.linkLoad) * 5);
    for (const operations::RackSummary& rack : frame.racks) {
        hash =
            hash * 31 + rack.meanUtilisation + static_cast<std::size_t>(rack.worst) * 1000 + rack.worstCount;
    }
    return hash ^ std::hash<double>{}(frame.stepTimeS) ^ std::hash<double>{}(frame.waitGpuSeconds) ^
           frame.culprit;
}

inline std::uint32_t count(const operations::Frame& frame, operations::GpuState state) {
    return frame.counts[static_cast<std::size_t>(state)];
}

} // namespace atlas::testing
