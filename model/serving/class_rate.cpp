#include "model/serving/class_rate.h"

#include <cmath>

namespace atlas::serving {

ClassRate classRate(const training::Pool& pool, const Service& service) {
    ClassRate rate;
    rate.gpu = pool.gpu;
    rate.pool = pool.name;
    rate.count = pool.gpus;
    const Arithmetic arithmetic =
        arithmeticOf(pool, service.shape, service.precision, service.engine, service.constants);
    std::optional<WorkingPoint> best;
    std::string reason = "no layout divides the model";
    double bestRate = 0;
    const auto sharing = [&](std::int64_t replicas) { // one queue
        return service.routing == PromptRouting::QueueEach ? 1 : replicas;
    };
    for (const ReplicaLayout& layout : candidateLayouts(pool, service.shape, service.model, service.engine)) {
        const std::int64_t replicas = replicaCount(pool, layout);
        if (replicas < 1) {
            continue;
        }
        const Replica replica = replicaOf(service, pool, arithmetic, layout);
        const auto point = saturatedPoint(replica, service.mix, sharing(replicas), reason);
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
    completePoint(replicaOf(service, pool, arithmetic, best->layout), service.mix, sharing(rate.replicas),
                  *best);
    const double gpus = best->layout.gpus();
    rate.layout = best->layout.text();
    rate.replicaGpus = best->layout.gpus();
    rate.batchPerReplica = static_cast<int>(std::lround(best->batch));
    rate.prefillTokensPerSPerGpu = best->prefillTokensPerS / gpus;
    rate.decodeTokensPerSPerGpu = best->decodeTokensPerS / gpus;
    rate.outputTokensPerSPerGpu = bestRate * service.constants.sloHeadroom.value;
    rate.prefillShare = best->prefillShare;
    rate.timePerTokenS = best->tokenS;
    rate.firstTokenS = best->firstTokenS;
    const char* work = best->prefillShare > 0.5 ? "reading prompts" : best->step.largest();
    rate.reason = "batch bounded by " + best->limit + ", time by " + work;
    return rate;
}

} // namespace atlas::serving
