// The programme around the clusters: what the lab wants to train, how the build-out is paid for, and what the
// market pays for compute and for companies that sell it.
#pragma once

#include "model/catalog/fact.h"
#include "model/scenario/month.h"

#include <string>
#include <vector>

namespace atlas::scenario {

/// A model on the lab's list. Models are trained one after another, in the order of the file.
struct ModelRun {
    std::string id;
    std::string name;
    std::string job;       ///< TrainJob whose tokens are the budget; empty: `flop` is
    catalog::Sourced flop; ///< training FLOPs without recompute
    /// What the finished model is worth to the lab if it is finished at the start; falls with
    /// Market::worthDecayPerYear. An assumption, never part of the cash.
    catalog::Sourced worthUsd;
    std::string note;
};

/// How tranches are paid for, and how the owner's books count them.
struct Financing {
    catalog::Sourced facilityLeadS; ///< building and power are paid evenly over this time before power
    catalog::Sourced gpuLeadS;      ///< from order to delivery
    catalog::Sourced gpuDeposit;    ///< share of GPUs and network paid with the order
    catalog::Sourced debtShare;     ///< of every payment for a tranche, by a loan
    catalog::Sourced loanTermS;     ///< equal monthly payments over this time
    catalog::Sourced equityUsd;     ///< from the public market, in equityMonth
    Month equityMonth;
    catalog::Sourced taxRate;  ///< of profit after losses carried forward
    catalog::Sourced gpuLifeS; ///< accounting life, straight line
    catalog::Sourced facilityLifeS;
};

/// A published multiple of a company that sells compute or models.
struct Comparable {
    std::string id;
    std::string name;
    enum class Measure { Ebitda, Sales };
    Measure measure = Measure::Ebitda;
    catalog::Sourced multiple;
    std::string note;
};

struct Market {
    // What a million tokens sell for: of the lab's own service, and of its tenants'.
    catalog::Sourced labInputUsd, labOutputUsd;
    catalog::Sourced tenantInputUsd, tenantOutputUsd;
    catalog::Sourced cachedPriceShare;      ///< price of a cached input token over that of a new one
    catalog::Sourced paidTokenShare;        ///< tokens that are billed at all
    catalog::Sourced labRevenueUsdPerMonth; ///< of the lab before the programme; in the mix, not in the cash
    catalog::Sourced worthDecayPerYear;     ///< what a model finished a year later is worth less
    catalog::Sourced landlordMultiple;      ///< value of the landlord over its EBITDA of a year
    catalog::Sourced labMultiple;           ///< value of the lab over its sales of a year
    std::vector<Comparable> comparables;
};

} // namespace atlas::scenario
