// What is to be expected of a planned step over time, without simulating it: failures, checkpoints, slow
// GPUs, spares and backup replicas, from their rates. What the simulation does on average.
#pragma once

#include "model/operations/checkpoint_interval.h"
#include "model/training/step.h"

#include <vector>

namespace atlas::operations {

struct Outlook {
    Interruptions interruptions;
    double checkpointIntervalS = 0; ///< as the scenario says, or the best; infinite: none
    double bestIntervalS = 0;
    double running = 1;  ///< share of time in which the job steps or saves
    double kept = 1;     ///< share of time in kept steps
    double capacity = 1; ///< replicas that run, of the layout's
    double pace = 1;     ///< a step with even work in which nothing is slow by failure, over the mean step
    double useful = 1;   ///< of the replicas, those that are no backups
    std::vector<std::string> notes; ///< what is hopeless and why
    /// Progress over that of the same time in healthy steps on all replicas.
    [[nodiscard]] double goodput() const { return kept * capacity * pace * useful; }
    [[nodiscard]] double mttfS() const; ///< infinite where nothing fails
};

/// The outlook of a step on its cluster. With local SGD every island stands for itself: a failure or a slow
/// GPU stops or slows its island only; the mean over islands, by their tokens.
[[nodiscard]] Outlook outlookOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                const training::StepAnatomy& anatomy);
/// The same of some of its classes (indices), as the only ones.
[[nodiscard]] Outlook outlookOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                const training::StepAnatomy& anatomy,
                                const std::vector<std::size_t>& classes);

} // namespace atlas::operations
