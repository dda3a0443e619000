#include "model/training/stages.h"

#include <algorithm>
#include <cmath>

namespace atlas::training {

namespace {

/// Alike stages of a pool's part of the pipeline.
struct Run {
    int stages = 0;
    double layers = 0;
    bool head = false;
};

/// Layers of a pool's stages: the last stage has what the fullest others leave, the others differ by one.
std::vector<Run> runsOf(const LaneOutcome& lane) {
    const int stages = static_cast<int>(std::lround(lane.stages));
    const double layers = std::round(lane.layers * stages);
    const int others = stages - (lane.head ? 1 : 0);
    const double last = lane.head ? std::max(0.0, layers - lane.fullest * others) : 0;
    std::vector<Run> runs;
    if (others > 0) {
        const double rest = layers - last;
        const double most = std::ceil(rest / others - 1e-9);
        const int full = static_cast<int>(std::lround(rest - others * (most - 1)));
        runs.push_back({full, most, false});
        if (full < others) {
            runs.push_back({others - full, most - 1, false});
        }
    }
    if (lane.head) {
        runs.push_back({1, last, true});
    }
    return runs;
}

/// A term of a mean stage as that of a stage with other layers, with or without the head.
struct Split {
    double meanLayers = 1;
    double stages = 1; ///< of the whole pipeline
    double layers = 0;
    bool head = false;
    [[nodiscard]] double of(double mean, double headPart = 0) const {
        return (mean - headPart / stages) / meanLayers * layers + (head ? headPart : 0.0);
    }
};

} // namespace

std::vector<StageAnatomy> stagesOf(const Setup& setup, const Layout& layout, const Outcome& outcome) {
    std::vector<StageAnatomy> list;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        const LaneOutcome& lane = outcome.lane[i];
        if (lane.gpus == 0) {
            continue;
        }
        const StepTerms& t = lane.terms;
        const StepDetail whole = detailOn(setup, layout, outcome, i);
        const double m = t.microBatches;
        const std::int64_t perStage = lane.gpus / std::llround(lane.stages);
        int next = 1;
        for (const Run& run : runsOf(lane)) {
            const Split stage{lane.layers, static_cast<double>(layout.pp), run.layers, run.head};
            StageAnatomy a;
            a.gpu = setup.lanes[i].pool->gpu;
            a.pool = setup.lanes[i].pool->name;
            a.first = next;
            a.last = next + run.stages - 1;
            next += run.stages;
            a.layers = run.layers;
            a.head = run.head;
            a.gpus = perStage * run.stages;
            a.gemm = m * stage.of(t.gemm, whole.headGemm);
            a.attention = m * stage.of(t.attention);
            a.elementwise = m * (stage.of(t.elementwise, whole.headElementwise) + stage.of(t.host));
            a.optimizer = t.optimizer;
            a.tp = {m * stage.of(whole.tp, whole.headTpWhole), m * stage.of(t.tp, whole.headTp)};
            a.cp = {m * stage.of(whole.cp), m * stage.of(t.cp)};
            a.ep = {m * stage.of(whole.ep), m * stage.of(t.ep)};
            a.pp = {m * whole.send, m * t.send};
            a.dp = {m * whole.fsdp + whole.dp + outcome.outerS, m * t.fsdp + t.dp + outcome.outerS};
            a.barrier = t.barrier;
            a.wait = outcome.stepS - outcome.outerS - t.stepS;
            a.bubble = outcome.stepS - a.sum();
            list.push_back(std::move(a));
        }
    }
    return list;
}

namespace {

Result<std::vector<StageAnatomy>> stagesUnder(const Machine& machine, const Job& job, const Layout& layout,
                                              const Calibration& calibration) {
    if (const auto step = evaluateStep(machine, job, layout, calibration); !step) {
        return step.errors();
    }
    const auto setup = setUp(machine, job, calibration);
    return stagesOf(*setup, layout, outcomeOf(*setup, layout));
}

} // namespace

Result<std::vector<StageAnatomy>> stagesOf(const Machine& machine, const Job& job, const StepAnatomy& step,
                                           const Calibration& calibration) {
    if (step.placement != Placement::LocalSgd || step.classes.size() != machine.pools.size()) {
        return stagesUnder(machine, job, step.layout, calibration);
    }
    std::vector<StageAnatomy> list;
    for (std::size_t i = 0; i < machine.pools.size(); ++i) {
        const ClassShare& share = step.classes[i];
        if (share.shareOfTokens <= 0) {
            continue; // nothing fits there: idle
        }
        Job part = job;
        part.placement = step.placement;
        part.globalBatch = share.layout.globalBatch;
        auto rows = stagesUnder({machine.name, {machine.pools[i]}, 0, 0}, part, share.layout, calibration);
        if (!rows) {
            return rows.errors();
        }
        for (StageAnatomy& row : *rows) {
            row.dp.totalS += step.outerS;
            row.dp.exposedS += step.outerS;
            row.wait += step.stepTimeS - row.sum();
            list.push_back(std::move(row));
        }
    }
    return list;
}

} // namespace atlas::training
