#include "model/explore/lease_margins.h"

#include "model/explore/physics.h"
#include "model/finance/contract.h"

#include <algorithm>

namespace atlas::explore {

namespace {

using scenario::Contract;

/// The contract and its alternatives, itself first.
std::vector<const Contract*> tellingsOf(const scenario::Scenario& s, const Contract& contract) {
    const std::string& family = contract.alternativeTo.empty() ? contract.id : contract.alternativeTo;
    std::vector<const Contract*> tellings = {&contract};
    for (const Contract& each : s.contracts) {
        if (&each != &contract && (each.id == family || each.alternativeTo == family)) {
            tellings.push_back(&each);
        }
    }
    return tellings;
}

Result<LeaseMargin> marginOf(const scenario::Scenario& s, scenario::Strategy strategy,
                             const Contract& contract, const std::vector<finance::ClusterUse>& use) {
    strategy.assignments.front().contract = contract.id;
    const auto owner = finance::ownerMonths(s, strategy, use);
    if (!owner) {
        return owner.errors();
    }
    LeaseMargin margin{contract.id, contract.name, contract.note};
    double months = 0;
    for (const finance::OwnerMonth& month : owner->months) {
        for (const finance::ClusterMonth& m : month.clusters) {
            if (!(m.leaseUsd + m.slaCreditUsd > 0)) {
                continue;
            }
            ++months;
            margin.feeUsd += m.leaseUsd;
            margin.creditUsd += m.slaCreditUsd;
            margin.tenantSalesUsd += m.tenantSalesUsd;
            margin.runningUsd += m.runningUsd();
            margin.gpuHours += m.poweredGpus * finance::kHoursPerMonth;
        }
    }
    for (double* sum :
         {&margin.feeUsd, &margin.creditUsd, &margin.tenantSalesUsd, &margin.runningUsd, &margin.gpuHours}) {
        *sum /= std::max(1.0, months);
    }
    if (!use.empty()) {
        margin.millionTokens = use.front().outputTokensPerS * finance::kHoursPerMonth * 3600 / 1e6;
    }
    return margin;
}

} // namespace

Result<std::vector<LeaseMargin>> leaseMargins(const ModelInputs& inputs, const scenario::Strategy& strategy) {
    const scenario::Scenario& s = inputs.scenario;
    const auto lease = std::ranges::find_if(strategy.assignments, [&](const scenario::Assignment& a) {
        return a.activity == scenario::Activity::Lease && s.contract(a.contract) != nullptr;
    });
    if (lease == strategy.assignments.end()) {
        return failure("strategy '" + strategy.id + "' leases nothing under a contract",
                       "choose a strategy with a lease");
    }
    scenario::Strategy alone = strategy;
    alone.assignments = {*lease};
    const auto physics = physicsOf(inputs, alone, Layouts());
    if (!physics) {
        return physics.errors();
    }
    std::vector<LeaseMargin> margins;
    for (const Contract* contract : tellingsOf(s, *s.contract(lease->contract))) {
        auto margin = marginOf(s, alone, *contract, physics->use);
        if (!margin) {
            return margin.errors();
        }
        margins.push_back(std::move(*margin));
    }
    return margins;
}

} // namespace atlas::explore
