#include "model/scenario/sections.h"

#include "model/units/quantity.h"

namespace atlas::scenario {

using units::Dimension;

namespace {
constexpr double kDayS = 86400.0;
}

void describe(Fields& fields, Contract& contract) {
    fields.text("name", contract.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("note", contract.note, {.doc = "Which telling of the record this is"});
    fields.reference("alternative_to", contract.alternativeTo, Refers::Contract,
                     {.doc = "The contract whose place this one can take"});
    fields.text("tenant", contract.tenant, {.doc = "Who uses the cluster and pays", .need = Need::Required});
    fields.text("lessor", contract.lessor, {.doc = "Who is paid", .need = Need::Required});
    fields.text("owner", contract.owner, {.doc = "Who owns the cluster", .fallback = "the lessor"});
    fields.oneOf("kind", contract.kind, kContractKindNames,
                 {.doc =
                      "A fee a month whatever is used (take or pay), a price per GPU and hour, or a share of "
                      "the tenant's token sales"});
    fields.quantity("usd_per_month", contract.usdPerMonth,
                    {Dimension::UsdPerMonth, kNotNegative, "Fee of a monthly-fee contract", "$0/month"});
    fields.quantity(
        "usd_per_gpu_hour", contract.usdPerGpuHour,
        {Dimension::UsdPerGpuHour, kNotNegative, "Price of a per-gpu-hour contract", "0 USD/GPU-h"});
    fields.quantity("billed_share", contract.billedShare,
                    {Dimension::Number, kShare,
                     "Least share of the GPU-hours that a per-gpu-hour contract bills; 1 is take or pay",
                     "1"});
    fields.quantity("revenue_share", contract.revenueShare,
                    {Dimension::Number, kShare,
                     "What a revenue-share contract takes of the tenant's token sales (see market)", "0"});
    fields.quantity(
        "minimum", contract.minimumUsdPerMonth,
        {Dimension::UsdPerMonth, kNotNegative, "Least fee of a revenue-share contract", "$0/month"});
    fields.quantity("share_of_cluster", contract.shareOfThisCluster,
                    {Dimension::Number, kShare, "Share of the fee that is for the leased cluster", "1"});
    fields.quantity("escalator", contract.escalatorPerYear,
                    {Dimension::PerYear, {-0.5, 1.0}, "Rise of the price on each anniversary", "0 %/year"});
    fields.quantity(
        "sla_target", contract.slaTarget,
        {Dimension::Number, kShare, "Share of requests within the objectives that is promised", "0"});
    fields.quantity(
        "sla_credit", contract.slaCredit,
        {Dimension::Number, kNotNegative,
         "Share of the fee given back for each share of requests that is missing to the target; 10 "
         "gives back 10 % of the fee for 1 % missed",
         "0"});
    fields.quantity("sla_credit_cap", contract.slaCreditCap,
                    {Dimension::Number, kShare, "Most that is given back, of the fee", "1"});
    fields.month("start", contract.start, {.doc = "First month", .fallback = "the start of the scenario"});
    fields.month("end", contract.end, {.doc = "Last month", .fallback = "the end of the horizon"});
    fields.shares("ramp", contract.ramp,
                  {.doc = "Share of the fee in the first months, one by one; then the whole"});
    fields.wholeMeasure("notice", contract.noticeDays,
                        {Dimension::Seconds, kDayS, {0.0, 3650 * kDayS}, "Notice either side has to give"});
    fields.month("notice_given", contract.noticeGiven,
                 {.doc = "Notice is given at the start of this month", .fallback = "never"});
}

} // namespace atlas::scenario
