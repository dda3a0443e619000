// Scenarios written out as files are, with the program's catalogue and defaults, and their timelines.
#pragma once

#include "model/operations/training_timeline.h"
#include "model/scenario/scenario_loader.h"

#include <QtGlobal>

namespace atlas::testing {

inline scenario::Scenario scenarioOf(const std::string& yaml) {
    auto loaded = scenario::parseScenario(yaml, "test", ATLAS_SOURCE_RESOURCES);
    if (!loaded) {
        qFatal("%s", text(loaded.errors()).c_str());
    }
    return loaded->scenario;
}

/// One island of one class that trains a dense model of 405 billion parameters, as many as there are GPUs
/// for.
inline std::string oneIsland(const std::string& gpu, int gpus, const std::string& operations = {},
                             const std::string& job = {}) {
    return "start: 2026-01\nhorizon: 12 months\n"
           "clusters: {c: {islands: {i: {gpu: " +
           gpu + ", gpu_count: \"" + std::to_string(gpus) + "\"}}}}\n" + "train_jobs: {t: {" +
           (job.empty() ? "model: llama-3-1-405b, global_batch: 16 M tokens" : job) + "}}\n" +
           (operations.empty() ? "" : "operations: {" + operations + "}\n");
}

inline scenario::Scenario with(scenario::Scenario scenario, const std::string& path,
                               const std::string& value) {
    auto changed = scenario::withValue(std::move(scenario), path, value);
    if (!changed) {
        qFatal("%s", text(changed.errors()).c_str());
    }
    return *changed;
}

inline std::shared_ptr<const operations::Timeline> timelineOf(const scenario::Scenario& scenario) {
    const scenario::Assignment& train = scenario.strategies.front().assignments.front();
    auto cluster = cluster::buildCluster(scenario, *scenario.cluster(train.cluster));
    if (!cluster) {
        qFatal("%s", text(cluster.errors()).c_str());
    }
    auto made = operations::makeTimeline(scenario, train, *cluster);
    if (!made) {
        qFatal("%s", text(made.errors()).c_str());
    }
    return *made;
}

inline constexpr double kDay = 86'400;

} // namespace atlas::testing
