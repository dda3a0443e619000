// Parallel layouts of every training assignment, planned once at the central numbers and kept while ranges
// are drawn.
#pragma once

#include "model/explore/uncertainty.h"
#include "model/training/planner.h"

#include <compare>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::explore {

/// What a plan depends on besides the numbers.
struct TrainingKey {
    std::string cluster;
    std::string job;
    scenario::Placement placement = scenario::Placement::Naive;
    scenario::Month month; ///< from which the machine has this many GPUs
    auto operator<=>(const TrainingKey&) const = default;
};

/// The months within [from, until) from which a cluster has another number of GPUs, `from` first; in orbit,
/// where what fails stays dead, also every year from then on.
[[nodiscard]] std::vector<scenario::Month> machineMonths(const scenario::Scenario& scenario,
                                                         const scenario::Cluster& cluster,
                                                         scenario::Month from, scenario::Month until);

/// [from, until) of an assignment: until a later one takes its cluster over, or the horizon; from the
/// scenario's start at the earliest. Empty (until <= from) where it never holds.
struct Span {
    scenario::Month from;
    scenario::Month until;
};
[[nodiscard]] Span spanOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy,
                          const scenario::Assignment& assignment);

/// Jobs of the lab's runs that are trained on an assignment's cluster besides its own job, each once: all
/// that the runs name, where the assignment trains the target model (the scenario's first training job) or no
/// other of the strategy does.
[[nodiscard]] std::vector<std::string> runJobs(const scenario::Scenario& scenario,
                                               const scenario::Strategy& strategy,
                                               const scenario::Assignment& assignment);

/// Layouts of different tensor, pipeline and context degree that are tried for a set of numbers: the fastest
/// at the central ones.
inline constexpr std::size_t kShapesKept = 2;
/// More of them than any job has near its best.
inline constexpr std::size_t kAllShapes = 64;
/// Draws of all numbers that choose the shapes of a Monte Carlo run, and how many shapes they choose: enough
/// for the percentiles of some hundred draws (tst_monte_carlo); all shapes take ten times as long.
inline constexpr std::size_t kPilots = 12;
inline constexpr std::size_t kShapesFitted = 3;

class Layouts {
public:
    /// Plans all training assignments of the strategies and, on the last of their machines, the runs that
    /// follow on them, in parallel; a job that fits nowhere is left out, and anatomy() gives its reason.
    /// Errors: unknown ids, cancelled.
    [[nodiscard]] static Result<Layouts> plan(const ModelInputs& inputs,
                                              const std::vector<const scenario::Strategy*>& strategies,
                                              std::stop_token stop, std::size_t shapes = kShapesKept);

    /// Of the shapes planned those few that serve a range of numbers best, and not the central ones: with
    /// which the steps of `pilots` draws are shortest. The draws are none of a Monte Carlo run's own.
    /// Precondition: pilots >= 1. Errors: cancelled.
    [[nodiscard]] Result<Layouts> fitted(const Uncertainty& uncertainty, std::size_t pilots, std::size_t kept,
                                         std::stop_token stop) const;

    /// The step of a key under other numbers: the planned layout, as many replicas as the machine then
    /// allows; planned anew only where that no longer fits. Errors: the job fits nowhere.
    [[nodiscard]] Result<training::StepAnatomy> anatomy(const ModelInputs& inputs, const TrainingKey& key,
                                                        std::stop_token stop = {}) const;

private:
    std::map<TrainingKey, std::vector<scenario::LayoutChoice>>
        m_layouts;                             ///< of different shapes, fastest first
    std::map<TrainingKey, TrainingKey> m_like; ///< keys that have the shapes of another one
};

} // namespace atlas::explore
