// What a lease contract pays in a month, and whether its terms make sense.
#pragma once

#include "model/scenario/scenario.h"

#include <optional>

namespace atlas::finance {

/// Mean hours of a month: 8766 / 12.
inline constexpr double kHoursPerMonth = 730.5;
inline constexpr double kDaysPerMonth = 365.25 / 12.0;

/// What a leased cluster gave its tenant in a month.
struct Service {
    double gpus = 0;           ///< with power
    double utilisation = 1;    ///< share of the hours in use
    double sloAttainment = 1;  ///< share of requests within the objectives
    double tenantSalesUsd = 0; ///< of tokens
};

struct Fee {
    double usd = 0;       ///< before credits
    double creditUsd = 0; ///< given back for missed service
    [[nodiscard]] double netUsd() const { return usd - creditUsd; }
};

/// The fee for one cluster in `month`: the monthly fee times the share for this cluster; or the price of a
/// GPU-hour times the GPUs with power, for the hours used but at least the billed share; or the share of the
/// tenant's sales, at least the minimum. Times the ramp of the first months and the escalator of each
/// anniversary. Zero before the start and after the end; the months of start and end are both paid. With
/// notice given at the start of a month the fee runs on for the contract's days of notice (a part of a month
/// is paid in part) and then stops. The credit: slaCredit for each missing share, at most the cap.
[[nodiscard]] Fee leaseFee(const scenario::Contract& contract, scenario::Month month, const Service& service,
                           std::optional<scenario::Month> notice = std::nullopt);

/// Last month in which the contract pays anything: its end, or when notice given by itself or by `notice` has
/// run out.
[[nodiscard]] scenario::Month lastPaidMonth(const scenario::Contract& contract,
                                            std::optional<scenario::Month> notice = std::nullopt);

/// Terms that no contract can have, each with what to write instead.
[[nodiscard]] Diagnostics checkContract(const scenario::Contract& contract);

/// Leases of one cluster that run at the same time under different contracts.
[[nodiscard]] Diagnostics checkOverlaps(const scenario::Scenario& scenario,
                                        const scenario::Strategy& strategy);

} // namespace atlas::finance
