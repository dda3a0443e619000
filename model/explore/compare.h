// Strategies side by side: headline numbers with ranges, and the difference from a base.
#pragma once

#include "model/explore/strategy_validity.h"
#include "model/finance/cash.h"
#include "model/serving/serving.h"
#include "model/training/planner.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::explore {

enum class Better { Higher, Lower, Neither };

struct Headline {
    std::string key;   ///< "mfu", "train_months", "usd_per_exaflop_day", "owner_cash_usd", ...
    std::string label; ///< "Target model trained"
    std::string unit;  ///< as in the JSON ("1", "month", "USD")
    units::Dimension dimension = units::Dimension::Number;
    Better better = Better::Higher;
    std::optional<double> value; ///< empty: does not apply to this strategy
    double low = 0, high = 0;    ///< 5th and 95th percentile over the facts' ranges, value inside
    bool hasRange = false;       ///< low and high were drawn; without draws they equal the value
};

/// Everything computed for one strategy at the facts' central values.
struct StrategyResult {
    std::string id;
    std::string name;
    std::vector<Headline> headline;                ///< same keys in the same order for every strategy
    std::optional<training::StepAnatomy> training; ///< of the target model's run, on the GPUs that finish it
    std::string trainingCluster;                   ///< name of its cluster, empty without training
    double goodput = 0;                            ///< of the same: share of time in kept steps
    std::optional<serving::ServingRate> serving;   ///< all clusters that serve, leased ones included
    finance::CashFlow cash;
    StrategyValidity validity; ///< which of the headline numbers were never checked
    std::vector<std::string> notes;
};

struct Comparison {
    std::vector<StrategyResult> strategies;
    int draws = 0;
    std::uint64_t seed = 0;
};

struct CompareOptions {
    std::vector<std::string> strategies; ///< ids or names; empty: all
    int draws = 200;                     ///< Monte Carlo over low..high of every input; 0: no ranges
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

/// The message of the error that compare() and evaluate() answer with when they were stopped.
inline constexpr const char* kCancelled = "cancelled";

/// The strategies table. Layouts are planned once at the central numbers; a draw re-evaluates them and plans
/// anew only where they no longer fit. Reproducible: the same scenario and seed give the same bytes on any
/// number of threads. Errors: a strategy that is not there, ids and contracts that make no sense, kCancelled
/// within 100 ms of a stop.
[[nodiscard]] Result<Comparison> compare(const scenario::Scenario& scenario,
                                         const CompareOptions& options = {});

/// One strategy at central values.
[[nodiscard]] Result<StrategyResult> evaluate(const scenario::Scenario& scenario,
                                              const scenario::Strategy& strategy);

/// True where a is better than b beyond doubt: both have ranges and they do not overlap.
[[nodiscard]] bool clearlyBetter(const Headline& a, const Headline& b);

} // namespace atlas::explore
