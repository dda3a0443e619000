// The nearest valid word to a misspelt one, for "did you mean".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atlas {

/// Edits (insert, delete, replace, swap of neighbours) from one word to another, upper and lower case equal;
/// counts no further than `limit` + 1. Restricted Damerau-Levenshtein distance.
[[nodiscard]] int editDistance(std::string_view a, std::string_view b, int limit);

/// The candidate that begins with the word, else the one with the fewest edits (at most a third of the word),
/// else one of which the word is a part; empty if none is near.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "did you mean `halls`?", or "valid are: a, b, c" when nothing is near and the list is short, or empty.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

} // namespace atlas
