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
    for (std::int64_t d = 1; d * d <= last; ++d) {
        for (std::int64_t n = (first + d - 1) / d * d; n <= last; n += d) {
            divisors[static_cast<std::size_t>(n - first)] += n > d * d ? 2 : n == d * d ? 1 : 0;
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
    const auto typed = jobOf(scenario, job, placement);
    if (!typed) {
        return typed.errors();
    }
    PlanOptions merged = options;
    const auto keep = [](int& asked, int declared) { asked = asked > 0 ? asked : declared; };
    keep(merged.fixed.tp, job.layout.tp);
    keep(merged.fixed.pp, job.layout.pp);
    keep(merged.fixed.vp, job.layout.vp);
    keep(merged.fixed.cp, job.layout.cp);
    keep(merged.fixed.ep, job.layout.ep);
    keep(merged.fixed.microBatch, job.layout.microBatch);
    if (merged.fixed.recompute == Recompute::Auto) {
        merged.fixed.recompute = job.layout.recompute;
    }
    if (merged.fixed.sharding == Sharding::Auto) {
        merged.fixed.sharding = job.layout.sharding;
    }
    auto made = plan(*machine, *typed, merged);
    if (made) {
        for (StepAnatomy& step : made->best) { // what stands by has power and no work
            step.gpusTotal = gpusTotal;
        }
    }
    return made;
}

} // namespace atlas::training
