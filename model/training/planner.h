// Searches parallel layouts and says why the others lose.
#pragma once

#include "model/training/step.h"

#include <span>
#include <stop_token>

namespace atlas::training {

struct PlanOptions {
    int top = 10;
    int nearOptimalAtMost = 0;    ///< of the near-optimal layouts, how many to return beyond `top`
    scenario::LayoutChoice fixed; ///< non-zero entries are kept
    std::stop_token stop;
};

struct Rejection {
    std::string constraint; ///< "memory: 96.2 GB needed, 80 GB there"
    std::int64_t count = 0;
};

/// Layouts that use the same kinds of parallelism and sharding, and what became of them.
struct Family {
    std::string name; ///< "TP + PP + EP, optimizer sharded"
    std::int64_t evaluated = 0;
    std::int64_t feasible = 0;
    double bestStepS = 0; ///< 0 where none is feasible
    Layout best;
    std::vector<Rejection> rejected; ///< most first, what was not searched at all last
};

struct Plan {
    std::vector<StepAnatomy> best; ///< fastest first
    /// Feasible layouts within kNearOptimal of the fastest: what a person may choose among for other reasons.
    std::int64_t nearOptimal = 0;
    std::vector<Rejection> rejected; ///< over all families, in the same order
    std::vector<Family> families;    ///< feasible ones first, the fastest first; then the most rejected
    std::int64_t evaluated = 0;
    std::int64_t feasible = 0;
    double seconds = 0;
};

/// Step time over the best up to which a layout counts as near-optimal.
inline constexpr double kNearOptimal = 1.03;

/// The best layouts of a job on a machine under the job's placement policy. Errors: what forbids the fixed
/// entries, or the constraint that killed most if no layout is feasible.
[[nodiscard]] Result<Plan> plan(const Machine& machine, const Job& job, const PlanOptions& options = {},
                                const Calibration& calibration = Calibration::builtin());

/// The fastest of all layouts that keep one of several choices: as the first of plan() for each of them,
/// without the reasons, for those who ask thousands of times. Errors: as plan() of the last choice, where
/// none can run.
[[nodiscard]] Result<StepAnatomy> fastestOf(const Machine& machine, const Job& job,
                                            std::span<const scenario::LayoutChoice> choices,
                                            std::stop_token stop = {},
                                            const Calibration& calibration = Calibration::builtin());

/// A layout as a person would ask for it: every degree fixed; the number of replicas follows from the
/// machine.
[[nodiscard]] scenario::LayoutChoice choiceOf(const Layout& layout);

/// The typed job of a scenario as the model reads it: batch in whole sequences, rounded within 2 % to a
/// number that many numbers of replicas divide, at least one.
[[nodiscard]] Result<Job> jobOf(const scenario::Scenario& scenario, const scenario::TrainJob& job,
                                scenario::Placement placement);

/// Convenience: the job of a scenario on a cluster in a month, planned.
[[nodiscard]] Result<Plan> planJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                   const scenario::TrainJob& job, scenario::Placement placement,
                                   scenario::Month month, const PlanOptions& options = {});
/// The same, of which only the fastest layout is wanted among those that keep one of `choices`.
[[nodiscard]] Result<StepAnatomy>
fastestOfJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
             const scenario::TrainJob& job, scenario::Placement placement, scenario::Month month,
             std::span<const scenario::LayoutChoice> choices, std::stop_token stop = {});

} // namespace atlas::training
