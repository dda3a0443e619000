#include "model/validation/serving_points.h"

#include "model/serving/disaggregation.h"
#include "model/training/device.h"
#include "model/validation/finite_run.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace atlas::validation {

namespace {

using catalog::Sourced;
using serving::RequestMix;
using serving::Service;

/// When batches were static, and for how long after it shipped an architecture counts as new.
constexpr double kStaticYear = 2023;
constexpr double kNewYears = 2;

bool wasNew(const training::Pool& pool) {
    return kStaticYear - training::deviceOf(pool, training::Calibration::builtin()).shippedYear < kNewYears;
}

/// The constants as the protocol and the software of the point have them.
serving::ServingConstants constantsFor(const ServingPoint& point, serving::ServingConstants c) {
    const auto fixedLengths = [&] { c.lengthVariation = c.promptVariation = Sourced(0.0); };
    switch (point.protocol) {
    case ServingProtocol::Offline:
    case ServingProtocol::Server:
        c.promptVariation = c.benchmarkPromptVariation;
        break;
    case ServingProtocol::Steady:
        c.tokenP99 = Sourced(1.0);
        fixedLengths();
        break;
    case ServingProtocol::Production:
        c.tokenP99 = Sourced(1.0);
        break;
    case ServingProtocol::Static:
        c.gemmRate.value *= wasNew(point.machine.pools.front()) ? c.gemm2023.value : 1.0;
        c.kvReads = c.kvReads2023;
        c.tokenP99 = Sourced(1.0);
        fixedLengths();
        break;
    }
    if (point.outputVariation) {
        c.lengthVariation = Sourced(*point.outputVariation);
    }
    return c;
}

struct Predicted {
    double tokensPerSPerGpu = 0;
    std::string how;
};

std::string describe(const serving::ReplicaLayout& layout, double batch) {
    return layout.text() + " batch " + std::to_string(std::lround(batch));
}

Predicted disaggregatedRate(const ServingPoint& point, const Service& service) {
    const training::Pool& pool = point.machine.pools.front();
    std::string reason;
    if (point.measure == ServingMeasure::Decode) {
        const auto decode = serving::decodePoint(service, pool, reason);
        return decode ? Predicted{decode->tokensPerSPerGpu,
                                  describe(decode->layout, decode->batch) + ", " + decode->step.largest()}
                      : Predicted{0, reason};
    }
    if (point.measure == ServingMeasure::Prefill) {
        const auto prefill = serving::prefillPoint(service, pool, pool.gpus, reason);
        return prefill ? Predicted{prefill->tokensPerSPerGpu, prefill->layout.text()} : Predicted{0, reason};
    }
    const auto divided = serving::dividedPool(service, pool, reason);
    if (!divided) {
        return {0, reason};
    }
    const double output = divided->outputTokensPerS();
    Predicted out{output / static_cast<double>(pool.gpus), {}};
    if (point.protocol == ServingProtocol::Server) {
        // Requests come until enough have come, then the longest answer is waited for.
        const double seconds = std::max(600.0, point.minQueries * service.mix.outputTokens / output);
        out.tokensPerSPerGpu *= seconds / (seconds + point.maxOutputTokens * divided->decode.tokenS);
    }
    out.how = std::to_string(divided->readers) + " read " + divided->prefill.layout.text() + ", " +
              std::to_string(divided->writers) + " write " +
              describe(divided->decode.layout, divided->decode.batch);
    return out;
}

/// All that a static batch needs is reserved when it starts, and all its prompts are read before it writes.
double staticRate(const serving::Replica& r, const RequestMix& mix, const ServingPoint& point,
                  double& batch) {
    const double room = serving::kvRoomBytes(r.pool, r.shape, r.arithmetic, r.layout, r.constants);
    const double perSequence =
        serving::kvBytesPerGpu(r.shape, r.arithmetic, r.layout) * (mix.inputTokens + point.maxOutputTokens);
    batch = room / perSequence;
    if (batch < 1) {
        return 0;
    }
    const double prefillS = batch * mix.newTokens * serving::prefillSecondsPerToken(r, mix.depth);
    const double decodeS = mix.outputTokens * serving::decodeSeconds(r, mix, batch);
    return batch * mix.outputTokens / (prefillS + decodeS);
}

Predicted aggregatedRate(const ServingPoint& point, const Service& service) {
    const training::Pool& pool = point.machine.pools.front();
    const auto& c = service.constants;
    const auto arithmetic = serving::arithmeticOf(pool, service.shape, service.precision, service.engine, c);
    Predicted best;
    std::string reason = "no layout fits";
    const auto gpus = static_cast<double>(pool.gpus);
    std::optional<serving::WorkingPoint> point_;
    double bestRate = 0;
    std::int64_t bestReplicas = 0;
    for (const auto& layout : serving::candidateLayouts(pool, service.shape, service.model, service.engine)) {
        const std::int64_t replicas = serving::replicaCount(pool, layout);
        if (replicas < 1) {
            continue;
        }
        const auto r = serving::replicaOf(service, pool, arithmetic, layout);
        if (point.protocol == ServingProtocol::Static) {
            double batch = 0;
            const double rate =
                staticRate(r, service.mix, point, batch) * static_cast<double>(replicas) / gpus;
            if (rate > best.tokensPerSPerGpu) {
                best = {rate, describe(layout, batch)};
            }
            continue;
        }
        const auto w = serving::workingPoint(
            r, service.mix, service.routing == serving::PromptRouting::QueueEach ? 1 : replicas, reason);
        if (w && w->outputTokensPerS * static_cast<double>(replicas) > bestRate) {
            bestRate = w->outputTokensPerS * static_cast<double>(replicas);
            bestReplicas = replicas;
            point_ = w;
        }
    }
    if (point.protocol == ServingProtocol::Static) {
        return best;
    }
    if (!point_) {
        return {0, reason};
    }
    double rate = bestRate;
    if (point.protocol == ServingProtocol::Offline || point.protocol == ServingProtocol::Server) {
        const auto r = serving::replicaOf(service, pool, arithmetic, point_->layout);
        const System system{r, static_cast<double>(bestReplicas), serving::fittingBatch(r, service.mix)};
        const RunRules rules{600, point.minQueries, point.maxOutputTokens};
        rate = point.protocol == ServingProtocol::Offline
                   ? offlineTokensPerS(system, service.mix, c.lengthVariation.value, rules)
                   : serverTokensPerS(system, service.mix, c.lengthVariation.value, rules, rate);
    }
    return {rate / gpus, describe(point_->layout, point_->batch) + ", " + point_->limit + ", " +
                             point_->step.largest() + ", steady " +
                             std::to_string(std::lround(bestRate / gpus))};
}

} // namespace

ServingRun servingRunOf(const ServingPoint& point, const serving::ServingConstants& constants) {
    ServingRun run{point, 0, {}};
    const auto shape = serving::shapeOf(point.model);
    const serving::ServingConstants c = constantsFor(point, constants);
    const auto mix = serving::requestMixOf(point.job, c);
    if (!shape || !mix) {
        run.how = (shape ? mix.errors() : shape.errors()).front().message;
        return run;
    }
    const Service service{*shape,
                          point.model,
                          point.job.precision,
                          *mix,
                          point.job.engine,
                          c,
                          point.protocol == ServingProtocol::Server ? serving::PromptRouting::QueueEach
                                                                    : serving::PromptRouting::SharedQueue};
    const Predicted rate =
        point.disaggregated ? disaggregatedRate(point, service) : aggregatedRate(point, service);
    run.predicted = rate.tokensPerSPerGpu;
    run.how = rate.how;
    if (point.measure == ServingMeasure::Total) {
        run.predicted *= 1.0 + mix->inputTokens / mix->outputTokens;
    }
    if (point.protocol == ServingProtocol::Production) {
        run.predicted *= c.sloHeadroom.value;
    }
    return run;
}

} // namespace atlas::validation
