#include "model/units/unit_table.h"

#include <string>
#include <vector>

namespace atlas::units {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view(".*+?()[]{}|^$\\").find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string anyOf(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : "|") + word;
    }
    return "(" + out + ")";
}

std::string anyNameOf(std::span<const Unit> units) {
    std::vector<std::string> names;
    for (const Unit& unit : units) {
        if (!unit.name.empty()) {
            names.push_back(escaped(unit.name));
        }
    }
    return anyOf(names);
}

/// "USD" may also be a dollar sign in front of the number or of the unit.
std::string unitWord(const Unit& unit) {
    const std::string prefixes = unit.prefixes == Prefixes::None ? ""
                                 : unit.prefixes == Prefixes::Si
                                     ? anyNameOf(siPrefixes()) + "?"
                                     : "(" + anyNameOf(siPrefixes()) + "|" + anyNameOf(iecPrefixes()) + ")?";
    constexpr std::string_view kUsd = "USD";
    if (!unit.name.starts_with(kUsd)) {
        return prefixes + escaped(unit.name);
    }
    const std::string_view rest = unit.name.substr(kUsd.size());
    const std::string behind =
        rest.starts_with("/") ? "/" + prefixes + escaped(rest.substr(1)) : escaped(rest);
    return "(USD|\\$)?" + behind;
}

} // namespace

std::string quantityPattern(Dimension dimension) {
    std::vector<std::string> words;
    bool money = false;
    for (const Unit& unit : unitsOf(dimension)) {
        money = money || unit.name.starts_with("USD");
        if (!unit.name.empty()) {
            words.push_back(unitWord(unit));
        }
    }
    if (dimension == Dimension::Kelvin) {
        words.insert(words.end(), {"degC", "\u00b0C", "C"});
    }
    const std::string sign = money ? "[-+$]*" : "[-+]?";
    const std::string multiplier = takesMultiplier(dimension) ? " *" + anyNameOf(multipliers()) + "?" : "";
    const std::string optional = dimension == Dimension::Number ? "?" : "";
    return "^ *" + sign + "([0-9][0-9,]*)?(\\.[0-9]+|[0-9]\\.?)([eE][-+]?[0-9]+)?" + multiplier + " *" +
           anyOf(words) + optional + " *$";
}

} // namespace atlas::units
