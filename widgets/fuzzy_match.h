// How well a few typed letters fit a command's name.
#pragma once

#include <QString>

#include <optional>

namespace atlas::widgets {

/// Empty where the letters of `typed` do not all occur in `text` in order. Otherwise a score, higher is
/// better: letters that start a word or follow one another count more, and shorter texts win ties.
[[nodiscard]] std::optional<int> fuzzyScore(const QString& typed, const QString& text);

} // namespace atlas::widgets
