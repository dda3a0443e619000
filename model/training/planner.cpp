#include "model/training/planner.h"

#include "model/training/layout_search.h"
#include "model/training/local_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace atlas::training {

namespace {

std::string gigabytes(double bytes) {
    const auto tenths = static_cast<std::int64_t>(std::llround(bytes / 1e8));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

std::vector<Rejection> rejectionsOf(const Setup& setup, const SearchCount& count) {
    const std::array<std::string, kKillers> texts = {
        "memory: " + gigabytes(count.leastMemory) + " or more needed, " + gigabytes(setup.capacityBytes()) +
            " there",
        "batch: " + std::to_string(setup.job.globalBatch) +
            " sequences do not divide into replicas and micro-batches",
        "machine: one replica needs more GPUs than a pool or the machine has",
        "experts: no number of replicas that the machine and the batch allow is a multiple of ep / gcd(ep, "
        "cp x "
        "tp)",
        "sharding: in a pipeline FSDP keeps the weights gathered, as a sharded optimizer does"};
    std::vector<Rejection> list;
    for (std::size_t i = 0; i < kKillers; ++i) {
        if (count.killed[i] > 0) {
            list.push_back({texts[i], count.killed[i]});
        }
    }
    // What was not searched at all comes last, however much of it there is.
    const bool unsearched = count.killed[static_cast<std::size_t>(Killer::Gathers)] > 0;
    std::stable_sort(list.begin(), list.end() - (unsearched ? 1 : 0),
                     [](const Rejection& a, const Rejection& b) { return a.count > b.count; });
    return list;
}

void add(SearchCount& sum, const SearchCount& part) {
    sum.evaluated += part.evaluated;
    sum.feasible += part.feasible;
    for (std::size_t i = 0; i < kKillers; ++i) {
        sum.killed[i] += part.killed[i];
    }
    if (part.leastMemory > 0) {
        sum.leastMemory =
            sum.leastMemory > 0 ? std::min(sum.leastMemory, part.leastMemory) : part.leastMemory;
    }
    if (part.best.stepS > 0 && (sum.best.stepS <= 0 || part.best.stepS < sum.best.stepS)) {
        sum.best = part.best;
    }
}

/// Tensor and pipeline beside the parts of a slice.
constexpr std::size_t kFamilies = 4 * kParts;

std::size_t familyOf(const SearchSlice& slice, std::size_t part) {
    return part + kParts * ((slice.tp > 1 ? 1u : 0u) + (slice.pp > 1 ? 2u : 0u));
}

std::string familyName(std::size_t index) {
    std::string kinds;
    for (const auto& [bit, word] :
         {std::pair{kParts, "TP"}, {2 * kParts, "PP"}, {std::size_t{4}, "CP"}, {std::size_t{8}, "EP"}}) {
        if ((index & bit) != 0) {
            kinds += (kinds.empty() ? "" : " + ") + std::string(word);
        }
    }
    kinds = kinds.empty() ? "DP alone" : kinds;
    switch (static_cast<Sharding>(index % 4)) {
    case Sharding::None:
        return kinds + ", nothing sharded";
    case Sharding::Fsdp:
        return kinds + ", FSDP";
    case Sharding::Auto:
    case Sharding::Optimizer:
        break;
    }
    return kinds + ", optimizer sharded";
}

std::vector<Family> familiesOf(const Setup& setup, const std::array<SearchCount, kFamilies>& counts) {
    std::vector<Family> families;
    for (std::size_t i = 0; i < kFamilies; ++i) {
        Family family{familyName(i),        counts[i].evaluated,   counts[i].feasible,
                      counts[i].best.stepS, counts[i].best.layout, rejectionsOf(setup, counts[i])};
        if (family.evaluated > 0 || !family.rejected.empty()) {
            families.push_back(std::move(family));
        }
    }
    const auto lost = [](const Family& family) {
        std::int64_t sum = 0;
        for (const Rejection& rejection : family.rejected) {
            sum += rejection.count;
        }
        return sum;
    };
    std::ranges::stable_sort(families, [&](const Family& a, const Family& b) {
        if ((a.feasible > 0) != (b.feasible > 0)) {
            return a.feasible > 0;
        }
        return a.feasible > 0 ? a.bestStepS < b.bestStepS : lost(a) > lost(b);
    });
    return families;
}

/// The step for people: a layout that recomputes no layer, or all, says so.
StepAnatomy shown(const Setup& setup, const Layout& layout) {
    StepAnatomy step = anatomyOf(setup, layout, outcomeOf(setup, layout));
    if (layout.recompute == Recompute::Layers && step.recomputeShare <= 0) {
        step.layout.recompute = Recompute::None;
    } else if (layout.recompute == Recompute::Layers && step.recomputeShare >= 1) {
        step.layout.recompute = Recompute::Full;
    }
    return step;
}

const Candidate* fastestIn(const std::vector<SearchSlice>& slices) {
    const Candidate* best = nullptr;
    for (const SearchSlice& slice : slices) {
        for (const Candidate& candidate : slice.feasible) {
            best = best == nullptr || candidate.stepS < best->stepS ? &candidate : best;
        }
    }
    return best;
}

} // namespace

Result<StepAnatomy> fastestOf(const Machine& machine, const Job& job,
                              std::span<const scenario::LayoutChoice> choices, std::stop_token stop,
                              const Calibration& calibration) {
    PlanOptions options;
    options.top = 1;
    options.stop = stop;
    if (job.placement == Placement::LocalSgd && machine.pools.size() > 1) {
        // Every island has a search of its own, whose best ones are put side by side.
        Result<StepAnatomy> fastest = failure("there is no layout to try");
        for (const scenario::LayoutChoice& choice : choices) {
            options.fixed = choice;
            auto found = plan(machine, job, options, calibration);
            if (!found && !fastest) {
                fastest = found.errors();
            } else if (found && (!fastest || found->best.front().stepTimeS < fastest->stepTimeS)) {
                fastest = std::move(found->best.front());
            }
        }
        return fastest;
    }
    const auto setup = setUp(machine, job, calibration);
    if (!setup) {
        return setup.errors();
    }
    std::optional<Candidate> fastest;
    for (const scenario::LayoutChoice& choice : choices) {
        if (job.globalBatch < 1 || !checkChoice(machine, job, choice).empty()) {
            continue;
        }
        const std::vector<SearchSlice> slices = searchLayouts(*setup, choice, stop);
        if (stop.stop_requested()) {
            return failure("the search was stopped");
        }
        const Candidate* best = fastestIn(slices);
        if (best != nullptr && (!fastest || best->stepS < fastest->stepS)) {
            fastest = *best;
        }
    }
    if (fastest) {
        return shown(*setup, fastest->layout);
    }
    if (choices.empty()) {
        return failure("there is no layout to try");
    }
    options.fixed = choices.back();
    const auto why = plan(machine, job, options, calibration);
    return why ? Result<StepAnatomy>(why->best.front()) : Result<StepAnatomy>(why.errors());
}

Result<Plan> plan(const Machine& machine, const Job& job, const PlanOptions& options,
                  const Calibration& calibration) {
    const auto begin = std::chrono::steady_clock::now();
    const auto setup = setUp(machine, job, calibration);
    if (!setup) {
        return setup.errors();
    }
    if (job.globalBatch < 1) {
        return failure("the global batch has no sequences", "give the job a batch");
    }
    if (Diagnostics errors = checkChoice(machine, job, options.fixed); !errors.empty()) {
        return errors;
    }
    if (job.placement == Placement::LocalSgd && machine.pools.size() > 1) {
        return planIslands(machine, job, options, calibration);
    }
    const std::vector<SearchSlice> slices = searchLayouts(*setup, options.fixed, options.stop);
    if (options.stop.stop_requested()) {
        return failure("the search was stopped");
    }
    std::array<SearchCount, kFamilies> families{};
    SearchCount sum;
    std::vector<Candidate> all;
    for (const SearchSlice& slice : slices) {
        all.insert(all.end(), slice.feasible.begin(), slice.feasible.end());
        for (std::size_t i = 0; i < kParts; ++i) {
            add(families[familyOf(slice, i)], slice.parts[i]);
            add(sum, slice.parts[i]);
        }
    }
    Plan result;
    result.evaluated = sum.evaluated;
    result.feasible = sum.feasible;
    result.rejected = rejectionsOf(*setup, sum);
    result.families = familiesOf(*setup, families);
    if (all.empty()) {
        // Of the layouts there is room for all died of memory: that says more than those too large to place.
        std::string most = result.rejected.empty() ? "nothing to search" : result.rejected.front().constraint;
        for (const Rejection& rejection : result.rejected) {
            most = rejection.constraint.starts_with("memory: ") ? rejection.constraint : most;
        }
        return failure("no layout of `" + job.model.id + "` is feasible: " + most,
                       "use more GPUs, a smaller model or another batch");
    }
    std::ranges::stable_sort(all, [](const Candidate& a, const Candidate& b) { return a.stepS < b.stepS; });
    result.nearOptimal = std::ranges::count_if(
        all, [&](const Candidate& c) { return c.stepS <= kNearOptimal * all.front().stepS; });
    const std::int64_t asked = std::max<std::int64_t>(
        std::max(1, options.top), std::min<std::int64_t>(result.nearOptimal, options.nearOptimalAtMost));
    for (std::size_t i = 0; i < std::min(all.size(), static_cast<std::size_t>(asked)); ++i) {
        result.best.push_back(shown(*setup, all[i].layout));
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
}

} // namespace atlas::training
