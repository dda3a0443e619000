// What a lease leaves to tenant and owner, under each telling of its contract.
#pragma once

#include "model/explore/uncertainty.h"

#include <string>
#include <vector>

namespace atlas::explore {

/// Means over the months in which the contract pays, USD a month.
struct LeaseMargin {
    std::string contract; ///< id
    std::string name;
    std::string note;
    double feeUsd = 0;         ///< after service credits
    double creditUsd = 0;      ///< given back for missed service
    double tenantSalesUsd = 0; ///< of the tokens the cluster serves
    double runningUsd = 0;     ///< energy, staff, maintenance and failed GPUs: the owner's
    double gpuHours = 0;       ///< with power, a month
    double millionTokens = 0;  ///< output, a month
    [[nodiscard]] double tenantUsd() const { return tenantSalesUsd - feeUsd; }
    [[nodiscard]] double ownerUsd() const { return feeUsd - runningUsd; }
    [[nodiscard]] double feePerGpuHour() const { return gpuHours > 0 ? feeUsd / gpuHours : 0; }
    [[nodiscard]] double feePerMillionTokens() const {
        return millionTokens > 0 ? feeUsd / millionTokens : 0;
    }
};

/// The contract of a lease first, then those that can take its place. The tenant pays nothing but the fee and
/// sells at its own prices; what the owner paid for the GPUs is in neither margin. Errors: a strategy without
/// a lease under a contract, money that makes no sense.
[[nodiscard]] Result<std::vector<LeaseMargin>> leaseMargins(const ModelInputs& inputs,
                                                            const scenario::Strategy& strategy);

} // namespace atlas::explore
