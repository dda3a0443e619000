#include "model/finance/segments.h"

#include "model/finance/valuation.h"

#include <algorithm>

namespace atlas::finance {

namespace {

constexpr std::size_t kYear = 12;

/// Largest sum of twelve months in a row; where there are fewer, theirs as a year.
double bestYear(const std::vector<double>& months) {
    if (months.size() <= kYear) {
        double sum = 0;
        for (const double usd : months) {
            sum += usd;
        }
        return months.empty() ? 0.0 : sum * kYear / static_cast<double>(months.size());
    }
    double sum = 0;
    double best = 0;
    for (std::size_t m = 0; m < months.size(); ++m) {
        sum += months[m] - (m >= kYear ? months[m - kYear] : 0.0);
        best = m + 1 == kYear ? sum : m >= kYear ? std::max(best, sum) : best;
    }
    return best;
}

} // namespace

Segments segmentsOf(const OwnerMonths& owner, const scenario::Scenario& s, double modelsUsd) {
    std::vector<double> lease;
    std::vector<double> ebitda;
    std::vector<double> tokens;
    std::vector<double> capex;
    for (const OwnerMonth& month : owner.months) {
        double cost = 0;
        for (const ClusterMonth& c : month.clusters) {
            cost += c.contract != nullptr ? c.runningUsd() : 0.0;
        }
        lease.push_back(month.leaseUsd);
        ebitda.push_back(month.leaseUsd - cost);
        tokens.push_back(month.tokenSalesUsd);
        capex.push_back(month.capexUsd);
    }
    Segments out;
    out.landlordSalesUsd = bestYear(lease);
    out.landlordEbitdaUsd = bestYear(ebitda);
    out.labSalesUsd = bestYear(tokens) + 12.0 * s.market.labRevenueUsdPerMonth.value;
    out.landlordValueUsd = std::max(0.0, out.landlordEbitdaUsd) * s.market.landlordMultiple.value;
    out.labValueUsd = out.labSalesUsd * s.market.labMultiple.value;
    out.modelsUsd = modelsUsd;
    out.buildOutUsd = npvUsd(capex, s.economics.discountRatePerYear.value);
    return out;
}

} // namespace atlas::finance
