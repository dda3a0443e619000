// Clusters and frames for the scenes' tests and benchmarks: built by buildCluster from a scenario in code, so
// that a test says itself what it looks at. Rates are round numbers, not facts.
#pragma once

#include "model/cluster/cluster.h"
#include "model/core/philox.h"
#include "model/operations/frame.h"

#include <QtGlobal>

#include <memory>

namespace atlas::fixture {

using cluster::Index;
using operations::GpuState;

inline scenario::Sourced given(double value) {
    scenario::Sourced s;
    s.value = value;
    return s;
}

inline scenario::Scenario catalogue() {
    scenario::Scenario s;
    const auto gpu = [&](const char* id, const char* name) {
        scenario::GpuClass g;
        g.id = id;
        g.name = name;
        s.gpus.push_back(g);
    };
    gpu("H100", "H100 SXM 80 GB");
    gpu("A100", "A100 SXM 80 GB");
    gpu("GB200", "GB200 NVL72");
    scenario::RackType hgx;
    hgx.id = "hgx";
    s.racks.push_back(hgx);
    scenario::RackType nvl;
    nvl.id = "nvl72";
    nvl.traysPerRack = 18;
    nvl.gpusPerTray = 4;
    nvl.nvlinkDomainGpus = 72;
    s.racks.push_back(nvl);
    const auto fabric = [&](const char* id, const char* name, int rails, double gbit,
                            double oversubscription) {
        scenario::FabricType f;
        f.id = id;
        f.name = name;
        f.rails = rails;
        f.linkBytesPerS = given(gbit * 1e9 / 8);
        f.leafOversubscription = given(1);
        f.spineOversubscription = given(oversubscription);
        f.effectiveThroughput = given(0.9);
        f.hopLatencyS = given(1e-6);
        f.endLatencyS = given(5e-6);
        s.fabrics.push_back(f);
    };
    fabric("spectrum", "Spectrum-X 400G", 8, 400, 2);
    fabric("quantum", "HDR 200G", 8, 200, 4);
    fabric("xdr", "Spectrum-X 800G", 4, 800, 1);
    return s;
}

inline std::shared_ptr<const cluster::Cluster> build(const scenario::Cluster& spec) {
    auto built = cluster::buildCluster(catalogue(), spec);
    if (!built)
        qFatal("%s", text(built.errors()).c_str());
    return built.value();
}

inline scenario::Island island(const char* id, const char* name, const char* gpu, const char* rack,
                               const char* fabric, double gpus, int halls, int racksPerRow = 8) {
    scenario::Island i;
    i.id = id;
    i.name = name;
    i.gpu = gpu;
    i.rack = rack;
    i.fabric = fabric;
    i.gpuCount = given(gpus);
    i.halls = halls;
    i.racksPerRow = racksPerRow;
    return i;
}

/// Two islands and a narrow trunk: `h100` + `a100` GPUs in four halls.
inline std::shared_ptr<const cluster::Cluster> mixedCluster(double h100 = 165000, double a100 = 55000) {
    scenario::Cluster c;
    c.id = "mixed";
    c.name = "Mixed";
    c.islands = {island("h", "H100", "H100", "hgx", "spectrum", h100, 3),
                 island("a", "A100 island", "A100", "hgx", "quantum", a100, 1)};
    scenario::Trunk trunk;
    trunk.from = "h";
    trunk.to = "a";
    trunk.bytesPerS = given(12.8e12);
    trunk.latencyS = given(2e-5);
    c.trunks = {trunk};
    return build(c);
}

/// One island of NVL72 racks in three halls.
inline std::shared_ptr<const cluster::Cluster> uniformCluster(double gpus = 550000) {
    scenario::Cluster c;
    c.id = "uniform";
    c.name = "Uniform";
    c.islands = {island("n", "NVL72", "GB200", "nvl72", "xdr", gpus, 3, 16)};
    return build(c);
}

/// A training frame: `waiting` of the powered GPUs at the barrier, the rest computing and communicating, GPUs
/// from `poweredGpus` on without power, one culprit, and `faults` faults.
inline std::shared_ptr<operations::Frame> frame(const cluster::Cluster& cluster, double waiting,
                                                std::uint64_t seed, Index culprit = cluster::kNone,
                                                int faults = 0, Index poweredGpus = cluster::kNone) {
    auto f = std::make_shared<operations::Frame>();
    f->training = true;
    f->step = seed;
    f->state.resize(cluster.gpuCount);
    f->utilisation.resize(cluster.gpuCount);
    const auto set = [&](Index g, GpuState state, int utilisation) {
        f->state[g] = static_cast<std::uint8_t>(state);
        f->utilisation[g] = static_cast<std::uint8_t>(utilisation);
    };
    for (Index g = 0; g < cluster.gpuCount; ++g) {
        const auto w = random::words(seed, random::Purpose::StepMember, g);
        const double draw = w[0] / 4294967296.0;
        if (g >= poweredGpus)
            set(g, GpuState::Unpowered, 0);
        else if (draw < waiting)
            set(g, GpuState::Waiting, 10);
        else if (draw < waiting + (1 - waiting) * 0.82)
            set(g, GpuState::Computing, 180 + static_cast<int>(w[1] % 70));
        else
            set(g, GpuState::Communicating, 90);
    }
    for (int i = 0; i < faults; ++i)
        set(static_cast<Index>(
                random::words(seed, random::Purpose::FailStop, static_cast<std::uint64_t>(i))[0] %
                std::min(cluster.gpuCount, poweredGpus)),
            GpuState::Fault, 0);
    if (culprit != cluster::kNone) {
        set(culprit, GpuState::Culprit, 255);
        f->culprit = culprit;
        f->culpritSlowdown = 3.2;
    }
    for (const std::uint8_t s : f->state)
        ++f->counts[s];
    f->linkLoad.assign(cluster.linkGroups.size(), 0.4f);
    for (std::size_t i = 0; i < cluster.linkGroups.size(); ++i)
        if (cluster.linkGroups[i].kind == cluster::LinkKind::Trunk)
            f->linkLoad[i] = 0.97f;
    return f;
}

} // namespace atlas::fixture
