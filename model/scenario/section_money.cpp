#include "model/scenario/sections.h"

#include "model/units/quantity.h"

namespace atlas::scenario {

using units::Dimension;

namespace {
constexpr double kDayS = 86400.0;
}

void describe(Fields& fields, Contract& contract) {
    fields.text("name", contract.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("tenant", contract.tenant, {.doc = "Who uses the cluster and pays", .need = Need::Required});
    fields.text("lessor", contract.lessor, {.doc = "Who is paid", .need = Need::Required});
    fields.text("owner", contract.owner, {.doc = "Who owns the cluster", .fallback = "the lessor"});
    fields.oneOf("kind", contract.kind, kContractKindNames,
                 {.doc = "A fee a month, or a price per GPU and hour"});
    fields.quantity("usd_per_month", contract.usdPerMonth,
                    {Dimension::UsdPerMonth, kNotNegative, "Fee of a monthly-fee contract", "$0/month"});
    fields.quantity(
        "usd_per_gpu_hour", contract.usdPerGpuHour,
        {Dimension::UsdPerGpuHour, kNotNegative, "Price of a per-gpu-hour contract", "0 USD/GPU-h"});
    fields.quantity("share_of_cluster", contract.shareOfThisCluster,
                    {Dimension::Number, kShare, "Share of the fee that is for the leased cluster", "1"});
    fields.month("start", contract.start, {.doc = "First month", .fallback = "the start of the scenario"});
    fields.month("end", contract.end, {.doc = "Last month", .fallback = "the end of the horizon"});
    fields.shares("ramp", contract.ramp,
                  {.doc = "Share of the fee in the first months, one by one; then the whole"});
    fields.wholeMeasure("notice", contract.noticeDays,
                        {Dimension::Seconds, kDayS, {0.0, 3650 * kDayS}, "Notice either side has to give"});
}

void describe(Fields& fields, Economics& economics) {
    fields.quantity("facility_capex", economics.facilityUsdPerW,
                    {Dimension::UsdPerWatt, kNotNegative,
                     "Shell, power, cooling and fit-out, without computers",
                     "{fact: capex.facility_per_mw}"});
    fields.quantity("maintenance", economics.maintenanceSharePerYear,
                    {Dimension::PerYear, kShare, "Spares, support and repair, of the price of the computers",
                     "{fact: opex.maintenance_share}"});
    fields.quantity(
        "staff", economics.staffPerMw,
        {Dimension::StaffPerMegawatt, kNotNegative, "People on site", "{fact: opex.staff_per_mw}"});
    fields.quantity("staff_cost", economics.staffUsdPerYear,
                    {Dimension::UsdPerYear, kNotNegative, "Cost of one of them", "{fact: opex.staff_cost}"});
    fields.quantity(
        "failed_gpus", economics.failedGpuPerYear,
        {Dimension::PerYear, kShare, "GPUs that have to be replaced", "{fact: opex.failed_gpu_replacement}"});
    fields.quantity("discount_rate", economics.discountRatePerYear,
                    {Dimension::PerYear, {0.0, 1.0}, "For present values", "{fact: wacc.neocloud}"});
    fields.quantity("debt_rate", economics.debtRatePerYear,
                    {Dimension::PerYear, {0.0, 1.0}, "Interest on debt", "{fact: debt.spacex_default}"});
    fields.quantity("gpu_price_decay", economics.gpuPriceDecayPerYear,
                    {Dimension::PerYear, kShare, "Loss of resale value", "{fact: gpu_price_decay_per_year}"});
    fields.quantity("starting_cash", economics.startingCashUsd,
                    {Dimension::Usd, kAny, "The owner's cash at the start", "{fact: spacex.cash_2026_03}"});
    fields.quantity("load_factor", economics.loadFactor,
                    {Dimension::Number, kShare, "Power drawn over power provisioned",
                     "{fact: energy.average_load_factor}"});
}

} // namespace atlas::scenario
