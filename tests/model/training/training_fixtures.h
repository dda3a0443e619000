// Machines and models the training tests share.
#pragma once

#include "model/training/planner.h"

namespace atlas::training::fixtures {

inline Pool hopper(std::int64_t gpus) {
    Pool pool;
    pool.gpu = "H100-SXM";
    pool.name = "Hopper";
    pool.gpus = gpus;
    pool.bf16FlopPerS = 989e12;
    pool.fp8FlopPerS = 1979e12;
    pool.hbmBytes = 80e9;
    pool.hbmBytesPerS = 3.35e12;
    pool.nvlinkBytesPerS = 450e9;
    pool.nvlinkDomain = 8;
    pool.nicBytesPerS = 50e9;
    pool.nicEfficiency = 0.95;
    pool.tdpW = 700;
    pool.idleW = 75;
    const std::int64_t nodes = std::max<std::int64_t>(1, (gpus + 7) / 8);
    pool.levels = {
        {NetworkLevel::Kind::Switch, "NVLink domain", 8, 450e9, 1.5e-6, true},
        {NetworkLevel::Kind::Switch, "rail leaf", std::min<std::int64_t>(64, nodes), 50e9, 2.5e-6, false},
        {NetworkLevel::Kind::Switch, "spine", (nodes + 63) / 64, 50e9, 4e-6, false}};
    return pool;
}

inline Pool ampere(std::int64_t gpus) {
    Pool pool = hopper(gpus);
    pool.gpu = "A100-80GB";
    pool.name = "Ampere";
    pool.bf16FlopPerS = 312e12;
    pool.fp8FlopPerS = 0;
    pool.hbmBytesPerS = 2.039e12;
    pool.nvlinkBytesPerS = 300e9;
    pool.nicBytesPerS = 25e9;
    pool.nicEfficiency = 0.6;
    pool.tdpW = 400;
    pool.idleW = 55;
    pool.levels[0].bytesPerS = 300e9;
    pool.levels[1].bytesPerS = 25e9;
    pool.levels[2].bytesPerS = 25e9;
    return pool;
}

inline Machine machine(std::vector<Pool> pools, double trunkBytesPerS = 10e12) {
    return {"machine", std::move(pools), trunkBytesPerS, 5e-6};
}

inline scenario::Transformer llama70b() {
    scenario::Transformer m;
    m.id = "llama3-70b";
    m.layers = 80;
    m.hidden = 8192;
    m.ffnHidden = 28672;
    m.heads = 64;
    m.kvHeads = 8;
    m.headDim = 128;
    m.vocab = 128256;
    return m;
}

inline scenario::Transformer deepseek() {
    scenario::Transformer m;
    m.id = "deepseek-v3";
    m.layers = 61;
    m.hidden = 7168;
    m.ffnHidden = 2048;
    m.heads = 128;
    m.kvHeads = 128;
    m.headDim = 128;
    m.vocab = 129280;
    m.experts = 256;
    m.topK = 8;
    m.sharedExperts = 1;
    m.denseLayers = 3;
    m.denseFfnHidden = 18432;
    m.attention = scenario::Attention::Mla;
    m.kvLoraRank = 512;
    return m;
}

inline Job job(scenario::Transformer model, std::int64_t batch, Precision precision = Precision::Bf16) {
    Job j;
    j.model = std::move(model);
    j.globalBatch = batch;
    j.precision = precision;
    j.sequence = 8192;
    return j;
}

inline Layout layout(int tp, int pp, int vp, std::int64_t dp, std::int64_t batch) {
    Layout l;
    l.tp = tp;
    l.pp = pp;
    l.vp = vp;
    l.dp = dp;
    l.globalBatch = batch;
    l.recompute = Recompute::Auto;
    return l;
}

} // namespace atlas::training::fixtures
