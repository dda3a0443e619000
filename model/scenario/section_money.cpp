#include "model/scenario/sections.h"

#include "model/units/quantity.h"

namespace atlas::scenario {

using units::Dimension;

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
