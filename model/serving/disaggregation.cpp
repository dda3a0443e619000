#include "model/serving/disaggregation.h"

#include "model/serving/prompt_queue.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace atlas::serving {

namespace {

/// The most of a prefill fleet's time that can be used while 99 of 100 prompts are read by `limitS`.
double usableShare(PromptQueue queue, double limitS) {
    if (!std::isfinite(limitS)) {
        return 1.0;
    }
    double inside = 0;
    double outside = 1;
    for (int i = 0; i < 40; ++i) {
        const double share = (inside + outside) / 2;
        queue.arrivalsPerS = share * queue.servers / queue.serviceS;
        (waitP99S(queue) <= limitS ? inside : outside) = share;
    }
    return inside;
}

/// One direction of the link a GPU sends caches over: NVLink where both phases share a domain.
double transferBytesPerS(const training::Pool& pool, const ServingConstants& c, std::int64_t gpus) {
    return gpus <= pool.nvlinkDomain ? pool.nvlinkBytesPerS * c.nvlinkBandwidth.value
                                     : pool.nicBytesPerS * pool.nicEfficiency;
}

} // namespace

double cacheBytesPerToken(const ModelShape& shape, const Arithmetic& arithmetic) {
    return shape.kvElementsPerToken * arithmetic.kvBytes;
}

std::optional<PrefillPoint> prefillPoint(const Service& s, const training::Pool& pool, std::int64_t gpus,
                                         std::string& reason) {
    const Arithmetic arithmetic = arithmeticOf(pool, s.shape, s.precision, s.engine, s.constants);
    const double linkBytesPerS = transferBytesPerS(pool, s.constants, pool.gpus);
    const double cacheBytes = cacheBytesPerToken(s.shape, arithmetic) * s.mix.inputTokens;
    std::optional<PrefillPoint> best;
    for (const ReplicaLayout& layout : candidateLayouts(pool, s.shape, s.model, s.engine)) {
        const Replica r = replicaOf(s, pool, arithmetic, layout);
        const std::int64_t replicas = gpus / layout.gpus();
        if (replicas < 1 || replicaCount(pool, layout) < 1) {
            continue;
        }
        if (kvRoomBytes(pool, s.shape, arithmetic, layout, s.constants) <= 0) {
            reason = "the weights do not fit";
            continue;
        }
        const double tokenS = prefillSecondsPerToken(r, s.mix.depth); // of the whole replica
        PromptQueue queue;
        queue.servers = s.routing == PromptRouting::QueueEach
                            ? layout.groups()
                            : static_cast<double>(replicas) * layout.groups();
        queue.serviceS = s.mix.newTokens * tokenS * layout.groups();
        queue.serviceVariation = s.constants.promptVariation.value;
        PrefillPoint p;
        p.layout = layout;
        p.transferS = cacheBytes / (linkBytesPerS * layout.tp);
        const double restS = s.mix.firstTokenS - queue.serviceS - p.transferS;
        if (restS <= 0) {
            reason = "reading a prompt takes longer than the objective for the first token";
            continue;
        }
        const double used = usableShare(queue, restS);
        const double gpuRate = used / tokenS / layout.gpus();
        p.tokensPerSPerGpu = std::min(gpuRate, linkBytesPerS * s.mix.newTokens / cacheBytes);
        queue.arrivalsPerS = used * queue.servers / queue.serviceS;
        p.firstTokenS = (used < 1 ? waitP99S(queue) : 0.0) + queue.serviceS + p.transferS;
        if (!best || p.tokensPerSPerGpu > best->tokensPerSPerGpu) {
            best = p;
        }
    }
    return best;
}

std::optional<DecodePoint> decodePoint(const Service& s, const training::Pool& pool, std::string& reason) {
    const Arithmetic arithmetic = arithmeticOf(pool, s.shape, s.precision, s.engine, s.constants);
    std::optional<DecodePoint> best;
    for (const ReplicaLayout& layout : candidateLayouts(pool, s.shape, s.model, s.engine)) {
        if (replicaCount(pool, layout) < 1) {
            continue;
        }
        const Replica r = replicaOf(s, pool, arithmetic, layout);
        const double fitting = fittingBatch(r, s.mix);
        if (fitting < 1) {
            reason = "the weights do not fit";
            continue;
        }
        const double late = s.constants.tokenP99.value;
        const double batch = largestBatch(
            fitting, [&](double b) { return decodeSeconds(r, s.mix, b) * late <= s.mix.tokenS; });
        if (batch < 1) {
            reason = "a token takes longer than the objective";
            continue;
        }
        DecodePoint d;
        d.layout = layout;
        d.batch = batch;
        d.tokenS = decodeSeconds(r, s.mix, batch);
        d.tokensPerSPerGpu = batch / d.tokenS / layout.gpus();
        d.step = engineStep(r, {batch, s.mix.context, tokensVerified(s.mix.speculation), 0, 0});
        if (!best || d.tokensPerSPerGpu > best->tokensPerSPerGpu) {
            best = d;
        }
    }
    return best;
}

Division divide(const std::vector<PhaseRates>& classes, double newTokensPerOutput) {
    Division division;
    division.prefillShare.assign(classes.size(), 0.0);
    std::vector<std::size_t> order(classes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Who cannot write reads first, who cannot read comes last.
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return classes[a].prefillTokensPerSPerGpu * classes[b].decodeTokensPerSPerGpu >
               classes[b].prefillTokensPerSPerGpu * classes[a].decodeTokensPerSPerGpu;
    });
    double writes = 0; // tokens/s if all of the classes not yet reading write
    for (const PhaseRates& c : classes) {
        writes += c.gpus * c.decodeTokensPerSPerGpu;
    }
    double reads = 0;
    for (const std::size_t i : order) {
        const PhaseRates& c = classes[i];
        const double canRead = c.gpus * c.prefillTokensPerSPerGpu;
        const double canWrite = c.gpus * c.decodeTokensPerSPerGpu;
        // reads + x canRead = ratio (writes - x canWrite)
        const double need = newTokensPerOutput * writes - reads;
        const double gain = canRead + newTokensPerOutput * canWrite;
        const double share = gain > 0 ? std::clamp(need / gain, 0.0, 1.0) : 0.0;
        division.prefillShare[i] = share;
        reads += share * canRead;
        writes -= share * canWrite;
        if (share < 1.0) {
            break;
        }
    }
    division.outputTokensPerS =
        newTokensPerOutput > 0 ? std::min(writes, reads / newTokensPerOutput) : writes;
    return division;
}

} // namespace atlas::serving
