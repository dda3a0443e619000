// The ledger from above: what each entity is left with by month, and who paid whom over a span.
#pragma once

#include "model/finance/cash.h"

namespace atlas::finance {

/// Cash in less cash out of one entity or of a group of suppliers, one value a month, USD.
struct EntityMonths {
    std::string name;
    std::vector<double> netUsd;
};

/// Owner, tenants and customers first, then lenders and public market, then suppliers; energy, staff and
/// maintenance are one. Entities that pass on all they get are left out. Every month sums to 0 over all of
/// them.
[[nodiscard]] std::vector<EntityMonths> entityMonths(const CashFlow& cash);

/// Stages that money passes from left to right.
enum class FlowStage { Source, Tenant, Lessor, Owner, Sink, Count };

/// Who paid whom over a span of months, to be drawn as a Sankey diagram.
struct MoneyFlows {
    struct Node {
        std::string name;
        FlowStage stage = FlowStage::Source;
    };
    struct Link {
        std::size_t from = 0; ///< index in nodes, of an earlier stage than `to`
        std::size_t to = 0;
        std::string what; ///< "GPUs and network, parts"
        double usd = 0;   ///< positive
    };
    std::vector<Node> nodes;
    std::vector<Link> links;
    [[nodiscard]] double inUsd(std::size_t node) const;
    [[nodiscard]] double outUsd(std::size_t node) const;
};

/// Payments of the months [from, until). Lenders stand on both sides: as a source for what they lend, as a
/// sink for what they get back. Service credits are taken off the fee. A tenant or owner that is left with
/// more or less than before keeps the rest or adds from its own, so that in equals out for everyone between
/// the sources and the sinks.
[[nodiscard]] MoneyFlows moneyFlows(const CashFlow& cash, scenario::Month from, scenario::Month until);

/// What the owner's net present value is made of, USD at the start; costs are negative.
struct NpvParts {
    double leaseUsd = 0;
    double tokenSalesUsd = 0;
    double runningUsd = 0;
    double capexUsd = 0;
    double taxUsd = 0;
    double residualUsd = 0;
    [[nodiscard]] double totalUsd() const {
        return leaseUsd + tokenSalesUsd + runningUsd + capexUsd + taxUsd + residualUsd;
    }
};

/// The parts add up to CashFlow::ownerNpvUsd at the same yearly rate.
[[nodiscard]] NpvParts npvParts(const CashFlow& cash, double discountRatePerYear);

} // namespace atlas::finance
