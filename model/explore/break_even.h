// Lease or keep: what the fee and the MFU of the fixed cluster decide.
#pragma once

#include "model/explore/programme_rows.h"

#include <stop_token>

namespace atlas::explore {

struct BreakEvenOptions {
    std::string keep;                        ///< strategy that trains on the cluster
    std::string lease;                       ///< strategy that leases it
    std::string row = "npv_with_models_usd"; ///< what is compared; higher is better
    std::size_t fees = 41;
    std::size_t mfus = 41;
    double highestFee = 2.0; ///< over today's fee
    double highestMfu = 0.6;
    std::stop_token stop;
};

/// The gain of leasing over keeping, and the line on which neither is better.
struct BreakEvenMap {
    std::string keepName, leaseName, rowLabel, contract;
    units::Dimension dimension = units::Dimension::Usd;
    std::vector<double> feesUsdPerMonth; ///< of the whole contract
    std::vector<double> mfus;            ///< of the kept cluster's training
    std::vector<double> gain;            ///< lease less keep, by fee then MFU: gain[fee * mfus.size() + mfu]
    std::vector<std::optional<double>> indifferentFee; ///< one a MFU; empty: beyond the fees searched
    double feeToday = 0;
    double mfuToday = 0;
    [[nodiscard]] double at(std::size_t fee, std::size_t mfu) const { return gain[fee * mfus.size() + mfu]; }
    /// The fee at which a kept cluster of this MFU is as good; empty: beyond the map.
    [[nodiscard]] std::optional<double> feeAt(double mfu) const;
};

/// The course's tokens come in proportion to the MFU; its steps are otherwise as planned. Errors: a strategy
/// that is not there, one that does not train, one whose lease has no monthly fee, cancelled.
[[nodiscard]] Result<BreakEvenMap> breakEvenMap(const scenario::Scenario& scenario,
                                                const BreakEvenOptions& options);

} // namespace atlas::explore
