// Prompts and answers on different GPUs: each phase runs in the layout and batch that suit it, and neither
// interrupts the other. The cache of a prompt then has to travel. Zhong et al., "DistServe", OSDI 2024; Patel
// et al., "Splitwise", ISCA 2024.
#pragma once

#include "model/serving/service.h"

#include <optional>
#include <vector>

namespace atlas::serving {

/// GPUs of a class that only read prompts.
struct PrefillPoint {
    ReplicaLayout layout;
    double tokensPerSPerGpu = 0; ///< new prompt tokens, within the time to the first token
    double firstTokenS = 0;      ///< 99 of 100 requests, waiting and the transfer of the cache included
    double transferS = 0;        ///< of one prompt's cache
};

/// GPUs of a class that only write answers.
struct DecodePoint {
    ReplicaLayout layout;
    double batch = 0;
    double tokensPerSPerGpu = 0; ///< within the time per token
    double tokenS = 0;
    StepTime step;
};

/// Bytes of the cache that travels with one prompt token. Prefix caching does not spare it: the GPU that
/// writes holds nothing of the prompt yet.
[[nodiscard]] double cacheBytesPerToken(const ModelShape& shape, const Arithmetic& arithmetic);

/// The best layout for reading prompts on `gpus` GPUs of the pool; empty with `reason` where none keeps the
/// objective. What a GPU's link sends of the cache bounds the rate as well.
[[nodiscard]] std::optional<PrefillPoint> prefillPoint(const Service& service, const training::Pool& pool,
                                                       std::int64_t gpus, std::string& reason);

/// The best layout for writing answers.
[[nodiscard]] std::optional<DecodePoint> decodePoint(const Service& service, const training::Pool& pool,
                                                     std::string& reason);

/// A pool in which whole replicas read and whole replicas write.
struct DividedPool {
    PrefillPoint prefill;
    DecodePoint decode;
    std::int64_t readers = 0, writers = 0; ///< replicas
    double readsPerS = 0;                  ///< answers' tokens whose prompts the readers read
    double writesPerS = 0;                 ///< answers' tokens that the writers write
    [[nodiscard]] double outputTokensPerS() const { return readsPerS < writesPerS ? readsPerS : writesPerS; }
    [[nodiscard]] double readingGpus() const { return static_cast<double>(readers * prefill.layout.gpus()); }
};

/// The layouts of both phases and the number of replicas of each that answer most. Matters where a pool holds
/// few replicas: sixteen GPUs that hold the weights once cannot both read and write. Empty with `reason`.
[[nodiscard]] std::optional<DividedPool> dividedPool(const Service& service, const training::Pool& pool,
                                                     std::string& reason);

/// What a class can do in either phase; 0 where it cannot.
struct PhaseRates {
    double gpus = 0;
    double prefillTokensPerSPerGpu = 0;
    double decodeTokensPerSPerGpu = 0;
};

/// How much of each class reads prompts, so that prompts are read exactly as fast as answers need them.
struct Division {
    std::vector<double> prefillShare; ///< of the GPUs of each class
    double outputTokensPerS = 0;      ///< of all classes together
};

/// Maximises the answers: classes in the order of their comparative advantage (prefill over decode rate)
/// read prompts, the last of them in part. `newTokensPerOutput` prompt tokens belong to every token of an
/// answer. A linear programme with one coupling constraint, so the greedy order is optimal (Ricardo).
[[nodiscard]] Division divide(const std::vector<PhaseRates>& classes, double newTokensPerOutput);

} // namespace atlas::serving
