#include "model/serving/roofline.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kActivationBytes = 2.0; // bf16 between layers

/// One group of operators: the longer of arithmetic and memory, and what of the shorter does not hide.
double roofline(double flopS, double byteS, double hidden, bool& memory) {
    memory = byteS > flopS;
    return std::max(flopS, byteS) + (1.0 - hidden) * std::min(flopS, byteS);
}

/// Tokens that one group, the busiest, works on in a step.
struct GroupTokens {
    double sequences = 0, written = 0, prompt = 0;
    [[nodiscard]] double all() const { return written + prompt; }
};

GroupTokens groupTokens(const Replica& r, const StepLoad& load) {
    const double groups = r.layout.groups();
    GroupTokens g;
    g.sequences = load.sequences > 0 ? std::max(1.0, load.sequences / groups) : 0.0;
    g.written = g.sequences * load.tokensPerSequence;
    g.prompt = load.promptBusiest > 0 ? load.promptBusiest : load.promptTokens / groups;
    return g;
}

double denseProducts(const Replica& r, const GroupTokens& g, double byteRate, bool& memory) {
    const auto& s = r.shape;
    const auto& a = r.arithmetic;
    const double tp = r.layout.tp;
    // Of a prompt only the last token meets the output head.
    const double wide = 2.0 * (s.denseMlpParameters * g.all() + s.outputParameters * g.written);
    const double wideBytes =
        a.weightBytes * (s.denseMlpParameters + (g.written > 0 ? s.outputParameters : 0.0));
    const double flopS = wide / a.gemmFlopPerS + 2.0 * s.attentionParameters * g.all() / a.projectionFlopPerS;
    const double byteS = (wideBytes + a.projectionBytes * s.attentionParameters) / byteRate;
    return roofline(flopS / tp, byteS / tp, r.constants.memoryHidden.value, memory);
}

double expertProducts(const Replica& r, double tokens, double imbalance, double byteRate, bool& memory) {
    const auto& s = r.shape;
    const double touched = 1.0 - std::pow(1.0 - s.topK / s.expertsPerLayer, tokens);
    const double flop = 2.0 * s.activeExperts() * tokens / r.layout.ep * imbalance;
    const double bytes = s.expertParameters / r.layout.ep * touched * r.arithmetic.weightBytes;
    return roofline(flop / (r.arithmetic.gemmFlopPerS * r.constants.expertGemm.value), bytes / byteRate,
                    r.constants.memoryHidden.value, memory);
}

/// The busiest of `ep` GPUs holds experts / ep of them: their mean load spreads less the more they are, and
/// the largest of n normal numbers lies sqrt(2 ln n) deviations out.
double expertImbalance(const Replica& r) {
    if (r.shape.expertsPerLayer <= 0) {
        return 1.0;
    }
    const auto& c = r.constants;
    const double spread = r.engine.balancedExperts ? c.expertSpread.value : c.expertSpreadRaw.value;
    const double ep = r.layout.ep;
    return 1.0 + spread * std::sqrt(ep / r.shape.expertsPerLayer) * std::sqrt(2.0 * std::log(ep));
}

double attentionS(const Replica& r, const StepLoad& load, const GroupTokens& g, double byteRate,
                  bool& memory) {
    const auto& s = r.shape;
    const auto& a = r.arithmetic;
    const double tp = r.layout.tp;
    const double shards = std::min<double>(tp, s.kvShards);
    const double read = g.sequences * load.context / shards * s.kvElementsPerToken * a.kvBytes *
                        r.constants.kvReads.value / byteRate;
    const double flopS = s.attentionFlopPerContextToken * load.context * g.written / tp / a.attentionFlopPerS;
    const double decode = roofline(flopS, read, r.constants.memoryHidden.value, memory);
    return decode + s.prefillAttentionFlop * load.promptDepth * g.prompt / tp / a.attentionFlopPerS;
}

double communicationS(const Replica& r, const GroupTokens& g, double imbalance) {
    const auto& c = r.constants;
    const bool dispatch = r.shape.expertsPerLayer > 0 && r.layout.groups() > 1;
    double exposedS = 0;
    if (r.layout.tp > 1) {
        const LinkTime t = allReduceTime(r);
        const double reductions = dispatch ? r.layers : 2.0 * r.layers; // experts replace the MLP's
        exposedS += reductions * (g.all() * t.tokenS * (1.0 - c.reduceHidden.value) + t.latencyS);
    }
    if (dispatch) {
        const double perGpu = imbalance / r.layout.tp * r.shape.moeLayers;
        const LinkTime written = expertExchangeTime(r, Phase::Decode);
        const double wireS =
            perGpu * (g.written * written.tokenS + g.prompt * expertExchangeTime(r, Phase::Prefill).tokenS);
        exposedS += wireS * (1.0 - c.exchangeHidden.value) + 2.0 * r.shape.moeLayers * written.latencyS;
    }
    if (r.layout.pp > 1) {
        const LinkTime t = stageTime(r);
        exposedS += r.layout.pp * (g.all() * t.tokenS + t.latencyS);
    }
    return exposedS;
}

} // namespace

const char* StepTime::largest() const {
    const double most = std::max({gemm, experts, attention, elementwise, communication, overhead});
    if (most == communication) {
        return "communication inside the replica";
    }
    if (most == overhead) {
        return "launch and scheduling overhead";
    }
    if (most == attention) {
        return attentionIsMemory ? "HBM bandwidth (KV cache)" : "attention arithmetic";
    }
    if (most == elementwise) {
        return "HBM bandwidth (activations)";
    }
    const bool memory = most == gemm ? gemmIsMemory : expertsAreMemory;
    return memory ? "HBM bandwidth (weights)" : "tensor cores";
}

StepTime engineStep(const Replica& r, const StepLoad& load) {
    const auto& c = r.constants;
    const double byteRate = r.pool.hbmBytesPerS * c.hbmBandwidth.value;
    const GroupTokens g = groupTokens(r, load);
    // With one group the experts' matrices are split like an MLP's, and no GPU has more of them to do.
    const double imbalance = r.layout.groups() > 1 ? expertImbalance(r) : 1.0;
    StepTime step;
    step.gemm = denseProducts(r, g, byteRate, step.gemmIsMemory);
    if (r.shape.expertsPerLayer > 0) {
        const double tokens = load.sequences * load.tokensPerSequence + load.promptTokens;
        step.experts = expertProducts(r, tokens, imbalance, byteRate, step.expertsAreMemory);
    }
    step.attention = attentionS(r, load, g, byteRate, step.attentionIsMemory);
    step.elementwise =
        r.layers * c.elementwisePasses.value * r.hidden * kActivationBytes * g.all() / r.layout.tp / byteRate;
    step.communication = communicationS(r, g, imbalance);
    step.overhead = r.layers * c.layerOverheadS.value + c.stepOverheadS.value;
    return step;
}

double prefillSecondsPerToken(const Replica& r, double depth) {
    const double tokens = r.engine.prefillChunkTokens.value * r.layout.groups();
    return engineStep(r, {0, 0, 1, tokens, depth}).total() / tokens;
}

} // namespace atlas::serving
