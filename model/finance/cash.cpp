#include "model/finance/cash.h"

#include "model/finance/funding.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

namespace {

/// Books payments of one month on both ends; nobody pays himself and nothing is paid twice.
class Ledger {
public:
    explicit Ledger(CashMonth& month)
        : m_month(month) {}

    void pay(const std::string& from, const std::string& to, const std::string& what, double usd) {
        if (usd <= 0 || from == to) {
            return;
        }
        m_month.payments.push_back({from, to, what, usd});
        m_month.entities[from].out += usd;
        m_month.entities[to].in += usd;
    }

private:
    CashMonth& m_month;
};

void payRunning(Ledger& ledger, const OwnerMonths& plan, const OwnerMonth& month, const std::string& owner) {
    for (const ClusterMonth& c : month.clusters) {
        const std::string at = ", " + plan.clusters[c.cluster].cluster->name;
        if (c.contract != nullptr && c.leaseUsd > 0) {
            const auto& lessor = c.contract->lessor.empty() ? owner : c.contract->lessor;
            const auto& tenant = c.contract->tenant.empty() ? std::string("Tenant") : c.contract->tenant;
            ledger.pay(tenant, lessor, "lease fee" + at, c.leaseUsd);
            ledger.pay(lessor, owner, "lease fee passed on" + at, c.leaseUsd);
        }
        ledger.pay(owner, kEnergySupplier, "energy" + at, c.energyUsd);
        ledger.pay(owner, kStaff, "staff" + at, c.staffUsd);
        ledger.pay(owner, kMaintenance, "maintenance" + at, c.maintenanceUsd);
        ledger.pay(owner, kGpuVendor, "failed GPUs replaced" + at, c.partsUsd);
    }
    for (const std::size_t t : month.due) {
        const Tranche& tranche = plan.tranches[t];
        ledger.pay(owner, kGpuVendor, "GPUs and network of " + tranche.name, tranche.itCapexUsd);
        ledger.pay(owner, kBuilder, "building and power of " + tranche.name, tranche.facilityCapexUsd);
    }
}

} // namespace

std::string ownerOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy) {
    for (const scenario::Assignment& a : strategy.assignments) {
        const scenario::Contract* contract =
            a.activity == scenario::Activity::Lease ? scenario.contract(a.contract) : nullptr;
        if (contract != nullptr && !contract->owner.empty()) {
            return contract->owner;
        }
    }
    for (const scenario::Contract& contract : scenario.contracts) {
        if (!contract.owner.empty()) {
            return contract.owner;
        }
    }
    return "Owner";
}

Result<CashFlow> cashFlow(const scenario::Scenario& s, const scenario::Strategy& strategy,
                          const std::vector<ClusterUse>& use, const MoneyOptions& options) {
    auto plan = ownerMonths(s, strategy, use, options);
    if (!plan) {
        return plan.errors();
    }
    const scenario::Economics& e = s.economics;
    CashFlow flow;
    flow.owner = ownerOf(s, strategy);
    std::map<std::string, double> balances{{flow.owner, e.startingCashUsd.value}};
    double debt = std::max(0.0, -e.startingCashUsd.value);
    balances[flow.owner] += debt;
    for (const OwnerMonth& m : plan->months) {
        CashMonth month;
        month.month = m.month;
        Ledger ledger(month);
        payRunning(ledger, *plan, m, flow.owner);
        const double interest = debt * e.debtRatePerYear.value / 12.0;
        ledger.pay(flow.owner, kLenders, "interest", interest);
        const double cash = balances[flow.owner] + m.netUsd() - interest;
        const double draw = std::max(0.0, -cash);
        const double repay = std::clamp(cash, 0.0, debt);
        ledger.pay(kLenders, flow.owner, "drawn from lenders", draw);
        ledger.pay(flow.owner, kLenders, "debt paid back", repay);
        debt += draw - repay;
        month.entities[flow.owner]; // shown even in a month without payments
        for (auto& [name, entity] : month.entities) {
            balances[name] += entity.in - entity.out;
        }
        for (const auto& [name, balance] : balances) {
            month.entities[name].balance = balance;
        }
        month.ownerDebtUsd = debt;
        month.ownerNetUsd = balances[flow.owner] - debt;
        flow.leaseIncomeUsd += m.leaseUsd;
        flow.months.push_back(std::move(month));
    }
    flow.ownerCashUsd = flow.months.back().ownerNetUsd;
    flow.residualUsd = plan->residualUsd;
    flow.peakFundingUsd = peakFundingUsd(*plan, e.startingCashUsd.value, e.debtRatePerYear.value);
    flow.tranches = fundedDates(*plan, e.startingCashUsd.value);
    std::vector<double> flows = plan->flowsUsd();
    flow.ownerNpvUsd = npvUsd(flows, e.discountRatePerYear.value);
    const Root irr = irrPerYear(flows);
    flow.ownerIrrPerYear = irr.value;
    flow.irrNote = irr.reason;
    flows.pop_back();
    flow.paybackMonth = paybackMonth(flows);
    const Root fee = breakEvenFeeUsdPerMonth(*plan, e.discountRatePerYear.value);
    flow.breakEvenFeeUsdPerMonth = fee.value;
    flow.breakEvenNote = fee.reason;
    return flow;
}

} // namespace atlas::finance
