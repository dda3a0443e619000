#include "model/training/placement.h"

#include "model/training/layout_scratch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atlas::training {

namespace {

/// Recompute of a lane under the layout's policy: what the step pays for and what the memory counts. They
/// differ only where recompute was not published: then the memory is that of a run that fits.
struct Recomputed {
    double paid = 0;
    double kept = 0;
};

Recomputed recomputeOn(const Lane& lane, const MemoryParts& parts, const Layout& layout) {
    switch (layout.recompute) {
    case Recompute::None:
        return {0, 0};
    case Recompute::Selective:
        return {1, 0};
    case Recompute::Full:
        return {1, 1};
    case Recompute::Auto:
    case Recompute::Layers:
        break;
    }
    if (lane.work.recompute == RecomputeHabit::Always) {
        return {1, 1};
    }
    const double capacity = lane.device.hbmBytes;
    const double kept = std::min(1.0, recomputeToFit(parts, lane.work, layout, capacity));
    const double slack = lane.work.recomputeSlack;
    const double paid =
        slack > 1 ? std::min(1.0, recomputeToFit(parts, lane.work, layout, slack * capacity)) : kept;
    if (lane.work.recompute == RecomputeHabit::Model && paid > 0) {
        return {1, 1};
    }
    return {paid, kept};
}

void keepFullest(Outcome& outcome, const Memory& memory) {
    const double fill = memory.total() / memory.capacity;
    if (outcome.memory.capacity <= 0 || fill > outcome.memory.total() / outcome.memory.capacity) {
        outcome.memory = memory;
    }
    outcome.fits = outcome.memory.fits();
}

StepTerms termsOn(const Setup& setup, const Lane& lane, const ModelShape& model, const Layout& layout,
                  double recompute, StepDetail* detail = nullptr) {
    return stepTerms(stepPartsOn(setup, lane, model, layout), lane.device, model, lane.work, layout,
                     recompute, *setup.calibration, detail);
}

/// The same of one of the setup's own lanes.
StepTerms termsOn(const Setup& setup, std::size_t lane, const Layout& layout, double recompute,
                  LayoutScratch& scratch) {
    const Lane& l = setup.lanes[lane];
    return stepTerms(scratch.stepParts(lane, layout), l.device, setup.model, l.work, layout, recompute,
                     *setup.calibration);
}

/// Islands of local SGD share gradients among their own replicas only.
Layout layoutOn(const Setup& setup, const Layout& layout, const LaneOutcome& lane) {
    Layout own = layout;
    if (setup.job.placement == Placement::LocalSgd && setup.lanes.size() > 1) {
        own.dp = std::max<std::int64_t>(1, lane.replicas);
    }
    return own;
}

void chooseCritical(Outcome& outcome) {
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        if (outcome.lane[i].terms.stepS > outcome.lane[outcome.critical].terms.stepS) {
            outcome.critical = i;
        }
    }
    outcome.stepS = outcome.lane[outcome.critical].terms.stepS + outcome.outerS;
}

/// Equal shares: every replica computes the same micro-batches in the common precision, the slowest class
/// dictates. What the others wait is the mismatch.
void equalShares(const Setup& setup, const Layout& layout, Detail detail, LayoutScratch& scratch,
                 Outcome& outcome) {
    Recomputed recompute;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        if (outcome.lane[i].replicas > 0) {
            const Recomputed here = recomputeOn(setup.lanes[i], scratch.memoryParts(i, layout), layout);
            recompute = {std::max(recompute.paid, here.paid), std::max(recompute.kept, here.kept)};
        }
    }
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        const Lane& lane = setup.lanes[i];
        if (outcome.lane[i].replicas > 0) {
            keepFullest(outcome, memoryOf(scratch.memoryParts(i, layout), lane.work, layout,
                                          lane.device.hbmBytes, recompute.kept));
        }
    }
    if (detail == Detail::Search && !outcome.fits) {
        return;
    }
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.replicas == 0) {
            continue; // a pool too small for one replica holds nobody up
        }
        result.terms = termsOn(setup, i, layout, recompute.paid, scratch);
        result.microBatches = result.terms.microBatches;
        result.shareOfTokens = static_cast<double>(result.replicas) / static_cast<double>(layout.dp);
    }
    chooseCritical(outcome);
    if (detail == Detail::Full && outcome.lanes > 1) {
        double ownPace = 0;
        double gpus = 0;
        for (std::size_t i = 0; i < outcome.lanes; ++i) {
            const double weight = static_cast<double>(outcome.lane[i].gpus);
            ownPace += weight * termsOn(setup, setup.ownLanes[i], setup.model, layout, recompute.paid).stepS;
            gpus += weight;
        }
        outcome.mismatchS = std::max(0.0, outcome.stepS - ownPace / gpus);
    }
}

