// What the readers of a file share: findings with their places, the record, and references to settle at the
// end.
#pragma once

#include "model/core/yaml_document.h"
#include "model/scenario/fields.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace atlas::scenario {

/// The state of one reading. Readers add; nobody removes.
struct Reading {
    const catalog::FactBook& facts;
    Diagnostics problems;
    std::map<std::string, SourcePlace, std::less<>> places; ///< of every key, by path
    std::set<std::string, std::less<>>
        unread; ///< paths whose values could not be read: judge nothing by them

    void error(const SourcePlace& place, std::string message, std::string remedy = {}) {
        problems.push_back({Severity::Error, place, std::move(message), std::move(remedy)});
    }
    /// Where a path is written, or the nearest path above it that is.
    [[nodiscard]] SourcePlace placeOf(std::string_view path) const;
    /// Whether something at or below the path could not be read.
    [[nodiscard]] bool unreadBelow(const std::string& path) const;
};

/// A number with unit, range and provenance from "400 Gbit/s", `{fact: key, times:, per:, item:, low:,
/// high:}` or
/// `{value:, low:, high:, source:, grade:, note:}`. Empty after an error, which is in `reading`.
[[nodiscard]] std::optional<Sourced> readSourced(const yaml::Node& node, const QuantityField& field,
                                                 Reading& reading);

/// The node as YAML in one line: what Sourced::written holds.
[[nodiscard]] std::string flowText(const yaml::Node& node);

/// A number's bounds in words of its dimension, for messages: "0 to 1", "more than 0 W".
[[nodiscard]] std::string boundsText(const Bounds& bounds, units::Dimension dimension);
[[nodiscard]] bool inside(const Bounds& bounds, double value);

} // namespace atlas::scenario
