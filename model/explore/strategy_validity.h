// Which numbers of a strategy lie outside what the models have been checked against.
#pragma once

#include "model/scenario/scenario.h"
#include "model/validation/validity.h"

#include <string_view>

namespace atlas::explore {

struct TrainingCourse;

struct StrategyValidity {
    validation::Validity training; ///< of the target model's run, on the GPUs that finish it
    validation::Validity serving;  ///< of all clusters that serve, leased ones included
    /// What a row of the strategies table rests on: the training model, the serving model, or neither (then
    /// there is nothing to mark). `key` as in explore/headline.h.
    [[nodiscard]] const validation::Validity& of(std::string_view key) const;
    /// Both, each named: "training: 220,000 GPUs is 95 times ...; serving: ..."; empty inside.
    [[nodiscard]] std::string words() const;
};

/// `main`: the course of the target model; null where nothing trains.
[[nodiscard]] StrategyValidity validityOf(const scenario::Scenario& scenario,
                                          const scenario::Strategy& strategy, const TrainingCourse* main);

/// An assignment on the GPUs its cluster has when it ends, the most it gets: training or serving, as it says.
[[nodiscard]] validation::Validity validityOf(const scenario::Scenario& scenario,
                                              const scenario::Strategy& strategy,
                                              const scenario::Assignment& assignment);

} // namespace atlas::explore
