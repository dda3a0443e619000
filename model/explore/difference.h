// Strategies against a base: what one gains, and who wins a row.
#pragma once

#include "model/explore/compare.h"

namespace atlas::explore {

struct Difference {
    std::string key;
    std::optional<double> value; ///< other less base; empty where the row does not apply to both
    bool better = false;         ///< the other is clearly better: the ranges do not overlap
    bool worse = false;          ///< the base is
};

/// Row by row, in the order of the headlines. Both must have the same rows, as compare() makes them.
[[nodiscard]] std::vector<Difference> differences(const StrategyResult& base, const StrategyResult& other);

/// The strategy (index) that is clearly better in a row than every other to which the row applies; empty
/// where there is none, or only one that the row applies to.
[[nodiscard]] std::optional<std::size_t> winner(const Comparison& comparison, std::size_t row);

} // namespace atlas::explore
