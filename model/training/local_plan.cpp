#include "model/training/local_plan.h"

#include "model/training/placement.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atlas::training {

namespace {

/// One pool with its part of the job.
struct Island {
    const Pool* pool = nullptr;
    Machine machine;
    Job job;
    Plan plan; ///< empty: nothing fits
    double tokensPerS = 0;
};

std::vector<Island> islandsOf(const Machine& machine, const Job& job) {
    std::vector<Island> islands;
    for (const Pool& pool : machine.pools) {
        Island island;
        island.pool = &pool;
        island.machine = {machine.name, {pool}, 0, 0};
        island.job = job;
        island.job.placement = Placement::LocalSgd; // replicas need not divide the batch
        island.tokensPerS = static_cast<double>(pool.gpus) * pool.bf16FlopPerS; // until it is planned
        islands.push_back(std::move(island));
    }
    return islands;
}

/// Batches in proportion to the speeds known so far, then plans with them. The error of the largest pool
/// where nothing fits.
Diagnostics planAll(std::vector<Island>& islands, const Job& job, const PlanOptions& options,
                    const Calibration& c) {
    double total = 0;
    for (const Island& island : islands) {
        total += island.tokensPerS;
    }
    Diagnostics errors;
    std::int64_t largest = 0;
    double passed = 0;
    std::int64_t given = 0;
    for (Island& island : islands) {
        if (island.tokensPerS <= 0) {
            continue;
        }
        passed += island.tokensPerS;
        const std::int64_t upTo = std::llround(static_cast<double>(job.globalBatch) * passed / total);
        island.job.globalBatch = upTo - given;
        given = upTo;
        auto found = plan(island.machine, island.job, options, c);
        island.plan = found ? std::move(*found) : Plan{};
        island.tokensPerS = island.plan.best.empty() ? 0 : island.plan.best.front().tokensPerS;
        if (!found && island.pool->gpus > largest) {
            largest = island.pool->gpus;
            errors = found.errors();
        }
    }
    return errors;
}

double waitingW(const Pool& pool, const Calibration& c) {
    return pool.idleW + c.assumptions.waitingPowerShare * std::max(0.0, pool.tdpW - pool.idleW);
}

double innerStepsOf(const Job& job, const Calibration& c) {
    return job.localSgdSteps > 0 ? job.localSgdSteps : c.assumptions.dilocoSteps;
}

/// The steps of the pools that work, side by side.
StepAnatomy together(const std::vector<Island>& islands, std::size_t row, double outerS, const Job& job,
                     const Calibration& c) {
    std::vector<const StepAnatomy*> steps;
    const StepAnatomy* main = nullptr;
    const StepAnatomy* slowest = nullptr;
    for (const Island& island : islands) {
        const auto& best = island.plan.best;
        const StepAnatomy* step = best.empty() ? nullptr : &best[std::min(row, best.size() - 1)];
        steps.push_back(step);
        if (step != nullptr) {
            main = main == nullptr || step->gpusUsed > main->gpusUsed ? step : main;
            slowest = slowest == nullptr || step->stepTimeS > slowest->stepTimeS ? step : slowest;
        }
    }
    StepAnatomy a = *main;
    a.placement = job.placement;
    a.stepTimeS = slowest->stepTimeS + outerS;
    a.breakdown = slowest->breakdown;
    a.breakdown.dp += outerS;
    a.outerS = outerS;
    a.innerSteps = outerS > 0 ? innerStepsOf(job, c) : 0;
    a.tokensPerStep = 0;
    a.energyJ = 0;
    a.gpusUsed = 0;
    a.gpusTotal = 0;
    a.recomputeShare = 0;
    a.classes.clear();
    a.notes.clear();
    double peak = 0;
    double hardware = 0;
    for (const StepAnatomy* step : steps) {
        a.tokensPerStep += step == nullptr ? 0 : step->tokensPerStep;
    }
    for (std::size_t i = 0; i < islands.size(); ++i) {
        const Pool& pool = *islands[i].pool;
        a.gpusTotal += pool.gpus;
        ClassShare share{pool.gpu, pool.name, pool.gpus, pool.bf16FlopPerS, 0, 0, a.stepTimeS, 0, {}};
        if (const StepAnatomy* step = steps[i]) {
            share = step->classes.front();
            share.layout = step->layout;
            share.communicateS += outerS;
            share.waitS = a.stepTimeS - share.computeS - share.communicateS;
            share.shareOfTokens = step->tokensPerStep / a.tokensPerStep;
            const auto gpus = static_cast<double>(share.count);
            peak += gpus * pool.bf16FlopPerS;
            hardware += share.shareOfTokens * step->hfu / step->mfu;
            a.energyJ += step->energyJ + gpus * (a.stepTimeS - step->stepTimeS) * waitingW(pool, c);
            a.gpusUsed += step->gpusUsed;
            a.recomputeShare += share.shareOfTokens * step->recomputeShare;
            if (step->memory.total() / step->memory.capacity > a.memory.total() / a.memory.capacity) {
                a.memory = step->memory;
            }
            for (const std::string& note : step->notes) {
                if (std::find(a.notes.begin(), a.notes.end(), note) == a.notes.end()) {
                    a.notes.push_back(note);
                }
            }
        } else {
            a.energyJ += static_cast<double>(pool.gpus) * pool.idleW * a.stepTimeS;
            a.notes.push_back("nothing fits on the " + pool.gpu + " of " + pool.name + " alone: idle");
        }
        a.classes.push_back(std::move(share));
    }
    const bool apart =
        std::count_if(steps.begin(), steps.end(), [](auto* step) { return step != nullptr; }) > 1;
    a.tokensPerS = (apart ? c.assumptions.dilocoTokenEfficiency : 1) * a.tokensPerStep / a.stepTimeS;
    a.tokensPerSPerGpu = a.tokensPerS / static_cast<double>(a.gpusUsed);
    a.modelFlopPerSPerGpu = a.modelFlopPerToken * a.tokensPerSPerGpu;
    a.kernelS = a.modelFlopPerToken * a.tokensPerStep / peak;
    a.mfu = a.kernelS / a.stepTimeS;
    a.hfu = a.mfu * hardware;
    return a;
}

void add(std::vector<Rejection>& sum, const std::vector<Rejection>& more) {
    for (const Rejection& one : more) {
        const auto same = std::find_if(sum.begin(), sum.end(),
                                       [&](const Rejection& r) { return r.constraint == one.constraint; });
        if (same == sum.end()) {
            sum.push_back(one);
        } else {
            same->count += one.count;
        }
    }
}

} // namespace

