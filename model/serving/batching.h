// Continuous batching: the largest batch that memory and the latency objective allow, with prompts being read
// between the steps, and the layout of the replica that makes the most of a GPU.
#pragma once

#include "model/serving/roofline.h"
#include "model/serving/serving.h"

#include <optional>

namespace atlas::serving {

/// Mean request of a job, as the rooflines see it.
struct RequestMix {
    double inputTokens = 0;
    double outputTokens = 0;
    double newTokens = 0;   ///< input tokens that the prefix cache does not hold
    double depth = 0;       ///< mean position of a new token in its prompt
    double context = 0;     ///< mean cached tokens of a sequence in the batch
    double firstTokenS = 0; ///< objective
    double tokenS = 0;      ///< objective
    [[nodiscard]] double newTokensPerOutput() const { return newTokens / outputTokens; }
};

/// A sequence stays in the batch as long as its answer is long, so the mean over the batch is weighted by
/// length: E[L^2] / 2 E[L] tokens written (renewal theory, inspection paradox). Errors: lengths or objectives
/// that are not positive, a cache share outside [0, 1].
[[nodiscard]] Result<RequestMix> requestMixOf(const scenario::ServeJob& job,
                                              const ServingConstants& constants);

/// A replica at its working point.
struct WorkingPoint {
    ReplicaLayout layout;
    std::int64_t batch = 0;
    std::string limit;            ///< what bounds the batch
    DecodeStep step;              ///< at that batch
    double tokenS = 0;            ///< a step and the prompts read beside it
    double firstTokenS = 0;       ///< floor: an idle replica
    double outputTokensPerS = 0;  ///< of the replica, saturated
    double prefillShare = 0;      ///< of its time
    double prefillTokensPerS = 0; ///< of the replica doing nothing else
    double decodeTokensPerS = 0;  ///< of the replica doing nothing else, within the objective
};

/// The working point of one layout; empty with `reason` set where nothing can be served.
[[nodiscard]] std::optional<WorkingPoint> workingPoint(const Replica& replica, const RequestMix& mix,
                                                       std::string& reason);

/// The best layout of a model on a class: most output tokens a GPU of the whole pool. `reason` of the rate
/// says what bounds it, or why nothing can be served.
[[nodiscard]] ClassRate classRate(const training::Pool& pool, const ModelShape& shape,
                                  const scenario::Transformer& model, scenario::Precision precision,
                                  const RequestMix& mix, const ServingConstants& constants);

} // namespace atlas::serving
