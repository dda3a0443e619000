// The rows that are predicted worst, each with the best explanation known.
#pragma once

#include "model/validation/checked_runs.h"
#include "model/validation/serving_points.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace atlas::validation {

/// How sure an explanation is.
enum class Standing {
    Likely, ///< the published numbers point to it
    Unknown ///< looked into, not found: the reason says what was seen
};

struct Explanation {
    Standing standing = Standing::Unknown;
    std::string text;
    std::string reason; ///< what it rests on, in published numbers
};

/// The explanation of a row (resources/validation/explanations.csv); empty where nobody has looked into it.
[[nodiscard]] std::optional<Explanation> explanationOf(const std::string& rowId,
                                                       const std::vector<RunRow>& table);

/// "likely" or "unknown": what stands in a table; a row without an explanation is unknown.
[[nodiscard]] std::string standingText(const std::optional<Explanation>& explanation);

/// Other rows of the same configuration: same model, GPU, precision, GPUs, layout, batch and sequence.
struct Repeats {
    std::size_t rows = 0; ///< the row itself among them
    double widest = 1;    ///< highest over lowest published throughput
    [[nodiscard]] bool any() const { return rows > 1; }
};
[[nodiscard]] Repeats repeatsOf(const std::string& rowId, const std::vector<RunRow>& rows);

struct WorstRow {
    CheckedRun run;
    double error = 0; ///< on the chosen basis
    std::optional<Explanation> explanation;
    Repeats repeats;
};

/// The `count` rows with the largest error of the throughput on a basis, largest first; the size of an error
/// is the factor it is off by, up or down. Rows without an error on the basis are left out.
[[nodiscard]] std::vector<WorstRow> worstRows(const std::vector<CheckedRun>& runs, FitBasis basis,
                                              std::size_t count);

} // namespace atlas::validation
