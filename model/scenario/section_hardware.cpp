#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

void describe(Fields& fields, GpuClass& gpu) {
    fields.text("name", gpu.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("architecture", gpu.architecture,
                {.doc = "ampere, hopper, blackwell, rubin", .need = Need::Required});
    fields.quantity("bf16", gpu.bf16FlopPerS,
                    {Dimension::FlopPerSecond, kPositive, "Dense bf16 peak, no sparsity", ""});
    fields.quantity(
        "fp8", gpu.fp8FlopPerS,
        {Dimension::FlopPerSecond, kNotNegative, "Dense fp8 peak; 0 without fp8 tensor cores", ""});
    fields.quantity(
        "fp4", gpu.fp4FlopPerS,
        {Dimension::FlopPerSecond, kNotNegative, "Dense fp4 peak; 0 without fp4 tensor cores", ""});
    fields.quantity("hbm", gpu.hbmBytes, {Dimension::Bytes, kPositive, "Memory", ""});
    fields.quantity("hbm_bandwidth", gpu.hbmBytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "Memory bandwidth", ""});
    fields.quantity("nvlink", gpu.nvlinkBytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "NVLink per GPU and direction", ""});
    fields.quantity("nic", gpu.nicBytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "Scale-out network per GPU and direction", ""});
    fields.quantity("tdp", gpu.tdpW, {Dimension::Watts, kPositive, "Power limit of a GPU", ""});
    fields.quantity("idle", gpu.idleW, {Dimension::Watts, kNotNegative, "Power of an idle GPU", ""});
    fields.quantity(
        "host_overhead", gpu.hostOverheadW,
        {Dimension::Watts, kNotNegative, "Per GPU: CPU, NIC, switch share, fans, power supplies", ""});
    fields.quantity("price", gpu.priceUsd, {Dimension::Usd, kNotNegative, "Purchase price of a GPU", ""});
    fields.quantity("cluster_capex", gpu.clusterCapexUsd,
                    {Dimension::Usd, kNotNegative, "Per GPU with servers and network, without building", ""});
    fields.quantity("rent", gpu.rentUsdPerGpuHour,
                    {Dimension::UsdPerGpuHour, kNotNegative, "Market rent", ""});
    fields.quantity("node_failures", gpu.nodeFailuresPerS,
                    {Dimension::PerSecond, kNotNegative,
                     "Unplanned interruptions of a synchronous job per 8 GPUs and time",
                     "{fact: meta.interrupt_rate, times: 8}"});
    fields.reference("rack", gpu.rack, Refers::Rack,
                     {.doc = "Rack of islands that name none", .need = Need::Required});
    fields.reference("fabric", gpu.fabric, Refers::Fabric,
                     {.doc = "Scale-out network of islands that name none", .need = Need::Required});
}

void describe(Fields& fields, RackType& rack) {
    fields.text("name", rack.name, {.doc = "Name for people", .fallback = "the id"});
    fields.whole("trays", rack.traysPerRack, 1, 64, {.doc = "Servers or compute trays in a rack"});
    fields.whole("gpus_per_tray", rack.gpusPerTray, 1, 64, {.doc = "GPUs in a tray"});
    fields.whole("nvlink_domain", rack.nvlinkDomainGpus, 1, 4096,
                 {.doc = "GPUs joined by NVLink: a tray's, or the rack's in an NVL72"});
    fields.measure("width", rack.widthM, {Dimension::Metres, 1.0, {0.1, 10.0}, "Width on the floor"});
    fields.measure("depth", rack.depthM, {Dimension::Metres, 1.0, {0.1, 10.0}, "Depth on the floor"});
}

void describe(Fields& fields, FabricType& fabric) {
    fields.text("name", fabric.name, {.doc = "Name for people", .fallback = "the id"});
    fields.whole("rails", fabric.rails, 1, 64,
                 {.doc = "NICs of a server that go to different leaf switches; GPU i of a server is on rail "
                         "i mod rails"});
    fields.whole("leaf_down_ports", fabric.leafDownPorts, 1, 512,
                 {.doc = "GPU-facing ports of a leaf switch"});
    fields.whole("spine_ports", fabric.spinePorts, 1, 1024, {.doc = "Leaf-facing ports of a spine switch"});
    fields.quantity("link", fabric.linkBytesPerS,
                    {Dimension::BytesPerSecond, kPositive, "One port, one direction", ""});
    constexpr std::string_view kNonBlocking = "{value: 1, grade: assumption, source: \"as many ports up as "
                                              "down, as training networks are built inside a "
                                              "zone (note of fact meta_roce.aggregation_oversubscription)\"}";
    fields.quantity("leaf_oversubscription", fabric.leafOversubscription,
                    {Dimension::Number,
                     {1.0, 64.0},
                     "Capacity towards GPUs over capacity towards spines; 1 blocks nothing",
                     kNonBlocking});
    fields.quantity("spine_oversubscription", fabric.spineOversubscription,
                    {Dimension::Number,
                     {1.0, 64.0},
                     "Capacity of a hall's spines towards leaves over that towards the core between halls",
                     kNonBlocking});
    fields.quantity("effective_throughput", fabric.effectiveThroughput,
                    {Dimension::Number, kPositiveShare, "Share of line rate reached at scale",
                     "{fact: spectrum_x.effective_throughput}"});
    fields.quantity(
        "hop_latency", fabric.hopLatencyS,
        {Dimension::Seconds, kNotNegative, "One switch, port to port", "{fact: sn5600.switch_hop_ns}"});
    fields.quantity("end_latency", fabric.endLatencyS,
                    {Dimension::Seconds, kNotNegative, "GPU to GPU across nodes under one leaf",
                     "{fact: roce.p2p_latency_us}"});
    fields.oneOf("routing", fabric.routing, kRoutingNames,
                 {.doc = "adaptive spreads packets over all paths; ecmp hashes flows and collides"});
    fields.flag("in_network_reduction", fabric.inNetworkReduction,
                {.doc = "Switches add up gradients (SHARP)"});
}

void describeGpus(Fields& fields, Scenario& scenario) {
    fields.tableOf<GpuClass>(
        "gpus", scenario.gpus, describe,
        {.doc = "Classes of GPU beyond the catalogue, or changed ones", .inherits = true});
}

void describeRacks(Fields& fields, Scenario& scenario) {
    fields.tableOf<RackType>("racks", scenario.racks, describe,
                             {.doc = "Racks beyond the catalogue, or changed ones", .inherits = true});
}

void describeFabrics(Fields& fields, Scenario& scenario) {
    fields.tableOf<FabricType>(
        "fabrics", scenario.fabrics, describe,
        {.doc = "Scale-out networks beyond the catalogue, or changed ones", .inherits = true});
}

} // namespace atlas::scenario
