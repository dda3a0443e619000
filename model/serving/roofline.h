// Time of reading prompts (prefill) and of writing one token for every sequence in the batch (decode): every
// term is the slower of arithmetic and memory, plus the communication that is not hidden.
#pragma once

#include "model/serving/replica.h"

namespace atlas::serving {

/// Seconds of one decode step. The parts add up to total().
struct DecodeStep {
    double gemm = 0;          ///< dense matrices
    double experts = 0;       ///< routed experts
    double attention = 0;     ///< over the KV cache
    double communication = 0; ///< exposed
    double overhead = 0;      ///< launches, scheduling
    [[nodiscard]] double total() const { return gemm + experts + attention + communication + overhead; }
    [[nodiscard]] const char* largest() const; ///< "HBM bandwidth", ... in words for people
    bool gemmIsMemory = false, expertsAreMemory = false, attentionIsMemory = false;
};

/// What the two rooflines need to know of a replica.
struct Replica {
    const training::Pool& pool;
    const ModelShape& shape;
    int hidden = 0;
    int layers = 0;
    Arithmetic arithmetic;
    ReplicaLayout layout;
    const ServingConstants& constants;
};

/// One token for each of `batch` sequences of mean length `context` tokens. Williams, Waterman, Patterson,
/// "Roofline", CACM 2009, per group of operators; expert weights are read if any token of the batch chose
/// them.
[[nodiscard]] DecodeStep decodeStep(const Replica& replica, double batch, double context);

/// Seconds of the whole replica for one new prompt token at mean depth `depth` in the prompt, prompts keeping
/// the replica busy.
[[nodiscard]] double prefillSecondsPerToken(const Replica& replica, double depth);

/// Seconds until a lone prompt of `newTokens` is read: the part of the replica that works on one prompt.
[[nodiscard]] double promptLatencyS(const Replica& replica, double newTokens, double depth);

} // namespace atlas::serving
