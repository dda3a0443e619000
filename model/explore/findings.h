// Titles of charts as findings: sentences computed from results, true whatever the results are.
#pragma once

#include "model/explore/compare.h"

#include <span>

namespace atlas::explore {

/// One side of a comparison in a sentence.
struct Side {
    std::string name; ///< "Colossus 1"; a telling after a comma or a dot (" · article") is left out
    std::optional<double> share; ///< 0..1; empty where the side does not do the thing at all
    std::string instead;         ///< what it does then, after the name: "is leased to Anthropic"
};

/// "Colossus 1 turns 11 of 100 FLOPs into training; Colossus 2 turns 36". Shares: of peak, what is left after
/// all losses (the waterfall's last bar). Sides that do not train are told by `instead`.
[[nodiscard]] std::string trainingFinding(std::span<const Side> sides);

/// What holds a step up most: "Faster GPUs wait for slower ones 52 % of the step", or that nothing does.
[[nodiscard]] std::string stepFinding(const training::StepAnatomy& step);

/// "The lease funds 2 of 4 tranches, the last by January 2028", "Own cash funds no tranche by April 2030",
/// ... from the owner's own cash, borrowed money left out (see finance::fundedDates).
[[nodiscard]] std::string fundingFinding(const finance::CashFlow& cash);

/// A headline of two strategies: "Owner's cash at the horizon: Lease Colossus 1 is $22.5B above Train on
/// Colossus 1", with "and the ranges overlap" where they do.
[[nodiscard]] std::string differenceFinding(const StrategyResult& base, const StrategyResult& other,
                                            const std::string& key);

/// Which strategies lead: "Lease Colossus 1 is clearly better in 3 of 18 rows; Fix Colossus 1 in 1".
[[nodiscard]] std::string tableFinding(const Comparison& comparison);

} // namespace atlas::explore