/// Micro-batches in proportion to speed: the least time T with sum R_c floor((T - fill_c) / beat_c) >= M,
/// where replicas of one class may differ by one.
void proportionalShares(const Setup& setup, const Layout& layout, Detail detail, LayoutScratch& scratch,
                        Outcome& outcome) {
    const bool local = setup.job.placement == Placement::LocalSgd;
    const double total = static_cast<double>(layout.globalBatch) / layout.microBatch;
    double rate = 0;
    double head = 0;
    std::array<Recomputed, kMaxLanes> recompute;
    const auto ownLayout = [&](std::size_t i) { return layoutOn(setup, layout, outcome.lane[i]); };
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        if (outcome.lane[i].replicas == 0) {
            continue;
        }
        const Lane& lane = setup.lanes[i];
        const Layout own = ownLayout(i);
        const MemoryParts& parts = scratch.memoryParts(i, own);
        recompute[i] = recomputeOn(lane, parts, own);
        keepFullest(outcome, memoryOf(parts, lane.work, own, lane.device.hbmBytes, recompute[i].kept));
    }
    if (detail == Detail::Search && !outcome.fits) {
        return;
    }
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.replicas == 0) {
            continue;
        }
        result.terms = termsOn(setup, i, ownLayout(i), recompute[i].paid, scratch);
        const double speed = static_cast<double>(result.replicas) / result.terms.slowestStage;
        rate += speed;
        head += speed * (result.terms.fill + result.terms.dp + result.terms.optimizer);
    }
    // All classes end together: T = (M + sum R_c head_c / beat_c) / sum R_c / beat_c, then whole
    // micro-batches.
    const double together = (total + head) / rate;
    double given = 0;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.replicas == 0) {
            continue;
        }
        const double busy = together - result.terms.fill - result.terms.dp - result.terms.optimizer;
        result.microBatches = std::max(1.0, std::floor(busy / result.terms.slowestStage + 1e-9));
        given += static_cast<double>(result.replicas) * result.microBatches;
    }
    // The rest goes one a replica, first where the step ends earliest.
    double rest = total - given;
    std::array<double, kMaxLanes> extra{};
    while (rest > 1e-9) {
        std::size_t best = outcome.lanes;
        double earliest = 0;
        for (std::size_t i = 0; i < outcome.lanes; ++i) {
            const LaneOutcome& r = outcome.lane[i];
            if (r.replicas == 0) {
                continue;
            }
            const double end = (r.microBatches + 1 + std::floor(extra[i])) * r.terms.slowestStage +
                               r.terms.fill + r.terms.dp + r.terms.optimizer;
            if (best == outcome.lanes || end < earliest) {
                earliest = end;
                best = i;
            }
        }
        const double taken = std::min(rest, static_cast<double>(outcome.lane[best].replicas));
        extra[best] += taken / static_cast<double>(outcome.lane[best].replicas);
        rest -= taken;
    }
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.replicas == 0) {
            continue;
        }
        result.terms.setMicroBatches(result.microBatches + std::ceil(extra[i] - 1e-9));
        result.microBatches += extra[i];
        result.shareOfTokens = static_cast<double>(result.replicas) * result.microBatches / total;
    }
    if (local && outcome.lanes > 1) {
        // Pseudo-gradients in 16 bit, sent and received once an outer step over the trunk.
        const double bytes = 2 * 2 * setup.model.totalParams();
        outcome.outerS = (bytes / setup.trunkBytesPerS + 2 * setup.trunkLatencyS) / innerStepsOf(setup);
    }
    chooseCritical(outcome);
}

