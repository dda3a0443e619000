// One strategy's programme in full at the facts' central values: the ledger, the build-out, the models, the
// segments, and its rows.
#pragma once

#include "model/explore/programme_rows.h"
#include "model/finance/cash.h"

namespace atlas::explore {

struct Programme {
    std::string id;
    std::string name;
    scenario::Month start;
    finance::CashFlow cash;
    std::vector<RunDate> runs;
    std::vector<Stint> stints; ///< what trained where and when, and what each brought
    finance::Segments segments;
    std::vector<Headline> rows; ///< as programmeRows(), without ranges
    std::vector<std::string> notes;
};

/// Errors: a strategy (id or name) that is not there, ids and contracts that make no sense, cancelled.
[[nodiscard]] Result<Programme> programme(const scenario::Scenario& scenario, const std::string& strategy,
                                          std::stop_token stop = {});

/// The same under other numbers and with the layouts planned before, for those who have both.
[[nodiscard]] Result<Programme> programmeOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                            const Layouts& layouts, std::stop_token stop = {});

/// The strategy with an id or, failing that, a name.
[[nodiscard]] Result<const scenario::Strategy*> strategyNamed(const scenario::Scenario& scenario,
                                                              const std::string& idOrName);

} // namespace atlas::explore
