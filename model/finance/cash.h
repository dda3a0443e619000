// Who pays whom, month by month. Given rates and dates; knows nothing of the simulation inside.
#pragma once

#include "model/finance/financing.h"
#include "model/finance/ledger.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace atlas::finance {

/// One month of one strategy. Every payment has two ends: what one pays, another receives.
struct CashMonth {
    scenario::Month month;
    std::vector<Payment> payments;
    struct Entity {
        double in = 0, out = 0,
               balance = 0; ///< balance: cumulative; the owner's begins with the starting cash
    };
    std::map<std::string, Entity> entities;
    double ownerDebtUsd = 0; ///< owed to the lenders at the end of the month
    double ownerNetUsd = 0;  ///< the owner's balance less that debt
};

/// The owner's books of a month, USD.
struct BookMonth {
    double leaseUsd = 0;
    double tokenSalesUsd = 0;
    double runningUsd = 0;
    double capexUsd = 0;
    double depreciationUsd = 0;
    double interestUsd = 0;
    double taxUsd = 0;
    double debtUsd = 0;
    double cashUsd = 0;
    double resaleUsd = 0; ///< what all GPUs with power would fetch
    double poweredW = 0;  ///< provisioned power of the GPUs that have it
    [[nodiscard]] double ebitdaUsd() const { return leaseUsd + tokenSalesUsd - runningUsd; }
    [[nodiscard]] double profitUsd() const { return ebitdaUsd() - depreciationUsd - interestUsd - taxUsd; }
};

struct CashFlow {
    std::string owner; ///< entity that owns the clusters
    std::vector<CashMonth> months;
    std::vector<BookMonth> books; ///< as months
    double ownerNpvUsd = 0; ///< of lease less running cost less capex, GPUs at the horizon at resale value
    std::optional<double> ownerIrrPerYear; ///< of the same flows; empty: see irrNote
    std::string irrNote;
    std::optional<int> paybackMonth; ///< months after the start; of the same flows without the resale value
    double residualUsd = 0;          ///< resale value of all GPUs at the horizon, not discounted
    double ownerCashUsd = 0;         ///< at the horizon, debt taken off
    double peakFundingUsd = 0;       ///< deepest cumulative shortfall of the owner, interest included
    double leaseIncomeUsd = 0;
    double tokenSalesUsd = 0;                      ///< of the lab's own service
    std::optional<double> breakEvenFeeUsdPerMonth; ///< fee at which the NPV is 0; empty: see breakEvenNote
    std::string breakEvenNote;
    struct Funded {
        std::string tranche;
        scenario::Month due;
        scenario::Month funded; ///< first month in which the owner's cash covers it; horizon end + 1 if never
        bool ever = false;
        double usd = 0;
    };
    std::vector<Funded> tranches;   ///< those after the scenario's start
    std::vector<Tranche> buildOut;  ///< all of the strategy's clusters, sunk ones included
    std::vector<MonthCheck> checks; ///< the balance check, month by month
    [[nodiscard]] bool balances() const;
};

/// The owner of a strategy's clusters: as its contracts say, else as the scenario's first contract says, else
/// "Owner".
[[nodiscard]] std::string ownerOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy);

/// Names the ends of every payment of ownerMonths(): tenant -> lessor -> owner for the lease (the lessor
/// passes it on whole, credits go the other way), customers -> tenant and owner for tokens, owner ->
/// suppliers for the rest, and the financing with lenders and public market.
[[nodiscard]] Result<CashFlow> cashFlow(const scenario::Scenario& scenario,
                                        const scenario::Strategy& strategy,
                                        const std::vector<ClusterUse>& use, const MoneyOptions& options = {});

} // namespace atlas::finance