ModelShape withLayers(const ModelShape& model, double layers) {
    ModelShape part = model;
    const double f = layers / model.layers;
    part.layers = layers;
    part.denseLayers *= f;
    part.expertLayers *= f;
    return part;
}

/// How a pipeline is cut over the classes.
struct Cut {
    std::array<double, kMaxLanes> stages{};  ///< of each class
    std::array<double, kMaxLanes> layerS{};  ///< one layer, forward and backward
    std::array<double, kMaxLanes> fullest{}; ///< layers of a class's fullest stage
    std::array<double, kMaxLanes> mean{};    ///< layers of its mean stage
    std::size_t fastest = 0;
    bool possible = false;
};

/// Stages in proportion to GPUs, as far as a class has room for them.
void cutStages(const Setup& setup, const Layout& layout, Cut& cut) {
    const std::size_t n = setup.lanes.size();
    const double perStage = static_cast<double>(layout.tp) * layout.cp * static_cast<double>(layout.dp);
    const double total = static_cast<double>(setup.gpusInUse());
    double left = layout.pp;
    const auto room = [&](std::size_t i) {
        return std::floor(static_cast<double>(setup.lanes[i].pool->gpus) / perStage);
    };
    for (std::size_t i = 0; i < n; ++i) {
        const double fair = std::round(layout.pp * static_cast<double>(setup.lanes[i].pool->gpus) / total);
        cut.stages[i] = std::min({room(i), fair, left});
        left -= cut.stages[i];
        cut.fastest = cut.layerS[i] < cut.layerS[cut.fastest] ? i : cut.fastest;
    }
    for (std::size_t i = 0; i < n && left > 0; ++i) {
        const double more = std::min(room(i) - cut.stages[i], left);
        cut.stages[i] += more;
        left -= more;
    }
    cut.possible = left <= 0 && cut.stages[cut.fastest] > 0;
}

/// The least beat B with sum p_c floor(B / layer_c) >= L, where the last stage, on the fastest class, gives
/// room for the LM head. Layers there are too many of are taken from the slowest class, one a stage.
void cutLayers(const Setup& setup, double headS, Cut& cut) {
    const std::size_t n = setup.lanes.size();
    const double layers = setup.model.layers;
    const auto whole = [&](double time, std::size_t i) { return std::floor(time / cut.layerS[i] + 1e-9); };
    const auto head = [&](double beat) {
        return whole(beat, cut.fastest) - std::max(0.0, whole(beat - headS, cut.fastest));
    };
    const auto held = [&](double beat) {
        double sum = -head(beat);
        for (std::size_t i = 0; i < n; ++i) {
            sum += cut.stages[i] * whole(beat, i);
        }
        return sum;
    };
    double low = 0;
    double high = headS;
    for (std::size_t i = 0; i < n; ++i) {
        high = std::max(high, headS + layers * cut.layerS[i]);
    }
    for (int i = 0; i < 48; ++i) {
        const double middle = (low + high) / 2;
        (held(middle) >= layers ? high : low) = middle;
    }
    double surplus = held(high) - layers;
    for (std::size_t i = 0; i < n; ++i) {
        cut.fullest[i] = whole(high, i);
        cut.mean[i] = cut.fullest[i];
    }
    if (cut.stages[cut.fastest] > 0) {
        cut.mean[cut.fastest] -= head(high) / cut.stages[cut.fastest];
    }
    for (std::size_t round = 0; round < n && surplus > 0; ++round) {
        std::size_t slowest = n;
        for (std::size_t i = 0; i < n; ++i) {
            const bool open = cut.mean[i] == cut.fullest[i] && cut.stages[i] > 0 && cut.fullest[i] > 0;
            if (open && (slowest == n || cut.layerS[i] > cut.layerS[slowest])) {
                slowest = i;
            }
        }
        slowest = slowest == n ? cut.fastest : slowest;
        const double taken = std::min(surplus, cut.stages[slowest] * cut.mean[slowest]);
        cut.mean[slowest] -= taken / cut.stages[slowest];
        surplus -= taken;
    }
}

