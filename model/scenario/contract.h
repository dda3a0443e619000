// A lease as data: what is paid for, how the price moves, and how it ends.
#pragma once

#include "model/catalog/fact.h"
#include "model/scenario/month.h"

#include <string>
#include <vector>

namespace atlas::scenario {

enum class ContractKind {
    MonthlyFee,  ///< take or pay: the fee whatever is used
    PerGpuHour,  ///< GPUs with power, by the hour
    RevenueShare ///< a share of what the tenant's tokens bring in, at least `minimum`
};

struct Contract {
    std::string id;
    std::string name;
    std::string note;          ///< which telling of the record this is
    std::string alternativeTo; ///< the contract whose place this one can take
    std::string tenant;
    std::string lessor;
    std::string owner;
    ContractKind kind = ContractKind::MonthlyFee;
    catalog::Sourced usdPerMonth;   ///< MonthlyFee
    catalog::Sourced usdPerGpuHour; ///< PerGpuHour
    catalog::Sourced billedShare;   ///< PerGpuHour: least share of the hours that is billed; take or pay is 1
    catalog::Sourced revenueShare;  ///< RevenueShare: of the tenant's token sales
    catalog::Sourced minimumUsdPerMonth; ///< RevenueShare
    catalog::Sourced shareOfThisCluster; ///< share of the fee that is for the cluster it is attached to
    catalog::Sourced escalatorPerYear;   ///< the price rises so much on each anniversary
    catalog::Sourced slaTarget;          ///< share of requests within the objectives that is promised
    catalog::Sourced slaCredit;          ///< share of the fee given back for each missing share
    catalog::Sourced slaCreditCap;       ///< at most this share of the fee
    Month start;
    Month end;
    std::vector<double> ramp; ///< share of the fee in the first months, then 1
    int noticeDays = 0;
    Month noticeGiven; ///< notice is given at the start of this month; index 0: never
};

} // namespace atlas::scenario
