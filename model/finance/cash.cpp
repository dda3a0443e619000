#include "model/finance/cash.h"

#include "model/finance/contract.h"
#include "model/finance/funding.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

namespace {

using Kind = PaymentKind;

/// Books payments of one month on both ends; nobody pays himself and nothing is paid twice.
class Ledger {
public:
    explicit Ledger(CashMonth& month)
        : m_month(month) {}

    void pay(const std::string& from, const std::string& to, Kind kind, double usd,
             const std::string& of = {}) {
        if (usd <= 0 || from == to) {
            return;
        }
        m_month.payments.push_back({from, to, std::string(paymentName(kind)) + of, usd, kind});
        m_month.entities[from].out += usd;
        m_month.entities[to].in += usd;
    }

private:
    CashMonth& m_month;
};

void payCluster(Ledger& ledger, const ClusterMonth& c, const std::string& owner, const std::string& at) {
    ledger.pay(kCustomers, owner, Kind::TokenSales, c.tokenSalesUsd, at);
    if (c.contract != nullptr && c.leaseUsd + c.slaCreditUsd > 0) {
        const auto& lessor = c.contract->lessor.empty() ? owner : c.contract->lessor;
        const auto& tenant = c.contract->tenant.empty() ? std::string("Tenant") : c.contract->tenant;
        ledger.pay(kCustomers, tenant, Kind::TokenSales, c.tenantSalesUsd, at);
        ledger.pay(tenant, lessor, Kind::LeaseFee, c.leaseUsd + c.slaCreditUsd, at);
        ledger.pay(lessor, tenant, Kind::SlaCredit, c.slaCreditUsd, at);
        ledger.pay(lessor, owner, Kind::LeasePassedOn, c.leaseUsd, at);
    }
    ledger.pay(owner, kEnergySupplier, Kind::Energy, c.energyUsd, at);
    ledger.pay(owner, kStaff, Kind::Staff, c.staffUsd, at);
    ledger.pay(owner, kMaintenance, Kind::Maintenance, c.maintenanceUsd, at);
    ledger.pay(owner, kGpuVendor, Kind::Parts, c.partsUsd, at);
}

void payMonth(Ledger& ledger, const OwnerMonths& plan, const OwnerMonth& month, const std::string& owner) {
    for (const ClusterMonth& c : month.clusters) {
        payCluster(ledger, c, owner, ", " + plan.clusters[c.cluster].cluster->name);
    }
    for (const CapexPayment& due : month.capex) {
        const std::string of = " of " + plan.tranches[due.tranche].name;
        ledger.pay(owner, kGpuVendor, Kind::GpuCapex, due.itUsd, of);
        ledger.pay(owner, kBuilder, Kind::FacilityCapex, due.facilityUsd, of);
    }
    ledger.pay(owner, kTaxOffice, Kind::Tax, month.taxUsd);
}

void payFinancing(Ledger& ledger, const FinancedMonth& month, const std::string& owner) {
    ledger.pay(kPublicMarket, owner, Kind::Equity, month.equityUsd);
    ledger.pay(kLenders, owner, Kind::LoanDrawn, month.loanDrawnUsd);
    ledger.pay(owner, kLenders, Kind::Interest, month.loanInterestUsd + month.bridgeInterestUsd);
    ledger.pay(owner, kLenders, Kind::LoanRepaid, month.loanRepaidUsd);
    ledger.pay(kLenders, owner, Kind::BridgeDrawn, month.bridgeDrawnUsd);
    ledger.pay(owner, kLenders, Kind::BridgeRepaid, month.bridgeRepaidUsd);
}

double owedBy(const CashMonth& month) {
    double usd = 0;
    for (const Payment& p : month.payments) {
        if (p.kind == Kind::LoanDrawn || p.kind == Kind::BridgeDrawn) {
            usd += p.usd;
        } else if (p.kind == Kind::LoanRepaid || p.kind == Kind::BridgeRepaid) {
            usd -= p.usd;
        }
    }
    return usd;
}

/// The same month from its lines alone, beside the plan.
MonthCheck checkOf(const CashMonth& month, const FinancedMonth& financed, const std::string& owner,
                   double debtBefore) {
    MonthCheck check;
    check.month = month.month;
    for (const auto& [name, entity] : month.entities) {
        check.paidUsd += entity.out;
        check.receivedUsd += entity.in;
    }
    check.ownerLedgerUsd = month.entities.at(owner).balance;
    check.ownerPlanUsd = financed.cashUsd;
    check.debtLedgerUsd = debtBefore + owedBy(month);
    check.debtPlanUsd = financed.debtUsd();
    return check;
}

BookMonth bookOf(const OwnerMonths& plan, const OwnerMonth& m, const FinancedMonth& financed, double decay) {
    BookMonth book;
    book.leaseUsd = m.leaseUsd;
    book.tokenSalesUsd = m.tokenSalesUsd;
    book.runningUsd = m.runningUsd;
    book.capexUsd = m.capexUsd;
    book.depreciationUsd = m.depreciationUsd;
    book.interestUsd = financed.loanInterestUsd + financed.bridgeInterestUsd;
    book.taxUsd = m.taxUsd;
    book.debtUsd = financed.debtUsd();
    book.cashUsd = financed.cashUsd;
    book.resaleUsd = resaleUsd(plan.tranches, m.month, decay);
    for (const OwnerMonths::Site& site : plan.clusters) {
        book.poweredW +=
            provisionedWPerGpu(*site.cluster, site.tranches) * gpusPoweredBy(site.tranches, m.month);
    }
    return book;
}

void settleAccounts(CashFlow& flow, const OwnerMonths& plan, const FinancedMonths& financed, double decay) {
    std::map<std::string, double> balances{{flow.owner, financed.openingCashUsd}};
    double debt = financed.openingBridgeUsd;
    for (std::size_t i = 0; i < plan.months.size(); ++i) {
        CashMonth month;
        month.month = plan.months[i].month;
        Ledger ledger(month);
        payMonth(ledger, plan, plan.months[i], flow.owner);
        payFinancing(ledger, financed.months[i], flow.owner);
        month.entities[flow.owner]; // shown even in a month without payments
        for (auto& [name, entity] : month.entities) {
            balances[name] += entity.in - entity.out;
        }
        for (const auto& [name, balance] : balances) {
            month.entities[name].balance = balance;
        }
        flow.checks.push_back(checkOf(month, financed.months[i], flow.owner, debt));
        debt = flow.checks.back().debtLedgerUsd;
        month.ownerDebtUsd = debt;
        month.ownerNetUsd = balances[flow.owner] - debt;
        flow.books.push_back(bookOf(plan, plan.months[i], financed.months[i], decay));
        flow.leaseIncomeUsd += plan.months[i].leaseUsd;
        flow.tokenSalesUsd += plan.months[i].tokenSalesUsd;
        flow.months.push_back(std::move(month));
    }
}

} // namespace

bool CashFlow::balances() const {
    return std::ranges::all_of(checks, &MonthCheck::balances);
}

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
    const FinancedMonths financed = financedMonths(*plan, s);
    CashFlow flow;
    flow.owner = ownerOf(s, strategy);
    settleAccounts(flow, *plan, financed, e.gpuPriceDecayPerYear.value);
    flow.ownerCashUsd = financed.months.back().netUsd();
    flow.residualUsd = plan->residualUsd;
    flow.peakFundingUsd = financed.peakNeedUsd;
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
    flow.buildOut = std::move(plan->tranches);
    return flow;
}

} // namespace atlas::finance
