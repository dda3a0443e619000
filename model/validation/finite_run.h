// A benchmark run has a beginning and an end. All its requests are counted over all its time, so the filling
// of the batch and the long wait for the last answers count too: little for answers of 300 tokens, a factor
// of two for answers of up to 20,000.
#pragma once

#include "model/serving/service.h"

namespace atlas::validation {

/// How long a run lasts at least, and how many requests it sends (MLCommons inference rules).
struct RunRules {
    double minSeconds = 600;
    double minQueries = 0;
    double maxOutputTokens = 0; ///< longest answer allowed
};

/// A replica and how many of it the system under test has.
struct System {
    const serving::Replica& replica;
    double replicas = 1;
    double batch = 1; ///< sequences a replica holds at most
};

/// Output tokens/s of the whole system over a run in which all requests are there from the start (LoadGen's
/// Offline scenario). Fluid limit: answers by age, lengths lognormal up to the longest.
[[nodiscard]] double offlineTokensPerS(const System& system, const serving::RequestMix& mix,
                                       double lengthVariation, const RunRules& rules);

/// The same where requests come at `outputTokensPerS` over the mean answer until enough have come (LoadGen's
/// Server scenario): completed tokens over the time until the last is complete.
[[nodiscard]] double serverTokensPerS(const System& system, const serving::RequestMix& mix,
                                      double lengthVariation, const RunRules& rules, double outputTokensPerS);

} // namespace atlas::validation
