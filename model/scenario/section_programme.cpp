#include "model/scenario/sections.h"

#include "model/units/quantity.h"

namespace atlas::scenario {

using units::Dimension;

void describe(Fields& fields, ModelRun& run) {
    fields.text("name", run.name, {.doc = "Name for people", .fallback = "the id"});
    fields.reference("job", run.job, Refers::TrainJob,
                     {.doc = "Training job whose tokens are the budget; left out: `flop` is the budget"});
    fields.quantity(
        "flop", run.flop,
        {Dimension::Flop, kNotNegative, "Training FLOPs of the run, without recompute", "0 FLOP"});
    fields.quantity("worth", run.worthUsd,
                    {Dimension::Usd, kNotNegative,
                     "What the finished model is worth to the lab, if it is finished at the start. An "
                     "assumption; never part of the cash",
                     "$0"});
    fields.text("note", run.note, {.doc = "Where the budget comes from"});
}

void describe(Fields& fields, Financing& financing) {
    fields.quantity("facility_lead", financing.facilityLeadS,
                    {Dimension::Seconds, kNotNegative,
                     "Building and power of a tranche are paid evenly over this time before it gets power",
                     "{fact: c2.build_months_first_200mw, high: 15 months}"});
    fields.quantity(
        "gpu_lead", financing.gpuLeadS,
        {Dimension::Seconds, kNotNegative, "From the order of GPUs to their delivery",
         "{value: 6 months, low: 3 months, high: 12 months, grade: assumption, source: \"lead times "
         "of HGX and NVL72 orders were quoted from 3 to 12 months over 2023 to 2025\"}"});
    fields.quantity("gpu_deposit", financing.gpuDeposit,
                    {Dimension::Number, kShare, "Share of GPUs and network that is paid with the order",
                     "{value: 0.2, low: 0, high: 0.5, grade: assumption, source: \"deposits are not "
                     "published; prepayments are common while supply is short\"}"});
    fields.quantity(
        "debt_share", financing.debtShare,
        {Dimension::Number, kShare, "Share of every payment for a tranche that a loan pays", "0"});
    fields.quantity(
        "loan_term", financing.loanTermS,
        {Dimension::Seconds, kPositive, "Loans are paid back in equal monthly payments over this",
         "{value: 5 years, grade: reported-press, source: \"GPUs of the vehicle for Colossus 2 are "
         "leased for 5 years (fact c2.spv_debt_usd)\"}"});
    fields.quantity(
        "equity", financing.equityUsd,
        {Dimension::Usd, kNotNegative, "New shares sold to the public market for the programme", "$0"});
    fields.month("equity_month", financing.equityMonth,
                 {.doc = "When they are sold", .fallback = "the start of the scenario"});
    fields.quantity("tax", financing.taxRate,
                    {Dimension::Number, kShare,
                     "Tax on the owner's profit after losses carried forward; 0: taxes are left out", "0"});
    fields.quantity("gpu_life", financing.gpuLifeS,
                    {Dimension::Seconds, kPositive, "Accounting life of the computers, straight line",
                     "{fact: life.gpu_accounting_years}"});
    fields.quantity("facility_life", financing.facilityLifeS,
                    {Dimension::Seconds, kPositive, "Accounting life of building and power, straight line",
                     "{fact: life.facility_years}"});
}

void describe(Fields& fields, Comparable& comparable) {
    fields.text("name", comparable.name, {.doc = "Name for people", .fallback = "the id"});
    fields.oneOf("measure", comparable.measure, kMeasureNames, {.doc = "What the value is a multiple of"});
    fields.quantity("multiple", comparable.multiple,
                    {Dimension::Number, kPositive, "Value over EBITDA or sales of a year"});
    fields.text("note", comparable.note, {.doc = "What to know about it"});
}

void describe(Fields& fields, Market& market) {
    const auto price = [&](std::string_view key, Sourced& value, std::string_view doc,
                           std::string_view fallback) {
        fields.quantity(key, value, {Dimension::Usd, kNotNegative, doc, fallback});
    };
    price("lab_input_price", market.labInputUsd, "A million input tokens of the lab's own service",
          "{fact: price.open_moe_input}");
    price("lab_output_price", market.labOutputUsd, "A million output tokens of the lab's own service",
          "{fact: price.open_moe_output}");
    price("tenant_input_price", market.tenantInputUsd, "A million input tokens that a tenant sells",
          "{fact: price.claude_sonnet_4_6.input}");
    price("tenant_output_price", market.tenantOutputUsd, "A million output tokens that a tenant sells",
          "{fact: price.claude_sonnet_4_6.output}");
    fields.quantity("cached_price", market.cachedPriceShare,
                    {Dimension::Number, kShare, "Price of a cached input token over that of a new one",
                     "{fact: price.cache_read_fraction}"});
    fields.quantity(
        "paid_tokens", market.paidTokenShare,
        {Dimension::Number, kShare, "Tokens that are sold at these prices at all",
         "{value: 0.5, low: 0.2, high: 1, grade: assumption, source: \"subscriptions, free use and "
         "discounts; batch tokens sell at half the price (fact price.batch_fraction)\"}"});
    fields.quantity("lab_revenue", market.labRevenueUsdPerMonth,
                    {Dimension::UsdPerMonth, kNotNegative,
                     "Sales of the lab besides the programme: in the mix and the valuation, not in the cash",
                     "$0/month"});
    fields.quantity("worth_decay", market.worthDecayPerYear,
                    {Dimension::PerYear, kShare,
                     "Loss of a model's worth by a year's delay, as the price of equal quality falls",
                     "{fact: price.decay_per_year_same_quality}"});
    fields.quantity("landlord_multiple", market.landlordMultiple,
                    {Dimension::Number, kNotNegative, "Value of the landlord over its EBITDA of a year",
                     "{fact: multiple.lease_cashflow_default}"});
    fields.quantity(
        "lab_multiple", market.labMultiple,
        {Dimension::Number, kNotNegative, "Value of the lab over its sales of a year",
         "{value: 20.5, low: 6.8, high: 76, grade: analyst-estimate, source: \"facts anthropic.valuation "
         "over "
         "anthropic.run_rate_2026_05; low: fact multiple.coreweave_ev_sales; high: fact xai_spacex_merger "
         "($250B) over four times fact spacex.ai_revenue_q1_2026\"}"});
    fields.tableOf<Comparable>("comparables", market.comparables, describe,
                               {.doc = "Published multiples to hold the valuation against"});
}

} // namespace atlas::scenario
