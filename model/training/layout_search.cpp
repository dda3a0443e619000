#include "model/training/layout_search.h"

#include "model/training/layout_scratch.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace atlas::training {

namespace {

/// Chunks of a pipeline may hold the embedding or the head in place of a layer.
constexpr int kHeadAndEmbedding = 2;

std::vector<int> tensorDegrees(const Setup& setup, const scenario::LayoutChoice& fixed) {
    if (fixed.tp > 0) {
        return {fixed.tp};
    }
    const auto& m = setup.job.model;
    std::vector<int> degrees;
    int domain = setup.lanes.front().pool->nvlinkDomain; // beyond it every layer would wait for the NIC
    for (const Lane& lane : setup.lanes) {
        domain = std::min(domain, lane.pool->nvlinkDomain);
    }
    for (int tp = 1; tp <= std::min(domain, 64); tp *= 2) {
        if (m.heads % tp == 0 && m.ffnHidden % tp == 0) {
            degrees.push_back(tp);
        }
    }
    return degrees;
}

std::vector<int> pipelineDegrees(const Setup& setup, const scenario::LayoutChoice& fixed) {
    if (fixed.pp > 0) {
        return {fixed.pp};
    }
    const int layers = setup.job.model.layers;
    std::vector<int> degrees;
    for (int pp = 1; pp <= std::min(layers, 128); ++pp) {
        const bool even = layers % pp == 0 || (layers + 2) % pp == 0 || (layers + 1) % pp == 0;
        const bool power = (pp & (pp - 1)) == 0;
        if (even || power) {
            degrees.push_back(pp);
        }
    }
    return degrees;
}

std::vector<int> chunkCounts(int layers, int pp, int fixed) {
    if (pp == 1) {
        return {1};
    }
    if (fixed > 0) {
        return pp * fixed <= layers + kHeadAndEmbedding ? std::vector<int>{fixed} : std::vector<int>{};
    }
    const int held = (layers + pp - 1) / pp;
    std::vector<int> counts;
    for (int vp = 1; vp <= held; ++vp) {
        if (held % vp == 0 && pp * vp <= layers + kHeadAndEmbedding) {
            counts.push_back(vp);
        }
    }
    return counts;
}

std::vector<int> contextDegrees(const Setup& setup, int fixed) {
    if (fixed > 0) {
        return {fixed};
    }
    std::vector<int> degrees;
    constexpr int kLeastTokens = 1024; // below, a rank's share of the sequence is too thin to compute on
    for (int cp = 1; cp == 1 || (setup.job.sequence % cp == 0 && setup.job.sequence / cp >= kLeastTokens);
         cp *= 2) {
        degrees.push_back(cp);
    }
    return degrees;
}

std::vector<int> expertDegrees(const Setup& setup, int fixed) {
    const int experts = setup.job.model.experts;
    if (fixed > 0 || experts == 0) {
        return {std::max(1, fixed)};
    }
    std::vector<int> degrees;
    for (int ep = 1; ep <= experts; ep *= 2) {
        if (experts % ep == 0) {
            degrees.push_back(ep);
        }
    }
    return degrees;
}

/// The largest number of replicas the machine and the batch allow; 0 where there is none. Replicas of a pool
/// come in whole sets that share experts.
std::int64_t replicasFor(const Setup& setup, const Layout& layout,
                         const std::vector<std::int64_t>& divisors) {
    const std::int64_t perReplica = static_cast<std::int64_t>(layout.tp) * layout.pp * layout.cp;
    const std::int64_t group = replicasOfExpertGroup(layout);
    const std::int64_t batch = layout.globalBatch / layout.microBatch;
    const bool mixed = setup.lanes.size() > 1;
    const Placement placement = setup.job.placement;
    const bool stages = placement == Placement::ClassStages && mixed;
    std::int64_t most = stages ? setup.gpusInUse() / perReplica : 0;
    for (const Lane& lane : setup.lanes) {
        most += stages ? 0 : replicasOn(*lane.pool, layout);
    }
    most = std::min(most, batch);
    if ((mixed && placement == Placement::Proportional) || placement == Placement::LocalSgd) {
        return most / group * group;
    }
    // From the largest down: the first that suits is the answer.
    for (auto d = std::ranges::upper_bound(divisors, most); d != divisors.begin();) {
        --d;
        if (*d % group != 0 || batch % *d != 0 || layout.globalBatch % (*d * layout.microBatch) != 0) {
            continue;
        }
        std::int64_t room = layout.pp;
        if (stages) {
            room = 0;
            for (const Lane& lane : setup.lanes) {
                room += lane.pool->gpus / (perReplica / layout.pp * *d);
            }
        }
        if (room >= layout.pp) {
            return *d;
        }
    }
    return 0;
}

/// What leaves a layout without replicas.
Killer whatLeavesNone(const Setup& setup, Layout layout, const std::vector<std::int64_t>& divisors) {
    const bool experts = layout.ep > 1;
    layout.ep = 1;
    const bool room = std::ranges::any_of(
        setup.lanes, [&](const Lane& lane) { return replicasOn(*lane.pool, layout) > 0; });
    if (!room) {
        return Killer::Machine;
    }
    return experts && replicasFor(setup, layout, divisors) > 0 ? Killer::Experts : Killer::Batch;
}

struct Axes {
    std::vector<int> cps, eps, microBatches;
    std::vector<Sharding> shardings;
    std::vector<std::int64_t> divisors; ///< of the global batch
    Recompute recompute = Recompute::Auto;
    int vp = 0;
    bool selectiveSaves = false; ///< selective recompute frees memory in this software
};

bool recomputes(const Outcome& outcome) {
    const auto end = outcome.lane.begin() + static_cast<std::ptrdiff_t>(outcome.lanes);
    return std::any_of(outcome.lane.begin(), end,
                       [](const LaneOutcome& lane) { return lane.terms.recomputeShare > 0; });
}

/// What one thread works with on one slice.
struct Bench {
    LayoutScratch scratch;
    Outcome outcome;
};

/// Evaluates one layout; true where it is feasible but has to recompute layers.
bool tryLayout(const Setup& setup, const Layout& layout, Bench& bench, SearchSlice& slice) {
    SearchCount& count = slice.parts[partIndex(layout)];
    ++count.evaluated;
    const Outcome& outcome = bench.outcome;
    evaluate(setup, layout, Detail::Search, bench.scratch, bench.outcome);
    if (outcome.memory.capacity <= 0) {
        ++count.killed[static_cast<std::size_t>(Killer::Machine)];
        return false;
    }
    if (!outcome.fits) {
        ++count.killed[static_cast<std::size_t>(Killer::Memory)];
        const double needed = outcome.memory.total();
        count.leastMemory = count.leastMemory > 0 ? std::min(count.leastMemory, needed) : needed;
        return false;
    }
    ++count.feasible;
    slice.feasible.push_back({outcome.stepS, layout});
    if (count.best.stepS <= 0 || outcome.stepS < count.best.stepS) {
        count.best = slice.feasible.back();
    }
    return recomputes(outcome);
}

/// All shardings and recompute policies of a layout.
void tryPolicies(const Setup& setup, const Axes& axes, Layout layout, Bench& bench, SearchSlice& slice) {
    for (const Sharding sharding : axes.shardings) {
        layout.sharding = sharding;
        layout.recompute = axes.recompute == Recompute::Auto ? Recompute::Layers : axes.recompute;
        if (sharding == Sharding::Fsdp && layout.pp > 1 && axes.shardings.size() > 1) {
            ++slice.parts[partIndex(layout)].killed[static_cast<std::size_t>(Killer::Gathers)];
            continue;
        }
        if (tryLayout(setup, layout, bench, slice) && axes.recompute == Recompute::Auto &&
            axes.selectiveSaves) {
            layout.recompute = Recompute::Selective;
            tryLayout(setup, layout, bench, slice);
        }
    }
}

void searchSlice(const Setup& setup, const Axes& axes, const std::stop_token& stop, SearchSlice& slice) {
    Bench bench{LayoutScratch(setup), {}};
    Layout layout;
    layout.tp = slice.tp;
    layout.pp = slice.pp;
    layout.sequenceParallel = slice.tp > 1;
    layout.globalBatch = setup.job.globalBatch;
    const std::vector<int> vps = chunkCounts(setup.job.model.layers, slice.pp, axes.vp);
    for (const int cp : axes.cps) {
        layout.cp = cp;
        for (const int microBatch : axes.microBatches) {
            layout.microBatch = microBatch;
            for (const int ep : axes.eps) {
                layout.ep = ep;
                if (stop.stop_requested()) {
                    return;
                }
                layout.dp = replicasFor(setup, layout, axes.divisors);
                if (layout.dp < 1) {
                    layout.sharding = axes.shardings.front();
                    const Killer killer = whatLeavesNone(setup, layout, axes.divisors);
                    ++slice.parts[partIndex(layout)].killed[static_cast<std::size_t>(killer)];
                    continue;
                }
                for (const int vp : vps) {
                    layout.vp = vp;
                    tryPolicies(setup, axes, layout, bench, slice);
                }
            }
        }
    }
}

std::vector<std::int64_t> divisorsOf(std::int64_t n) {
    std::vector<std::int64_t> small;
    std::vector<std::int64_t> large;
    for (std::int64_t d = 1; d * d <= n; ++d) {
        if (n % d == 0) {
            small.push_back(d);
            if (d * d != n) {
                large.push_back(n / d);
            }
        }
    }
    small.insert(small.end(), large.rbegin(), large.rend());
    return small;
}

bool selectiveSaves(const Setup& setup) {
    Layout plain;
    plain.recompute = Recompute::None;
    Layout selective = plain;
    selective.recompute = Recompute::Selective;
    return std::ranges::any_of(setup.lanes, [&](const Lane& lane) {
        const double capacity = lane.device.hbmBytes;
        return memoryOf(setup.model, lane.work, selective, capacity, 0).activations <
               memoryOf(setup.model, lane.work, plain, capacity, 0).activations;
    });
}

Axes axesOf(const Setup& setup, const scenario::LayoutChoice& fixed) {
    Axes axes;
    axes.cps = contextDegrees(setup, fixed.cp);
    axes.eps = expertDegrees(setup, fixed.ep);
    axes.microBatches =
        fixed.microBatch > 0 ? std::vector<int>{fixed.microBatch} : std::vector<int>{1, 2, 4, 8};
    axes.shardings = fixed.sharding == Sharding::Auto
                         ? std::vector<Sharding>{Sharding::Optimizer, Sharding::Fsdp}
                         : std::vector<Sharding>{fixed.sharding};
    axes.divisors = divisorsOf(setup.job.globalBatch);
    axes.recompute = fixed.recompute;
    axes.vp = fixed.vp;
    axes.selectiveSaves = selectiveSaves(setup);
    return axes;
}

} // namespace

std::size_t partIndex(const Layout& layout) {
    return (layout.ep > 1 ? 8u : 0u) + (layout.cp > 1 ? 4u : 0u) + static_cast<std::size_t>(layout.sharding);
}

std::vector<SearchSlice> searchLayouts(const Setup& setup, const scenario::LayoutChoice& fixed,
                                       const std::stop_token& stop) {
    std::vector<SearchSlice> slices;
    const std::vector<int> pps = pipelineDegrees(setup, fixed);
    for (const int tp : tensorDegrees(setup, fixed)) {
        for (const int pp : pps) {
            slices.push_back({tp, pp, {}, {}});
        }
    }
    const Axes axes = axesOf(setup, fixed);
    if (slices.size() == 1) {
        searchSlice(setup, axes, stop, slices.front());
        return slices;
    }
    // Isolated: whoever waits here for its slices must not begin another draw of a caller's loop meanwhile,
    // on the inputs that this search reads.
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(std::size_t{0}, slices.size(),
                          [&](std::size_t i) { searchSlice(setup, axes, stop, slices[i]); });
    });
    return slices;
}

} // namespace atlas::training
