// The business in two segments, landlord and lab, and what it is worth at stated multiples.
#pragma once

#include "model/finance/owner_months.h"

namespace atlas::finance {

/// Best twelve months of each segment, and a sum of parts. USD; a year, or a value.
struct Segments {
    double landlordSalesUsd = 0;  ///< leases
    double landlordEbitdaUsd = 0; ///< less the running cost of the leased clusters
    double labSalesUsd = 0;       ///< of its own service, and besides the programme
    double landlordValueUsd = 0;  ///< EBITDA times the landlord's multiple; not below 0
    double labValueUsd = 0;       ///< sales times the lab's multiple
    double modelsUsd = 0;         ///< present worth of models still to be trained, an assumption
    double buildOutUsd = 0;       ///< present value of what is still to be paid for tranches, positive
    [[nodiscard]] double impliedUsd() const {
        return landlordValueUsd + labValueUsd + modelsUsd - buildOutUsd;
    }
    [[nodiscard]] double landlordShare() const {
        const double sales = landlordSalesUsd + labSalesUsd;
        return sales > 0 ? landlordSalesUsd / sales : 0.0;
    }
};

/// `modelsUsd` comes from the lab's list of models. Multiples are the market's (scenario::Market).
[[nodiscard]] Segments segmentsOf(const OwnerMonths& owner, const scenario::Scenario& scenario,
                                  double modelsUsd);

} // namespace atlas::finance
