#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

namespace {

void describePower(Fields& fields, OrbitalSite& site) {
    fields.quantity(
        "solar_constant", site.solarWPerM2,
        {Dimension::WattsPerSquareMetre, kPositive, "Sunlight above the air", "{fact: solar.constant}"});
    fields.quantity("cell_efficiency", site.cellEfficiency,
                    {Dimension::Number, kPositiveShare, "Power of the array over sunlight on it",
                     "{fact: pv.efficiency}"});
    fields.quantity("array_specific_power", site.arrayWPerKg,
                    {Dimension::WattsPerKilogram, kPositive, "Of the array at begin of life",
                     "{fact: pv.specific_power}"});
    fields.quantity(
        "array_degradation", site.arrayLossPerYear,
        {Dimension::PerYear, {0.0, 0.5}, "Power the array loses", "{fact: pv.degradation_per_year}"});
    fields.quantity(
        "battery_specific_energy", site.batteryJPerKg,
        {Dimension::JoulesPerKilogram, kPositive, "Of the battery pack",
         "{value: 150 Wh/kg, low: 120 Wh/kg, high: 220 Wh/kg, grade: assumption, source: \"lithium-ion "
         "packs for low orbit; with the discharge below it spans fact sat.battery_mass_per_kw\"}"});
    fields.quantity("depth_of_discharge", site.depthOfDischarge,
                    {Dimension::Number, kPositiveShare, "Share of the battery an eclipse may take",
                     "{value: 0.5, low: 0.3, high: 0.8, grade: assumption, source: \"few deep cycles where "
                     "eclipses come in one season; every orbit elsewhere\"}"});
    fields.quantity("pue", site.pue,
                    {Dimension::Number,
                     {1.0, 3.0},
                     "Load of the satellite over that of its computers",
                     "{fact: orbit.pue}"});
}

void describeHeat(Fields& fields, OrbitalSite& site) {
    fields.quantity("radiator_temperature", site.radiatorK,
                    {Dimension::Kelvin,
                     {200.0, 500.0},
                     "Mean over the panel",
                     "{value: 70 degC, low: 40 degC, high: 85 degC, grade: vendor-spec, source: \"fact "
                     "radiator.net_w_per_m2_ai1 equals a plate of 70 degC; low and high: facts "
                     "radiator.w_per_m2_two_sided_40c, _85c\"}"});
    fields.quantity(
        "emissivity", site.emissivity,
        {Dimension::Number, kPositiveShare, "Of the radiator in infrared", "{fact: radiator.emissivity}"});
    fields.quantity(
        "absorptivity", site.absorptivity,
        {Dimension::Number, kShare, "Of the radiator in sunlight",
         "{value: 0.2, low: 0.1, high: 0.3, grade: assumption, source: \"white paint, fresh to aged\"}"});
    fields.quantity("earth_view_factor", site.earthViewFactor,
                    {Dimension::Number, kShare, "Of one face of the radiator, edge on to the Sun",
                     "{value: 0.25, low: 0.2, high: 0.3, grade: measured, source: \"note of fact "
                     "radiator.earth_ir_w_per_m2\"}"});
    fields.quantity("earth_infrared", site.earthInfraredWPerM2,
                    {Dimension::WattsPerSquareMetre, kNotNegative, "Heat the Earth gives off",
                     "{fact: radiator.earth_ir_w_per_m2}"});
    fields.quantity("albedo", site.albedo,
                    {Dimension::Number, kShare, "Sunlight the Earth reflects",
                     "{value: 0.3, low: 0.25, high: 0.35, grade: measured, source: \"note of fact "
                     "radiator.earth_ir_w_per_m2\"}"});
    fields.quantity("thermal_specific_power", site.thermalWPerKg,
                    {Dimension::WattsPerKilogram, kPositive, "Heat a kilogram of loops and radiators moves",
                     "{fact: radiator.w_per_kg_system}"});
}

void describeMassAndPrice(Fields& fields, OrbitalSite& site) {
    fields.quantity(
        "compute_mass", site.computeKgPerW,
        {Dimension::KilogramsPerWatt, kNotNegative, "Computers", "{fact: sat.compute_mass_per_kw}"});
    fields.quantity("bus_mass_share", site.busMassShare,
                    {Dimension::Number, kNotNegative, "Structure, pointing and propulsion over all else",
                     "{value: 0.15, low: 0.1, high: 0.3, grade: assumption, source: \"what fact "
                     "sat.mass_per_kw leaves beside array, radiator, battery and computers\"}"});
    fields.quantity("platform_cost", site.platformUsdPerW,
                    {Dimension::UsdPerWatt, kNotNegative, "Satellite without its computers",
                     "{fact: sat.platform_cost_per_w}"});
    fields.quantity(
        "launch_price", site.launchUsdPerKg,
        {Dimension::UsdPerKilogram, kNotNegative, "To the orbit", "{fact: launch.starship_2030}"});
    fields.quantity(
        "launch_payload", site.launchPayloadKg,
        {Dimension::Kilograms, kPositive, "Of one launch", "{fact: launch.starship_v3_payload_t}"});
}

void describeLifeAndLinks(Fields& fields, OrbitalSite& site) {
    fields.quantity(
        "life", site.lifeYears,
        {Dimension::Years, kPositive, "Until the satellite is given up", "{fact: life.physical_years}"});
    fields.quantity("gpu_losses", site.gpuLossPerYear,
                    {Dimension::PerYear, kShare, "GPUs that fail for good: nobody repairs",
                     "{fact: fail.gpu_per_year_orbit}"});
    fields.quantity(
        "satellite_losses", site.satelliteLossPerYear,
        {Dimension::PerYear, kShare, "Satellites that fail whole", "{fact: fail.satellite_loss_per_year}"});
    fields.quantity("upset_overhead", site.upsetOverhead,
                    {Dimension::Number, kShare, "Throughput spent on checks against radiation upsets",
                     "{fact: fail.sdc_overhead}"});
    fields.quantity("cross_link", site.crossLinkBytesPerS,
                    {Dimension::BytesPerSecond, kPositive,
                     "Of one satellite to its neighbours, one direction", "{fact: ai1.isl_tb_s}"});
    fields.quantity("downlink", site.downlinkBytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "Of one satellite to the ground",
                     "{fact: link.sat_downlink_gb_s}"});
    fields.quantity("ground_latency", site.groundLatencyS,
                    {Dimension::Seconds, kNotNegative, "Round trip between user and satellite",
                     "{fact: link.starlink_latency_ms}"});
}

} // namespace

void describe(Fields& fields, OrbitalSite& site) {
    fields.text("name", site.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("note", site.note, {.doc = "Whose plan this is"});
    fields.quantity("altitude", site.altitudeM,
                    {Dimension::Metres, kAny, "Above the ground, circular", "{fact: orbit.ai1_altitude_km}"});
    fields.measure(
        "ascending_node", site.ascendingNodeH,
        {Dimension::Seconds,
         3600.0,
         {0.0, 24 * 3600.0},
         "Local solar time of the ascending node of the sun-synchronous orbit: 18 h flies along the "
         "terminator, 12 h crosses noon and midnight"});
    fields.oneOf("eclipse", site.eclipse, kEclipseNames,
                 {.doc = "In the Earth's shadow: run on batteries, or pause"});
    fields.whole("gpus_per_satellite", site.gpusPerSatellite, 1, 100'000,
                 {.doc = "GPUs of one satellite; one NVLink domain"});
    describePower(fields, site);
    describeHeat(fields, site);
    describeMassAndPrice(fields, site);
    describeLifeAndLinks(fields, site);
}

} // namespace atlas::scenario