Result<Plan> planIslands(const Machine& machine, const Job& job, const PlanOptions& options,
                         const Calibration& calibration) {
    std::vector<Island> islands = islandsOf(machine, job);
    PlanOptions quick = options;
    quick.top = 1;
    quick.nearOptimalAtMost = 0;
    if (Diagnostics errors = planAll(islands, job, quick, calibration);
        std::all_of(islands.begin(), islands.end(), [](const Island& i) { return i.plan.best.empty(); })) {
        return errors;
    }
    if (Diagnostics errors = planAll(islands, job, options, calibration);
        std::all_of(islands.begin(), islands.end(), [](const Island& i) { return i.plan.best.empty(); })) {
        return errors;
    }
    const auto shape = shapeOf(job.model);
    const auto working =
        std::count_if(islands.begin(), islands.end(), [](const Island& i) { return !i.plan.best.empty(); });
    constexpr double kBothWays = 2;
    constexpr double kBytes = 2;
    const double outerS = working > 1 ? (kBothWays * kBytes * shape->totalParams() / machine.trunkBytesPerS +
                                         2 * machine.trunkLatencyS) /
                                            innerStepsOf(job, calibration)
                                      : 0;
    Plan result;
    std::size_t rows = 0;
    const Island* largest = nullptr;
    for (const Island& island : islands) {
        rows = std::max(rows, island.plan.best.size());
        result.evaluated += island.plan.evaluated;
        result.feasible += island.plan.feasible;
        result.nearOptimal = std::max(result.nearOptimal, island.plan.nearOptimal);
        result.seconds += island.plan.seconds;
        add(result.rejected, island.plan.rejected);
        largest = largest == nullptr || island.pool->gpus > largest->pool->gpus ? &island : largest;
    }
    result.families = largest->plan.families;
    for (std::size_t row = 0; row < rows; ++row) {
        result.best.push_back(together(islands, row, outerS, job, calibration));
    }
    return result;
}

} // namespace atlas::training
