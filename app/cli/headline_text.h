// Headline numbers as text for people, as CSV and as JSON.
#pragma once

#include "model/explore/compare.h"

#include <nlohmann/json.hpp>

#include <string>

namespace atlas::cli {

/// "Jul 2026": the month that contains a time, given as months after the scenario's start.
[[nodiscard]] std::string dateText(double months, scenario::Month start);

/// Three significant digits with the row's unit; a number of months as "14 months".
[[nodiscard]] std::string plainText(const explore::Headline& row, double value);

/// The row's value; months as a date; a dash where the row does not apply.
[[nodiscard]] std::string valueText(const explore::Headline& row, scenario::Month start);

/// "13.8 to 18.3 %": its range; empty where there is none.
[[nodiscard]] std::string rangeText(const explore::Headline& row, scenario::Month start);

/// `{"value", "low", "high", "unit"}`, null where the row does not apply.
[[nodiscard]] nlohmann::ordered_json headlineJson(const explore::Headline& row);

/// A number with all its digits, and a text in quotation marks, for CSV.
[[nodiscard]] std::string digits(double value);
[[nodiscard]] std::string quoted(const std::string& text);

} // namespace atlas::cli
