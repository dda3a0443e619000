#include "model/units/unit_table.h"

#include <array>
#include <cctype>

namespace atlas::units {

namespace {

using enum Prefixes;

constexpr Unit kNumber[] = {
    {"", 1.0, None}, {"%", 0.01, None}, {"x", 1.0, None}, {"GPUs", 1.0, None}, {"GPU", 1.0, None}};
constexpr Unit kBytes[] = {{"B", 1.0, SiAndIec},
                           {"byte", 1.0, None},
                           {"bytes", 1.0, None},
                           {"bit", 0.125, SiAndIec},
                           {"b", 0.125, SiAndIec}};
constexpr Unit kBytesPerSecond[] = {
    {"B/s", 1.0, SiAndIec}, {"bit/s", 0.125, SiAndIec}, {"b/s", 0.125, SiAndIec}, {"bps", 0.125, SiAndIec}};
constexpr Unit kFlopPerSecond[] = {{"FLOP/s", 1.0, Si}, {"FLOPS", 1.0, Si}, {"flop/s", 1.0, Si}};
constexpr Unit kFlop[] = {{"FLOP", 1.0, Si},
                          {"FLOPs", 1.0, Si},
                          {"flop", 1.0, Si},
                          {"FLOP-day", kDayS, Si},
                          {"FLOP/s-day", kDayS, Si}};
constexpr Unit kSeconds[] = {{"s", 1.0, Si},           {"sec", 1.0, None},        {"second", 1.0, None},
                             {"seconds", 1.0, None},   {"min", 60.0, None},       {"minute", 60.0, None},
                             {"minutes", 60.0, None},  {"h", 3600.0, None},       {"hour", 3600.0, None},
                             {"hours", 3600.0, None},  {"d", kDayS, None},        {"day", kDayS, None},
                             {"days", kDayS, None},    {"week", 7 * kDayS, None}, {"weeks", 7 * kDayS, None},
                             {"month", kMonthS, None}, {"months", kMonthS, None}, {"year", kYearS, None},
                             {"years", kYearS, None}};
constexpr Unit kWatts[] = {{"W", 1.0, Si}, {"watt", 1.0, None}, {"watts", 1.0, None}};
constexpr Unit kJoules[] = {{"J", 1.0, Si}, {"Wh", 3600.0, Si}};
constexpr Unit kMetres[] = {
    {"m", 1.0, Si}, {"ft", 0.3048, None}, {"mile", 1609.344, None}, {"miles", 1609.344, None}};
constexpr Unit kKilograms[] = {{"kg", 1.0, None},
                               {"g", 0.001, None},
                               {"t", 1000.0, None},
                               {"tonne", 1000.0, None},
                               {"tonnes", 1000.0, None}};
constexpr Unit kKelvin[] = {{"K", 1.0, None}};
constexpr Unit kUsd[] = {{"USD", 1.0, None}};
constexpr Unit kUsdPerMonth[] = {
    {"USD/month", 1.0, None},           {"USD per month", 1.0, None},     {"USD/mo", 1.0, None},
    {"USD/year", 1.0 / 12, None},       {"USD per year", 1.0 / 12, None}, {"USD/yr", 1.0 / 12, None},
    {"USD per quarter", 1.0 / 3, None}, {"USD/quarter", 1.0 / 3, None}};
constexpr Unit kUsdPerGpuHour[] = {{"USD/GPU-hour", 1.0, None},
                                   {"USD/GPU-h", 1.0, None},
                                   {"USD/GPUh", 1.0, None},
                                   {"USD per GPU-hour", 1.0, None},
                                   {"USD per GPU-h", 1.0, None}};
constexpr Unit kUsdPerJoule[] = {{"USD/J", 1.0, Si}, {"USD/Wh", 1.0 / 3600, Si}};
constexpr Unit kTokens[] = {{"tokens", 1.0, None}, {"token", 1.0, None}, {"tok", 1.0, None}};
constexpr Unit kTokensPerSecond[] = {{"tokens/s", 1.0, None},
                                     {"tok/s", 1.0, None},
                                     {"tokens/day", 1.0 / kDayS, None},
                                     {"tokens per day", 1.0 / kDayS, None},
                                     {"tokens/month", 1.0 / kMonthS, None}};
constexpr double kPer1000NodeDays = 1.0 / (1000.0 * kDayS);
constexpr Unit kPerSecond[] = {{"1/s", 1.0, None},
                               {"/s", 1.0, None},
                               {"per second", 1.0, None},
                               {"Hz", 1.0, Si},
                               {"/h", 1.0 / 3600, None},
                               {"per hour", 1.0 / 3600, None},
                               {"/day", 1.0 / kDayS, None},
                               {"per day", 1.0 / kDayS, None},
                               {"per node-day", 1.0 / kDayS, None},
                               {"per 1000 node-days", kPer1000NodeDays, None},
                               {"per 1000 GPU-days", kPer1000NodeDays, None},
                               {"/year", 1.0 / kYearS, None},
                               {"per year", 1.0 / kYearS, None},
                               {"per GPU-year", 1.0 / kYearS, None},
                               {"per node-year", 1.0 / kYearS, None},
                               {"unplanned interruptions per GPU-year", 1.0 / kYearS, None}};
constexpr Unit kYears[] = {{"years", 1.0, None},         {"year", 1.0, None},
                           {"months", 1.0 / 12, None},   {"month", 1.0 / 12, None},
                           {"days", 1.0 / 365.25, None}, {"d", 1.0 / 365.25, None}};
constexpr Unit kPerYear[] = {{"1/year", 1.0, None},
                             {"per year", 1.0, None},
                             {"/year", 1.0, None},
                             {"/yr", 1.0, None},
                             {"%/year", 0.01, None},
                             {"% per year", 0.01, None},
                             {"%/yr", 0.01, None},
                             {"fraction per year", 1.0, None},
                             {"fraction/yr", 1.0, None},
                             {"per GPU-year", 1.0, None},
                             {"per satellite-year", 1.0, None},
                             {"fraction of GPUs per year", 1.0, None},
                             {"fraction of IT capex per year", 1.0, None}};
constexpr Unit kUsdPerWatt[] = {{"USD/W", 1.0, Si},
                                {"USD per W", 1.0, None},
                                {"USD per MW", 1e-6, None},
                                {"USD per kW", 1e-3, None},
                                {"USD per GW", 1e-9, None}};
constexpr Unit kUsdPerYear[] = {{"USD/year", 1.0, None},
                                {"USD/yr", 1.0, None},
                                {"USD per year", 1.0, None},
                                {"USD/FTE-year", 1.0, None},
                                {"USD/month", 12.0, None}};
constexpr Unit kStaffPerMegawatt[] = {{"FTE/MW", 1.0, None}, {"people/MW", 1.0, None}};

constexpr Unit kWattsPerSquareMetre[] = {{"W/m2", 1.0, Si}, {"W/m\u00b2", 1.0, Si}, {"W/m^2", 1.0, Si}};
constexpr Unit kWattsPerKilogram[] = {{"W/kg", 1.0, Si}};
constexpr Unit kKilogramsPerWatt[] = {
    {"kg/W", 1.0, None}, {"kg/kW", 1e-3, None}, {"kg per kW", 1e-3, None}, {"t/MW", 1e-3, None}};
constexpr Unit kJoulesPerKilogram[] = {{"J/kg", 1.0, Si}, {"Wh/kg", 3600.0, Si}};
constexpr Unit kUsdPerKilogram[] = {{"USD/kg", 1.0, None}, {"USD per kg", 1.0, None}, {"USD/t", 1e-3, None}};

constexpr std::array<std::span<const Unit>, kDimensionCount> kUnits = {{kNumber,
                                                                        kBytes,
                                                                        kBytesPerSecond,
                                                                        kFlopPerSecond,
                                                                        kFlop,
                                                                        kSeconds,
                                                                        kWatts,
                                                                        kJoules,
                                                                        kMetres,
                                                                        kKilograms,
                                                                        kKelvin,
                                                                        kUsd,
                                                                        kUsdPerMonth,
                                                                        kUsdPerGpuHour,
                                                                        kUsdPerJoule,
                                                                        kTokens,
                                                                        kTokensPerSecond,
                                                                        kPerSecond,
                                                                        kYears,
                                                                        kPerYear,
                                                                        kUsdPerWatt,
                                                                        kUsdPerYear,
                                                                        kStaffPerMegawatt,
                                                                        kWattsPerSquareMetre,
                                                                        kWattsPerKilogram,
                                                                        kKilogramsPerWatt,
                                                                        kJoulesPerKilogram,
                                                                        kUsdPerKilogram}};

constexpr Unit kSiPrefixes[] = {
    {"", 1, None},          {"n", 1e-9, None},     {"u", 1e-6, None},    {"\u00b5", 1e-6, None},
    {"\u03bc", 1e-6, None}, {"m", 1e-3, None},     {"k", 1e3, None},     {"K", 1e3, None},
    {"M", 1e6, None},       {"G", 1e9, None},      {"T", 1e12, None},    {"P", 1e15, None},
    {"E", 1e18, None},      {"Z", 1e21, None},     {"Y", 1e24, None},    {"kilo", 1e3, None},
    {"mega", 1e6, None},    {"giga", 1e9, None},   {"tera", 1e12, None}, {"peta", 1e15, None},
    {"exa", 1e18, None},    {"zetta", 1e21, None}, {"yotta", 1e24, None}};
constexpr Unit kIecPrefixes[] = {{"Ki", 0x1p10, None}, {"Mi", 0x1p20, None}, {"Gi", 0x1p30, None},
                                 {"Ti", 0x1p40, None}, {"Pi", 0x1p50, None}, {"Ei", 0x1p60, None}};
constexpr Unit kMultipliers[] = {{"k", 1e3, None},       {"K", 1e3, None},        {"thousand", 1e3, None},
                                 {"M", 1e6, None},       {"m", 1e6, None},        {"mn", 1e6, None},
                                 {"million", 1e6, None}, {"B", 1e9, None},        {"bn", 1e9, None},
                                 {"G", 1e9, None},       {"billion", 1e9, None},  {"T", 1e12, None},
                                 {"tn", 1e12, None},     {"trillion", 1e12, None}};

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// A unit ends where a word ends: "GB" does not start "GBX", and "USD" does not stand for "USD/month".
bool endsAtBorder(std::string_view text, std::size_t length) {
    if (length >= text.size()) {
        return true;
    }
    const char next = text[length];
    return !isWordCharacter(next) && next != '/' && next != '-' && next != '%';
}

/// Energy prices carry the prefix inside: USD/kWh, USD/MWh, $/MW.
std::string_view prefixedPart(const Unit& unit, std::string_view& before) {
    const auto slash = unit.name.find('/');
    if (unit.name.starts_with("USD/") && slash != std::string_view::npos) {
        before = unit.name.substr(0, slash + 1);
        return unit.name.substr(slash + 1);
    }
    before = {};
    return unit.name;
}

void keepLonger(std::optional<UnitMatch>& best, std::size_t length, double factor) {
    if (!best || length > best->length) {
        best = UnitMatch{factor, length};
    }
}

void matchPrefixed(std::string_view text, const Unit& unit, std::span<const Unit> prefixes,
                   std::optional<UnitMatch>& best) {
    std::string_view before;
    const std::string_view name = prefixedPart(unit, before);
    if (!text.starts_with(before)) {
        return;
    }
    const std::string_view rest = text.substr(before.size());
    for (const Unit& prefix : prefixes) {
        if (rest.starts_with(prefix.name) && rest.substr(prefix.name.size()).starts_with(name)) {
            const std::size_t length = before.size() + prefix.name.size() + name.size();
            if (endsAtBorder(text, length)) {
                // A price per kWh falls as the unit grows.
                keepLonger(best, length,
                           before.empty() ? unit.factor * prefix.factor : unit.factor / prefix.factor);
            }
        }
    }
}

} // namespace

std::span<const Unit> unitsOf(Dimension dimension) {
    return kUnits[static_cast<std::size_t>(dimension)];
}

std::span<const Unit> siPrefixes() {
    return kSiPrefixes;
}

std::span<const Unit> iecPrefixes() {
    return kIecPrefixes;
}

std::span<const Unit> multipliers() {
    return kMultipliers;
}

bool takesMultiplier(Dimension dimension) {
    switch (dimension) {
    case Dimension::Number:
    case Dimension::Usd:
    case Dimension::UsdPerMonth:
    case Dimension::UsdPerGpuHour:
    case Dimension::UsdPerJoule:
    case Dimension::UsdPerYear:
    case Dimension::UsdPerWatt:
    case Dimension::UsdPerKilogram:
    case Dimension::Tokens:
    case Dimension::TokensPerSecond:
        return true;
    default:
        return false;
    }
}

std::optional<UnitMatch> matchUnit(std::string_view text, Dimension dimension) {
    std::optional<UnitMatch> best;
    for (const Unit& unit : unitsOf(dimension)) {
        if (unit.name.empty()) {
            continue;
        }
        if (unit.prefixes == None) {
            if (text.starts_with(unit.name) && endsAtBorder(text, unit.name.size())) {
                keepLonger(best, unit.name.size(), unit.factor);
            }
            continue;
        }
        matchPrefixed(text, unit, kSiPrefixes, best);
        if (unit.prefixes == SiAndIec) {
            matchPrefixed(text, unit, kIecPrefixes, best);
        }
    }
    return best;
}

std::optional<UnitMatch> matchMultiplier(std::string_view text) {
    std::optional<UnitMatch> best;
    for (const Unit& multiplier : kMultipliers) {
        const std::size_t length = multiplier.name.size();
        if (text.starts_with(multiplier.name) && (length >= text.size() || !isWordCharacter(text[length]))) {
            keepLonger(best, length, multiplier.factor);
        }
    }
    return best;
}

} // namespace atlas::units
