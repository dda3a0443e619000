#include "model/serving/request_mix.h"

#include <cmath>

namespace atlas::serving {

namespace {

bool positive(double value) {
    return value > 0 && std::isfinite(value);
}

bool share(double value) {
    return value >= 0 && value <= 1;
}

} // namespace

Result<RequestMix> requestMixOf(const scenario::ServeJob& job, const ServingConstants& c) {
    const scenario::ServingEngine& engine = job.engine;
    const double hit = engine.prefixCaching ? job.cacheHit.value : 0.0;
    if (!positive(job.inputTokens.value) || !positive(job.outputTokens.value) || !share(hit)) {
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
    if (engine.speculative) {
        mix.speculation = {engine.draftedTokens.value, engine.draftAcceptance.value, engine.draftCost.value};
        if (!(mix.speculation.drafted >= 0) || !share(mix.speculation.acceptance) ||
            !(mix.speculation.draftCost >= 0)) {
            return failure("serving job '" + job.id + "' speculates with numbers out of range",
                           "keep engine.draft_acceptance within 0 to 1, the others at least 0");
        }
    }
    mix.inputTokens = job.inputTokens.value;
    mix.outputTokens = job.outputTokens.value;
    mix.newTokens = mix.inputTokens * (1.0 - hit);
    // Long prompts hold more of all tokens than short ones: E[n^2] / 2 E[n].
    const double spread = c.promptVariation.value;
    mix.depth = mix.inputTokens * hit + mix.newTokens * (1.0 + spread * spread) / 2.0;
    const double variation = c.lengthVariation.value;
    mix.context = mix.inputTokens + mix.outputTokens * (1.0 + variation * variation) / 2.0;
    mix.reserved = mix.context;
    mix.firstTokenS = job.timeToFirstTokenS.value;
    mix.tokenS = job.timePerOutputTokenS.value;
    return mix;
}

} // namespace atlas::serving
