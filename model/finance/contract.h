// What a lease contract pays in a month.
#pragma once

#include "model/scenario/scenario.h"

#include <optional>

namespace atlas::finance {

/// Mean hours of a month: 8766 / 12.
inline constexpr double kHoursPerMonth = 730.5;
inline constexpr double kDaysPerMonth = 365.25 / 12.0;

/// The fee for one cluster in `month`: the monthly fee times the share for this cluster, or the price of a
/// GPU-hour times `gpus`, times the ramp of the first months. Zero before the start and after the end; the
/// months of start and end are both paid. With `notice` given in that month the fee runs on for the
/// contract's days of notice (a part of a month is paid in part) and then stops.
[[nodiscard]] double leaseFeeUsd(const scenario::Contract& contract, scenario::Month month, double gpus,
                                 std::optional<scenario::Month> notice = std::nullopt);

} // namespace atlas::finance
