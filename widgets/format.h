// Numbers and times as people read them on screen. Quantities go through units::formatQuantity; this file
// adds what a screen needs: real minus signs, ranges that name their unit once, shares in percent, clocks.
#pragma once

#include "model/explore/compare.h"
#include "model/units/quantity.h"

#include <QString>

#include <optional>

namespace atlas::widgets {

/// UTF-8 to QString.
[[nodiscard]] QString text(const std::string& utf8);

/// What stands where a number does not apply.
[[nodiscard]] QString notApplicable();

/// A quantity in the unit of its dimension, with U+2212 for minus and thin spaces between thousands.
[[nodiscard]] QString quantityText(double value, units::Dimension dimension);

/// A share of one as percent, with at most `decimals` decimals: "11 %", "0.4 %", "<0.1 %".
[[nodiscard]] QString percentText(double share, int decimals = 1);

/// "33–39 %", "−29…−14 $B": prefix and unit are written once where both ends have the same.
[[nodiscard]] QString rangeText(const QString& low, const QString& high);

/// A headline's value, range or difference in the headline's own unit: shares (unit "1") in percent, months
/// after the start as a date where the start is known, everything else through units::formatQuantity.
[[nodiscard]] QString headlineText(double value, const explore::Headline& headline,
                                   std::optional<scenario::Month> start = {});
[[nodiscard]] QString headlineRangeText(const explore::Headline& headline,
                                        std::optional<scenario::Month> start = {});
/// The difference with its sign, "+25 pp" for shares.
[[nodiscard]] QString headlineDifferenceText(double difference, const explore::Headline& headline);

/// Elapsed simulated time: "day 12  07:41:08.220" for 12 whole days and the rest.
[[nodiscard]] QString clockText(double timeS);

/// A span in one unit: "5 min", "30 days", "220 ms".
[[nodiscard]] QString durationText(double seconds);

/// A whole number: "164 992".
[[nodiscard]] QString countText(double count);

/// Always with so many decimals, for columns of numbers that are read downwards: "1 204.0", "−0.5".
[[nodiscard]] QString fixedText(double value, int decimals);

/// "May 2026".
[[nodiscard]] QString monthText(scenario::Month month);

} // namespace atlas::widgets