/// Stages of one class each, the layers split so that every stage takes the same time.
void classStages(const Setup& setup, const Layout& layout, Outcome& outcome) {
    const std::size_t n = outcome.lanes;
    Cut cut;
    std::array<double, kMaxLanes> headS{};
    for (std::size_t i = 0; i < n; ++i) {
        const StepTerms terms = termsOn(setup, setup.lanes[i], setup.model, layout, 0);
        cut.layerS[i] = terms.layerS;
        headS[i] = terms.headS;
    }
    cutStages(setup, layout, cut);
    if (!cut.possible) {
        outcome.fits = false;
        return;
    }
    cutLayers(setup, headS[cut.fastest], cut);
    const double perStage = static_cast<double>(layout.tp) * layout.cp * static_cast<double>(layout.dp);
    double beat = 0;
    double fill = 0;
    for (std::size_t i = 0; i < n; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (cut.stages[i] <= 0 || cut.mean[i] <= 0) {
            continue;
        }
        result.replicas = layout.dp;
        result.gpus = static_cast<std::int64_t>(cut.stages[i] * perStage);
        result.stages = cut.stages[i];
        result.layers = cut.mean[i];
        result.fullest = cut.fullest[i];
        result.head = i == cut.fastest;
        result.shareOfTokens = cut.stages[i] * cut.mean[i] / setup.model.layers;
        const Lane& lane = setup.lanes[i];
        const ModelShape full = withLayers(setup.model, cut.fullest[i] * layout.pp);
        const MemoryParts parts = memoryPartsOf(full, lane.work, layout);
        const Recomputed recompute = recomputeOn(lane, parts, layout);
        keepFullest(outcome, memoryOf(parts, lane.work, layout, lane.device.hbmBytes, recompute.kept));
        result.terms =
            termsOn(setup, lane, withLayers(setup.model, cut.mean[i] * layout.pp), layout, recompute.paid);
        const double communication = result.terms.fsdp + result.terms.send;
        beat = std::max(beat, cut.fullest[i] * result.terms.layerS + communication);
        if (result.head) {
            const double others = cut.fullest[i] * (cut.stages[i] - 1);
            const double last = std::max(0.0, cut.mean[i] * cut.stages[i] - others);
            beat = std::max(beat, last * result.terms.layerS + result.terms.headS + communication);
        }
        beat = std::max(beat, result.terms.microS());
        fill += cut.stages[i] * result.terms.microS() / layout.vp;
    }
    // One stage boundary crosses the trunk: the activations of every replica share the bundle, each way once
    // a micro-batch and chunk.
    const double message = 2 * layout.microBatch * setup.lanes[0].work.sequence / layout.cp *
                           setup.model.hidden / (layout.sequenceParallel ? layout.tp : 1);
    beat = std::max(beat, layout.vp * message * perStage / setup.trunkBytesPerS);
    fill = std::max(0.0, fill - beat / layout.vp) + 2 * setup.trunkLatencyS;
    for (std::size_t i = 0; i < n; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.gpus > 0) {
            result.microBatches = result.terms.microBatches;
            result.terms.slowestStage = beat;
            result.terms.fill = fill;
            result.terms.setMicroBatches(result.microBatches);
        }
    }
    chooseCritical(outcome);
}

} // namespace

