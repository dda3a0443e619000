#include "model/serving/roofline.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kActivationBytes = 2.0; // bf16 between layers

struct Exchange {
    double bytesS = 0;   ///< wire time a token on its GPU
    double latencyS = 0; ///< a dispatch or combine
};

enum class Phase { Prefill, Decode };

/// Wire time of sending one token to its experts and back, one layer: copies inside the NVLink domain, and
/// over the NIC one copy a remote node (at most nodeLimit, NVLink carries it on) in prefill, one copy a
/// remote expert in decode, where the forwarding hop would cost more than it saves (the two kinds of kernels
/// of DeepEP).
Exchange expertExchange(const Replica& r, Phase phase) {
    const auto& c = r.constants;
    const double ep = r.layout.ep;
    const double domain = std::min<double>(r.pool.nvlinkDomain, ep);
    const double bytes = r.hidden * (r.arithmetic.dispatchBytes + kActivationBytes);
    Exchange e;
    const double nvlinkCopies = r.shape.topK * (domain - 1.0) / domain;
    e.bytesS = nvlinkCopies * bytes / (r.pool.nvlinkBytesPerS * c.nvlinkBandwidth.value);
    e.latencyS = c.nvlinkLatencyS.value;
    if (ep > domain) {
        const double nodes = ep / domain;
        const double touched = nodes * (1.0 - std::pow(1.0 - 1.0 / nodes, r.shape.topK));
        const double copies = phase == Phase::Decode ? r.shape.topK : std::min(touched, c.nodeLimit.value);
        const double remote = copies * (nodes - 1.0) / nodes;
        e.bytesS = std::max(e.bytesS, remote * bytes / (r.pool.nicBytesPerS * r.pool.nicEfficiency));
        e.latencyS = c.nicLatencyS.value;
    }
    return e;
}

/// Wire time of a tensor-parallel all-reduce of one token's hidden vector, ring: 2 (n - 1) / n of the bytes.
double allReduceS(const Replica& r) {
    const double n = r.layout.tp;
    return 2.0 * (n - 1.0) / n * r.hidden * kActivationBytes /
           (r.pool.nvlinkBytesPerS * r.constants.nvlinkBandwidth.value);
}

double roofline(double flopS, double byteS, bool& memory) {
    memory = byteS > flopS;
    return std::max(flopS, byteS);
}

} // namespace

const char* DecodeStep::largest() const {
    const double most = std::max({gemm, experts, attention, communication, overhead});
    if (most == communication) {
        return "communication inside the replica";
    }
    if (most == overhead) {
        return "launch and scheduling overhead";
    }
    if (most == attention) {
        return attentionIsMemory ? "HBM bandwidth (KV cache)" : "attention arithmetic";
    }
    const bool memory = most == gemm ? gemmIsMemory : expertsAreMemory;
    return memory ? "HBM bandwidth (weights)" : "tensor cores";
}

DecodeStep decodeStep(const Replica& r, double batch, double context) {
    const auto& c = r.constants;
    const auto& s = r.shape;
    const bool moe = s.expertsPerLayer > 0;
    const double tp = r.layout.tp;
    const double flopRate = r.arithmetic.peakFlopPerS * r.arithmetic.gemmShare;
    const double byteRate = r.pool.hbmBytesPerS * c.hbmBandwidth.value;
    // Sequences whose tokens a tensor-parallel group works on at once: its own share with experts, one
    // micro-batch of the pipeline without.
    const double group = batch / r.layout.groups();

    DecodeStep step;
    step.gemm = roofline(2.0 * s.dense() * group / tp / flopRate,
                         s.dense() * r.arithmetic.weightBytes / tp / byteRate, step.gemmIsMemory);
    if (moe) {
        const double touched = 1.0 - std::pow(1.0 - s.topK / s.expertsPerLayer, batch);
        const double flop = 2.0 * s.activeExperts() * batch / r.layout.ep * c.expertImbalance.value;
        const double bytes = s.expertParameters / r.layout.ep * touched * r.arithmetic.weightBytes;
        step.experts =
            roofline(flop / (flopRate * c.expertGemm.value), bytes / byteRate, step.expertsAreMemory);
    }
    const double shards = std::min<double>(tp, s.kvShards);
    step.attention =
        roofline(s.attentionFlopPerContextToken * context * group / tp /
                     (r.pool.bf16FlopPerS * c.attentionFlops.value),
                 s.kvElementsPerToken * r.arithmetic.kvBytes * context * group / shards / byteRate,
                 step.attentionIsMemory);

    double bytesS = 0;
    double latencyS = 0;
    if (tp > 1) {
        const double reductions = moe ? r.layers : 2.0 * r.layers; // experts replace the MLP's all-reduce
        bytesS += reductions * group * allReduceS(r);
        latencyS += reductions * c.nvlinkLatencyS.value;
    }
    if (moe) {
        const Exchange e = expertExchange(r, Phase::Decode);
        bytesS += s.moeLayers * batch / r.layout.ep * e.bytesS * c.expertImbalance.value;
        latencyS += 2.0 * s.moeLayers * e.latencyS;
    }
    if (r.layout.pp > 1) {
        bytesS += r.layout.pp * group * r.hidden * kActivationBytes / tp /
                  (r.pool.nicBytesPerS * r.pool.nicEfficiency);
        latencyS += r.layout.pp * c.nicLatencyS.value;
    }
    step.communication = bytesS * (1.0 - c.overlap.value) + latencyS;
    step.overhead = r.layers * c.layerOverheadS.value + c.stepOverheadS.value;
    return step;
}

double prefillSecondsPerToken(const Replica& r, double depth) {
    const auto& c = r.constants;
    const auto& s = r.shape;
    const bool moe = s.expertsPerLayer > 0;
    const double tp = r.layout.tp;
    const double flopRate = r.arithmetic.peakFlopPerS * r.arithmetic.gemmShare;
    const double byteRate = r.pool.hbmBytesPerS * c.hbmBandwidth.value;
    const double chunk = c.prefillChunkTokens.value;

    // Seconds of one tensor-parallel group for one of its tokens; the groups work side by side.
    bool memory = false;
    double groupS = roofline(2.0 * (s.dense() - s.outputParameters) / tp / flopRate,
                             s.dense() * r.arithmetic.weightBytes / tp / byteRate / chunk, memory);
    if (moe) {
        const double flop = 2.0 * s.activeExperts() / tp * c.expertImbalance.value;
        const double bytes = s.expertParameters / r.layout.ep * r.arithmetic.weightBytes / chunk;
        groupS += roofline(flop / (flopRate * c.expertGemm.value), bytes / byteRate, memory);
    }
    groupS += s.prefillAttentionFlop * depth / tp / (r.pool.bf16FlopPerS * c.attentionFlops.value);
    groupS += r.layers * c.elementwisePasses.value * r.hidden * kActivationBytes / tp / byteRate;
    double wireS = 0;
    if (tp > 1) {
        wireS += (moe ? 1.0 : 2.0) * r.layers * allReduceS(r);
    }
    if (moe) {
        wireS += s.moeLayers * expertExchange(r, Phase::Prefill).bytesS / tp * c.expertImbalance.value;
    }
    groupS += wireS * (1.0 - c.overlap.value);
    return groupS / r.layout.groups();
}

double promptLatencyS(const Replica& r, double newTokens, double depth) {
    return newTokens * prefillSecondsPerToken(r, depth) * r.layout.groups();
}

} // namespace atlas::serving
