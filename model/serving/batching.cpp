#include "model/serving/batching.h"

#include "model/serving/prompt_queue.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace atlas::serving {

namespace {

std::string number(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

StepTime scaled(StepTime step, double factor) {
    for (double* part : {&step.gemm, &step.experts, &step.attention, &step.elementwise, &step.communication,
                         &step.overhead}) {
        *part *= factor;
    }
    return step;
}

StepTime sum(StepTime a, const StepTime& b, double weight) {
    a.gemm += weight * b.gemm;
    a.experts += weight * b.experts;
    a.attention += weight * b.attention;
    a.elementwise += weight * b.elementwise;
    a.communication += weight * b.communication;
    a.overhead += weight * b.overhead;
    return a;
}

double pieceTokens(const Replica& r, const RequestMix& mix) {
    return std::min(mix.newTokens, r.engine.prefillChunkTokens.value);
}

/// One step that reads `promptTokens`, `busiest` of them in one group, and the draft of speculative decoding.
StepTime stepReading(const Replica& r, const RequestMix& mix, double batch, double promptTokens,
                     double busiest) {
    StepTime step = engineStep(
        r, {batch, mix.context, tokensVerified(mix.speculation), promptTokens, mix.depth, busiest});
    if (mix.speculation.drafted > 0) {
        const double guess = engineStep(r, {batch, mix.context, 1, 0, 0, 0}).total();
        step.overhead += mix.speculation.drafted * mix.speculation.draftCost * guess;
    }
    return step;
}

double promptTokensAStep(const RequestMix& mix, double batch) {
    return batch * tokensPerStep(mix.speculation) * mix.newTokensPerOutput();
}

} // namespace

double largestPoisson(double mean, double count) {
    double term = std::exp(-mean);
    double below = term; // P(X <= k)
    double sum = 0;
    for (double k = 1; k < 1000; ++k) { // E[max] = sum of P(max >= k)
        const double more = 1.0 - std::pow(std::min(below, 1.0), count);
        sum += more;
        if (more < 1e-6 && k > mean) {
            break;
        }
        term *= mean / k;
        below += term;
    }
    return sum;
}

StepTime stepWithPrompts(const Replica& r, const RequestMix& mix, double batch, double promptTokens) {
    if (promptTokens <= 0) {
        return stepReading(r, mix, batch, 0, 0);
    }
    const double groups = r.layout.groups();
    if (!r.engine.chunkedPrefill) {
        const double together = r.engine.prefillChunkTokens.value * groups;
        return sum(stepReading(r, mix, batch, 0, 0), engineStep(r, {0, 0, 1, together, mix.depth, 0}),
                   promptTokens / together);
    }
    const double piece = pieceTokens(r, mix);
    const double pieces = promptTokens / piece;
    const double busiest = piece * largestPoisson(pieces / groups, groups);
    const double none = std::exp(-pieces);
    constexpr double kNever = 1e-3;
    if (none < kNever) {
        return stepReading(r, mix, batch, promptTokens, busiest);
    }
    const double some = 1.0 - none;
    return sum(scaled(stepReading(r, mix, batch, 0, 0), none),
               stepReading(r, mix, batch, promptTokens / some, busiest / some), some);
}

StepTime mixedStep(const Replica& r, const RequestMix& mix, double batch) {
    return stepWithPrompts(r, mix, batch, promptTokensAStep(mix, batch));
}

double tokenSeconds(const Replica& r, const RequestMix& mix, double batch) {
    return mixedStep(r, mix, batch).total() / tokensPerStep(mix.speculation);
}

double decodeSeconds(const Replica& r, const RequestMix& mix, double batch) {
    return stepReading(r, mix, batch, 0, 0).total() / tokensPerStep(mix.speculation);
}

double firstTokenSeconds(const Replica& r, const RequestMix& mix, double batch, std::int64_t replicas) {
    const double groups = r.layout.groups();
    const double chunk = r.engine.prefillChunkTokens.value;
    PromptQueue queue;
    queue.servers = static_cast<double>(replicas) * groups;
    queue.serviceVariation = r.constants.promptVariation.value;
    queue.arrivalsPerS =
        static_cast<double>(replicas) * batch / tokenSeconds(r, mix, batch) / mix.outputTokens;
    double readS = 0; // from the start of a prompt to its first token
    if (r.engine.chunkedPrefill) {
        // A group reads a chunk a step, of one long prompt or of several short ones, while all groups write;
        // a prompt that comes meanwhile waits for the step to end.
        const double full = stepReading(r, mix, batch, chunk * groups, 0).total();
        const double own = stepReading(r, mix, batch, pieceTokens(r, mix) * groups, 0).total();
        queue.serviceS = mix.newTokens / chunk * full;
        readS = std::max(own, queue.serviceS) + tokenSeconds(r, mix, batch) / 2;
    } else {
        queue.serviceS = mix.newTokens * prefillSecondsPerToken(r, mix.depth) * groups;
        readS = queue.serviceS + decodeSeconds(r, mix, batch);
    }
    return waitP99S(queue) + readS;
}

double fittingBatch(const Replica& r, const RequestMix& mix) {
    const double room = kvRoomBytes(r.pool, r.shape, r.arithmetic, r.layout, r.constants);
    const double perSequence = kvBytesPerGpu(r.shape, r.arithmetic, r.layout) * mix.reserved;
    return room <= 0 ? 0.0 : std::min(room / perSequence, 1e9);
}

std::optional<WorkingPoint> saturatedPoint(const Replica& r, const RequestMix& mix, std::int64_t replicas,
                                           std::string& reason) {
    const double room = kvRoomBytes(r.pool, r.shape, r.arithmetic, r.layout, r.constants);
    const double fitting = fittingBatch(r, mix);
    if (fitting < 1) {
        reason = room <= 0 ? "the weights do not fit" : "no room for the KV cache of one request";
        return std::nullopt;
    }
    const double late = r.constants.tokenP99.value;
    if (decodeSeconds(r, mix, 1.0) * late > mix.tokenS || tokenSeconds(r, mix, 1.0) * late > mix.tokenS) {
        reason = "a token takes at least " + number("%.3g ms", decodeSeconds(r, mix, 1.0) * late * 1e3) +
                 " on an idle replica, the objective is " + number("%.3g ms", mix.tokenS * 1e3);
        return std::nullopt;
    }
    if (firstTokenSeconds(r, mix, 1.0, replicas) > mix.firstTokenS) {
        reason = "the first token takes at least " +
                 number("%.3g s", firstTokenSeconds(r, mix, 1.0, replicas)) +
                 " on an idle replica, the objective is " + number("%.3g s", mix.firstTokenS);
        return std::nullopt;
    }
    // One step reads at most a chunk a group.
    const double budget = r.engine.prefillChunkTokens.value * r.layout.groups();
    const auto inTime = [&](double b) { return tokenSeconds(r, mix, b) * late <= mix.tokenS; };
    const auto firstInTime = [&](double b) {
        return (!r.engine.chunkedPrefill || promptTokensAStep(mix, b) <= budget) &&
               (!std::isfinite(mix.firstTokenS) || firstTokenSeconds(r, mix, b, replicas) <= mix.firstTokenS);
    };
    WorkingPoint w;
    w.layout = r.layout;
    const double slow = largestBatch(fitting, inTime);
    w.batch = std::max(1.0, largestBatch(slow, firstInTime));
    w.limit = w.batch == fitting ? "KV-cache memory"
              : w.batch == slow  ? "time per token"
                                 : "time to the first token";
    w.tokenS = tokenSeconds(r, mix, w.batch);
    w.outputTokensPerS = w.batch / w.tokenS;
    return w;
}

void completePoint(const Replica& r, const RequestMix& mix, std::int64_t replicas, WorkingPoint& w) {
    const double late = r.constants.tokenP99.value;
    w.step = mixedStep(r, mix, w.batch);
    w.firstTokenS = firstTokenSeconds(r, mix, w.batch, replicas);
    w.prefillShare = 1.0 - decodeSeconds(r, mix, w.batch) / w.tokenS;
    w.prefillTokensPerS = 1.0 / prefillSecondsPerToken(r, mix.depth);
    const double decodeBatch = std::max(1.0, largestBatch(fittingBatch(r, mix), [&](double b) {
                                            return decodeSeconds(r, mix, b) * late <= mix.tokenS;
                                        }));
    w.decodeTokensPerS = decodeBatch / decodeSeconds(r, mix, decodeBatch);
}

std::optional<WorkingPoint> workingPoint(const Replica& r, const RequestMix& mix, std::int64_t replicas,
                                         std::string& reason) {
    auto w = saturatedPoint(r, mix, replicas, reason);
    if (w) {
        completePoint(r, mix, replicas, *w);
    }
    return w;
}

} // namespace atlas::serving
