// Requests in one replica: the stationary law of their number, and how long they wait for a place.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace atlas::serving {

/// What governs the number k in a replica: a birth-and-death chain. A replica with `places` places serves k
/// <= places at once and lets the others queue.
struct ReplicaQueue {
    double arrivalsPerS = 0;
    double places = 1;
    /// Requests that leave a second when k are served; does not fall with k.
    std::function<double(double k)> departuresPerS;
    /// The router corrects a replica's number towards the mean within this time: arrivals at k are those of
    /// the mean times 1 - (k - mean) / (arrivalsPerS lag). Infinite: arrivals know nothing of k. With many
    /// places the variance is then arrivals / (1 / stay + 1 / lag), that of a mean-reverting diffusion.
    double routerLagS = 1e300;
    /// Variance over mean squared of the time in service, for waiting (Allen and Cunneen's factor).
    double serviceVariation = 1;
    double arrivalVariation = 1;
};

/// The law, on a window of states with a stride. With infinite lag it is that of M/M/c where departures are
/// proportional, of a processor-sharing replica otherwise (insensitive to answer lengths: Kelly,
/// "Reversibility and Stochastic Networks", 1979, section 3.3).
class QueueLaw {
public:
    /// Stable where arrivals are below the departures of full replicas; else everything is at the places and
    /// beyond: stable() is false, the law that of a full replica and waiting unbounded.
    explicit QueueLaw(const ReplicaQueue& queue);

    [[nodiscard]] bool stable() const { return m_stable; }
    [[nodiscard]] double mean() const { return m_mean; }
    [[nodiscard]] double variance() const { return m_variance; }
    /// Mean in service, at most the places.
    [[nodiscard]] double served() const { return m_served; }
    /// P(an arrival finds all places taken).
    [[nodiscard]] double waitShare() const { return m_waitShare; }
    /// Mean seconds of all arrivals; by Little's law from the mean queue, times (ca^2 + cs^2) / 2.
    [[nodiscard]] double meanWaitS() const { return m_meanWaitS; }
    /// The number that a uniform variate stands for.
    [[nodiscard]] double at(double u) const;

private:
    double m_first = 0, m_stride = 1;
    std::vector<double> m_cumulative; ///< P(number <= first + i stride)
    bool m_stable = true;
    double m_mean = 0, m_variance = 0, m_served = 0, m_waitShare = 0, m_meanWaitS = 0;
    double m_places = 0;
};

/// Mean wait in M/G/1: Pollaczek and Khinchine, lambda E[S^2] / 2 (1 - rho). Infinite from rho = 1 on.
[[nodiscard]] double waitMG1(double arrivalsPerS, double meanS, double meanSquareS2);

/// P(wait) in M/M/c: Erlang's C formula, for whole c and offered load a = lambda / mu below c.
[[nodiscard]] double erlangC(int servers, double offered);

} // namespace atlas::serving
