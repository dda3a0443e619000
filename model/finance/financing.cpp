#include "model/finance/financing.h"

#include "model/units/unit_table.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

double annuityUsd(double principal, double ratePerYear, double months) {
    const double i = ratePerYear / 12.0;
    return i == 0 ? principal / months : principal * i / -std::expm1(-months * std::log1p(i));
}

FinancedMonths financedMonths(const OwnerMonths& owner, const scenario::Scenario& s) {
    const scenario::Financing& f = s.financing;
    const double rate = s.economics.debtRatePerYear.value;
    const double share = std::clamp(f.debtShare.value, 0.0, 1.0);
    const auto term = static_cast<std::size_t>(std::max(1.0, std::round(f.loanTermS.value / units::kMonthS)));
    const double perUsd = annuityUsd(1.0, rate, static_cast<double>(term));

    FinancedMonths out;
    out.openingCashUsd = std::max(0.0, s.economics.startingCashUsd.value);
    out.openingBridgeUsd = std::max(0.0, -s.economics.startingCashUsd.value);
    out.months.reserve(owner.months.size());
    double cash = out.openingCashUsd;
    double loan = 0;
    double bridge = out.openingBridgeUsd;
    double shares = 0;
    double lowest = std::min(0.0, s.economics.startingCashUsd.value);
    double running = 0; // sum of the loans that are still paid back
    for (std::size_t m = 0; m < owner.months.size(); ++m) {
        FinancedMonth month;
        month.equityUsd = owner.months[m].month == f.equityMonth ? f.equityUsd.value : 0.0;
        month.loanInterestUsd = loan * rate / 12.0;
        month.loanRepaidUsd = std::clamp(running * perUsd - month.loanInterestUsd, 0.0, loan);
        month.loanDrawnUsd = share * owner.months[m].capexUsd;
        running += month.loanDrawnUsd;
        if (share > 0 && m >= term) {
            running -= share * owner.months[m - term].capexUsd;
        }
        loan += month.loanDrawnUsd - month.loanRepaidUsd;
        month.bridgeInterestUsd = bridge * rate / 12.0;
        cash += owner.months[m].netUsd() + month.equityUsd + month.loanDrawnUsd - month.loanInterestUsd -
                month.loanRepaidUsd - month.bridgeInterestUsd;
        month.bridgeDrawnUsd = std::max(0.0, -cash);
        month.bridgeRepaidUsd = std::clamp(cash, 0.0, bridge);
        cash += month.bridgeDrawnUsd - month.bridgeRepaidUsd;
        bridge += month.bridgeDrawnUsd - month.bridgeRepaidUsd;
        month.cashUsd = cash;
        month.loanUsd = loan;
        month.bridgeUsd = bridge;
        shares += month.equityUsd;
        lowest = std::min(lowest, month.netUsd() - shares);
        out.months.push_back(month);
    }
    out.peakNeedUsd = lowest < 0 ? -lowest : 0.0;
    return out;
}

} // namespace atlas::finance
