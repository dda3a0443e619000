#include "model/finance/contract.h"

#include <algorithm>
#include <cmath>

namespace atlas::finance {

namespace {

using scenario::Contract;
using scenario::ContractKind;
using scenario::Month;

/// The earlier of the notice in the contract and one given from outside.
std::optional<Month> noticeOf(const Contract& c, std::optional<Month> given) {
    if (c.noticeGiven.index == 0) {
        return given;
    }
    return given ? std::min(*given, c.noticeGiven) : c.noticeGiven;
}

/// Months since year 0 at which the notice has run out.
double noticeEnd(const Contract& c, Month given) {
    return given.index + std::max(0, c.noticeDays) / kDaysPerMonth;
}

double priceUsd(const Contract& c, const Service& service) {
    switch (c.kind) {
    case ContractKind::MonthlyFee:
        return c.usdPerMonth.value * c.shareOfThisCluster.value;
    case ContractKind::PerGpuHour:
        return c.usdPerGpuHour.value * kHoursPerMonth * std::max(0.0, service.gpus) *
               std::clamp(std::max(c.billedShare.value, service.utilisation), 0.0, 1.0);
    case ContractKind::RevenueShare:
        break;
    }
    return std::max(c.minimumUsdPerMonth.value * c.shareOfThisCluster.value,
                    c.revenueShare.value * std::max(0.0, service.tenantSalesUsd));
}

} // namespace

Fee leaseFee(const Contract& c, Month month, const Service& service, std::optional<Month> given) {
    if (month < c.start || month > c.end) {
        return {};
    }
    const int sinceStart = month.index - c.start.index;
    const auto place = static_cast<std::size_t>(sinceStart);
    Fee fee;
    fee.usd = priceUsd(c, service) * (place < c.ramp.size() ? c.ramp[place] : 1.0);
    if (c.escalatorPerYear.value != 0) {
        fee.usd *= std::pow(1.0 + c.escalatorPerYear.value, sinceStart / 12);
    }
    if (const auto notice = noticeOf(c, given)) {
        fee.usd *= std::clamp(noticeEnd(c, *notice) - month.index, 0.0, 1.0);
    }
    const double missing = std::max(0.0, c.slaTarget.value - service.sloAttainment);
    fee.creditUsd = fee.usd * std::min({1.0, c.slaCreditCap.value, missing * c.slaCredit.value});
    return fee;
}

Month lastPaidMonth(const Contract& c, std::optional<Month> given) {
    const auto notice = noticeOf(c, given);
    if (!notice) {
        return c.end;
    }
    const int last = static_cast<int>(std::ceil(noticeEnd(c, *notice))) - 1;
    return std::min(c.end, Month{last});
}

Diagnostics checkContract(const Contract& c) {
    Diagnostics errors;
    const auto require = [&](bool holds, const std::string& what, const std::string& remedy) {
        if (!holds) {
            errors.push_back({Severity::Error, {}, "contract '" + c.id + "' " + what, remedy});
        }
    };
    const auto isShare = [](const catalog::Sourced& n) { return n.value >= 0 && n.value <= 1; };
    require(c.start <= c.end, "ends before it starts", "set end to " + c.start.text() + " or later");
    require(c.usdPerMonth.value >= 0 && c.usdPerGpuHour.value >= 0 && c.minimumUsdPerMonth.value >= 0,
            "has a negative price", "set it to 0 or more");
    require(isShare(c.shareOfThisCluster), "has a share outside 0 to 1",
            "set share_of_cluster between 0 and 1");
    require(isShare(c.revenueShare) && isShare(c.billedShare) && isShare(c.slaTarget) &&
                c.slaCredit.value >= 0,
            "has terms outside their range",
            "set revenue_share, billed_share and sla_target between 0 and 1, sla_credit to 0 or more");
    require(c.escalatorPerYear.value > -1, "has an escalator that makes the price negative",
            "set escalator above -100 %/year");
    require(c.noticeDays >= 0, "has a negative notice", "set notice to 0 days or more");
    require(c.noticeGiven.index == 0 || c.noticeGiven >= c.start,
            "is ended in " + c.noticeGiven.text() + ", before it starts in " + c.start.text(),
            "set notice_given to " + c.start.text() + " or later");
    for (const double ramp : c.ramp) {
        require(ramp >= 0 && std::isfinite(ramp), "has a negative ramp", "set every ramp to 0 or more");
    }
    return errors;
}

Diagnostics checkOverlaps(const scenario::Scenario& s, const scenario::Strategy& strategy) {
    Diagnostics errors;
    const auto& all = strategy.assignments;
    for (const scenario::Assignment& first : all) {
        const Contract* a = s.contract(first.contract);
        for (const scenario::Assignment& second : all) {
            const Contract* b = s.contract(second.contract);
            const bool bothLease = first.activity == scenario::Activity::Lease &&
                                   second.activity == scenario::Activity::Lease && a != nullptr &&
                                   b != nullptr && a != b;
            const bool later = first.from < second.from || (first.from == second.from && &first < &second);
            if (!bothLease || first.cluster != second.cluster || !later) {
                continue;
            }
            const Month begin = std::max({b->start, second.from, s.start});
            const Month end = std::min(lastPaidMonth(*a), lastPaidMonth(*b));
            if (begin <= end) {
                errors.push_back({Severity::Error,
                                  {},
                                  "contracts '" + a->id + "' and '" + b->id + "' overlap on '" +
                                      first.cluster + "' from " + begin.text() + " to " + end.text() +
                                      " in strategy '" + strategy.id + "'",
                                  "end '" + a->id + "' before " + begin.text() +
                                      ", give notice in it (notice_given), or start '" + b->id + "' later"});
            }
        }
    }
    return errors;
}

} // namespace atlas::finance
