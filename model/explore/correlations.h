// What moves together and what must sum to a whole when ranges are drawn
// (resources/catalog/correlations.yaml, compiled in).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::explore {

struct Correlation {
    std::string name;     ///< of the group
    bool against = false; ///< falls where the group rises
};

/// The group a fact is in.
[[nodiscard]] std::optional<Correlation> correlationOf(std::string_view fact);

/// Facts that are parts of one whole, as the classes of a fleet are.
struct WholeOfParts {
    std::vector<std::string> parts;
    std::string remainder; ///< the part that takes what the others leave
};

[[nodiscard]] const std::vector<WholeOfParts>& wholes();

} // namespace atlas::explore
