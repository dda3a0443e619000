// The exhibits of the programme page, by what they are computed from.
#pragma once

#include "app/pages/exhibit.h"

#include <vector>

namespace atlas::app {

/// Who pays whom and when: of one strategy, from its ledger.
[[nodiscard]] std::vector<Exhibit> moneyExhibits();
/// Ranges and what they are due to: from a study.
[[nodiscard]] std::vector<Exhibit> studyExhibits();
/// The business in segments, multiples with their sources, the record of the listing.
[[nodiscard]] std::vector<Exhibit> listingExhibits();
/// Every month and every payment as tables one can open.
[[nodiscard]] std::vector<Exhibit> ledgerExhibits();

} // namespace atlas::app
