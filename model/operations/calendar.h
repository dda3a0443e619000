// Simulated seconds and calendar months: time 0 is midnight at the start of the scenario's first month.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::operations {

inline constexpr double kDayS = 86400;

/// Seconds from the beginning of `start` to the beginning of `month`; negative before it. Gregorian calendar.
[[nodiscard]] double monthStartS(scenario::Month start, scenario::Month month);

/// The month that contains a time.
[[nodiscard]] scenario::Month monthAt(scenario::Month start, double timeS);

/// Day of the week of a time, 0 Monday .. 6 Sunday.
[[nodiscard]] int weekdayAt(scenario::Month start, double timeS);

} // namespace atlas::operations
