// Just enough of UTF-8 to count columns and to refuse what is not text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atlas::utf8 {

/// Characters (code points) of valid UTF-8.
[[nodiscard]] int length(std::string_view text);

struct BadPlace {
    int line = 1;
    int column = 1;
    std::string what;
};

/// The first byte that is not text: a control character, or not UTF-8.
[[nodiscard]] std::optional<BadPlace> firstNotText(std::string_view text);

/// At most `most` characters of a word from outside, for messages; control characters and line ends become
/// dots.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most = 60);

} // namespace atlas::utf8
