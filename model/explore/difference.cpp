#include "model/explore/difference.h"

#include <algorithm>

namespace atlas::explore {

std::vector<Difference> differences(const StrategyResult& base, const StrategyResult& other) {
    std::vector<Difference> rows;
    const std::size_t count = std::min(base.headline.size(), other.headline.size());
    for (std::size_t i = 0; i < count; ++i) {
        const Headline& a = base.headline[i];
        const Headline& b = other.headline[i];
        Difference row;
        row.key = a.key;
        if (a.value && b.value) {
            row.value = *b.value - *a.value;
            row.better = clearlyBetter(b, a);
            row.worse = clearlyBetter(a, b);
        }
        rows.push_back(row);
    }
    return rows;
}

std::optional<std::size_t> winner(const Comparison& comparison, std::size_t row) {
    const auto& strategies = comparison.strategies;
    for (std::size_t i = 0; i < strategies.size(); ++i) {
        bool alone = true;
        bool best = row < strategies[i].headline.size() && strategies[i].headline[row].value.has_value();
        for (std::size_t k = 0; best && k < strategies.size(); ++k) {
            if (k == i || row >= strategies[k].headline.size() || !strategies[k].headline[row].value) {
                continue;
            }
            alone = false;
            best = clearlyBetter(strategies[i].headline[row], strategies[k].headline[row]);
        }
        if (best && !alone) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace atlas::explore
