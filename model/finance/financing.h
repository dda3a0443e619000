// Where the money for the months comes from: own cash, new shares, loans paid back in equal instalments, and
// a bridge from the lenders for what is then still missing.
#pragma once

#include "model/finance/owner_months.h"

namespace atlas::finance {

/// The monthly payment that pays back `principal` over `months` at a yearly nominal rate compounded monthly:
/// P * i / (1 - (1 + i)^-n), i = rate / 12 (annuity; Brealey, Myers & Allen, Principles of Corporate Finance,
/// chapter 2). P / n at a rate of 0.
[[nodiscard]] double annuityUsd(double principal, double ratePerYear, double months);

/// One month of the owner's financing, USD, all positive.
struct FinancedMonth {
    double equityUsd = 0;       ///< from new shares
    double loanDrawnUsd = 0;    ///< for tranches
    double loanInterestUsd = 0; ///< on what was owed at the start of the month
    double loanRepaidUsd = 0;
    double bridgeInterestUsd = 0;
    double bridgeDrawnUsd = 0; ///< so that cash does not fall below zero
    double bridgeRepaidUsd = 0;
    double cashUsd = 0; ///< at the end of the month
    double loanUsd = 0; ///< owed at the end of the month
    double bridgeUsd = 0;
    [[nodiscard]] double debtUsd() const { return loanUsd + bridgeUsd; }
    [[nodiscard]] double netUsd() const { return cashUsd - debtUsd(); } ///< cash less debt
};

struct FinancedMonths {
    double openingCashUsd = 0; ///< not below zero; a negative starting cash is a bridge drawn before
    double openingBridgeUsd = 0;
    std::vector<FinancedMonth> months;
    /// Money the programme needs from outside at its deepest point: lowest cash less debt and less new
    /// shares, as a positive need.
    double peakNeedUsd = 0;
};

/// Loans pay their share of every payment for a tranche and are paid back from the next month on in equal
/// payments over the term. What the cash then lacks the lenders bridge; interest on the bridge at the debt
/// rate is due a month later and it is paid back from the first cash.
[[nodiscard]] FinancedMonths financedMonths(const OwnerMonths& owner, const scenario::Scenario& scenario);

} // namespace atlas::finance
