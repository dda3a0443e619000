#include "model/units/unit_table.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace atlas::units {

namespace {

struct Texts {
    std::string_view name;
    std::string_view examples;
};

constexpr std::array<Texts, kDimensionCount> kTexts = {{
    {"1", "0.75, 75 %, 165,000 or 1.5k"},
    {"B", "80 GB or 64 GiB"},
    {"B/s", "400 Gbit/s or 50 GB/s"},
    {"FLOP/s", "989 TFLOP/s"},
    {"FLOP", "5e26 FLOP or 1 exaFLOP-day"},
    {"s", "2 us, 80 ms, 10 min, 90 d, 3 months or 5 years"},
    {"W", "700 W or 300 MW"},
    {"J", "3.9 MWh or 1 GJ"},
    {"m", "1.2 m or 17 km"},
    {"kg", "40 kg or 1.4 t"},
    {"K", "318 K or 45 degC"},
    {"USD", "$50,000 or $1.25B"},
    {"USD/month", "$1.25B/month or $15B/year"},
    {"USD/GPU-hour", "2.35 USD/GPU-h"},
    {"USD/J", "0.062 USD/kWh"},
    {"tokens", "15 T tokens or 32 M tokens"},
    {"tokens/s", "2,000 tokens/s"},
    {"1/s", "3.8 per 1000 node-days or 0.17 per year"},
    {"years", "5 years or 18 months"},
    {"1/year", "4 %/year or 0.3 per year"},
    {"USD/W", "13.8 USD/W or $13.8M/MW"},
    {"USD/year", "180,000 USD/year"},
    {"FTE/MW", "0.6 FTE/MW"},
    {"W/m2", "1,361 W/m2 or 1.2 kW/m2"},
    {"W/kg", "150 W/kg"},
    {"kg/W", "40 kg/kW"},
    {"J/kg", "150 Wh/kg"},
    {"USD/kg", "300 USD/kg or $1,000/kg"},
}};

/// Three significant digits without trailing zeros; plain digits, never an exponent.
std::string threeDigits(double value) {
    if (value == 0.0) {
        return "0";
    }
    const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(value))));
    const int decimals = magnitude >= 2 ? 0 : 2 - magnitude;
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    std::string text(buffer.data(), static_cast<std::size_t>(length));
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text;
}

std::string grouped(double whole) {
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.0f", whole);
    std::string text(buffer.data(), static_cast<std::size_t>(length));
    const std::ptrdiff_t first = text.front() == '-' ? 1 : 0;
    for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

std::string scientific(double value) {
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.3g", value);
    std::string text(buffer.data(), static_cast<std::size_t>(length));
    if (const auto plus = text.find("e+"); plus != std::string::npos) {
        text.erase(plus + 1, text[plus + 2] == '0' ? 2 : 1);
    } else if (const auto minus = text.find("e-0"); minus != std::string::npos) {
        text.erase(minus + 2, 1);
    }
    return text;
}

struct Step {
    double size;
    std::string_view text;
};

/// The largest step that the value reaches; values that would round up to the next step use it.
const Step& stepFor(double value, std::span<const Step> steps) {
    const double size = std::fabs(value) * (1.0 + 5e-4);
    for (const Step& step : steps) {
        if (size >= step.size) {
            return step;
        }
    }
    return steps.back();
}

constexpr Step kLarge[] = {{1e24, "Y"}, {1e21, "Z"}, {1e18, "E"}, {1e15, "P"}, {1e12, "T"},
                           {1e9, "G"},  {1e6, "M"},  {1e3, "k"},  {1.0, ""}};
constexpr Step kMoney[] = {{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1.0, ""}};
constexpr Step kCounts[] = {{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1.0, ""}};
constexpr Step kTimes[] = {{2 * kYearS, "years"}, {3 * kMonthS, "months"}, {2 * kDayS, "d"},
                           {2 * 3600.0, "h"},     {120.0, "min"},          {1.0, "s"},
                           {1e-3, "ms"},          {1e-6, "\u00b5s"},       {1e-9, "ns"}};

double unitOfTime(std::string_view name) {
    double factor = 1.0;
    if (const auto match = matchUnit(name, Dimension::Seconds)) {
        factor = match->factor;
    }
    return factor;
}

std::string prefixed(double value, std::string_view unit) {
    const Step& step = stepFor(value, kLarge);
    if (std::fabs(value) >= 1e27 || (value != 0.0 && std::fabs(value) < 1e-3)) {
        return scientific(value) + ' ' + std::string(unit);
    }
    return threeDigits(value / step.size) + ' ' + std::string(step.text) + std::string(unit);
}

std::string count(double value) {
    if (std::fabs(value) >= 1e15 || (value != 0.0 && std::fabs(value) < 1e-3)) {
        return scientific(value);
    }
    const bool whole = value == std::floor(value);
    if (whole && std::fabs(value) < 1e7) {
        return grouped(value);
    }
    if (std::fabs(value) >= 1e3 && std::fabs(value) < 1e6) {
        return grouped(std::round(value));
    }
    const Step& step = stepFor(value, kCounts);
    return threeDigits(value / step.size) + std::string(step.text);
}

/// Like count, but never with a multiplier: for units that take none.
std::string plain(double value) {
    const double size = std::fabs(value);
    if (size >= 1e7 || (size > 0.0 && size < 1e-3)) {
        return scientific(value);
    }
    return size >= 1e3 ? grouped(std::round(value)) : threeDigits(value);
}

std::string money(double value, std::string_view per) {
    const std::string sign = value < 0 ? "-$" : "$";
    const double size = std::fabs(value);
    const Step& step = stepFor(size, kMoney);
    std::string digits = step.text.empty() && size >= 1e3 ? grouped(std::round(size))
                         : size >= 1e15                   ? scientific(size / step.size)
                         : size > 0 && size < 1e-3        ? scientific(size)
                                                          : threeDigits(size / step.size);
    return sign + digits + std::string(step.text) + std::string(per);
}

std::string duration(double seconds) {
    if (seconds == 0.0) {
        return "0 s";
    }
    const Step& step = stepFor(seconds, kTimes);
    const double value = seconds / unitOfTime(step.text);
    return (std::fabs(value) < 1e-3 || std::fabs(value) >= 1e6 ? scientific(value) : threeDigits(value)) +
           ' ' + std::string(step.text);
}

std::string rate(double perSecond) {
    const double size = std::fabs(perSecond);
    if (size == 0.0 || size >= 0.1) {
        return plain(perSecond) + " /s";
    }
    if (size * kDayS >= 0.1) {
        return plain(perSecond * kDayS) + " /day";
    }
    return plain(perSecond * kYearS) + " /year";
}

} // namespace

