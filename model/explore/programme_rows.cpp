#include "model/explore/programme_rows.h"

#include "model/finance/funding.h"
#include "model/finance/valuation.h"

#include <algorithm>

namespace atlas::explore {

namespace {

std::optional<double>& at(ProgrammeValues& values, ProgrammeKey key) {
    return values[rowOf(key)];
}

void trainingRows(const scenario::Scenario& s, const Physics& physics, const std::vector<RunDate>& runs,
                  ProgrammeValues& v) {
    if (physics.courses.empty()) {
        return;
    }
    at(v, ProgrammeKey::DeliveredExaflopDays) = keptFlop(physics.stints) / kExaflopDay;
    at(v, ProgrammeKey::ModelsTrained) = static_cast<double>(std::ranges::count_if(
        runs, [&](const RunDate& run) { return run.doneMonths && *run.doneMonths <= s.horizonMonths; }));
}

void cashRows(const scenario::Scenario& s, const Money& money, ProgrammeValues& v) {
    std::vector<double> flows = money.owner.flowsUsd();
    at(v, ProgrammeKey::IrrPerYear) = finance::irrPerYear(flows).value;
    flows.pop_back();
    if (const auto month = finance::paybackMonth(flows)) {
        at(v, ProgrammeKey::PaybackMonths) = *month;
    }
    at(v, ProgrammeKey::ResidualUsd) = money.owner.residualUsd;
    at(v, ProgrammeKey::DebtUsd) = money.financed.months.back().debtUsd();
    const auto tranches = finance::fundedDates(money.owner, s.economics.startingCashUsd.value);
    if (!tranches.empty() && tranches.back().ever) {
        at(v, ProgrammeKey::LastTrancheFundedMonths) = tranches.back().funded.index - s.start.index + 1;
    }
    double margin = 0;
    int leased = 0;
    for (const finance::OwnerMonth& month : money.owner.months) {
        bool serves = false;
        for (const finance::ClusterMonth& c : month.clusters) {
            margin += c.tenantSalesUsd > 0 ? c.tenantSalesUsd - c.leaseUsd : 0.0;
            serves = serves || c.tenantSalesUsd > 0;
        }
        leased += serves ? 1 : 0;
    }
    if (leased > 0) {
        at(v, ProgrammeKey::TenantMarginUsdPerMonth) = margin / leased;
    }
}

} // namespace

const std::vector<Headline>& programmeRows() {
    using units::Dimension;
    static const std::vector<Headline> rows = [] {
        std::vector<Headline> all = headlineRows();
        const auto add = [&](const char* key, const char* label, const char* unit, Dimension dimension,
                             Better better) {
            all.push_back({key, label, unit, dimension, better, {}});
        };
        add("delivered_exaflop_days", "Training delivered by the horizon", "exaFLOP-days", Dimension::Number,
            Better::Higher);
        add("models_trained", "Models trained by the horizon", "models", Dimension::Number, Better::Higher);
        add("last_tranche_funded_months", "Last tranche funded", "months", Dimension::Number, Better::Lower);
        add("irr_per_year", "Internal rate of return", "1", Dimension::Number, Better::Higher);
        add("payback_months", "Paid back", "months", Dimension::Number, Better::Lower);
        add("models_present_usd", "Present worth of models trained", "USD", Dimension::Usd, Better::Higher);
        add("npv_with_models_usd", "Net present value with models", "USD", Dimension::Usd, Better::Higher);
        add("tenant_margin_usd_per_month", "Tenant's sales less the fee", "USD/month", Dimension::UsdPerMonth,
            Better::Neither);
        add("landlord_share", "Landlord's share of sales", "1", Dimension::Number, Better::Neither);
        add("landlord_value_usd", "Value of the landlord", "USD", Dimension::Usd, Better::Higher);
        add("lab_value_usd", "Value of the lab's sales", "USD", Dimension::Usd, Better::Higher);
        add("implied_value_usd", "Implied value", "USD", Dimension::Usd, Better::Higher);
        add("residual_usd", "Resale value of GPUs at the horizon", "USD", Dimension::Usd, Better::Higher);
        add("debt_usd", "Debt at the horizon", "USD", Dimension::Usd, Better::Lower);
        return all;
    }();
    return rows;
}

std::optional<std::size_t> rowOf(std::string_view key) {
    const auto& rows = programmeRows();
    const auto found = std::ranges::find(rows, key, &Headline::key);
    if (found == rows.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - rows.begin());
}

ProgrammeNumbers programmeNumbers(const scenario::Scenario& s, const Physics& physics, const Money& money) {
    ProgrammeNumbers out;
    std::ranges::copy(money.values, out.values.begin());
    out.runs = runDates(s, physics.main(), physics.runCourses);
    trainingRows(s, physics, out.runs, out.values);
    cashRows(s, money, out.values);
    double models = 0;
    for (const RunDate& run : out.runs) {
        models += run.presentUsd;
    }
    out.segments = finance::segmentsOf(money.owner, s, models);
    ProgrammeValues& v = out.values;
    at(v, ProgrammeKey::ModelsPresentUsd) = models;
    at(v, ProgrammeKey::NpvWithModelsUsd) =
        explore::at(money.values, HeadlineKey::NpvUsd).value_or(0) + models;
    at(v, ProgrammeKey::LandlordShare) = out.segments.landlordShare();
    at(v, ProgrammeKey::LandlordValueUsd) = out.segments.landlordValueUsd;
    at(v, ProgrammeKey::LabValueUsd) = out.segments.labValueUsd;
    at(v, ProgrammeKey::ImpliedValueUsd) = out.segments.impliedUsd();
    return out;
}

} // namespace atlas::explore
