#include "model/finance/contract.h"

#include <algorithm>

namespace atlas::finance {

double leaseFeeUsd(const scenario::Contract& c, scenario::Month month, double gpus,
                   std::optional<scenario::Month> notice) {
    if (month < c.start || month > c.end) {
        return 0;
    }
    const auto sinceStart = static_cast<std::size_t>(month.index - c.start.index);
    const double ramp = sinceStart < c.ramp.size() ? c.ramp[sinceStart] : 1.0;
    double fee = c.kind == scenario::ContractKind::MonthlyFee
                     ? c.usdPerMonth.value * c.shareOfThisCluster.value
                     : c.usdPerGpuHour.value * kHoursPerMonth * std::max(0.0, gpus);
    if (notice) { // given at the start of that month
        const double lastPaid = notice->index + std::max(0, c.noticeDays) / kDaysPerMonth;
        fee *= std::clamp(lastPaid - month.index, 0.0, 1.0);
    }
    return fee * ramp;
}

} // namespace atlas::finance
