// The lab's list of models on the machine it has: which is trained by when, and what it is then worth.
#pragma once

#include "model/explore/physics.h"

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

/// The scenario's runs one after another on the cluster that trains the target model, at the FLOPs a second
/// it keeps on its training job (goodput included) and that grow with its tranches; past the horizon at the
/// last rate. A scenario without runs has one: the training job. Without training nothing is begun. Worth
/// falls by Market::worthDecayPerYear and counts only within the horizon.
[[nodiscard]] std::vector<RunDate> runDates(const scenario::Scenario& scenario, const TrainingCourse* course);

} // namespace atlas::explore
