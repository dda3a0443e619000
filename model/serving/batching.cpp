#include "model/serving/batching.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace atlas::serving {

namespace {

std::string number(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// Seconds a token as a user sees it: the step, and the prompts that must be read meanwhile so that the batch
/// stays full.
double tokenSeconds(const Replica& replica, const RequestMix& mix, double batch, double prefillS) {
    return decodeStep(replica, batch, mix.context).total() + batch * mix.newTokensPerOutput() * prefillS;
}

/// The largest batch in [1, most] whose seconds a token stay within `limit`; they grow with the batch.
template <class Seconds>
std::int64_t largestBatch(std::int64_t most, double limit, const Seconds& seconds) {
    if (seconds(static_cast<double>(most)) <= limit) {
        return most;
    }
    std::int64_t inside = 1;
    std::int64_t outside = most;
    while (outside - inside > 1) {
        const std::int64_t middle = inside + (outside - inside) / 2;
        (seconds(static_cast<double>(middle)) <= limit ? inside : outside) = middle;
    }
    return inside;
}

} // namespace

Result<RequestMix> requestMixOf(const scenario::ServeJob& job, const ServingConstants& c) {
    const double hit = job.cacheHit.value;
    const bool lengths = job.inputTokens.value > 0 && job.outputTokens.value > 0 &&
                         std::isfinite(job.inputTokens.value) && std::isfinite(job.outputTokens.value);
    if (!lengths || !(hit >= 0 && hit <= 1)) {
        return failure("serving job '" + job.id +
                           "' has request lengths that are not positive or a cache share "
                           "outside 0 to 1",
                       "set input_tokens, output_tokens and cache_hit");
    }
    if (!(job.timeToFirstTokenS.value > 0) || !(job.timePerOutputTokenS.value > 0)) {
        return failure("serving job '" + job.id + "' has a latency objective that is not positive",
                       "set time_to_first_token and time_per_output_token");
    }
    RequestMix mix;
    mix.inputTokens = job.inputTokens.value;
    mix.outputTokens = job.outputTokens.value;
    mix.newTokens = mix.inputTokens * (1.0 - hit);
    mix.depth = mix.inputTokens * hit + mix.newTokens / 2.0;
    const double variation = c.lengthVariation.value;
    mix.context = mix.inputTokens + mix.outputTokens * (1.0 + variation * variation) / 2.0;
    mix.firstTokenS = job.timeToFirstTokenS.value;
    mix.tokenS = job.timePerOutputTokenS.value;
    return mix;
}

std::optional<WorkingPoint> workingPoint(const Replica& r, const RequestMix& mix, std::string& reason) {
    const double room = kvRoomBytes(r.pool, r.shape, r.arithmetic, r.layout, r.constants);
    const double perSequence = kvBytesPerGpu(r.shape, r.arithmetic, r.layout) * mix.context;
    const auto fitting = static_cast<std::int64_t>(std::min(std::floor(room / perSequence), 1e9));
    if (room <= 0 || fitting < 1) {
        reason = room <= 0 ? "the weights do not fit" : "no room for the KV cache of one request";
        return std::nullopt;
    }
    const double prefillS = prefillSecondsPerToken(r, mix.depth);
    const double aloneS = decodeStep(r, 1.0, mix.context).total();
    const double firstS = promptLatencyS(r, mix.newTokens, mix.depth) + aloneS;
    if (tokenSeconds(r, mix, 1.0, prefillS) > mix.tokenS) {
        reason = "a token takes at least " + number("%.3g ms", aloneS * 1e3) +
                 " on an idle replica, the objective is " + number("%.3g ms", mix.tokenS * 1e3);
        return std::nullopt;
    }
    if (firstS > mix.firstTokenS) {
        reason = "the first token takes at least " + number("%.3g s", firstS) +
                 " on an idle replica, the objective is " + number("%.3g s", mix.firstTokenS);
        return std::nullopt;
    }
    WorkingPoint w;
    w.layout = r.layout;
    w.batch = largestBatch(fitting, mix.tokenS, [&](double b) { return tokenSeconds(r, mix, b, prefillS); });
    w.limit = w.batch == fitting ? "KV-cache memory" : "time per token";
    const auto batch = static_cast<double>(w.batch);
    w.step = decodeStep(r, batch, mix.context);
    w.tokenS = tokenSeconds(r, mix, batch, prefillS);
    w.firstTokenS = firstS;
    w.outputTokensPerS = batch / w.tokenS;
    w.prefillShare = 1.0 - w.step.total() / w.tokenS;
    w.prefillTokensPerS = 1.0 / prefillS;
    const auto alone = [&](double b) { return decodeStep(r, b, mix.context).total(); };
    const auto decodeBatch = static_cast<double>(largestBatch(fitting, mix.tokenS, alone));
    w.decodeTokensPerS = decodeBatch / alone(decodeBatch);
    return w;
}

ClassRate classRate(const training::Pool& pool, const ModelShape& shape, const scenario::Transformer& model,
                    scenario::Precision precision, const RequestMix& mix, const ServingConstants& constants) {
    ClassRate rate;
    rate.gpu = pool.gpu;
    rate.pool = pool.name;
    rate.count = pool.gpus;
    const Arithmetic arithmetic = arithmeticOf(pool, precision, constants);
    std::optional<WorkingPoint> best;
    std::string reason = "no layout divides the model";
    double bestRate = 0;
    for (const ReplicaLayout& layout : candidateLayouts(pool, shape, model, constants)) {
        const std::int64_t replicas = replicaCount(pool, layout);
        if (replicas < 1) {
            continue;
        }
        const auto point = workingPoint(
            {pool, shape, model.hidden, model.layers, arithmetic, layout, constants}, mix, reason);
        if (!point) {
            continue;
        }
        const double perGpu =
            point->outputTokensPerS * static_cast<double>(replicas) / static_cast<double>(pool.gpus);
        if (perGpu > bestRate) {
            bestRate = perGpu;
            best = point;
            rate.replicas = replicas;
        }
    }
    if (!best) {
        rate.reason = reason + " (largest replica tried on " + pool.gpu + ")";
        return rate;
    }
    const double gpus = best->layout.gpus();
    rate.layout = best->layout.text();
    rate.replicaGpus = best->layout.gpus();
    rate.batchPerReplica = static_cast<int>(best->batch);
    rate.prefillTokensPerSPerGpu = best->prefillTokensPerS / gpus;
    rate.decodeTokensPerSPerGpu = best->decodeTokensPerS / gpus;
    rate.outputTokensPerSPerGpu = bestRate * constants.sloHeadroom.value;
    rate.prefillShare = best->prefillShare;
    rate.timePerTokenS = best->tokenS;
    rate.firstTokenS = best->firstTokenS;
    const char* work = best->prefillShare > 0.5 ? "reading prompts" : best->step.largest();
    rate.reason = "batch bounded by " + best->limit + ", time by " + work;
    return rate;
}

} // namespace atlas::serving
