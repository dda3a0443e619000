// The rows of every strategy over a grid of inputs, in shards that add up to the whole.
#pragma once

#include "model/explore/programme_rows.h"

#include <functional>
#include <stop_token>

namespace atlas::explore {

/// One axis of the grid.
struct Vary {
    std::string path;
    units::Dimension dimension = units::Dimension::Number;
    std::vector<double> values;
};

/// Reads "path=low:high:n": n evenly spaced values with both ends, quantities with their units
/// ("contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:7"). Errors: a path that is no number of the
/// scenario, ends that are no quantity or that the scenario would not take, n below 1.
[[nodiscard]] Result<Vary> parseVary(const scenario::Scenario& scenario, const std::string& text);

/// Which part of the grid: points [ (part - 1) * N / parts, part * N / parts ).
struct Shard {
    std::size_t part = 1;
    std::size_t parts = 1;
};

/// Reads "3/8". Errors: anything else, a part outside 1 to parts.
[[nodiscard]] Result<Shard> parseShard(const std::string& text);

struct SweepOptions {
    std::vector<Vary> axes;              ///< the last one turns fastest
    std::vector<std::string> strategies; ///< ids or names; empty: all
    Shard shard;
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

inline constexpr std::size_t kMostPoints = 1'000'000;

struct SweepRow {
    std::size_t point = 0; ///< in the whole grid
    std::vector<double> at;
    std::string strategy; ///< id
    ProgrammeValues values;
};

/// Layouts are planned once at the central numbers, the same for every shard, and anew only where they no
/// longer fit: shards are byte for byte the parts of the whole. Errors: a strategy that is not there, a grid
/// of more than kMostPoints, cancelled.
[[nodiscard]] Result<std::vector<SweepRow>> sweep(const scenario::Scenario& scenario,
                                                  const SweepOptions& options);

/// The header line, and the rows, as CSV: the axes in SI, strategy, then a column a row of the programme with
/// empty cells where it does not apply. Only the first shard has the header, so that shards concatenate.
[[nodiscard]] std::string sweepCsv(const std::vector<Vary>& axes, const std::vector<SweepRow>& rows,
                                   const Shard& shard);

} // namespace atlas::explore
