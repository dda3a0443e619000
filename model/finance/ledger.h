// Payments with two ends, and the check that every month of them balances.
#pragma once

#include "model/scenario/month.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::finance {

/// Entities that appear beside the tenant, lessor and owner that contracts name.
inline constexpr const char* kEnergySupplier = "Energy supplier";
inline constexpr const char* kStaff = "Staff";
inline constexpr const char* kMaintenance = "Maintenance";
inline constexpr const char* kGpuVendor = "GPU vendor";
inline constexpr const char* kBuilder = "Builder";
inline constexpr const char* kLenders = "Lenders";
inline constexpr const char* kCustomers = "Customers";
inline constexpr const char* kPublicMarket = "Public market";
inline constexpr const char* kTaxOffice = "Tax office";

/// What a payment is for.
enum class PaymentKind {
    TokenSales, ///< customers to tenant or lab
    LeaseFee,   ///< tenant to lessor
    LeasePassedOn,
    SlaCredit, ///< back to the tenant
    Energy,
    Staff,
    Maintenance,
    Parts,
    GpuCapex,
    FacilityCapex,
    Equity,
    LoanDrawn,
    LoanRepaid,
    BridgeDrawn,
    BridgeRepaid,
    Interest,
    Tax,
    Count
};
inline constexpr std::size_t kPaymentKinds = static_cast<std::size_t>(PaymentKind::Count);

/// "energy", "lease fee": a word or two for people.
[[nodiscard]] std::string_view paymentName(PaymentKind kind);

/// True for money lent, paid back or raised: no income or cost.
[[nodiscard]] bool isFinancing(PaymentKind kind);

struct Payment {
    std::string from;
    std::string to;
    std::string what; ///< "lease fee, Colossus 1", "GPUs and network of Colossus 2 tranche 2"
    double usd = 0;
    PaymentKind kind = PaymentKind::Energy;
};

/// The balance of one month, from two sides: the ledger's lines, and the plan that was reckoned without them.
struct MonthCheck {
    scenario::Month month;
    double paidUsd = 0;        ///< by all entities, from their accounts
    double receivedUsd = 0;    ///< by all entities
    double ownerLedgerUsd = 0; ///< the owner's cash by the ledger: opening cash, plus in, less out
    double ownerPlanUsd = 0;   ///< and by the plan
    double debtLedgerUsd = 0;  ///< owed to the lenders by the ledger: drawn less paid back
    double debtPlanUsd = 0;
    [[nodiscard]] bool balances() const;
};

/// Differences below this share of what moved or stands in a month are rounding.
inline constexpr double kBalanceTolerance = 1e-9;

} // namespace atlas::finance
