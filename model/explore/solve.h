// What would have to be true: the value of one lever at which an outcome is reached.
#pragma once

#include "model/explore/programme_rows.h"

#include <stop_token>

namespace atlas::explore {

struct Question {
    std::string strategy; ///< id or name
    std::string row;      ///< key of one of programmeRows()
    double target = 0;    ///< in the row's SI unit; months after the start for dates
    std::string lever;    ///< path or fact
    std::optional<double> low,
        high; ///< searched; empty: the lever's range, then 0 to ten times its upper end
};

struct LeverPoint {
    double lever = 0;
    double row = 0; ///< NaN where the row does not apply
};

struct Answer {
    std::optional<double> value; ///< of the lever, to 0.1 %; empty: see reason
    std::string reason; ///< why there is none, with the nearest that can be had; or what to know about it
    catalog::Sourced central; ///< the lever today
    units::Dimension dimension = units::Dimension::Number;
    std::optional<double> rowToday;
    double low = 0, high = 0;      ///< searched
    std::vector<LeverPoint> curve; ///< the row over the lever, rising in the lever
};

/// Scans the lever and refines the change of sign nearest to today's value. Everything else stays at its
/// central value and layouts as planned there. A row of months that does not apply (never funded, never
/// trained) counts as later than any target. Errors: a strategy, row or lever that is not there, cancelled.
[[nodiscard]] Result<Answer> solve(const scenario::Scenario& scenario, const Question& question,
                                   std::stop_token stop = {});

} // namespace atlas::explore
