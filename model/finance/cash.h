// Who pays whom, month by month. Given rates and dates; knows nothing of the simulation inside.
#pragma once

#include "model/scenario/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace atlas::finance {

struct Payment {
    std::string from;
    std::string to;
    std::string what; ///< "lease fee", "energy", "maintenance", "capex tranche 2"
    double usd = 0;
};

/// One month of one strategy. Every payment has two ends: what one pays, another receives.
struct CashMonth {
    scenario::Month month;
    std::vector<Payment> payments;
    struct Entity {
        double in = 0, out = 0, balance = 0; ///< balance: cumulative
    };
    std::map<std::string, Entity> entities;
};

/// What a cluster draws and costs while an assignment runs; averaged by the caller from the physical model.
struct ClusterUse {
    std::string cluster;
    std::string activity;
    double itPowerW = 0; ///< mean draw
};

struct CashFlow {
    std::vector<CashMonth> months;
    double ownerNpvUsd = 0;
    double ownerCashUsd = 0;   ///< at the horizon
    double peakFundingUsd = 0; ///< deepest cumulative shortfall of the owner
    double leaseIncomeUsd = 0;
    struct Funded {
        std::string tranche;
        scenario::Month due;
        scenario::Month funded; ///< first month in which the owner's cash covers it; horizon end + 1 if never
        bool ever = false;
    };
    std::vector<Funded> tranches;
};

[[nodiscard]] Result<CashFlow> cashFlow(const scenario::Scenario& scenario,
                                        const scenario::Strategy& strategy,
                                        const std::vector<ClusterUse>& use);

} // namespace atlas::finance
