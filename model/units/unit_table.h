// The units people write for each dimension, and their factors to SI.
#pragma once

#include "model/units/quantity.h"

#include <optional>
#include <span>
#include <string_view>

namespace atlas::units {

/// Which prefixes a unit takes in front: "B" takes both kinds (GB, GiB), "month" none.
enum class Prefixes { None, Si, SiAndIec };

struct Unit {
    std::string_view name; ///< as written after the prefix
    double factor = 1.0;   ///< SI units of the dimension in one of these
    Prefixes prefixes = Prefixes::None;
};

/// All units of a dimension. The first one is the SI unit.
[[nodiscard]] std::span<const Unit> unitsOf(Dimension dimension);

/// True where a bare number may be followed by k, M, B, T or a word: "$1.25B", "15 T tokens", "1.5k".
[[nodiscard]] bool takesMultiplier(Dimension dimension);

/// The prefixes and multipliers themselves, for the pattern of what can be written.
[[nodiscard]] std::span<const Unit> siPrefixes();
[[nodiscard]] std::span<const Unit> iecPrefixes();
[[nodiscard]] std::span<const Unit> multipliers();

struct UnitMatch {
    double factor = 1.0;
    std::size_t length = 0; ///< bytes of the text that are the unit
};

/// The longest unit of the dimension that starts `text` and ends at a word's border.
[[nodiscard]] std::optional<UnitMatch> matchUnit(std::string_view text, Dimension dimension);

/// The multiplier that starts `text` ("B", "bn", "million", "k"), longest first.
[[nodiscard]] std::optional<UnitMatch> matchMultiplier(std::string_view text);

inline constexpr double kDayS = 86400.0;
inline constexpr double kYearS = 365.25 * kDayS; ///< Julian year
inline constexpr double kMonthS = kYearS / 12.0;

} // namespace atlas::units
