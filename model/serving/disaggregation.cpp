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

/// Prompts read in `layout` by `replicas` replicas that one queue feeds: the router of a divided fleet sees
/// all of them, however its answers are dealt out.
std::optional<PrefillPoint> prefillOf(const Service& s, const Replica& r, double replicas,
                                      double linkBytesPerS, std::string& reason) {
    if (kvRoomBytes(r.pool, s.shape, r.arithmetic, r.layout, s.constants) <= 0) {
        reason = "the weights do not fit";
        return std::nullopt;
    }
    const double cacheBytes = cacheBytesPerToken(s.shape, r.arithmetic) * s.mix.inputTokens;
    const double tokenS = prefillSecondsPerToken(r, s.mix.depth); // of the whole replica
    PromptQueue queue;
    queue.servers = replicas * r.layout.groups();
    queue.serviceS = s.mix.newTokens * tokenS * r.layout.groups();
    queue.serviceVariation = s.constants.promptVariation.value;
    PrefillPoint p;
    p.layout = r.layout;
    p.transferS = cacheBytes / (linkBytesPerS * r.layout.tp);
    const double restS = s.mix.firstTokenS - queue.serviceS - p.transferS;
    if (restS <= 0) {
        reason = "reading a prompt takes longer than the objective for the first token";
        return std::nullopt;
    }
    const double used = usableShare(queue, restS);
    p.tokensPerSPerGpu =
        std::min(used / tokenS / r.layout.gpus(), linkBytesPerS * s.mix.newTokens / cacheBytes);
    queue.arrivalsPerS = used * queue.servers / queue.serviceS;
    p.firstTokenS = (used < 1 ? waitP99S(queue) : 0.0) + queue.serviceS + p.transferS;
    return p;
}

std::optional<DecodePoint> decodeOf(const Service& s, const Replica& r, std::string& reason) {
    const double fitting = fittingBatch(r, s.mix);
    if (fitting < 1) {
        reason = "the weights do not fit";
        return std::nullopt;
    }
    const double late = s.constants.tokenP99.value;
    const double batch =
        largestBatch(fitting, [&](double b) { return decodeSeconds(r, s.mix, b) * late <= s.mix.tokenS; });
    if (batch < 1) {
        reason = "a token takes longer than the objective";
        return std::nullopt;
    }
    DecodePoint d;
    d.layout = r.layout;
    d.batch = batch;
    d.tokenS = decodeSeconds(r, s.mix, batch);
    d.tokensPerSPerGpu = batch / d.tokenS / r.layout.gpus();
    d.step = engineStep(r, {batch, s.mix.context, tokensVerified(s.mix.speculation), 0, 0});
    return d;
}

/// Layouts of which the pool holds at least one replica.
std::vector<Replica> replicasOn(const Service& s, const training::Pool& pool, const Arithmetic& arithmetic) {
    std::vector<Replica> replicas;
    for (const ReplicaLayout& layout : candidateLayouts(pool, s.shape, s.model, s.engine)) {
        if (replicaCount(pool, layout) >= 1) {
            replicas.push_back(replicaOf(s, pool, arithmetic, layout));
        }
    }
    return replicas;
}

} // namespace

double cacheBytesPerToken(const ModelShape& shape, const Arithmetic& arithmetic) {
    return shape.kvElementsPerToken * arithmetic.kvBytes;
}

std::optional<PrefillPoint> prefillPoint(const Service& s, const training::Pool& pool, std::int64_t gpus,
                                         std::string& reason) {
    const Arithmetic arithmetic = arithmeticOf(pool, s.shape, s.precision, s.engine, s.constants);
    const double linkBytesPerS = transferBytesPerS(pool, s.constants, pool.gpus);
    std::optional<PrefillPoint> best;
    for (const Replica& r : replicasOn(s, pool, arithmetic)) {
        const auto count = static_cast<double>(gpus / r.layout.gpus());
        if (count < 1) {
            continue;
        }
        const auto p = prefillOf(s, r, count, linkBytesPerS, reason);
        if (p && (!best || p->tokensPerSPerGpu > best->tokensPerSPerGpu)) {
            best = p;
        }
    }
    return best;
}

std::optional<DecodePoint> decodePoint(const Service& s, const training::Pool& pool, std::string& reason) {
    const Arithmetic arithmetic = arithmeticOf(pool, s.shape, s.precision, s.engine, s.constants);
    std::optional<DecodePoint> best;
    for (const Replica& r : replicasOn(s, pool, arithmetic)) {
        const auto d = decodeOf(s, r, reason);
        if (d && (!best || d->tokensPerSPerGpu > best->tokensPerSPerGpu)) {
            best = d;
        }
    }
    return best;
}

std::optional<DividedPool> dividedPool(const Service& s, const training::Pool& pool, std::string& reason) {
    const Arithmetic arithmetic = arithmeticOf(pool, s.shape, s.precision, s.engine, s.constants);
    const double linkBytesPerS = transferBytesPerS(pool, s.constants, pool.gpus);
    const double perOutput = s.mix.newTokensPerOutput();
    const std::vector<Replica> replicas = replicasOn(s, pool, arithmetic);
    std::vector<DecodePoint> writers;
    for (const Replica& r : replicas) {
        if (const auto d = decodeOf(s, r, reason)) {
            writers.push_back(*d);
        }
    }
    std::optional<DividedPool> best;
    for (const Replica& reader : replicas) {
        const std::int64_t size = reader.layout.gpus();
        if (!prefillOf(s, reader, static_cast<double>(pool.gpus / size), linkBytesPerS, reason)) {
            continue;
        }
        for (const DecodePoint& d : writers) {
            // More readers read more and leave fewer to write: the two meet once.
            const auto with = [&](std::int64_t count) {
                DividedPool whole;
                const std::int64_t writing = (pool.gpus - count * size) / d.layout.gpus();
                const auto p = prefillOf(s, reader, static_cast<double>(count), linkBytesPerS, reason);
                if (!p || writing < 1) {
                    return whole;
                }
                whole = {*p, d, count, writing, 0};
                whole.readsPerS = p->tokensPerSPerGpu * static_cast<double>(count * size) / perOutput;
                whole.writesPerS = d.tokensPerSPerGpu * static_cast<double>(writing * d.layout.gpus());
                return whole;
            };
            std::int64_t few = 1;
            std::int64_t many = (pool.gpus - d.layout.gpus()) / size;
            while (many > few + 1) {
                const std::int64_t middle = (few + many) / 2;
                const DividedPool w = with(middle);
                (w.readsPerS < w.writesPerS || w.writesPerS <= 0 ? few : many) = middle;
            }
            for (const std::int64_t count : {few, many}) {
                if (count < 1) {
                    continue;
                }
                const DividedPool w = with(count);
                if (w.outputTokensPerS() > (best ? best->outputTokensPerS() : 0.0)) {
                    best = w;
                }
            }
        }
    }
    if (!best && reason.empty()) {
        reason = "no room for a replica that reads beside one that writes";
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
