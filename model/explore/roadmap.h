// The lab's list of models on the machine it has: which is trained by when, and what it is then worth.
#pragma once

#include "model/explore/physics.h"

#include <span>
#include <string>
#include <vector>

namespace atlas::explore {

struct RunDate {
    std::string name;
    double flop = 0;
    std::optional<double> beginMonths; ///< after the scenario's start; empty: never begun
    std::optional<double> doneMonths;  ///< empty: not by the time its cluster is given other work
    double worthUsd = 0;               ///< when it is done; 0 past the horizon
    double presentUsd = 0;             ///< the same, discounted to the start
};

/// The scenario's runs one after another on the cluster that trains the target model. A run that names a job
/// goes at the FLOPs a second that the cluster keeps on that job (its own step, its own goodput) and takes
/// its tokens: `course` for the target's own job, else the one of `others`; a run that only has a budget goes
/// at the target's rate. Rates grow with the tranches; past the horizon the last one holds. A scenario
/// without runs has one: the training job. A run whose job fits nowhere is never begun. Worth falls by
/// Market::worthDecayPerYear and counts only within the horizon.
[[nodiscard]] std::vector<RunDate> runDates(const scenario::Scenario& scenario, const TrainingCourse* course,
                                            std::span<const TrainingCourse> others = {});

/// The course at whose rate a run goes, as runDates() has it; null where its job fits nowhere.
[[nodiscard]] const TrainingCourse* courseOf(const scenario::Scenario& scenario,
                                             const scenario::ModelRun& run, const TrainingCourse& course,
                                             std::span<const TrainingCourse> others);

/// Months after the start from which the cluster is free for the first run that names `job`: when those
/// before it are done, by runDates(). Empty: not again.
[[nodiscard]] std::optional<double> freeFor(const scenario::Scenario& scenario, const std::string& job,
                                            const TrainingCourse& course,
                                            std::span<const TrainingCourse> others);

} // namespace atlas::explore
