#include "model/finance/funding.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

std::vector<CashFlow::Funded> fundedDates(const OwnerMonths& owner, double startingCashUsd) {
    std::vector<CashFlow::Funded> dates;
    double cash = startingCashUsd;
    std::size_t month = 0;
    const auto operate = [&](std::size_t m) { cash += owner.months[m].ebitdaUsd() - owner.months[m].taxUsd; };
    if (!owner.months.empty()) {
        operate(0);
    }
    bool blocked = false; // the tranches after one that is never funded are not either
    for (const Tranche& tranche : owner.tranches) {
        if (tranche.bought || owner.months.empty()) {
            continue;
        }
        while (!blocked && cash < tranche.toPayUsd) {
            if (++month >= owner.months.size()) {
                blocked = true;
                break;
            }
            operate(month);
        }
        CashFlow::Funded funded{
            tranche.name, tranche.month, {owner.months.back().month.index + 1}, !blocked, tranche.toPayUsd};
        if (!blocked) {
            funded.funded = owner.months[month].month;
            cash -= tranche.toPayUsd;
        }
        dates.push_back(funded);
    }
    return dates;
}

Root breakEvenFeeUsdPerMonth(const OwnerMonths& owner, double rate) {
    std::vector<double> lease;
    std::vector<double> rest = owner.flowsUsd();
    double fullFee = 0; // of the contract, before its share for the cluster
    double leased = 0;
    double largest = 0;
    for (std::size_t m = 0; m < owner.months.size(); ++m) {
        lease.push_back(owner.months[m].leaseUsd);
        rest[m] -= owner.months[m].leaseUsd;
        leased += owner.months[m].leaseUsd > 0 ? 1.0 : 0.0;
        largest = std::max(largest, owner.months[m].leaseUsd);
        for (const ClusterMonth& c : owner.months[m].clusters) {
            if (c.contract != nullptr && c.contract->kind == scenario::ContractKind::MonthlyFee) {
                fullFee = std::max(fullFee, c.contract->usdPerMonth.value);
            }
        }
    }
    const double leasePv = npvUsd(lease, rate);
    if (leased <= 0 || leasePv <= 0) {
        return {std::nullopt, "nothing is leased"};
    }
    if (fullFee <= 0) { // priced by the GPU-hour
        double sum = 0;
        for (const double fee : lease) {
            sum += fee;
        }
        fullFee = sum / leased;
    }
    const double restPv = npvUsd(rest, rate);
    if (restPv >= 0) {
        return {std::nullopt, "the net present value is positive without any fee"};
    }
    // NPV as a function of the fee, the contract's ramp and term kept.
    const auto npv = [&](double fee) { return restPv + leasePv * fee / fullFee; };
    double high = fullFee;
    while (npv(high) < 0) {
        high *= 2.0;
    }
    return bisect(npv, 0.0, high, 1e-4);
}

} // namespace atlas::finance
