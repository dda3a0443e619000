#include "model/units/unit_table.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace atlas::units {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
        text.remove_prefix(1);
    }
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
        text.remove_suffix(1);
    }
    return text;
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// What was read off the front of a text: the number and how much of the text it took.
struct Number {
    double value = 0.0;
    std::size_t length = 0;
};

Diagnostics wrong(std::string_view text, std::string_view what, Dimension dimension) {
    return failure("`" + std::string(text) + "` " + std::string(what),
                   "write " + std::string(unitExamples(dimension)));
}

/// Digits with optional groups of three, decimals and exponent: "165,000", "1.25", "5e26".
Result<Number> leadingNumber(std::string_view text, std::string_view whole, Dimension dimension) {
    std::string digits;
    std::size_t at = 0;
    std::size_t sinceComma = 0;
    bool grouped = false;
    while (at < text.size() && (isDigit(text[at]) || (text[at] == ',' && at > 0))) {
        if (text[at] == ',') {
            if (grouped ? sinceComma != 3 : sinceComma > 3) {
                return wrong(whole, "has a comma that does not group three digits", dimension);
            }
            grouped = true;
            sinceComma = 0;
        } else {
            digits += text[at];
            ++sinceComma;
        }
        ++at;
    }
    if (grouped && sinceComma != 3) {
        return wrong(whole, "has a comma that does not group three digits (a decimal point is a dot)",
                     dimension);
    }
    if (at < text.size() && text[at] == '.') {
        digits += text[at++];
        while (at < text.size() && isDigit(text[at])) {
            digits += text[at++];
        }
    }
    if (digits.empty() || digits == ".") {
        return wrong(whole, "does not begin with a number", dimension);
    }
    // An exponent, but not the "E" of an exa prefix ("1 EFLOP") or the "e" of a word.
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        std::size_t ahead = at + 1;
        if (ahead < text.size() && (text[ahead] == '+' || text[ahead] == '-')) {
            ++ahead;
        }
        if (ahead < text.size() && isDigit(text[ahead])) {
            std::size_t end = ahead;
            while (end < text.size() && isDigit(text[end])) {
                ++end;
            }
            digits += 'e';
            digits += text.substr(text[at + 1] == '+' ? at + 2 : at + 1,
                                  end - (text[at + 1] == '+' ? at + 2 : at + 1));
            at = end;
        }
    }
    Number number;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
    if (error == std::errc::result_out_of_range || !std::isfinite(number.value)) {
        return wrong(whole, "is beyond the range of numbers", dimension);
    }
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return wrong(whole, "is not a number", dimension);
    }
    number.length = at;
    return number;
}

/// "$/GPU-h" and "$1.25B/month" in the words of the table: "USD/GPU-h", "USD/month".
std::string inUsd(std::string_view unit, bool dollarInFront) {
    if (dollarInFront) {
        if (unit.starts_with("/") || unit.empty()) {
            return "USD" + std::string(unit);
        }
        return "USD " + std::string(unit);
    }
    if (unit.starts_with("$")) {
        return "USD" + std::string(unit.substr(1));
    }
    return std::string(unit);
}

bool matchesWhole(std::string_view text, Dimension dimension, double& factor) {
    if (const auto match = matchUnit(text, dimension); match && match->length == text.size()) {
        factor = match->factor;
        return true;
    }
    return false;
}

/// Factor of everything behind the number: an optional multiplier and the unit.
Result<double> factorBehind(std::string_view behind, bool dollarInFront, std::string_view whole,
                            Dimension dimension) {
    double factor = 1.0;
    if (matchesWhole(inUsd(behind, dollarInFront), dimension, factor)) {
        return factor;
    }
    if (behind.empty() && !dollarInFront && dimension == Dimension::Number) {
        return 1.0;
    }
    if (takesMultiplier(dimension)) {
        if (const auto multiplier = matchMultiplier(behind)) {
            const std::string_view rest = trimmed(behind.substr(multiplier->length));
            if (matchesWhole(inUsd(rest, dollarInFront), dimension, factor)) {
                return factor * multiplier->factor;
            }
            if (rest.empty() && dimension == Dimension::Number && !dollarInFront) {
                return multiplier->factor;
            }
        }
    }
    if (behind.empty() && !dollarInFront) {
        return wrong(whole, "has no unit", dimension);
    }
    return wrong(whole,
                 dimension == Dimension::Number ? "is not a plain number"
                                                : "is not in a unit of " + std::string(unitName(dimension)),
                 dimension);
}

} // namespace

Result<double> parseQuantity(std::string_view text, Dimension dimension) {
    const std::string_view whole = trimmed(text);
    std::string_view rest = whole;
    if (rest.size() > 200) {
        return failure("a quantity of " + std::to_string(rest.size()) + " characters",
                       "write " + std::string(unitExamples(dimension)));
    }
    bool negative = false;
    bool dollar = false;
    while (!rest.empty() && (rest.front() == '-' || rest.front() == '+' || rest.front() == '$')) {
        if (rest.front() == '$' ? dollar : negative) {
            return wrong(whole, "does not begin with a number", dimension);
        }
        dollar = dollar || rest.front() == '$';
        negative = negative || rest.front() == '-';
        rest.remove_prefix(1);
    }
    auto number = leadingNumber(rest, whole, dimension);
    if (!number) {
        return number.errors();
    }
    const std::string_view behind = trimmed(rest.substr(number->length));
    // Temperatures have an offset, so they are not a factor.
    if (dimension == Dimension::Kelvin && (behind == "degC" || behind == "\u00b0C" || behind == "C")) {
        return (negative ? -number->value : number->value) + 273.15;
    }
    const auto factor = factorBehind(behind, dollar, whole, dimension);
    if (!factor) {
        return factor.errors();
    }
    const double value = number->value * *factor;
    if (!std::isfinite(value)) {
        return wrong(whole, "is beyond the range of numbers", dimension);
    }
    return negative ? -value : value;
}

Result<double> unitFactor(std::string_view text, Dimension dimension) {
    const std::string_view unit = trimmed(text);
    if (const auto match = matchUnit(unit, dimension)) {
        return match->factor;
    }
    return failure("`" + std::string(unit) + "` is not a unit of " + std::string(unitName(dimension)),
                   "units such as " + std::string(unitExamples(dimension)));
}

bool startsWithPhysicalUnit(std::string_view text) {
    for (int i = 1; i < kDimensionCount; ++i) {
        const auto dimension = static_cast<Dimension>(i);
        // Bare tokens count things, like GPUs do; "per year" and "fraction per year" are rates.
        if (dimension != Dimension::Tokens && matchUnit(trimmed(text), dimension)) {
            return true;
        }
    }
    return false;
}

} // namespace atlas::units
