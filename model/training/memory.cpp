#include "model/training/step_core.h"

#include <algorithm>

namespace atlas::training {

namespace {

/// Bytes a layer keeps a token for the backward, without recompute and without the score matrix.
/// Korthikanti et al. 2022: 34 sbh with dropout masks; this is that count term by term without masks.
double activationBytesPerToken(const ModelShape& m, const Layout& l) {
    const double tp = l.tp;
    const double sharded = l.sequenceParallel ? 1 / tp : 1;
    const double attention =
        2 * m.hidden * sharded + 2 * (m.attentionWidth + m.kvWidth + m.attentionWidth) / tp;
    const double norms = 4 * m.hidden * sharded;
    double mlp = 0;
    if (m.denseLayers > 0) {
        mlp += m.denseLayers / m.layers * (2 * m.hidden * sharded + 2 * (m.gates + 1) * m.ffn / tp);
    }
    if (m.expertLayers > 0) {
        const bool folded = l.ep > l.dp * l.cp;
        const double cut = folded ? tp : 1.0;
        const double width =
            m.topK / cut * (2 * m.hidden + 2 * (m.gates + 1) * m.expertFfn / (folded ? 1 : tp)) +
            2 * m.hidden * sharded + 2 * (m.gates + 1) * m.sharedExperts * m.expertFfn / tp;
        mlp += m.expertLayers / m.layers * width;
    }
    return attention + norms + mlp;
}

/// Operator-wise selective recompute keeps attention and every second matrix product: about half.
constexpr double kKeptByOperator = 0.5;

struct Parts {
    double fixed = 0;      ///< all but activations of layers
    double kept = 0;       ///< activations of all layers in flight, nothing recomputed
    double recomputed = 0; ///< the same, all layers recomputed
};

// CUDA context, libraries, communicator buffers; what the caching allocator cannot hand out again.
constexpr double kContextBytes = 1.5e9;
constexpr double kCommunicatorBytes = 0.25e9;
constexpr double kFragmentation = 0.05;

Parts partsOf(const MemoryParts& shared, const Work& work, const Layout& l) {
    const double pp = l.pp;
    // 1F1B: the first stage holds p micro-batches; interleaving 1 + (p - 1) / (p v) of that.
    const double inFlight =
        pp > 1 ? std::min(shared.microBatches, pp * (l.vp > 1 ? 1 + (pp - 1) / (pp * l.vp) : 1.0)) : 1.0;
    const bool byOperator = l.recompute == Recompute::Selective && work.selectiveByOperator;
    const double perLayer = shared.perLayer * (byOperator ? kKeptByOperator : 1.0);
    const double layers = shared.layers;
    Parts parts;
    parts.kept = layers * inFlight * perLayer;
    parts.recomputed = layers * inFlight * shared.inputOnly + perLayer;
    // The last stage holds one micro-batch in flight only, so its logits count where it is alone.
    const double logits = shared.logits;
    parts.kept = std::max(parts.kept + (pp > 1 ? 0 : logits), layers * perLayer + logits);
    parts.recomputed =
        std::max(parts.recomputed + (pp > 1 ? 0 : logits), layers * shared.inputOnly + perLayer + logits);
    parts.kept *= 1 + kFragmentation;
    parts.recomputed *= 1 + kFragmentation;
    const Memory& states = shared.states;
    parts.fixed = states.weights + states.gradients + states.optimizer + states.workspace;
    return parts;
}

} // namespace

MemoryParts memoryPartsOf(const ModelShape& m, const Work& work, const Layout& l) {
    const double tp = l.tp;
    const double pp = l.pp;
    const double layers = splitLayers(m.layers, l.pp).fullest;
    const double share = layers / m.layers;
    const double replicas = static_cast<double>(l.dp) * l.cp;
    const bool folded = m.experts > 0 && l.ep > l.dp * l.cp;
    const double dense = share *
                             (m.layers * m.attentionParams() + m.denseLayers * m.denseMlpParams() +
                              m.expertLayers * (m.sharedParams() + m.hidden * m.experts)) /
                             tp +
                         m.embeddingParams() / tp * (pp > 1 || m.tied ? 1 : 2);
    const double expert =
        m.experts > 0 ? share * m.expertLayers * m.experts * m.expertParams() / (l.ep * (folded ? 1 : tp))
                      : 0;
    const double expertReplicas = std::max(1.0, replicas * (folded ? tp : 1) / l.ep);
    const double group = l.fsdpGroup > 0 ? std::min<double>(l.fsdpGroup, replicas) : replicas;
    const bool fsdp = l.sharding == Sharding::Fsdp && l.pp == 1; // a pipeline keeps them gathered
    const bool inGroup = l.sharding == Sharding::Fsdp;
    const double shard = l.sharding == Sharding::None ? 1 : inGroup ? group : replicas;
    const double expertShard = l.sharding == Sharding::None ? 1
                               : inGroup                    ? std::min(group, expertReplicas)
                                                            : expertReplicas;

    MemoryParts parts;
    parts.layers = layers;
    Memory& memory = parts.states;
    const double params = dense + expert;
    // Fully sharded: the shard, and two layers gathered at a time.
    const double expertGroup = std::min(group, expertReplicas);
    const double shards = dense / group + expert / expertGroup;
    memory.weights = fsdp ? 2 * shards + 2 * 2 * params / layers : 2 * params;
    memory.gradients = fsdp ? work.mainGradientBytes * shards + work.gradientBytes * params / layers
                            : work.mainGradientBytes * params;
    memory.optimizer = 12 * (dense / shard + expert / expertShard);
    const double communicators = 1 + (l.tp > 1) + (l.pp > 1) + (l.cp > 1) + (l.ep > 1);
    const double states = memory.weights + memory.gradients + memory.optimizer;
    memory.workspace = kContextBytes + kCommunicatorBytes * communicators + kFragmentation * states;

    const double tokens = l.microBatch * work.sequence / l.cp;
    parts.microBatches = static_cast<double>(l.globalBatch) / static_cast<double>(l.dp * l.microBatch);
    parts.perLayer = tokens * activationBytesPerToken(m, l);
    parts.inputOnly = 2 * tokens * m.hidden * (l.sequenceParallel ? 1 / tp : 1);
    // Logits and their gradient in 16 bit, and in 32 bit too where the loss is not fused; one micro-batch,
    // where the head is.
    parts.logits = tokens * m.vocab / tp * (work.fusedLoss ? 4 : 8);
    return parts;
}

Memory memoryOf(const MemoryParts& shared, const Work& work, const Layout& layout, double capacityBytes,
                double recomputeShare) {
    const Parts parts = partsOf(shared, work, layout);
    Memory memory = shared.states;
    memory.capacity = capacityBytes;
    memory.activations = parts.kept + recomputeShare * (parts.recomputed - parts.kept);
    return memory;
}

Memory memoryOf(const ModelShape& model, const Work& work, const Layout& layout, double capacityBytes,
                double recomputeShare) {
    return memoryOf(memoryPartsOf(model, work, layout), work, layout, capacityBytes, recomputeShare);
}

double recomputeToFit(const MemoryParts& shared, const Work& work, const Layout& layout,
                      double capacityBytes) {
    const Parts parts = partsOf(shared, work, layout);
    const double room = capacityBytes - parts.fixed;
    if (parts.kept <= room) {
        return 0;
    }
    if (parts.recomputed > room) {
        return 2;
    }
    return (parts.kept - room) / (parts.kept - parts.recomputed);
}

double recomputeToFit(const ModelShape& model, const Work& work, const Layout& layout, double capacityBytes) {
    return recomputeToFit(memoryPartsOf(model, work, layout), work, layout, capacityBytes);
}

} // namespace atlas::training
