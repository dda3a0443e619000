#include "model/training/placement.h"

#include <algorithm>
#include <cmath>

namespace atlas::training {

namespace {

/// Recompute a lane needs under the layout's policy: the share asked for, or what it takes to fit.
double recomputeOn(const Lane& lane, const ModelShape& model, const Layout& layout) {
    switch (layout.recompute) {
    case Recompute::None:
        return 0;
    case Recompute::Selective:
    case Recompute::Full:
        return 1;
    case Recompute::Auto:
        break;
    }
    return std::min(1.0, recomputeToFit(model, lane.work, layout, lane.device.hbmBytes));
}

void keepFullest(Outcome& outcome, const Memory& memory) {
    const double fill = memory.total() / memory.capacity;
    if (outcome.memory.capacity <= 0 || fill > outcome.memory.total() / outcome.memory.capacity) {
        outcome.memory = memory;
    }
    outcome.fits = outcome.memory.fits();
}

StepTerms termsOn(const Setup& setup, const Lane& lane, const ModelShape& model, const Layout& layout,
                  double recompute) {
    return stepTerms(lane.device, lane.fabric, lane.dataFabric, model, lane.work, layout, recompute,
                     *setup.calibration);
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
void equalShares(const Setup& setup, const Layout& layout, Outcome& outcome) {
    double recompute = 0;
    for (const Lane& lane : setup.lanes) {
        recompute = std::max(recompute, recomputeOn(lane, setup.model, layout));
    }
    double ownPace = 0;
    double gpus = 0;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        const Lane& lane = setup.lanes[i];
        LaneOutcome& result = outcome.lane[i];
        result.terms = termsOn(setup, lane, setup.model, layout, recompute);
        result.microBatches = result.terms.microBatches;
        result.shareOfTokens = static_cast<double>(result.replicas) / static_cast<double>(layout.dp);
        keepFullest(outcome, memoryOf(setup.model, lane.work, layout, lane.device.hbmBytes,
                                      layout.recompute == Recompute::Selective ? 0 : recompute));
        if (outcome.lanes > 1) {
            const double own = termsOn(setup, setup.ownLanes[i], setup.model, layout, recompute).stepS;
            ownPace += own * static_cast<double>(result.gpus);
            gpus += static_cast<double>(result.gpus);
        }
    }
    chooseCritical(outcome);
    if (outcome.lanes > 1 && gpus > 0) {
        outcome.mismatchS = std::max(0.0, outcome.stepS - ownPace / gpus);
    }
}

/// Micro-batches in proportion to speed: the least time T with sum R_c floor((T - fill_c) / beat_c) >= M,
/// where replicas of one class may differ by one.
void proportionalShares(const Setup& setup, const Layout& layout, Outcome& outcome) {
    const bool local = setup.job.placement == Placement::LocalSgd;
    const double total = static_cast<double>(layout.globalBatch) / layout.microBatch;
    double rate = 0;
    double head = 0;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        const Lane& lane = setup.lanes[i];
        LaneOutcome& result = outcome.lane[i];
        Layout own = layout;
        own.dp = local ? std::max<std::int64_t>(1, result.replicas) : layout.dp;
        const double recompute = recomputeOn(lane, setup.model, own);
        result.terms = termsOn(setup, lane, setup.model, own, recompute);
        keepFullest(outcome, memoryOf(setup.model, lane.work, own, lane.device.hbmBytes,
                                      layout.recompute == Recompute::Selective ? 0 : recompute));
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
        const double busy = together - result.terms.fill - result.terms.dp - result.terms.optimizer;
        result.microBatches = std::max(1.0, std::floor(busy / result.terms.slowestStage + 1e-9));
        given += static_cast<double>(result.replicas) * result.microBatches;
    }
    // The rest goes one a replica, first where the step ends earliest.
    double rest = total - given;
    std::array<double, kMaxLanes> extra{};
    while (rest > 1e-9) {
        std::size_t best = 0;
        double earliest = 0;
        for (std::size_t i = 0; i < outcome.lanes; ++i) {
            const LaneOutcome& r = outcome.lane[i];
            const double end = (r.microBatches + 1 + std::floor(extra[i])) * r.terms.slowestStage +
                               r.terms.fill + r.terms.dp + r.terms.optimizer;
            if (i == 0 || end < earliest) {
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
        result.terms.setMicroBatches(result.microBatches + std::ceil(extra[i] - 1e-9));
        result.microBatches += extra[i];
        result.shareOfTokens = static_cast<double>(result.replicas) * result.microBatches / total;
    }
    if (local && outcome.lanes > 1) {
        // Pseudo-gradients in 16 bit, sent and received once an outer step over the trunk.
        const double bytes = 2 * 2 * setup.model.totalParams();
        outcome.outerS = (bytes / setup.trunkBytesPerS + 2 * setup.trunkLatencyS) /
                         setup.calibration->assumptions.dilocoSteps;
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

/// Stages of one class each, the layers split so that every stage takes the same time: the least beat B with
/// sum p_c floor(B / layer_c) >= L, the last stage giving room for the LM head.
void classStages(const Setup& setup, const Layout& layout, Outcome& outcome) {
    const std::size_t n = outcome.lanes;
    std::array<double, kMaxLanes> stages{};
    std::array<double, kMaxLanes> layerS{};
    double left = layout.pp;
    const double perStage = static_cast<double>(layout.tp) * layout.cp * static_cast<double>(layout.dp);
    const double total = static_cast<double>(setup.gpusInUse());
    std::size_t fastest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double room = std::floor(static_cast<double>(setup.lanes[i].pool->gpus) / perStage);
        const double fair = std::round(layout.pp * static_cast<double>(setup.lanes[i].pool->gpus) / total);
        stages[i] = std::min({room, fair, left});
        left -= stages[i];
        outcome.lane[i].terms = termsOn(setup, setup.lanes[i], setup.model, layout, 0);
        layerS[i] = outcome.lane[i].terms.layerS;
        if (layerS[i] < layerS[fastest]) {
            fastest = i;
        }
    }
    for (std::size_t i = 0; i < n && left > 0; ++i) {
        const double room = std::floor(static_cast<double>(setup.lanes[i].pool->gpus) / perStage) - stages[i];
        const double more = std::min(room, left);
        stages[i] += more;
        left -= more;
    }
    if (left > 0 || stages[fastest] <= 0) {
        outcome.fits = false;
        outcome.stepS = 0;
        return;
    }
    const double headS = outcome.lane[fastest].terms.headS;
    const auto held = [&](double beat) {
        double layers = 0;
        for (std::size_t i = 0; i < n; ++i) {
            layers += stages[i] * std::floor(beat / layerS[i] + 1e-9);
        }
        const double head = std::floor(beat / layerS[fastest] + 1e-9) -
                            std::max(0.0, std::floor((beat - headS) / layerS[fastest] + 1e-9));
        return layers - head;
    };
    double low = 0;
    double high =
        headS + setup.model.layers *
                    *std::max_element(layerS.begin(), layerS.begin() + static_cast<std::ptrdiff_t>(n));
    for (int i = 0; i < 48; ++i) {
        const double middle = (low + high) / 2;
        (held(middle) >= setup.model.layers ? high : low) = middle;
    }
    double beat = high;
    double fill = 0;
    double communication = 0;
    for (std::size_t i = 0; i < n; ++i) {
        LaneOutcome& result = outcome.lane[i];
        result.replicas = layout.dp;
        result.gpus = static_cast<std::int64_t>(stages[i] * perStage);
        result.layers = std::floor(beat / layerS[i] + 1e-9);
        if (stages[i] <= 0 || result.layers <= 0) {
            result.gpus = 0;
            result.terms = {};
            continue;
        }
        const ModelShape part = withLayers(setup.model, result.layers * layout.pp);
        const Lane& lane = setup.lanes[i];
        const double recompute = recomputeOn(lane, part, layout);
        result.terms = termsOn(setup, lane, part, layout, recompute);
        keepFullest(outcome, memoryOf(part, lane.work, layout, lane.device.hbmBytes,
                                      layout.recompute == Recompute::Selective ? 0 : recompute));
        beat = std::max(beat, result.layers * result.terms.layerS);
        fill += stages[i] * result.layers * result.terms.layerS / layout.vp;
        communication = std::max(communication, result.terms.fsdp + result.terms.send);
    }
    // One stage boundary crosses the trunk: every rank's activations share the bundle, both ways at once.
    const double sharded = layout.sequenceParallel ? layout.tp : 1;
    const double message =
        2 * layout.microBatch * setup.lanes[fastest].work.sequence / layout.cp * setup.model.hidden / sharded;
    const double trunkBeat =
        setup.trunkBytesPerS > 0 ? layout.vp * message * perStage / setup.trunkBytesPerS : 0;
    beat = std::max(beat + communication, trunkBeat);
    fill = std::max(0.0, fill - beat / layout.vp) + 2 * setup.trunkLatencyS;
    double microBatches = 0;
    for (std::size_t i = 0; i < n; ++i) {
        LaneOutcome& result = outcome.lane[i];
        if (result.gpus == 0) {
            continue;
        }
        microBatches = result.terms.microBatches;
        result.microBatches = microBatches;
        result.terms.slowestStage = std::max(beat, result.terms.microS());
        result.terms.fill = fill;
        result.terms.setMicroBatches(microBatches);
        result.shareOfTokens = stages[i] * result.layers / setup.model.layers;
    }
    chooseCritical(outcome);
}

} // namespace

bool spreadReplicas(const Setup& setup, const Layout& layout, std::array<std::int64_t, kMaxLanes>& replicas) {
    const std::int64_t perReplica = layout.gpus() / layout.dp;
    std::int64_t room = 0;
    for (const Lane& lane : setup.lanes) {
        room += lane.pool->gpus / perReplica;
    }
    if (room < layout.dp) {
        return false;
    }
    std::int64_t given = 0;
    for (std::size_t i = 0; i < setup.lanes.size(); ++i) {
        const std::int64_t here = setup.lanes[i].pool->gpus / perReplica;
        replicas[i] = here * layout.dp / room;
        given += replicas[i];
    }
    for (std::size_t i = 0; given < layout.dp; i = (i + 1) % setup.lanes.size()) {
        if (replicas[i] < setup.lanes[i].pool->gpus / perReplica) {
            ++replicas[i];
            ++given;
        }
    }
    return true;
}

Outcome outcomeOf(const Setup& setup, const Layout& layout) {
    Outcome outcome;
    outcome.lanes = setup.lanes.size();
    outcome.fits = true;
    if (setup.job.placement == Placement::ClassStages && outcome.lanes > 1) {
        classStages(setup, layout, outcome);
        return outcome;
    }
    std::array<std::int64_t, kMaxLanes> replicas{};
    if (!spreadReplicas(setup, layout, replicas)) {
        outcome.fits = false;
        return outcome;
    }
    const std::int64_t perReplica = layout.gpus() / layout.dp;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        outcome.lane[i].replicas = replicas[i];
        outcome.lane[i].gpus = replicas[i] * perReplica;
    }
    const bool proportional =
        setup.job.placement == Placement::Proportional || setup.job.placement == Placement::LocalSgd;
    if (proportional && outcome.lanes > 1) {
        proportionalShares(setup, layout, outcome);
    } else {
        equalShares(setup, layout, outcome);
    }
    return outcome;
}

} // namespace atlas::training
