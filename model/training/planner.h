// Searches parallel layouts and says why the others lose.
#pragma once

#include "model/training/step.h"

#include <stop_token>

namespace atlas::training {

struct PlanOptions {
    int top = 10;
    scenario::LayoutChoice fixed; ///< non-zero entries are kept
    std::stop_token stop;
};

struct Rejection {
    std::string constraint; ///< "memory: 96.2 GB needed, 80 GB there"
    std::int64_t count = 0;
};

struct Plan {
    std::vector<StepAnatomy> best; ///< fastest first
    /// Feasible layouts within 3 % of the fastest: what a person may choose among for other reasons.
    std::int64_t nearOptimal = 0;
    std::vector<Rejection> rejected;
    std::int64_t evaluated = 0;
    std::int64_t feasible = 0;
    double seconds = 0;
};

/// The best layouts of a job on a machine under the job's placement policy. An error if none is feasible,
/// with the constraint that killed most.
[[nodiscard]] Result<Plan> plan(const Machine& machine, const Job& job, const PlanOptions& options = {},
                                const Calibration& calibration = Calibration::builtin());

/// The typed job of a scenario as the model reads it: batch in whole sequences, rounded within 2 % to a
/// number that many numbers of replicas divide, at least one.
[[nodiscard]] Result<Job> jobOf(const scenario::Scenario& scenario, const scenario::TrainJob& job,
                                scenario::Placement placement);

/// Convenience: the job of a scenario on a cluster in a month, planned.
[[nodiscard]] Result<Plan> planJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                   const scenario::TrainJob& job, scenario::Placement placement,
                                   scenario::Month month, const PlanOptions& options = {});

} // namespace atlas::training
