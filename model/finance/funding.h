// Does the lease pay for the build-out, when, and at which price?
#pragma once

#include "model/finance/cash.h"
#include "model/finance/valuation.h"

namespace atlas::finance {

/// Funded dates: the first month by whose end the owner's own cash (the starting cash, all lease income so
/// far, less all running cost and tax so far and less the tranches before it) covers what the tranche still
/// costs. Nothing borrowed
/// counts. A tranche may be funded before or after it is due; tranches are funded in the order of their
/// months.
[[nodiscard]] std::vector<CashFlow::Funded> fundedDates(const OwnerMonths& owner, double startingCashUsd);

/// The lease fee at which the owner's NPV is 0, to 0.1 % by bisection, as the whole contract's fee a month
/// (all clusters; for a price per GPU-hour: the mean monthly income over the leased months). No value, with
/// the reason, where nothing is leased, or where the NPV is positive without any fee.
[[nodiscard]] Root breakEvenFeeUsdPerMonth(const OwnerMonths& owner, double discountRatePerYear);

} // namespace atlas::finance
