// Small scenarios, written out, for the tests of cluster and operations.
#pragma once

#include "model/cluster/cluster.h"

namespace atlas::testing {

inline scenario::GpuClass gpuClass(std::string id, double bf16, double hbmBytes, double hbmBytesPerS,
                                   double nvlink, double nic, double tdpW) {
    using scenario::Sourced;
    scenario::GpuClass gpu;
    gpu.id = gpu.name = std::move(id);
    gpu.architecture = "hopper";
    gpu.bf16FlopPerS = Sourced(bf16);
    gpu.hbmBytes = Sourced(hbmBytes);
    gpu.hbmBytesPerS = Sourced(hbmBytesPerS);
    gpu.nvlinkBytesPerS = Sourced(nvlink);
    gpu.nicBytesPerS = Sourced(nic);
    gpu.tdpW = Sourced(tdpW);
    gpu.idleW = Sourced(tdpW / 8);
    gpu.hostOverheadW = Sourced(300);
    return gpu;
}

inline scenario::RackType hgxRack() {
    scenario::RackType rack;
    rack.id = rack.name = "hgx";
    rack.traysPerRack = 8;
    rack.gpusPerTray = 8;
    rack.nvlinkDomainGpus = 8;
    return rack;
}

inline scenario::RackType nvl72Rack() {
    scenario::RackType rack;
    rack.id = rack.name = "nvl72";
    rack.traysPerRack = 18;
    rack.gpusPerTray = 4;
    rack.nvlinkDomainGpus = 72;
    return rack;
}

inline scenario::FabricType fabric(std::string id, int rails, double linkBytesPerS) {
    using scenario::Sourced;
    scenario::FabricType type;
    type.id = type.name = std::move(id);
    type.rails = rails;
    type.leafDownPorts = 64;
    type.spinePorts = 64;
    type.linkBytesPerS = Sourced(linkBytesPerS);
    type.leafOversubscription = Sourced(1);
    type.spineOversubscription = Sourced(1);
    type.effectiveThroughput = Sourced(0.95);
    type.hopLatencyS = Sourced(0.6e-6);
    type.endLatencyS = Sourced(3e-6);
    return type;
}

inline scenario::Island island(std::string id, std::string gpu, std::string rack, std::string fabricId,
                               double gpus, int halls = 1) {
    scenario::Island spec;
    spec.id = std::move(id);
    spec.name = spec.id + " island";
    spec.gpu = std::move(gpu);
    spec.rack = std::move(rack);
    spec.fabric = std::move(fabricId);
    spec.gpuCount = scenario::Sourced(gpus);
    spec.halls = halls;
    spec.firstMonth = scenario::Month::of(2026, 1);
    return spec;
}

/// The catalogue of these tests, without clusters.
inline scenario::Scenario catalogue() {
    scenario::Scenario s;
    s.name = "test";
    s.start = scenario::Month::of(2026, 1);
    s.gpus = {gpuClass("H100-SXM", 989e12, 80e9, 3.35e12, 450e9, 50e9, 700),
              gpuClass("A100-SXM", 312e12, 80e9, 2.04e12, 300e9, 25e9, 400),
              gpuClass("GB200", 2500e12, 186e9, 8e12, 900e9, 50e9, 1200)};
    s.racks = {hgxRack(), nvl72Rack()};
    s.fabrics = {fabric("rail8", 8, 50e9), fabric("rail4", 4, 50e9), fabric("old", 8, 25e9)};
    return s;
}

inline scenario::Trunk trunk(std::string from, std::string to, double bytesPerS) {
    scenario::Trunk t;
    t.from = std::move(from);
    t.to = std::move(to);
    t.bytesPerS = scenario::Sourced(bytesPerS);
    t.latencyS = scenario::Sourced(10e-6);
    return t;
}

inline scenario::Cluster clusterSpec(std::vector<scenario::Island> islands,
                                     std::vector<scenario::Trunk> trunks = {}) {
    scenario::Cluster spec;
    spec.id = spec.name = "test";
    spec.islands = std::move(islands);
    spec.trunks = std::move(trunks);
    spec.staticSpeedSpread = scenario::Sourced(0.01);
    spec.stepJitter = scenario::Sourced(0.005);
    return spec;
}

/// 165,000 H100 in three halls and 55,000 A100 in a fourth.
inline scenario::Cluster mixedSpec() {
    return clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 165'000, 3),
                        island("A100", "A100-SXM", "hgx", "old", 55'000, 1)},
                       {trunk("H100", "A100", 12.8e12)});
}

/// 550,000 GB200 in three halls of NVL72 racks.
inline scenario::Cluster blackwellSpec() {
    return clusterSpec({island("GB200", "GB200", "nvl72", "rail4", 550'000, 3)});
}

} // namespace atlas::testing
