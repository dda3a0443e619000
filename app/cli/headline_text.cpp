#include "app/cli/headline_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace atlas::cli {

using explore::Headline;

namespace {

constexpr const char* kNotApplicable = "\u2014";

bool isMonths(const Headline& h) {
    return h.unit == "months";
}

/// Three significant digits also where the formatter would keep every digit of a whole number.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) {
        return value;
    }
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2.0);
    return std::round(value / unit) * unit;
}

} // namespace

std::string dateText(double months, scenario::Month start) {
    static constexpr std::array kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr double kFarthest = 12.0 * 200;
    if (!(months < kFarthest)) {
        return "after 200 years";
    }
    // A model trained after exactly one month is there at the end of that month.
    const int whole = std::max(0, static_cast<int>(std::ceil(months)) - 1);
    const scenario::Month month{start.index + whole};
    return std::string(kNames[static_cast<std::size_t>(month.month() - 1)]) + ' ' +
           std::to_string(month.year());
}

std::string plainText(const Headline& h, double exact) {
    const double value = rounded(exact);
    if (isMonths(h)) {
        return units::formatQuantity(value, units::Dimension::Number) + " months";
    }
    if (h.dimension == units::Dimension::Number) {
        if (h.unit == "1") {
            return units::formatShare(value);
        }
        const std::string number = units::formatQuantity(value, units::Dimension::Number);
        return h.unit == "exaFLOP-days" ? number + ' ' + h.unit : number; // others are named by the label
    }
    return units::formatQuantity(value, h.dimension);
}

std::string valueText(const Headline& h, scenario::Month start) {
    if (!h.value) {
        return kNotApplicable;
    }
    return isMonths(h) ? dateText(*h.value, start) : plainText(h, *h.value);
}

std::string rangeText(const Headline& h, scenario::Month start) {
    if (!h.value || !h.hasRange || h.low == h.high) {
        return {};
    }
    const std::string low = isMonths(h) ? dateText(h.low, start) : plainText(h, h.low);
    const std::string high = isMonths(h) ? dateText(h.high, start) : plainText(h, h.high);
    if (low == high) {
        return {};
    }
    // "13.8 to 18.3 %": the unit once where both ends have the same.
    const auto unitOf = [](const std::string& text) {
        const std::size_t digit = text.find_last_of("0123456789");
        return digit == std::string::npos ? std::string() : text.substr(digit + 1);
    };
    const std::string unit = unitOf(low);
    return (unit == unitOf(high) ? low.substr(0, low.size() - unit.size()) : low) + " to " + high;
}

nlohmann::ordered_json headlineJson(const Headline& h) {
    using Json = nlohmann::ordered_json;
    const auto number = [&](double value) { return h.value && std::isfinite(value) ? Json(value) : Json(); };
    return {{"value", number(h.value.value_or(0.0))},
            {"low", number(h.low)},
            {"high", number(h.high)},
            {"unit", h.unit}};
}

std::string digits(double value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + '"';
}

} // namespace atlas::cli
