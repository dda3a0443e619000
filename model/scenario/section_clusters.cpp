#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

void describe(Fields& fields, Island::Tranche& tranche) {
    fields.quantity("gpus", tranche.gpus,
                    {Dimension::Number, kNotNegative,
                     "GPUs of the island that have power by this month, earlier ones included", ""});
    fields.text("note", tranche.note, {.doc = "What stands behind it"});
}

void describe(Fields& fields, Island& island) {
    fields.text("name", island.name, {.doc = "Name for people", .fallback = "the id"});
    fields.reference("gpu", island.gpu, Refers::Gpu, {.doc = "Class of its GPUs", .need = Need::Required});
    fields.quantity("gpu_count", island.gpuCount,
                    {Dimension::Number, kPositive, "GPUs, all tranches together", ""});
    fields.reference("rack", island.rack, Refers::Rack,
                     {.doc = "How GPUs are packed", .fallback = "the GPU's rack"});
    fields.reference("fabric", island.fabric, Refers::Fabric,
                     {.doc = "Scale-out network inside the island", .fallback = "the GPU's fabric"});
    fields.whole("halls", island.halls, 1, 1'000, {.doc = "Data halls the racks are spread over evenly"});
    fields.whole("racks_per_row", island.racksPerRow, 1, 1'000,
                 {.doc = "Racks side by side; Colossus 1 calls eight an array"});
    fields.month("first_month", island.firstMonth,
                 {.doc = "Month from which the GPUs have power, where there are no tranches",
                  .fallback = "the start of the scenario"});
    fields.tableOf<Island::Tranche>(
        "tranches", island.tranches, describe,
        {.doc = "GPUs with power by month, growing; without them all have power from first_month",
         .keyPattern = "^[0-9]{4}-[0-9]{2}$"});
}

void describe(Fields& fields, Trunk& trunk) {
    fields.reference("from", trunk.from, Refers::Island,
                     {.doc = "Island at one end", .need = Need::Required});
    fields.reference("to", trunk.to, Refers::Island,
                     {.doc = "Island at the other end", .need = Need::Required});
    fields.quantity("bandwidth", trunk.bytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "The whole bundle, one direction", ""});
    fields.quantity("latency", trunk.latencyS,
                    {Dimension::Seconds, kNotNegative, "One way", "{fact: roce.p2p_latency_us}"});
}

void describe(Fields& fields, Cluster& cluster) {
    fields.text("name", cluster.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("site", cluster.site, {.doc = "Where it stands"});
    fields.reference("orbit", cluster.orbit, Refers::Orbit,
                     {.doc = "The site in orbit it flies at", .fallback = "on the ground"});
    fields.text("note", cluster.note, {.doc = "Which telling of the story this is"});
    fields.reference(
        "alternative_to", cluster.alternativeTo, Refers::Cluster,
        {.doc = "The cluster whose place this one can take: the same site told by another source"});
    fields.tableOf<Island>("islands", cluster.islands, describe,
                           {.doc = "GPUs of one class on one fabric", .need = Need::Required});
    fields.tableOf<Trunk>("trunks", cluster.trunks, describe,
                          {.doc = "Links between islands; every island must be reachable"});
    fields.quantity("pue", cluster.pue,
                    {Dimension::Number,
                     {1.0, 3.0},
                     "Power of the site over power of its computers",
                     "{fact: energy.pue}"});
    fields.quantity(
        "energy_price", cluster.energyUsdPerJoule,
        {Dimension::UsdPerJoule, kNotNegative, "Electricity", "{fact: energy.memphis_industrial_kwh}"});
    fields.quantity(
        "provisioned_power", cluster.provisionedPowerW,
        {Dimension::Watts, kNotNegative, "Power the site may draw; 0: as much as its GPUs need", "0 W"});
    fields.quantity(
        "speed_spread", cluster.staticSpeedSpread,
        {Dimension::Number,
         {0.0, 0.5},
         "Standard deviation of the speed of GPUs of one class, relative",
         "{value: 0.01, low: 0.005, high: 0.02, grade: assumption, source: \"a range of 5 % over the "
         "8 GPUs of a node (fact node_gpu_spread) is 2.85 standard deviations; binning and "
         "evicting slow nodes leave about half\"}"});
    fields.quantity(
        "step_jitter", cluster.stepJitter,
        {Dimension::Number,
         {0.0, 0.5},
         "Standard deviation of a GPU's time from step to step, relative",
         "{value: 0.004, low: 0.001, high: 0.02, grade: measured, source: \"step times in MLPerf logs: GPT-3 "
         "and 405B on 8,192 to 10,752 H100, p90 / p50 1.008 to 1.036, p99 / p50 1.023 to 1.062; low: 512 "
         "H100, "
         "1.002; high: 3,072 H100 on another network, 1.063 and 1.144\"}"});
}

} // namespace atlas::scenario
