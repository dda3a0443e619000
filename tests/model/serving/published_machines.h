// GPUs and models as published, for tests that must not depend on a scenario file. Peaks as in
// facts/gpus.yaml.
#pragma once

#include "model/training/machine.h"

namespace atlas::test {

inline training::Pool pool(const char* gpu, double bf16, double fp8, double fp4, double hbmGb, double hbmTbS,
                           double nvlinkGbS, int domain, double nicGbit, std::int64_t gpus) {
    training::Pool p;
    p.gpu = gpu;
    p.name = gpu;
    p.gpus = gpus;
    p.bf16FlopPerS = bf16 * 1e12;
    p.fp8FlopPerS = fp8 * 1e12;
    p.fp4FlopPerS = fp4 * 1e12;
    p.hbmBytes = hbmGb * 1e9;
    p.hbmBytesPerS = hbmTbS * 1e12;
    p.nvlinkBytesPerS = nvlinkGbS * 1e9;
    p.nvlinkDomain = domain;
    p.nicBytesPerS = nicGbit * 1e9 / 8;
    p.nicEfficiency = 0.9;
    return p;
}

inline training::Pool a100(std::int64_t n = 8) {
    return pool("A100-SXM-80", 312, 0, 0, 80, 2.039, 300, 8, 200, n);
}
inline training::Pool h100(std::int64_t n = 8) {
    return pool("H100-SXM", 989, 1979, 0, 80, 3.35, 450, 8, 400, n);
}
inline training::Pool h200(std::int64_t n = 8) {
    return pool("H200-SXM", 989, 1979, 0, 141, 4.8, 450, 8, 400, n);
}
inline training::Pool b200(std::int64_t n = 8) {
    return pool("B200", 2250, 4500, 9000, 180, 8, 900, 8, 400, n);
}
inline training::Pool gb200(std::int64_t n = 72) {
    return pool("GB200-NVL72", 2500, 5000, 10000, 186, 8, 900, 72, 400, n);
}
inline training::Pool gb300(std::int64_t n = 72) {
    return pool("GB300-NVL72", 2500, 5000, 15000, 288, 8, 900, 72, 800, n);
}

inline training::Machine machine(training::Pool p) {
    training::Machine m;
    m.name = p.gpu;
    m.pools = {std::move(p)};
    return m;
}

inline scenario::Transformer llama2_70b() {
    scenario::Transformer m;
    m.id = "llama2-70b";
    m.name = "Llama 2 70B";
    m.layers = 80, m.hidden = 8192, m.ffnHidden = 28672, m.heads = 64, m.kvHeads = 8, m.headDim = 128;
    m.vocab = 32000;
    return m;
}
inline scenario::Transformer llama31_405b() {
    scenario::Transformer m;
    m.id = "llama31-405b";
    m.name = "Llama 3.1 405B";
    m.layers = 126, m.hidden = 16384, m.ffnHidden = 53248, m.heads = 128, m.kvHeads = 8, m.headDim = 128;
    m.vocab = 128256;
    return m;
}
inline scenario::Transformer deepseekR1() {
    scenario::Transformer m;
    m.id = "deepseek-r1";
    m.name = "DeepSeek R1";
    m.layers = 61, m.hidden = 7168, m.ffnHidden = 2048, m.heads = 128, m.kvHeads = 128, m.headDim = 128;
    m.vocab = 129280;
    m.experts = 256, m.topK = 8, m.sharedExperts = 1, m.denseLayers = 3, m.denseFfnHidden = 18432;
    m.attention = scenario::Attention::Mla;
    m.kvLoraRank = 512;
    return m;
}

inline scenario::ServeJob serveJob(double input, double output, double hit, double firstS, double tokenS,
                                   scenario::Precision precision) {
    scenario::ServeJob j;
    j.id = "chat";
    j.name = "chat";
    j.precision = precision;
    j.inputTokens = catalog::Sourced(input);
    j.outputTokens = catalog::Sourced(output);
    j.cacheHit = catalog::Sourced(hit);
    j.timeToFirstTokenS = catalog::Sourced(firstS);
    j.timePerOutputTokenS = catalog::Sourced(tokenS);
    j.peakOverMean = catalog::Sourced(1.6);
    j.weekendFactor = catalog::Sourced(0.65);
    j.userTokensPerDay = catalog::Sourced(20000);
    return j;
}

} // namespace atlas::test