double innerStepsOf(const Setup& setup) {
    return setup.job.localSgdSteps > 0 ? setup.job.localSgdSteps : setup.calibration->assumptions.dilocoSteps;
}

std::int64_t replicasOfExpertGroup(const Layout& layout) {
    return layout.ep / std::gcd(layout.ep, layout.tp * layout.cp);
}

std::int64_t replicasOn(const Pool& pool, const Layout& layout) {
    const std::int64_t group = replicasOfExpertGroup(layout);
    const std::int64_t groupGpus = static_cast<std::int64_t>(layout.tp) * layout.pp * layout.cp * group;
    return pool.gpus / groupGpus * group;
}

bool spreadReplicas(const Setup& setup, const Layout& layout, std::array<std::int64_t, kMaxLanes>& replicas) {
    const std::int64_t group = replicasOfExpertGroup(layout);
    std::int64_t room = 0;
    for (const Lane& lane : setup.lanes) {
        room += replicasOn(*lane.pool, layout);
    }
    if (room < layout.dp || layout.dp % group != 0) {
        return false;
    }
    std::int64_t given = 0;
    for (std::size_t i = 0; i < setup.lanes.size(); ++i) {
        const std::int64_t here = replicasOn(*setup.lanes[i].pool, layout);
        replicas[i] = here * layout.dp / room / group * group;
        given += replicas[i];
    }
    for (std::size_t i = 0; given < layout.dp; i = (i + 1) % setup.lanes.size()) {
        if (replicas[i] < replicasOn(*setup.lanes[i].pool, layout)) {
            replicas[i] += group;
            given += group;
        }
    }
    return true;
}

void evaluate(const Setup& setup, const Layout& layout, Detail detail, LayoutScratch& scratch,
              Outcome& outcome) {
    const std::size_t lanes = setup.lanes.size();
    std::fill_n(outcome.lane.begin(), std::max(lanes, outcome.lanes), LaneOutcome{});
    outcome.lanes = lanes;
    outcome.critical = 0;
    outcome.outerS = outcome.stepS = outcome.mismatchS = 0;
    outcome.memory = {};
    outcome.fits = true;
    if (setup.job.placement == Placement::ClassStages && lanes > 1) {
        classStages(setup, layout, outcome);
        return;
    }
    const auto* replicas = scratch.replicas(layout);
    if (replicas == nullptr) {
        outcome.fits = false;
        return;
    }
    const std::int64_t perReplica = layout.gpus() / layout.dp;
    const double fullest = splitLayers(setup.model.layers, layout.pp).fullest;
    for (std::size_t i = 0; i < lanes; ++i) {
        outcome.lane[i].replicas = (*replicas)[i];
        outcome.lane[i].gpus = (*replicas)[i] * perReplica;
        outcome.lane[i].stages = layout.pp;
        outcome.lane[i].layers = setup.model.layers / layout.pp;
        outcome.lane[i].fullest = fullest;
        outcome.lane[i].head = true;
    }
    const bool proportional = setup.job.placement == Placement::LocalSgd ||
                              (setup.job.placement == Placement::Proportional && lanes > 1);
    if (proportional) {
        proportionalShares(setup, layout, detail, scratch, outcome);
    } else {
        equalShares(setup, layout, detail, scratch, outcome);
    }
}

Outcome outcomeOf(const Setup& setup, const Layout& layout, Detail detail) {
    Outcome outcome;
    LayoutScratch scratch(setup);
    evaluate(setup, layout, detail, scratch, outcome);
    return outcome;
}

StepDetail detailOn(const Setup& setup, const Layout& layout, const Outcome& outcome, std::size_t lane) {
    const LaneOutcome& result = outcome.lane[lane];
    StepDetail detail;
    termsOn(setup, setup.lanes[lane], withLayers(setup.model, result.layers * layout.pp),
            layoutOn(setup, layout, result), result.terms.recomputeShare, &detail);
    return detail;
}

} // namespace atlas::training
