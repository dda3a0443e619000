// Calendar months of contracts, tranches and cash.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace atlas::scenario {

/// Months since January of year 0; calendar arithmetic for contracts, tranches and cash.
struct Month {
    int index = 0;
    [[nodiscard]] static Month of(int year, int month) { return {year * 12 + month - 1}; }
    [[nodiscard]] int year() const { return index / 12; }
    [[nodiscard]] int month() const { return index % 12 + 1; }
    [[nodiscard]] std::string text() const;                                 ///< "2026-05"
    [[nodiscard]] static std::optional<Month> parse(std::string_view text); ///< "2026-05", years 1900 to 2199
    auto operator<=>(const Month&) const = default;
};

} // namespace atlas::scenario
