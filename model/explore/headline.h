// The rows of the strategies table: keys, words, units, and which way is better. Same keys in the same order
// for every strategy.
#pragma once

#include "model/explore/compare.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace atlas::explore {

/// In the order of the table. MFU to step time are those of the machine on which the target model (the
/// scenario's first training job) is finished; training delivered is the mean over the horizon.
enum class HeadlineKey : std::size_t {
    Mfu,
    Goodput,
    WaitingShare,
    WaitingUsdPerMonth,
    StepTimeS,
    TrainMonths,
    DeliveredFlopPerS,
    UsdPerExaflopDay,
    ServingTokensPerS,
    ServingTokensPerDay,
    SloAttainment,
    UsersServed,
    LeaseUsdPerMonth,
    OwnerCashUsd,
    NpvUsd,
    PeakFundingUsd,
    FacilityW,
    BreakEvenFee,
    BuildOutFundedShare,
    TrancheFundedMonths,
    Count
};

inline constexpr std::size_t kHeadlines = static_cast<std::size_t>(HeadlineKey::Count);

/// Values of one evaluation, empty where a row does not apply.
using HeadlineValues = std::array<std::optional<double>, kHeadlines>;

/// The rows without values. Better: more training, serving and cash; less waiting, time and cost. Power drawn
/// is neither.
[[nodiscard]] const std::vector<Headline>& headlineRows();

[[nodiscard]] inline std::optional<double>& at(HeadlineValues& values, HeadlineKey key) {
    return values[static_cast<std::size_t>(key)];
}
[[nodiscard]] inline const std::optional<double>& at(const HeadlineValues& values, HeadlineKey key) {
    return values[static_cast<std::size_t>(key)];
}

/// Rows with the central values and, where there are draws, their 5th and 95th percentile, widened where
/// needed so that the central value lies inside. A draw in which a row does not apply is left out of its
/// percentiles.
[[nodiscard]] std::vector<Headline> headlinesOf(const HeadlineValues& central,
                                                std::span<const HeadlineValues> draws);

/// The q-quantile (0..1) of unsorted values by linear interpolation between order statistics. Precondition:
/// not empty.
[[nodiscard]] double quantile(std::vector<double> values, double q);

} // namespace atlas::explore
