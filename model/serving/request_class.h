// Kinds of requests as the queues see them: lengths, cache, and what is promised.
#pragma once

#include "model/scenario/scenario.h"
#include "model/serving/lengths.h"

#include <array>
#include <cstdint>

namespace atlas::serving {

/// In the order of the tables; the first ones are interactive.
enum class Kind : std::uint8_t { Chat, Agent, Batch };
inline constexpr std::size_t kKinds = 3;
inline constexpr std::size_t kInteractive = 2;
[[nodiscard]] const char* name(Kind kind); ///< "chat", "agent", "batch"

struct RequestClass {
    double share = 0; ///< of requests; all kinds add up to 1
    Lengths input;
    Lengths output;
    double cacheHit = 0;
    double firstTokenS = 0; ///< promise; 0 for batch
    double tokenS = 0;      ///< promise, mean over an answer; 0 for batch

    /// Tokens that a sequence has in the cache, mean over its stay: a long answer stays longer, hence E[L^2]
    /// / 2 E[L] tokens written (renewal theory).
    [[nodiscard]] double context() const;
    /// Input and output tokens of a request, mean.
    [[nodiscard]] double tokens() const { return input.moment(1) + output.moment(1); }
};
using RequestClasses = std::array<RequestClass, kKinds>;

/// The kinds of a service. Errors: lengths, shares or promises that make no sense, no requests at all.
[[nodiscard]] Result<RequestClasses> requestClassesOf(const scenario::Traffic& traffic,
                                                      const scenario::ServeJob& job);

/// The service as its requests on average ask for it, with the strictest promises: what its layouts are
/// chosen for.
[[nodiscard]] scenario::ServeJob meanJob(const scenario::ServeJob& job, const RequestClasses& classes);

} // namespace atlas::serving
