#include "model/finance/money_flows.h"

#include "model/finance/valuation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

namespace atlas::finance {

namespace {

constexpr const char* kUpkeep = "Energy, staff, upkeep";
constexpr double kNothing = 0.5; ///< USD; less is rounding

/// Tenants, lessors and the owner, as the ledger's lease payments tell them.
struct Roles {
    std::string owner;
    std::set<std::string> tenants, lessors;
};

Roles rolesOf(const CashFlow& cash) {
    Roles roles{cash.owner, {}, {}};
    for (const CashMonth& month : cash.months) {
        for (const Payment& p : month.payments) {
            if (p.kind == PaymentKind::LeaseFee) {
                roles.tenants.insert(p.from);
                roles.lessors.insert(p.to);
            } else if (p.kind == PaymentKind::TokenSales && p.to != cash.owner) {
                roles.tenants.insert(p.to);
            }
        }
    }
    roles.tenants.erase(cash.owner);
    roles.lessors.erase(cash.owner);
    for (const std::string& tenant : roles.tenants) {
        roles.lessors.erase(tenant);
    }
    return roles;
}

std::string groupOf(const std::string& entity) {
    return entity == kEnergySupplier || entity == kStaff || entity == kMaintenance ? kUpkeep : entity;
}

/// Place of an entity in a list for people.
int rankOf(const std::string& name, const Roles& roles) {
    if (name == roles.owner) {
        return 0;
    }
    if (roles.tenants.contains(name)) {
        return 1;
    }
    if (roles.lessors.contains(name)) {
        return 2;
    }
    constexpr std::array<const char*, 7> order = {kCustomers, kLenders, kPublicMarket, kGpuVendor,
                                                  kBuilder,   kUpkeep,  kTaxOffice};
    return 3 + static_cast<int>(std::ranges::find(order, name) - order.begin());
}

} // namespace

std::vector<EntityMonths> entityMonths(const CashFlow& cash) {
    std::map<std::string, std::vector<double>> net;
    for (std::size_t m = 0; m < cash.months.size(); ++m) {
        for (const auto& [name, entity] : cash.months[m].entities) {
            auto& months = net[groupOf(name)];
            months.resize(cash.months.size(), 0.0);
            months[m] += entity.in - entity.out;
        }
    }
    std::vector<EntityMonths> out;
    for (auto& [name, months] : net) {
        if (std::ranges::any_of(months, [](double usd) { return std::abs(usd) > kNothing; })) {
            out.push_back({name, std::move(months)});
        }
    }
    const Roles roles = rolesOf(cash);
    std::ranges::stable_sort(out, std::less<>(),
                             [&](const EntityMonths& e) { return rankOf(e.name, roles); });
    return out;
}

double MoneyFlows::inUsd(std::size_t node) const {
    double usd = 0;
    for (const Link& link : links) {
        usd += link.to == node ? link.usd : 0.0;
    }
    return usd;
}

double MoneyFlows::outUsd(std::size_t node) const {
    double usd = 0;
    for (const Link& link : links) {
        usd += link.from == node ? link.usd : 0.0;
    }
    return usd;
}

MoneyFlows moneyFlows(const CashFlow& cash, scenario::Month from, scenario::Month until) {
    const Roles roles = rolesOf(cash);
    MoneyFlows out;
    const auto node = [&](const std::string& name, FlowStage stage) {
        const auto found = std::ranges::find_if(
            out.nodes, [&](const auto& n) { return n.name == name && n.stage == stage; });
        if (found != out.nodes.end()) {
            return static_cast<std::size_t>(found - out.nodes.begin());
        }
        out.nodes.push_back({name, stage});
        return out.nodes.size() - 1;
    };
    const auto stageOf = [&](const std::string& name, FlowStage otherwise) {
        return name == roles.owner            ? FlowStage::Owner
               : roles.tenants.contains(name) ? FlowStage::Tenant
               : roles.lessors.contains(name) ? FlowStage::Lessor
                                              : otherwise;
    };
    const auto add = [&](std::size_t a, std::size_t b, const std::string& what, double usd) {
        const auto found = std::ranges::find_if(
            out.links, [&](const MoneyFlows::Link& l) { return l.from == a && l.to == b; });
        if (found == out.links.end()) {
            out.links.push_back({a, b, what, usd});
            return;
        }
        found->usd += usd;
        if (found->what.find(what) == std::string::npos) {
            found->what += ", " + what;
        }
    };
    for (const CashMonth& month : cash.months) {
        if (month.month < from || month.month >= until) {
            continue;
        }
        for (const Payment& p : month.payments) {
            const FlowStage a = stageOf(p.from, FlowStage::Source);
            const FlowStage b = stageOf(p.to, FlowStage::Sink);
            const std::string what(paymentName(p.kind));
            if (a < b) {
                add(node(p.from, a), node(p.to, b), what, p.usd);
            } else if (a > b) { // a credit runs the other way: it is less of a fee
                add(node(p.to, b), node(p.from, a), what, -p.usd);
            }
        }
    }
    std::erase_if(out.links, [](const MoneyFlows::Link& l) { return l.usd <= kNothing; });
    const std::size_t count = out.nodes.size();
    for (std::size_t i = 0; i < count; ++i) {
        const FlowStage stage = out.nodes[i].stage;
        const double left = out.inUsd(i) - out.outUsd(i);
        const std::string name = out.nodes[i].name;
        if (stage == FlowStage::Source || stage == FlowStage::Sink || std::abs(left) <= kNothing) {
            continue;
        }
        if (left > 0) {
            add(i, node("Kept by " + name, FlowStage::Sink), "kept", left);
        } else {
            add(node(name + "'s own cash", FlowStage::Source), i, "from its own cash", -left);
        }
    }
    return out;
}

NpvParts npvParts(const CashFlow& cash, double discountRatePerYear) {
    const auto present = [&](double BookMonth::*part) {
        std::vector<double> flows;
        for (const BookMonth& month : cash.books) {
            flows.push_back(month.*part);
        }
        return npvUsd(flows, discountRatePerYear);
    };
    NpvParts parts;
    parts.leaseUsd = present(&BookMonth::leaseUsd);
    parts.tokenSalesUsd = present(&BookMonth::tokenSalesUsd);
    parts.runningUsd = -present(&BookMonth::runningUsd);
    parts.capexUsd = -present(&BookMonth::capexUsd);
    parts.taxUsd = -present(&BookMonth::taxUsd);
    std::vector<double> last(cash.books.size() + 1, 0.0);
    last.back() = cash.residualUsd;
    parts.residualUsd = npvUsd(last, discountRatePerYear);
    return parts;
}

} // namespace atlas::finance
