#include "model/finance/ledger.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::finance {

std::string_view paymentName(PaymentKind kind) {
    static constexpr std::array<std::string_view, kPaymentKinds> kNames = {
        "token sales", "lease fee",   "lease fee passed on", "service credit",   "energy",
        "staff",       "maintenance", "failed GPUs",         "GPUs and network", "building and power",
        "new shares",  "loan drawn",  "loan paid back",      "bridge drawn",     "bridge paid back",
        "interest",    "tax"};
    return kNames[static_cast<std::size_t>(kind)];
}

bool isFinancing(PaymentKind kind) {
    switch (kind) {
    case PaymentKind::Equity:
    case PaymentKind::LoanDrawn:
    case PaymentKind::LoanRepaid:
    case PaymentKind::BridgeDrawn:
    case PaymentKind::BridgeRepaid:
        return true;
    default:
        return false;
    }
}

bool MonthCheck::balances() const {
    const double size = std::max({1.0, paidUsd, std::abs(ownerPlanUsd), debtPlanUsd});
    const auto same = [size](double a, double b) { return std::abs(a - b) <= kBalanceTolerance * size; };
    return same(paidUsd, receivedUsd) && same(ownerLedgerUsd, ownerPlanUsd) &&
           same(debtLedgerUsd, debtPlanUsd);
}

} // namespace atlas::finance
