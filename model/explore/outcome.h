// One strategy under one set of numbers: training, serving and money, and the headline values they make.
#pragma once

#include "model/explore/headline.h"
#include "model/explore/physics.h"
#include "model/finance/financing.h"

namespace atlas::explore {

struct Money {
    finance::OwnerMonths owner;
    finance::FinancedMonths financed;
    HeadlineValues values;
};

struct Outcome {
    Physics physics;
    Money money;
};

/// The months of money of a strategy whose physics are known. Cheap: draws that differ in money only share
/// their physics. Errors: contracts and horizons that make no sense.
[[nodiscard]] Result<Money> moneyOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                    const Physics& physics);

/// Both. Rows of an assignment that cannot be carried out are empty. Errors: of either, cancelled.
[[nodiscard]] Result<Outcome> evaluate(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                       const Layouts& layouts, std::stop_token stop = {});

} // namespace atlas::explore
