// Who pays whom, month by month. Given rates and dates; knows nothing of the simulation inside.
#pragma once

#include "model/finance/owner_months.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace atlas::finance {

/// Entities that appear beside the tenant, lessor and owner that contracts name.
inline constexpr const char* kEnergySupplier = "Energy supplier";
inline constexpr const char* kStaff = "Staff";
inline constexpr const char* kMaintenance = "Maintenance";
inline constexpr const char* kGpuVendor = "GPU vendor";
inline constexpr const char* kBuilder = "Builder";
inline constexpr const char* kLenders = "Lenders";

struct Payment {
    std::string from;
    std::string to;
    std::string what; ///< "lease fee", "energy", "maintenance", "capex Colossus 2 tranche 2"
    double usd = 0;
};

/// One month of one strategy. Every payment has two ends: what one pays, another receives.
struct CashMonth {
    scenario::Month month;
    std::vector<Payment> payments;
    struct Entity {
        double in = 0, out = 0,
               balance = 0; ///< balance: cumulative; the owner's begins with the starting cash
    };
    std::map<std::string, Entity> entities;
    double ownerDebtUsd = 0; ///< drawn from the lenders at the end of the month
    double ownerNetUsd = 0;  ///< the owner's balance less that debt
};

struct CashFlow {
    std::string owner; ///< entity that owns the clusters
    std::vector<CashMonth> months;
    double ownerNpvUsd = 0; ///< of lease less running cost less capex, GPUs at the horizon at resale value
    std::optional<double> ownerIrrPerYear; ///< of the same flows; empty: see irrNote
    std::string irrNote;
    std::optional<int> paybackMonth; ///< months after the start; of the same flows without the resale value
    double residualUsd = 0;          ///< resale value of all GPUs at the horizon, not discounted
    double ownerCashUsd = 0;         ///< at the horizon, debt taken off
    double peakFundingUsd = 0;       ///< deepest cumulative shortfall of the owner, interest included
    double leaseIncomeUsd = 0;
    std::optional<double> breakEvenFeeUsdPerMonth; ///< fee at which the NPV is 0; empty: see breakEvenNote
    std::string breakEvenNote;
    struct Funded {
        std::string tranche;
        scenario::Month due;
        scenario::Month funded; ///< first month in which the owner's cash covers it; horizon end + 1 if never
        bool ever = false;
        double usd = 0;
    };
    std::vector<Funded> tranches; ///< those after the scenario's start
};

/// The owner of a strategy's clusters: as its contracts say, else as the scenario's first contract says, else
/// "Owner".
[[nodiscard]] std::string ownerOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy);

/// Names the ends of every payment of ownerMonths(): tenant -> lessor -> owner for the lease (the lessor
/// passes it on whole), owner -> suppliers for the rest. Where the owner's cash would fall below zero the
/// lenders pay the difference; interest at the debt rate is due a month later and debt is paid back from the
/// first cash.
[[nodiscard]] Result<CashFlow> cashFlow(const scenario::Scenario& scenario,
                                        const scenario::Strategy& strategy,
                                        const std::vector<ClusterUse>& use, const MoneyOptions& options = {});

} // namespace atlas::finance
