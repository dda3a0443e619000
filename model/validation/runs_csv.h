// Published training runs as somebody wrote them down: one row a run, empty where nothing was published.
#pragma once

#include "model/core/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::validation {

/// One row: every known column as text, numbers read on demand.
struct RunRow {
    int line = 0; ///< in the file, from 1
    std::map<std::string, std::string, std::less<>> cells;

    /// The cell, trimmed; empty where the column or the value is missing.
    [[nodiscard]] const std::string& text(std::string_view column) const;
    /// Empty where nothing is published. A cell that is no number sets `wrong` and yields nothing.
    [[nodiscard]] std::optional<double> number(std::string_view column, bool* wrong = nullptr) const;
    [[nodiscard]] bool isClean() const; ///< complete inputs and no flag: fit for fitting
};

/// Limits on an untrusted file.
inline constexpr std::size_t kMaxRunBytes = 64u << 20;
inline constexpr std::size_t kMaxRuns = 1'000'000;

/// Comma-separated values after RFC 4180: quoted cells, doubled quotes, line breaks in quotes, CRLF, a byte
/// order mark, lines that start with # ahead of the header. Columns may come in any order; unknown ones are
/// kept, missing ones read as empty. Errors: no header, no `id` column, a quote that never ends, beyond the
/// limits.
[[nodiscard]] Result<std::vector<RunRow>> parseRuns(std::string_view csv, const std::string& file);
[[nodiscard]] Result<std::vector<RunRow>> readRuns(const std::string& file);

/// One cell as CSV, quoted where it must be.
[[nodiscard]] std::string csvCell(std::string_view text);

} // namespace atlas::validation
