#include "model/scenario/defaults.h"

#include <filesystem>

namespace atlas::scenario {

namespace {

template <class T>
void nameById(std::vector<T>& values) {
    for (T& value : values) {
        if (value.name.empty()) {
            value.name = value.id;
        }
    }
}

void completeIsland(Island& island, const Scenario& scenario) {
    if (const GpuClass* gpu = scenario.gpu(island.gpu)) {
        if (island.rack.empty()) {
            island.rack = gpu->rack;
        }
        if (island.fabric.empty()) {
            island.fabric = gpu->fabric;
        }
    }
    if (island.firstMonth.index == 0) {
        island.firstMonth = island.tranches.empty() ? scenario.start : island.tranches.front().month;
    }
}

void completeModel(Transformer& model) {
    if (model.kvHeads == 0) {
        model.kvHeads = model.heads;
    }
    if (model.headDim == 0 && model.heads > 0) {
        model.headDim = model.hidden / model.heads;
    }
    if (model.denseFfnHidden == 0) {
        model.denseFfnHidden = model.ffnHidden;
    }
}

void completeContract(Contract& contract, const Scenario& scenario) {
    if (contract.owner.empty()) {
        contract.owner = contract.lessor;
    }
    if (contract.start.index == 0) {
        contract.start = scenario.start;
    }
    if (contract.end.index == 0) {
        contract.end = Month{scenario.start.index + scenario.horizonMonths - 1};
    }
}

/// A file that only says what exists and what is trained compares nothing, yet can be run.
void completeStrategies(Scenario& scenario) {
    if (scenario.strategies.empty() && !scenario.clusters.empty()) {
        for (const TrainJob& job : scenario.trainJobs) {
            Assignment assignment;
            assignment.cluster = scenario.clusters.front().id;
            assignment.activity = Activity::Train;
            assignment.job = job.id;
            scenario.strategies.push_back(Strategy{job.id, job.name, {}, {assignment}});
        }
    }
    for (Strategy& strategy : scenario.strategies) {
        for (Assignment& assignment : strategy.assignments) {
            if (assignment.from.index == 0) {
                assignment.from = scenario.start;
            }
        }
    }
    if (!scenario.strategies.empty()) {
        if (scenario.compareA.empty()) {
            scenario.compareA = scenario.strategies.front().id;
        }
        if (scenario.compareB.empty()) {
            scenario.compareB = scenario.strategies.back().id;
        }
    }
}

} // namespace

void fillDefaults(Scenario& scenario) {
    if (scenario.name.empty()) {
        scenario.name = std::filesystem::path(scenario.file).filename().string();
    }
    nameById(scenario.gpus);
    nameById(scenario.racks);
    nameById(scenario.fabrics);
    nameById(scenario.models);
    nameById(scenario.clusters);
    nameById(scenario.trainJobs);
    nameById(scenario.serveJobs);
    nameById(scenario.contracts);
    nameById(scenario.strategies);
    nameById(scenario.runs);
    nameById(scenario.market.comparables);
    if (scenario.financing.equityMonth.index == 0) {
        scenario.financing.equityMonth = scenario.start;
    }
    for (Transformer& model : scenario.models) {
        completeModel(model);
    }
    for (Cluster& cluster : scenario.clusters) {
        nameById(cluster.islands);
        for (Island& island : cluster.islands) {
            completeIsland(island, scenario);
        }
    }
    for (Contract& contract : scenario.contracts) {
        completeContract(contract, scenario);
    }
    for (Injection& injection : scenario.operations.injections) {
        if (injection.cluster.empty() && !scenario.clusters.empty()) {
            injection.cluster = scenario.clusters.front().id;
        }
    }
    completeStrategies(scenario);
}

} // namespace atlas::scenario
