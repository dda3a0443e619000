#include "model/training/planner.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace atlas::training {

namespace {

constexpr double kBatchTolerance = 0.02; ///< the batch is a choice, and people round it

/// Whether replicas can share a batch well as it is: no prime factor above 7.
bool isSmooth(std::int64_t n) {
    for (const std::int64_t p : {2, 3, 5, 7}) {
        while (n % p == 0) {
            n /= p;
        }
    }
    return n == 1;
}

/// The whole number of sequences near `asked` that most numbers of replicas can share evenly: most divisors
/// within the tolerance, the nearest of those that tie; smooth numbers are kept. A batch that happens to be
/// prime would leave half a cluster idle.
std::int64_t shareableBatch(double asked) {
    const auto nearest = std::max<std::int64_t>(1, std::llround(asked));
    if (isSmooth(nearest)) {
        return nearest;
    }
    const auto slack = static_cast<std::int64_t>(static_cast<double>(nearest) * kBatchTolerance);
    const std::int64_t first = std::max<std::int64_t>(1, nearest - slack);
    const std::int64_t last = nearest + slack;
    std::vector<int> divisors(static_cast<std::size_t>(last - first + 1), 0);
    for (std::int64_t d = 1; d * d <= last; ++d) { // and its partner, which is larger
        if (d * d >= first) {
            divisors[static_cast<std::size_t>(d * d - first)] += 1;
        }
        const std::int64_t least = std::max(first, d * d + 1);
        for (std::int64_t n = (least + d - 1) / d * d; n <= last; n += d) {
            divisors[static_cast<std::size_t>(n - first)] += 2;
        }
    }
    std::int64_t best = nearest;
    for (std::int64_t n = first; n <= last; ++n) {
        const int count = divisors[static_cast<std::size_t>(n - first)];
        const int most = divisors[static_cast<std::size_t>(best - first)];
        if (count > most || (count == most && std::abs(n - nearest) < std::abs(best - nearest))) {
            best = n;
        }
    }
    return best;
}

/// GPUs that a job may use: without the spares that wait for others to fail, and of large NVLink domains only
/// as many as partial-rack operation leaves.
void reserve(Pool& pool, const scenario::Mitigations& mitigations) {
    const std::int64_t domain = std::max(1, pool.nvlinkDomain);
    const double spares = static_cast<double>(pool.gpus) * mitigations.spares.value;
    pool.gpus -= static_cast<std::int64_t>(std::ceil(spares / static_cast<double>(domain) - 1e-9)) * domain;
    pool.gpus = std::max<std::int64_t>(pool.gpus, 0);
    const std::int64_t used = mitigations.partialRackGpus;
    if (mitigations.partialRacks && used < domain) {
        pool.gpus = pool.gpus / domain * used + std::min(pool.gpus % domain, used);
        pool.nvlinkDomain = static_cast<int>(used);
        if (!pool.levels.empty()) {
            pool.levels.front().size = used;
        }
    }
}

/// A job and the machine it may use: what is the same for all layouts.
struct Prepared {
    Machine machine;
    Job job;
    std::int64_t gpusTotal = 0; ///< spares included
};

Result<Prepared> prepare(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                         const scenario::TrainJob& job, scenario::Placement placement,
                         scenario::Month month) {
    auto machine = machineOf(scenario, cluster, month);
    if (!machine) {
        return machine.errors();
    }
    const std::int64_t gpusTotal = machine->gpus();
    const scenario::Mitigations& mitigations = scenario.operations.mitigations;
    for (Pool& pool : machine->pools) {
        reserve(pool, mitigations);
    }
    if (machine->gpus() == 0) {
        return failure("all GPUs of `" + cluster.id + "` are kept as spares",
                       "lower operations.mitigations.spares");
    }
    if (placement == scenario::Placement::Naive && mitigations.proportionalBatches) {
        placement = scenario::Placement::Proportional;
    }
    auto typed = jobOf(scenario, job, placement);
    if (!typed) {
        return typed.errors();
    }
    return Prepared{std::move(*machine), std::move(*typed), gpusTotal};
}

/// What is asked for, and for the rest what the job declares.
scenario::LayoutChoice merged(scenario::LayoutChoice asked, const scenario::LayoutChoice& declared) {
    const auto keep = [](int& one, int other) { one = one > 0 ? one : other; };
    keep(asked.tp, declared.tp);
    keep(asked.pp, declared.pp);
    keep(asked.vp, declared.vp);
    keep(asked.cp, declared.cp);
    keep(asked.ep, declared.ep);
    keep(asked.microBatch, declared.microBatch);
    if (asked.recompute == Recompute::Auto) {
        asked.recompute = declared.recompute;
    }
    if (asked.sharding == Sharding::Auto) {
        asked.sharding = declared.sharding;
    }
    return asked;
}

} // namespace

scenario::LayoutChoice choiceOf(const Layout& layout) {
    return {layout.tp, layout.pp,         layout.vp,        layout.cp,
            layout.ep, layout.microBatch, layout.recompute, layout.sharding};
}

Result<Job> jobOf(const scenario::Scenario& scenario, const scenario::TrainJob& job,
                  scenario::Placement placement) {
    const auto* model = scenario.transformer(job.model);
    if (model == nullptr) {
        return failure("job `" + job.id + "` trains `" + job.model + "`, which is not in the catalogue",
                       "name one of its models");
    }
    Job typed;
    typed.model = *model;
    typed.precision = job.precision;
    typed.sequence = job.sequence;
    typed.globalBatch = shareableBatch(job.globalBatchTokens.value / std::max(1, job.sequence));
    typed.placement = placement;
    typed.stack = job.stack;
    typed.localSgdSteps = scenario.operations.mitigations.localSgdSteps;
    return typed;
}

Result<Plan> planJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                     const scenario::TrainJob& job, scenario::Placement placement, scenario::Month month,
                     const PlanOptions& options) {
    const auto prepared = prepare(scenario, cluster, job, placement, month);
    if (!prepared) {
        return prepared.errors();
    }
    PlanOptions asked = options;
    asked.fixed = merged(options.fixed, job.layout);
    auto made = plan(prepared->machine, prepared->job, asked);
    if (made) {
        for (StepAnatomy& step : made->best) { // what stands by has power and no work
            step.gpusTotal = prepared->gpusTotal;
        }
    }
    return made;
}

Result<StepAnatomy> fastestOfJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                 const scenario::TrainJob& job, scenario::Placement placement,
                                 scenario::Month month, std::span<const scenario::LayoutChoice> choices,
                                 std::stop_token stop) {
    const auto prepared = prepare(scenario, cluster, job, placement, month);
    if (!prepared) {
        return prepared.errors();
    }
    std::vector<scenario::LayoutChoice> asked;
    for (const scenario::LayoutChoice& choice : choices) {
        asked.push_back(merged(choice, job.layout));
    }
    auto fastest = fastestOf(prepared->machine, prepared->job, asked, stop);
    if (fastest) {
        fastest->gpusTotal = prepared->gpusTotal;
    }
    return fastest;
}

} // namespace atlas::training
