#include "model/training/step_core.h"

#include <algorithm>
#include <cmath>

namespace atlas::training {

namespace {

/// Where the matrix products of a layer run.
struct Context {
    const Device& device;
    const Fabric& fabric;
    const ModelShape& model;
    const Work& work;
    const Layout& layout;
    const Calibration& c;
    double tp, cp, tokens, sharded,
        cast;           ///< tokens of a micro-batch on this GPU; 1/tp with sequence parallelism
    double gatherS = 0; ///< all-gather of the micro-batch's activations over the TP ranks, 16 bit
    double tensorS = 0; ///< what a block passes over them, see tensorOf()
};

/// [m, k] x [k, n]: FLOPs at the achievable rate plus the operand traffic that does not hide, so that the
/// efficiency is smooth in size and in the smallest dimension: 1 / (1 + d (1/m + 1/n + 1/k)) with
/// d = operand share * rate / (2 * bandwidth / bytes).
double gemmS(const Context& x, double m, double n, double k, MathWidth width) {
    const double rate = x.device.gemmFlopPerS[static_cast<std::size_t>(width)];
    const double inputBytes = width == MathWidth::Bits16 ? 2.0 : width == MathWidth::Bits8 ? 1.0 : 0.5;
    const double traffic = inputBytes * (m * k + k * n) + 2.0 * m * n;
    return 2 * m * n * k / rate + traffic * x.device.operandSPerByte;
}

/// Bytes of one cast operand: read 16 bit, write it and its transpose in 8 bit.
constexpr double kCastBytes = 4;

double quantiseS(const Context& x, double elements) {
    return x.work.quantisePasses * kCastBytes * elements * x.device.quantiseSPerByte;
}

/// All-gather in front of a block and reduce-scatter behind it (or the all-reduce that is both). fp8 recipes
/// with a known scale gather in 8 bit; sums stay in 16.
double tensorOf(const Context& x) {
    const double elements = x.tokens * x.model.hidden;
    if (!x.layout.sequenceParallel) {
        return reduceS(x.fabric, x.tp, 1, 2 * elements);
    }
    const double gather =
        x.work.gatherBytes == 2 ? x.gatherS : gatherS(x.fabric, x.tp, 1, x.work.gatherBytes * elements);
    return gather + x.gatherS;
}

/// Bytes a score moves forward where the score matrix goes through memory: written, masked softmax (read,
/// write), dropout (read, write, mask), read by the product with the values.
constexpr double kScoreBytes = 13;

/// Forward attention of one layer. Flash kernels skip the masked half; the unfused one computes it and pays
/// for the matrix in memory.
double attentionS(const Context& x) {
    const double pairFlop = 2 * x.model.scoreWidth / x.tp;
    const double keys = x.model.meanKeys(x.work.sequence);
    const double rate = x.device.attentionFlopPerS[static_cast<std::size_t>(x.work.attention)];
    if (x.work.attention == AttentionKernel::Scores) {
        return x.tokens * 2 * keys *
               (pairFlop / rate + kScoreBytes * x.model.heads / x.tp / x.device.hbmBytesPerS);
    }
    return x.tokens * keys * pairFlop / rate;
}

LayerTimes attentionBlock(const Context& x) {
    const ModelShape& m = x.model;
    LayerTimes time;
    const MathWidth width = x.work.width;
    time.gemm = gemmS(x, x.tokens, m.qkvWidth / x.tp, m.hidden, width) +
                gemmS(x, x.tokens, m.hidden, m.attentionWidth / x.tp, width);
    time.attention = attentionS(x);
    // Norm (read, write), residual add (two reads, write), in 16 bit; rotary embedding and the attention's
    // own operands once through HBM.
    const double bytes = x.tokens * (10 * m.hidden * x.sharded +
                                     (4 * m.qkvWidth + 2 * (m.attentionWidth + m.qkvWidth)) / x.tp);
    time.elementwise = bytes * x.work.elementwiseFactor / x.device.hbmBytesPerS +
                       quantiseS(x, x.tokens * (m.hidden * x.cast + m.attentionWidth / x.tp));
    time.tp = x.tensorS;
    if (x.cp > 1) {
        time.cp = gatherS(x.fabric, x.cp, x.tp, 2 * x.tokens * x.cp * m.kvExchange / x.tp);
    }
    return time;
}

LayerTimes denseMlp(const Context& x, double ffn) {
    const ModelShape& m = x.model;
    LayerTimes time;
    const MathWidth width = x.work.width;
    const double f = ffn / x.tp;
    time.gemm = gemmS(x, x.tokens, m.gates * f, m.hidden, width) + gemmS(x, x.tokens, m.hidden, f, width);
    const double bytes = x.tokens * (10 * m.hidden * x.sharded + 2 * (m.gates + 1) * f);
    time.elementwise = bytes * x.work.elementwiseFactor / x.device.hbmBytesPerS +
                       quantiseS(x, x.tokens * (m.hidden * x.cast + f));
    time.tp = x.tensorS;
    return time;
}

/// Experts over `ep` ranks. Where ep spans more ranks than data and context parallelism have, the experts
/// fold over the tensor-parallel ranks too and are not cut themselves.
LayerTimes expertMlp(const Context& x) {
    const ModelShape& m = x.model;
    const Layout& l = x.layout;
    LayerTimes time;
    const MathWidth width = x.work.width;
    const bool folded = l.ep > l.dp * l.cp;
    const double cut = folded ? 1 : x.tp;
    const double tokens = folded ? x.tokens / x.tp : x.tokens;
    const double ep = l.ep;
    const double local = m.experts / ep;
    const double perExpert = tokens * m.topK / local;
    const double f = m.expertFfn / cut;
    const double grouped = x.c[Constant::ExpertEfficiency];
    time.gemm =
        local *
        (gemmS(x, perExpert, m.gates * f, m.hidden, width) + gemmS(x, perExpert, m.hidden, f, width)) /
        grouped;
    time.gemm += gemmS(x, tokens, m.experts, m.hidden, MathWidth::Bits16);
    if (m.sharedExperts > 0) {
        const double shared = m.sharedExperts * m.expertFfn / x.tp;
        time.gemm += gemmS(x, x.tokens, m.gates * shared, m.hidden, width) +
                     gemmS(x, x.tokens, m.hidden, shared, width);
    }
    // Permute and un-permute: read and write every routed token once each way, and the weighted sum.
    const double routed = tokens * m.topK;
    const double bytes =
        x.tokens * 10 * m.hidden * x.sharded + routed * (10 * m.hidden + 2 * (m.gates + 1) * f);
    time.elementwise = bytes * x.work.elementwiseFactor / x.device.hbmBytesPerS +
                       quantiseS(x, tokens * m.hidden + routed * f);
    const double sendBytes = 2 * x.tokens / x.tp * m.topK * m.hidden;
    const Exchange exchange = exchangeS(x.fabric, ep, folded ? 1 : x.tp, sendBytes, m.topK, m.domainLimit);
    // Dispatch and combine. Inside a domain part of it hides behind the permutation and the shared expert;
    // over the NIC it is all exposed.
    time.ep = 2 * (x.c[Constant::ExpertExposed] * exchange.innerS + exchange.outerS);
    time.epWhole = 2 * (exchange.innerS + exchange.outerS);
    time.tp = folded ? 0 : x.tensorS;
    return time;
}

LayerTimes sum(const LayerTimes& a, const LayerTimes& b) {
    return {
        a.gemm + b.gemm, a.attention + b.attention, a.elementwise + b.elementwise, a.tp + b.tp, a.cp + b.cp,
        a.ep + b.ep,     a.epWhole + b.epWhole};
}

LayerTimes scaled(const LayerTimes& a, double f) {
    return {a.gemm * f, a.attention * f, a.elementwise * f, a.tp * f, a.cp * f, a.ep * f, a.epWhole * f};
}

/// Bytes a logit moves in softmax and cross-entropy, forward and backward: 16-bit logits read, 32-bit written
/// and read twice, 16-bit gradient written.
constexpr double kLossBytes = 16;

double exposedBehind(double communication, double window, double lost) {
    return lost * std::min(communication, window) + std::max(0.0, communication - window);
}

} // namespace

StageSplit splitLayers(double layers, int stages) {
    const double even = layers / stages;
    if (stages == 1 || even == std::floor(even)) {
        return {even, even};
    }
    const double fullest = std::ceil(even);
    return {fullest, std::max(0.0, layers - fullest * (stages - 1))};
}

void StepTerms::setMicroBatches(double count) {
    microBatches = count;
    const double busy = microBatches * slowestStage + fill;
    barrier = busy * barrierShare;
    stepS = busy + dp + optimizer + barrier;
}

Breakdown StepTerms::breakdown() const {
    Breakdown b;
    const double m = microBatches;
    b.gemm = m * gemm;
    b.attention = m * attention;
    b.elementwise = m * (elementwise + host);
    b.tp = m * tp;
    b.cp = m * cp;
    b.ep = m * ep;
    b.pp = m * send;
    b.dp = m * fsdp + dp;
    b.optimizer = optimizer;
    b.bubble = m * (slowestStage - microS()) + fill;
    b.barrier = barrier;
    return b;
}

StepParts stepPartsOf(const Device& device, const Fabric& fabric, const Fabric& dataFabric,
                      const ModelShape& model, const Work& work, const Layout& layout, const Calibration& c) {
    const double tp = layout.tp;
    const double cp = layout.cp;
    const double tokens = layout.microBatch * work.sequence / cp;
    Context x{device,
              fabric,
              model,
              work,
              layout,
              c,
              tp,
              cp,
              tokens,
              layout.sequenceParallel ? 1 / tp : 1.0,
              layout.sequenceParallel && !work.castUnsharded ? 1 / tp : 1.0};
    x.gatherS = gatherS(fabric, tp, 1, 2 * tokens * model.hidden);
    x.tensorS = tensorOf(x);
    const LayerTimes attention = attentionBlock(x);
    LayerTimes layersSum = scaled(attention, model.layers);
    if (model.denseLayers > 0) {
        layersSum = sum(layersSum, scaled(denseMlp(x, model.ffn), model.denseLayers));
    }
    if (model.expertLayers > 0) {
        layersSum = sum(layersSum, scaled(expertMlp(x), model.expertLayers));
    }
    const double perLayer = 1 / model.layers;
    StepParts parts;
    parts.layer = scaled(layersSum, perLayer);

    // LM head in 16 bit and the loss, on the last stage.
    const double software = work.stackFactor;
    parts.headGemm = software * 3 * gemmS(x, tokens, model.vocab / tp, model.hidden, MathWidth::Bits16);
    const double headBytes = tokens * (kLossBytes * model.vocab / tp + 20 * model.hidden * x.sharded);
    parts.headElementwise = software * headBytes * work.lossFactor / device.hbmBytesPerS;
    parts.headTp = work.tensorExposed * 3 * x.gatherS;

    // Parameters on this GPU and the replicas they are summed over.
    const double pp = layout.pp;
    const double denseParams =
        (model.layers * model.attentionParams() + model.denseLayers * model.denseMlpParams() +
         model.expertLayers * (model.sharedParams() + model.hidden * model.experts)) /
        (pp * tp);
    const double embedding = model.embeddingParams() / tp * (pp > 1 || model.tied ? 1 : 2);
    const bool folded = model.experts > 0 && layout.ep > layout.dp * layout.cp;
    parts.expert = model.experts > 0 ? model.expertLayers * model.experts * model.expertParams() /
                                           (pp * layout.ep * (folded ? 1 : tp))
                                     : 0;
    parts.dense = denseParams + embedding;
    const double replicas = parts.replicas = static_cast<double>(layout.dp) * cp;
    parts.expertReplicas = std::max(1.0, replicas * (folded ? tp : 1) / layout.ep);
    const double expertStride = (folded ? 1 : tp) * layout.ep;

    if (layout.pp > 1) {
        const double message = 2 * tokens * model.hidden / (layout.sequenceParallel ? tp : 1);
        const double stride = tp * cp * static_cast<double>(layout.dp);
        parts.sendS = sendS(fabric, stride, message);
        parts.sendsOverNic = 2 * stride > fabric.domain;
    }

    // In a pipeline the weights stay gathered over the micro-batches of a step: gathered and summed once.
    parts.fullySharded = layout.sharding == Sharding::Fsdp && replicas > 1 && layout.pp == 1;
    const double group =
        parts.fullySharded && layout.fsdpGroup > 0 ? std::min<double>(layout.fsdpGroup, replicas) : replicas;
    const double expertGroup =
        parts.fullySharded ? std::min(group, parts.expertReplicas) : parts.expertReplicas;
    const auto collect = [&](double bytes) {
        return gatherS(dataFabric, group, tp, bytes * parts.dense) +
               gatherS(dataFabric, expertGroup, expertStride, bytes * parts.expert);
    };
    parts.gatherS = collect(work.weightBytes);
    parts.scatterS = work.gradientBytes == work.weightBytes ? parts.gatherS : collect(work.gradientBytes);
    if (group < replicas) {
        parts.acrossS =
            reduceS(dataFabric, replicas / group, tp * group, work.gradientBytes * parts.dense / group) +
            reduceS(dataFabric, parts.expertReplicas / expertGroup, expertStride * expertGroup,
                    work.gradientBytes * parts.expert / expertGroup);
    }
    parts.split = splitLayers(model.layers, layout.pp);
    // The mean of the maximum of N normal step times lies sigma sqrt(2 ln N) above their mean.
    const double ranks = std::max(1.0, static_cast<double>(layout.gpus()));
    parts.barrierShare = c[Constant::Jitter] * std::sqrt(2 * std::log(ranks));
    return parts;
}

StepTerms stepTerms(const Device& device, const Fabric& fabric, const Fabric& dataFabric,
                    const ModelShape& model, const Work& work, const Layout& layout, double recomputeShare,
                    const Calibration& c, StepDetail* detail) {
    return stepTerms(stepPartsOf(device, fabric, dataFabric, model, work, layout, c), device, model, work,
                     layout, recomputeShare, c, detail);
}

StepTerms stepTerms(const StepParts& parts, const Device& device, const ModelShape& model, const Work& work,
                    const Layout& layout, double recomputeShare, const Calibration& c, StepDetail* detail) {
    const LayerTimes& layer = parts.layer;
    const double headGemm = parts.headGemm; // LM head and loss sit on the last stage
    const double headS = headGemm + parts.headElementwise + parts.headTp;
    // Forward once, backward twice the matrix products and 2.5 times flash attention (Dao 2023: five products
    // against two; the score matrix in memory needs none again), memory-bound work twice.
    const bool selective = layout.recompute == Recompute::Selective;
    const double again = selective ? 0 : recomputeShare * work.recomputeCost;
    const double attentionAgain = selective ? (work.selectiveByOperator ? 0 : recomputeShare) : again;
    const double gemmAgain = selective && work.selectiveByOperator ? 0.5 * recomputeShare : again;
    const double elementwiseAgain = selective && work.selectiveByOperator ? recomputeShare : again;
    const double attentionPasses = work.attention == AttentionKernel::Scores ? 3 : 3.5;
    const double software = work.stackFactor;
    const double gemm = software * layer.gemm * (3 + gemmAgain);
    const double attentionS = software * layer.attention * (attentionPasses + attentionAgain);
    const double elementwise = software * layer.elementwise * (3 + elementwiseAgain);
    const double host = work.hostLayerS * (2 + again);
    // Sequence parallelism gathers once more in the backward; that one hides behind the weight gradient.
    const double tpS = work.tensorExposed * layer.tp * (2 + again);
    const double cpS = exposedBehind(layer.cp * (3 + again), attentionS, c[Constant::DataExposed]);
    const double epS = layer.ep * (2 + again);
    const double layerS = gemm + attentionS + elementwise + host + tpS + cpS + epS;

    const double pp = layout.pp;
    const double meanLayers = model.layers / pp;
    StepTerms t;
    t.recomputeShare = recomputeShare;
    t.layerS = layerS;
    t.headS = headS;
    t.microBatches =
        static_cast<double>(layout.globalBatch) / static_cast<double>(layout.dp * layout.microBatch);
    t.gemm = meanLayers * gemm + headGemm / pp;
    t.attention = meanLayers * attentionS;
    t.elementwise = meanLayers * elementwise + parts.headElementwise / pp;
    t.host = meanLayers * host;
    t.tp = meanLayers * tpS + parts.headTp / pp;
    t.cp = meanLayers * cpS;
    t.ep = meanLayers * epS;
    t.forward =
        software * meanLayers * (layer.gemm + layer.attention + layer.elementwise) + headGemm / 3 / pp;

    const double backward = std::max(0.0, t.computeS() - t.forward);
    // Gradients of a chunk can travel once its last micro-batch is through: with interleaving the chunks
    // finish one after the other, p micro-batches apart, so that all but the last hide behind that.
    const double windows = 1 + (pp - 1) * (layout.vp - 1) / layout.vp;

    double fsdpWhole = 0;
    double dpWhole = 0;
    double sendWhole = 0;
    double fillSend = 0;
    double sending = 0; ///< of a micro-batch, the NIC carries activations and not gradients
    if (layout.pp > 1) {
        sendWhole = 2 * layout.vp * parts.sendS;
        t.send = exposedBehind(sendWhole, t.computeS(), c[Constant::DataExposed]);
        fillSend = 2 * (pp - 1) * parts.sendS;
        sending = parts.sendsOverNic ? sendWhole : 0;
    }
    const double gather = parts.gatherS;
    const double scatter = parts.scatterS;
    if (parts.fullySharded) {
        fsdpWhole = 2 * gather + scatter;
        const double lost = c[Constant::FsdpExposed];
        t.fsdp = exposedBehind(gather, t.forward, lost) + exposedBehind(gather + scatter, backward, lost);
        dpWhole = parts.acrossS;
        t.dp = exposedBehind(parts.acrossS, backward, c[Constant::DataExposed]);
    } else {
        dpWhole = scatter + gather;
        const double lost = c[Constant::DataExposed];
        // Half of the sends go forward, half back; what they take of the NIC the gradients cannot have.
        t.dp = exposedBehind(scatter, windows * std::max(0.0, backward - sending / 2), lost) +
               exposedBehind(gather, windows * std::max(0.0, t.forward - sending / 2), lost);
    }
    // The fullest stage sets the beat; fill and drain pass every stage once, a chunk at a time.
    const StageSplit& split = parts.split;
    const double communication = t.fsdp + t.send;
    t.slowestStage = layout.pp == 1
                         ? t.microS()
                         : std::max(split.fullest * layerS, split.last * layerS + headS) + communication;
    t.slowestStage = std::max(t.slowestStage, t.microS());
    t.fill = (pp - 1) / layout.vp * t.microS() + fillSend;

    const double shard = layout.sharding == Sharding::None ? 1 : parts.replicas;
    const double expertShard = layout.sharding == Sharding::None ? 1 : parts.expertReplicas;
    // Adam: read and write 32-bit weight and both moments, read the gradient, write the 16-bit weight; clear
    // the gradients.
    t.optimizer =
        (30 * (parts.dense / shard + parts.expert / expertShard) + 4 * (parts.dense + parts.expert)) /
        device.hbmBytesPerS;
    t.barrierShare = parts.barrierShare;
    t.setMicroBatches(t.microBatches);
    if (detail != nullptr) {
        // With sequence parallelism the backward gathers once more, half of a gather and a scatter.
        const double tpPasses = 2 + again + (layout.sequenceParallel ? 0.5 : 0.0);
        detail->headGemm = headGemm;
        detail->headElementwise = parts.headElementwise;
        detail->headTp = parts.headTp;
        detail->headTpWhole = parts.headTp / work.tensorExposed;
        detail->tp = meanLayers * layer.tp * tpPasses + detail->headTpWhole / pp;
        detail->cp = meanLayers * layer.cp * (3 + again);
        detail->ep = meanLayers * layer.epWhole * (2 + again);
        detail->fsdp = fsdpWhole;
        detail->send = sendWhole;
        detail->dp = dpWhole;
    }
    return t;
}

} // namespace atlas::training
