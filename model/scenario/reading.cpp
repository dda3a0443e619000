#include "model/scenario/reading.h"

#include "model/core/nearest.h"
#include "model/core/utf8.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenario {

namespace {

using units::Dimension;

const std::vector<std::string> kFactKeys = {"fact", "times", "per", "item", "low", "high", "note"};
const std::vector<std::string> kValueKeys = {"value", "low", "high", "source", "grade", "note"};

bool isScalar(const yaml::Node& node) {
    return node.kind == yaml::Kind::Scalar;
}

std::optional<double> readNumber(const yaml::Node& node, Dimension dimension, Reading& reading) {
    if (!isScalar(node)) {
        reading.error(node.place, "expected a quantity, not " + std::string(yaml::name(node.kind)),
                      "write " + std::string(units::unitExamples(dimension)));
        return std::nullopt;
    }
    const auto value = units::parseQuantity(node.scalar, dimension);
    if (!value) {
        const Diagnostic& why = value.errors().front();
        reading.error(node.place, utf8::shortened(why.message, 200), why.remedy);
        return std::nullopt;
    }
    return *value;
}

std::string readText(const yaml::Node& node, Reading& reading) {
    if (!isScalar(node)) {
        reading.error(node.place, "expected text, not " + std::string(yaml::name(node.kind)));
        return {};
    }
    return node.scalar;
}

/// Sets `out` from the entry `key` if it is there; false after an error.
bool optionalNumber(const yaml::Node& mapping, std::string_view key, Dimension dimension, double& out,
                    Reading& reading) {
    const yaml::Node* node = mapping.find(key);
    if (node == nullptr) {
        return true;
    }
    const auto value = readNumber(*node, dimension, reading);
    if (value) {
        out = *value;
    }
    return value.has_value();
}

bool onlyKnownKeys(const yaml::Node& mapping, const std::vector<std::string>& known, Reading& reading) {
    bool fine = true;
    for (const yaml::Entry& entry : mapping.entries) {
        if (std::ranges::find(known, entry.key) == known.end()) {
            reading.error(entry.place, "unknown key `" + utf8::shortened(entry.key) + "` in a sourced number",
                          suggestion(entry.key, known));
            fine = false;
        }
    }
    return fine;
}

std::optional<Sourced> fromFact(const yaml::Node& node, const QuantityField& field, Reading& reading) {
    const bool known = onlyKnownKeys(node, kFactKeys, reading);
    const std::string key = readText(*node.find("fact"), reading);
    const catalog::Fact* fact = reading.facts.find(key);
    if (fact == nullptr) {
        const std::string near = reading.facts.nearest(key);
        reading.error(node.find("fact")->place, "no fact `" + utf8::shortened(key) + "` in the record",
                      near.empty() ? "see catalog/facts for the keys" : "did you mean `" + near + "`?");
        return std::nullopt;
    }
    catalog::FactUse use;
    double item = 0.0;
    if (!optionalNumber(node, "times", Dimension::Number, use.times, reading) ||
        !optionalNumber(node, "per", Dimension::Number, use.per, reading) ||
        !optionalNumber(node, "item", Dimension::Number, item, reading) || !known) {
        return std::nullopt;
    }
    if (use.per == 0.0 || use.times <= 0.0 || use.per < 0.0) {
        reading.error(node.place, "`times` and `per` must be more than 0");
        return std::nullopt;
    }
    use.item = item >= 0.0 && item <= 1000.0 ? static_cast<int>(item) : -1;
    auto number = catalog::inSi(*fact, field.dimension, use);
    if (!number) {
        reading.error(node.find("fact")->place, number.errors().front().message,
                      number.errors().front().remedy);
        return std::nullopt;
    }
    if (!optionalNumber(node, "low", field.dimension, number->low, reading) ||
        !optionalNumber(node, "high", field.dimension, number->high, reading)) {
        return std::nullopt;
    }
    if (const yaml::Node* note = node.find("note")) {
        number->note = readText(*note, reading);
    }
    return *number;
}

std::optional<Sourced> fromValue(const yaml::Node& node, const QuantityField& field, Reading& reading) {
    if (!onlyKnownKeys(node, kValueKeys, reading)) {
        return std::nullopt;
    }
    const auto value = readNumber(*node.find("value"), field.dimension, reading);
    if (!value) {
        return std::nullopt;
    }
    Sourced number(*value);
    if (!optionalNumber(node, "low", field.dimension, number.low, reading) ||
        !optionalNumber(node, "high", field.dimension, number.high, reading)) {
        return std::nullopt;
    }
    if (const yaml::Node* source = node.find("source")) {
        number.source = readText(*source, reading);
    }
    if (const yaml::Node* note = node.find("note")) {
        number.note = readText(*note, reading);
    }
    if (const yaml::Node* grade = node.find("grade")) {
        const std::string name = readText(*grade, reading);
        const auto known = catalog::gradeOf(name);
        if (!known) {
            reading.error(
                grade->place, "unknown grade `" + utf8::shortened(name) + "`",
                suggestion(name, {std::begin(catalog::kGradeNames), std::end(catalog::kGradeNames)}));
            return std::nullopt;
        }
        number.grade = *known;
    }
    return number;
}

bool plausible(const Sourced& number, const QuantityField& field, const SourcePlace& place,
               Reading& reading) {
    for (const double value : {number.value, number.low, number.high}) {
        if (!inside(field.bounds, value)) {
            reading.error(place, units::formatQuantity(value, field.dimension) + " is out of range",
                          "it must be " + boundsText(field.bounds, field.dimension));
            return false;
        }
    }
    if (number.low > number.value || number.high < number.value) {
        reading.error(place,
                      "the range " + units::formatQuantity(number.low, field.dimension) + " to " +
                          units::formatQuantity(number.high, field.dimension) + " does not hold the value " +
                          units::formatQuantity(number.value, field.dimension),
                      "low <= value <= high");
        return false;
    }
    return true;
}

std::string quotedIfNeeded(const yaml::Node& node) {
    const std::string& text = node.scalar;
    const bool plain =
        !node.quoted && !text.empty() && text.find_first_of(",:{}[]#&*!|>'\"%@`\n\\") == std::string::npos &&
        text.front() != ' ' && text.back() != ' ' && text.front() != '-' && text.front() != '?';
    if (plain) {
        return text;
    }
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return out + '"';
}

} // namespace

