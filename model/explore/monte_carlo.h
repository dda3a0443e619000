// Thousands of programmes drawn over the ranges of all facts: how wide the answers are, and how sure.
#pragma once

#include "model/explore/programme_rows.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::explore {

/// Physics are computed for at most so many draws where nothing else is asked for; draws beyond share them
/// and draw their money anew. That biases nothing: every pair is a draw of both. But a percentile of 10,000
/// programmes then rests on this many machines and on 10,000 markets, see rankError().
inline constexpr std::size_t kPhysicalDraws = 1250;

/// Standard error of the share of programmes below a percentile (0..1) that rests on so many machines, if the
/// machine alone decided: 1.4 % for the median of 1250, 0.6 % for P5 and P95.
[[nodiscard]] double rankError(double percentile, std::size_t machines);

/// 5th, 25th, 50th, 75th and 95th percentile.
struct Percentiles {
    double p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0;
};

[[nodiscard]] Percentiles percentilesOf(std::vector<double> values);

struct MonthBand {
    scenario::Month month;
    Percentiles usd;
};

/// How sure a tranche is.
struct TrancheChance {
    std::string tranche; ///< as at the central values
    scenario::Month due;
    double onTime = 0;    ///< share of draws in which the owner's own cash covers it by the month of power
    double byHorizon = 0; ///< share in which it does so at all
    /// Month in which it is covered: at the central values, and by the 10th, 50th and 90th percentile of the
    /// draws that build it; empty: not by the horizon.
    std::optional<scenario::Month> stated, p10, p50, p90;
};

struct ProgrammeRanges {
    std::string id;
    std::string name;
    std::vector<Headline> rows;         ///< as programmeRows(): central value, 5th and 95th percentile
    std::vector<Percentiles> bands;     ///< one a row; zeros where the row never applies
    std::vector<double> shareWithValue; ///< one a row: draws in which it applies
    std::vector<double> sharePositive;  ///< one a row: of those, draws in which it is above 0
    std::vector<MonthBand> netCash;     ///< owner's cash less debt at the end of each month
    std::vector<TrancheChance> tranches;
    std::vector<std::vector<double>> samples; ///< one a row, one a draw; NaN where it does not apply
};

struct MonteCarlo {
    std::vector<ProgrammeRanges> strategies;
    std::size_t draws = 0;
    std::size_t physicalDraws = 0;
    std::uint64_t seed = 0;
    double seconds = 0;
};

struct MonteCarloOptions {
    std::vector<std::string> strategies; ///< ids or names; empty: all
    std::size_t draws = 10'000;
    std::size_t machines = kPhysicalDraws; ///< draws with physics of their own, at most
    std::size_t shapes = kShapesFitted;    ///< of parallel layouts (Layouts::fitted), tried in every draw
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

/// Draw d has physics number d mod `machines` and money number d. The same scenario and seed give the
/// same bytes on any number of threads. Errors: as programme(); no draws or no machines; kCancelled within
/// 100 ms of a stop.
[[nodiscard]] Result<MonteCarlo> monteCarlo(const scenario::Scenario& scenario,
                                            const MonteCarloOptions& options = {});

} // namespace atlas::explore
