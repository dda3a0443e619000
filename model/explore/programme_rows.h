// The rows of a programme: those of the strategies table, and those of its money in detail.
#pragma once

#include "model/explore/outcome.h"
#include "model/explore/roadmap.h"
#include "model/finance/segments.h"

namespace atlas::explore {

/// After the rows of the strategies table (HeadlineKey), in this order.
enum class ProgrammeKey : std::size_t {
    DeliveredExaflopDays,
    ModelsTrained,
    LastTrancheFundedMonths,
    IrrPerYear,
    PaybackMonths,
    ModelsPresentUsd,
    NpvWithModelsUsd,
    TenantMarginUsdPerMonth,
    LandlordShare,
    LandlordValueUsd,
    LabValueUsd,
    ImpliedValueUsd,
    ResidualUsd,
    DebtUsd,
    Count
};

inline constexpr std::size_t kProgrammeRows = kHeadlines + static_cast<std::size_t>(ProgrammeKey::Count);

/// Place of a row among all of a programme's.
[[nodiscard]] constexpr std::size_t rowOf(HeadlineKey key) {
    return static_cast<std::size_t>(key);
}
[[nodiscard]] constexpr std::size_t rowOf(ProgrammeKey key) {
    return kHeadlines + static_cast<std::size_t>(key);
}
/// Place of the row with a key such as "npv_usd"; empty where there is none.
[[nodiscard]] std::optional<std::size_t> rowOf(std::string_view key);

/// All rows without values.
[[nodiscard]] const std::vector<Headline>& programmeRows();

using ProgrammeValues = std::array<std::optional<double>, kProgrammeRows>;

/// One programme under one set of numbers, in plain numbers.
struct ProgrammeNumbers {
    ProgrammeValues values;
    std::vector<RunDate> runs;
    finance::Segments segments;
};

[[nodiscard]] ProgrammeNumbers programmeNumbers(const scenario::Scenario& scenario, const Physics& physics,
                                                const Money& money);

} // namespace atlas::explore