std::string formatShare(double share) {
    return plain(share * 100.0) + " %";
}

std::string formatQuantity(double value, Dimension dimension) {
    if (!std::isfinite(value)) {
        return std::isnan(value) ? "not a number" : value > 0 ? "infinite" : "-infinite";
    }
    switch (dimension) {
    case Dimension::Number:
        return count(value);
    case Dimension::Bytes:
    case Dimension::BytesPerSecond:
    case Dimension::FlopPerSecond:
    case Dimension::Flop:
    case Dimension::Watts:
    case Dimension::Joules:
        return prefixed(value, unitName(dimension));
    case Dimension::Seconds:
        return duration(value);
    case Dimension::Metres:
        return std::fabs(value) >= 1e3 ? plain(value / 1e3) + " km" : plain(value) + " m";
    case Dimension::Kilograms:
        return std::fabs(value) >= 1e3 ? plain(value / 1e3) + " t" : plain(value) + " kg";
    case Dimension::Kelvin:
        return plain(value - 273.15) + " \u00b0C";
    case Dimension::Usd:
        return money(value, "");
    case Dimension::UsdPerMonth:
        return money(value, "/month");
    case Dimension::UsdPerGpuHour:
        return money(value, "/GPU-h");
    case Dimension::UsdPerJoule:
        return money(value * 3.6e6, "/kWh");
    case Dimension::UsdPerWatt:
        return money(value, "/W");
    case Dimension::UsdPerYear:
        return money(value, "/year");
    case Dimension::Tokens:
        return count(value) + " tokens";
    case Dimension::TokensPerSecond:
        return count(value) + " tokens/s";
    case Dimension::PerSecond:
        return rate(value);
    case Dimension::Years:
        return plain(value) + " years";
    case Dimension::PerYear:
        return plain(value * 100.0) + " %/year";
    case Dimension::StaffPerMegawatt:
        return plain(value) + " FTE/MW";
    case Dimension::WattsPerSquareMetre:
        return plain(value) + " W/m\u00b2";
    case Dimension::WattsPerKilogram:
        return plain(value) + " W/kg";
    case Dimension::KilogramsPerWatt:
        return plain(value * 1e3) + " kg/kW";
    case Dimension::JoulesPerKilogram:
        return plain(value / 3600.0) + " Wh/kg";
    case Dimension::UsdPerKilogram:
        return money(value, "/kg");
    }
    return {};
}

std::string_view unitName(Dimension dimension) {
    return kTexts[static_cast<std::size_t>(dimension)].name;
}

std::string_view unitExamples(Dimension dimension) {
    return kTexts[static_cast<std::size_t>(dimension)].examples;
}

} // namespace atlas::units
