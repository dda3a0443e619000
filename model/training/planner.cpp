#include "model/training/planner.h"

#include "model/training/placement.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

namespace atlas::training {

namespace {

/// Why a family of layouts is out. The order is that of the report.
enum class Reason : std::size_t { Memory, Batch, Machine, Experts, Count };
constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::Count);

struct Candidate {
    double stepS = 0;
    Layout layout;
};

/// What one slice of the search found. Slices are merged in their order, so the result does not depend on the
/// number of threads.
struct Slice {
    int tp = 1, pp = 1;
    std::vector<Candidate> feasible;
    std::array<std::int64_t, kReasons> rejected{};
    double leastMemory = 0; ///< of the layouts that do not fit
    std::int64_t evaluated = 0;
};

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
    if (fixed > 0) {
        return {pp > 1 ? fixed : 1};
    }
    if (pp == 1) {
        return {1};
    }
    const int held = (layers + pp - 1) / pp;
    std::vector<int> counts;
    for (int vp = 1; vp <= held; ++vp) {
        if (held % vp == 0) {
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

/// The largest number of replicas the machine and the batch allow; 0 where there is none.
std::int64_t replicasFor(const Setup& setup, Layout layout, const std::vector<std::int64_t>& divisors) {
    const std::int64_t perReplica = static_cast<std::int64_t>(layout.tp) * layout.pp * layout.cp;
    const std::int64_t batch = layout.globalBatch / layout.microBatch;
    std::int64_t most = 0;
    const bool mixed = setup.lanes.size() > 1;
    const Placement placement = setup.job.placement;
    if (placement == Placement::ClassStages && mixed) {
        most = setup.gpusInUse() / perReplica;
    } else {
        for (const Lane& lane : setup.lanes) {
            most += lane.pool->gpus / perReplica;
        }
    }
    most = std::min(most, batch);
    if (mixed && (placement == Placement::Proportional || placement == Placement::LocalSgd)) {
        return most;
    }
    std::int64_t best = 0;
    for (const std::int64_t d : divisors) {
        if (d > most) {
            break;
        }
        if (batch % d != 0 || layout.globalBatch % (d * layout.microBatch) != 0) {
            continue;
        }
        if (placement == Placement::ClassStages && mixed) {
            std::int64_t stages = 0;
            for (const Lane& lane : setup.lanes) {
                stages += lane.pool->gpus / (perReplica / layout.pp * d);
            }
            if (stages < layout.pp) {
                break;
            }
        }
        best = d;
    }
    return best;
}

struct Axes {
    std::vector<int> cps, eps, microBatches;
    std::vector<Sharding> shardings;
    std::vector<std::int64_t> divisors; ///< of the global batch
    Recompute recompute = Recompute::Auto;
    int vp = 0;
};

/// The recompute policies fitness is tried under: as many layers as it takes.
void tryLayout(const Setup& setup, Layout layout, Slice& slice) {
    ++slice.evaluated;
    const Outcome outcome = outcomeOf(setup, layout, Detail::Search);
    if (outcome.memory.capacity <= 0) {
        ++slice.rejected[static_cast<std::size_t>(Reason::Machine)];
        return;
    }
    if (!outcome.fits) {
        ++slice.rejected[static_cast<std::size_t>(Reason::Memory)];
        const double needed = outcome.memory.total();
        slice.leastMemory = slice.leastMemory > 0 ? std::min(slice.leastMemory, needed) : needed;
        return;
    }
    slice.feasible.push_back({outcome.stepS, layout});
}

void searchSlice(const Setup& setup, const Axes& axes, const PlanOptions& options, Slice& slice) {
    Layout layout;
    layout.tp = slice.tp;
    layout.pp = slice.pp;
    layout.sequenceParallel = slice.tp > 1;
    layout.globalBatch = setup.job.globalBatch;
    layout.recompute = axes.recompute;
    for (const int cp : axes.cps) {
        layout.cp = cp;
        for (const int microBatch : axes.microBatches) {
            layout.microBatch = microBatch;
            layout.dp = replicasFor(setup, layout, axes.divisors);
            if (layout.dp < 1) {
                const bool machine =
                    static_cast<std::int64_t>(layout.tp) * layout.pp * layout.cp > setup.gpusInUse();
                ++slice.rejected[static_cast<std::size_t>(machine ? Reason::Machine : Reason::Batch)];
                continue;
            }
            for (const int ep : axes.eps) {
                layout.ep = ep;
                if (options.stop.stop_requested()) {
                    return;
                }
                if (ep > 1 && (layout.dp * layout.cp * layout.tp) % ep != 0) {
                    ++slice.rejected[static_cast<std::size_t>(Reason::Experts)];
                    continue;
                }
                for (const int vp : chunkCounts(setup.job.model.layers, slice.pp, axes.vp)) {
                    layout.vp = vp;
                    for (const Sharding sharding : axes.shardings) {
                        if (sharding == Sharding::Fsdp && slice.pp > 1 && axes.shardings.size() > 1) {
                            continue; // gathers every micro-batch's weights anew: never used with a pipeline
                        }
                        layout.sharding = sharding;
                        tryLayout(setup, layout, slice);
                    }
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

Axes axesOf(const Setup& setup, const PlanOptions& options) {
    Axes axes;
    axes.cps = contextDegrees(setup, options.fixed.cp);
    axes.eps = expertDegrees(setup, options.fixed.ep);
    axes.microBatches = options.fixed.microBatch > 0 ? std::vector<int>{options.fixed.microBatch}
                                                     : std::vector<int>{1, 2, 4, 8};
    axes.shardings = options.fixed.sharding == Sharding::Optimizer
                         ? std::vector<Sharding>{Sharding::Optimizer, Sharding::Fsdp}
                         : std::vector<Sharding>{options.fixed.sharding};
    axes.divisors = divisorsOf(setup.job.globalBatch);
    axes.recompute = options.fixed.recompute;
    axes.vp = options.fixed.vp;
    return axes;
}

std::string gigabytes(double bytes) {
    const auto tenths = static_cast<std::int64_t>(std::llround(bytes / 1e8));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

std::vector<Rejection> rejectionsOf(const Setup& setup, const std::vector<Slice>& slices) {
    std::array<std::int64_t, kReasons> counts{};
    double least = 0;
    for (const Slice& slice : slices) {
        for (std::size_t i = 0; i < kReasons; ++i) {
            counts[i] += slice.rejected[i];
        }
        if (slice.leastMemory > 0) {
            least = least > 0 ? std::min(least, slice.leastMemory) : slice.leastMemory;
        }
    }
    const std::array<std::string, kReasons> texts = {
        "memory: " + gigabytes(least) + " or more needed, " + gigabytes(setup.capacityBytes()) + " there",
        "batch: " + std::to_string(setup.job.globalBatch) +
            " sequences do not divide into replicas and micro-batches",
        "machine: one replica needs more GPUs than a pool or the machine has",
        "experts: ep does not divide dp x cp x tp"};
    std::vector<Rejection> list;
    for (std::size_t i = 0; i < kReasons; ++i) {
        if (counts[i] > 0) {
            list.push_back({texts[i], counts[i]});
        }
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const Rejection& a, const Rejection& b) { return a.count > b.count; });
    return list;
}

} // namespace

Result<Plan> plan(const Machine& machine, const Job& job, const PlanOptions& options,
                  const Calibration& calibration) {
    const auto begin = std::chrono::steady_clock::now();
    auto setup = setUp(machine, job, calibration);
    if (!setup) {
        return setup.errors();
    }
    if (job.globalBatch < 1) {
        return failure("the global batch has no sequences", "give the job a batch");
    }
    std::vector<Slice> slices;
    for (const int tp : tensorDegrees(*setup, options.fixed)) {
        for (const int pp : pipelineDegrees(*setup, options.fixed)) {
            slices.push_back({tp, pp, {}, {}, 0, 0});
        }
    }
    const Axes axes = axesOf(*setup, options);
    tbb::parallel_for(std::size_t{0}, slices.size(),
                      [&](std::size_t i) { searchSlice(*setup, axes, options, slices[i]); });
    if (options.stop.stop_requested()) {
        return failure("the search was stopped");
    }
    Plan result;
    std::vector<Candidate> all;
    for (Slice& slice : slices) {
        result.evaluated += slice.evaluated;
        all.insert(all.end(), slice.feasible.begin(), slice.feasible.end());
    }
    result.feasible = static_cast<std::int64_t>(all.size());
    result.rejected = rejectionsOf(*setup, slices);
    if (all.empty()) {
        const std::string most =
            result.rejected.empty() ? "nothing to search" : result.rejected.front().constraint;
        return failure("no layout of `" + job.model.id + "` is feasible: " + most,
                       "use more GPUs, a smaller model or another batch");
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return a.stepS < b.stepS; });
    constexpr double kNearOptimal = 1.03;
    result.nearOptimal = std::count_if(
        all.begin(), all.end(), [&](const Candidate& c) { return c.stepS <= kNearOptimal * all[0].stepS; });
    const std::size_t kept =
        std::min<std::size_t>(all.size(), static_cast<std::size_t>(std::max(1, options.top)));
    for (std::size_t i = 0; i < kept; ++i) {
        result.best.push_back(anatomyOf(*setup, all[i].layout, outcomeOf(*setup, all[i].layout)));
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
}

} // namespace atlas::training
