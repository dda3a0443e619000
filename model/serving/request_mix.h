// The mean request of a job, as rooflines and queues see it.
#pragma once

#include "model/scenario/scenario.h"
#include "model/serving/serving_constants.h"
#include "model/serving/speculation.h"

namespace atlas::serving {

struct RequestMix {
    double inputTokens = 0;
    double outputTokens = 0;
    double newTokens = 0;   ///< input tokens that the prefix cache does not hold
    double depth = 0;       ///< mean position of a new token in its prompt
    double context = 0;     ///< mean cached tokens of a sequence in the batch
    double reserved = 0;    ///< cached tokens that room is kept for, a sequence
    double firstTokenS = 0; ///< objective for the time to the first token, 99 of 100 requests
    double tokenS = 0;      ///< objective for the time per token, 99 of 100 requests
    Speculation speculation;
    [[nodiscard]] double newTokensPerOutput() const { return newTokens / outputTokens; }
};

/// A sequence stays in the batch as long as its answer is long, so the mean over the batch is weighted by
/// length: E[L^2] / 2 E[L] tokens written (renewal theory, inspection paradox). Errors: lengths or objectives
/// that are not positive, a cache share outside [0, 1], an acceptance outside [0, 1].
[[nodiscard]] Result<RequestMix> requestMixOf(const scenario::ServeJob& job,
                                              const ServingConstants& constants);

} // namespace atlas::serving