SourcePlace Reading::placeOf(std::string_view path) const {
    while (true) {
        if (const auto found = places.find(path); found != places.end()) {
            return found->second;
        }
        const auto dot = path.rfind('.');
        if (dot == std::string_view::npos) {
            return {};
        }
        path = path.substr(0, dot);
    }
}

bool Reading::unreadBelow(const std::string& path) const {
    const auto next = unread.lower_bound(path);
    return next != unread.end() && (*next == path || next->starts_with(path + "."));
}

std::optional<Sourced> readSourced(const yaml::Node& node, const QuantityField& field, Reading& reading) {
    std::optional<Sourced> number;
    if (isScalar(node)) {
        if (const auto value = readNumber(node, field.dimension, reading)) {
            number = Sourced(*value);
        }
    } else if (node.kind == yaml::Kind::Mapping && node.find("fact") != nullptr) {
        number = fromFact(node, field, reading);
    } else if (node.kind == yaml::Kind::Mapping && node.find("value") != nullptr) {
        number = fromValue(node, field, reading);
    } else {
        reading.error(node.place, "expected a quantity, not " + std::string(yaml::name(node.kind)),
                      "write " + std::string(units::unitExamples(field.dimension)) +
                          ", or {fact: key}, or {value: .., low: .., high: .., source: ..}");
    }
    if (!number || !plausible(*number, field, node.place, reading)) {
        return std::nullopt;
    }
    number->written = flowText(node);
    return number;
}

std::string flowText(const yaml::Node& node) {
    std::string out;
    switch (node.kind) {
    case yaml::Kind::Null:
        return "null";
    case yaml::Kind::Scalar:
        return quotedIfNeeded(node);
    case yaml::Kind::Sequence:
        for (const yaml::NodePtr& item : node.items) {
            out += (out.empty() ? "" : ", ") + flowText(*item);
        }
        return "[" + out + "]";
    case yaml::Kind::Mapping:
        for (const yaml::Entry& entry : node.entries) {
            out += (out.empty() ? "" : ", ") + entry.key + ": " + flowText(*entry.value);
        }
        return "{" + out + "}";
    }
    return out;
}

bool inside(const Bounds& bounds, double value) {
    return std::isfinite(value) && (bounds.lowIncluded ? value >= bounds.low : value > bounds.low) &&
           value <= bounds.high;
}

std::string boundsText(const Bounds& bounds, units::Dimension dimension) {
    const std::string low = units::formatQuantity(bounds.low, dimension);
    if (std::isinf(bounds.high)) {
        return (bounds.lowIncluded ? "at least " : "more than ") + low;
    }
    return (bounds.lowIncluded ? "" : "more than ") + low + (bounds.lowIncluded ? " to " : " and at most ") +
           units::formatQuantity(bounds.high, dimension);
}

} // namespace atlas::scenario
