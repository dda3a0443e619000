#include "model/training/planner.h"

#include <algorithm>
#include <cmath>

namespace atlas::training {

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
    typed.globalBatch =
        std::max<std::int64_t>(1, std::llround(job.globalBatchTokens.value / std::max(1, job.sequence)));
    typed.placement = placement;
    typed.stack = job.stack;
    return typed;
}

Result<Plan> planJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                     const scenario::TrainJob& job, scenario::Placement placement, scenario::Month month,
                     const PlanOptions& options) {
    const auto machine = machineOf(scenario, cluster, month);
    if (!machine) {
        return machine.errors();
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
    if (merged.fixed.sharding == Sharding::Optimizer) {
        merged.fixed.sharding = job.layout.sharding;
    }
    return plan(*machine, *typed, merged);
}

} // namespace atlas::training
