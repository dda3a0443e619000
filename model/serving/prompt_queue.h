// How long a prompt waits before it is read: the part of the time to the first token that no roofline sees.
#pragma once

namespace atlas::serving {

/// Groups of GPUs that read prompts, each one prompt at a time, fed from one queue.
struct PromptQueue {
    double servers = 1;
    double serviceS = 0;         ///< of the mean prompt
    double serviceVariation = 0; ///< standard deviation over mean
    double arrivalsPerS = 0;
    [[nodiscard]] double utilisation() const { return arrivalsPerS * serviceS / servers; }
};

/// Chance that a prompt has to wait at all: M/M/c (Erlang C) by Halfin and Whitt, "Heavy-traffic limits for
/// queues with many exponential servers", Operations Research 1981; exact for one server within 2 %.
[[nodiscard]] double waitingChance(const PromptQueue& queue);

/// Seconds that 99 of 100 prompts wait less than: the exponential tail of M/G/c with the two-moment
/// correction of Allen and Cunneen, P(W > t) = C exp(-2 c (1 - u) t / (S (1 + v^2))). Infinite at a
/// utilisation of one and more.
[[nodiscard]] double waitP99S(const PromptQueue& queue);

} // namespace atlas::serving
