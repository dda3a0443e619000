#include "model/serving/queue.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::serving {

namespace {

constexpr double kWindowSigmas = 8;
constexpr double kPoints = 256; ///< states looked at; a stride above 1 where the window is wider

/// Where arrivals meet departures; the places where they do not.
double meetingPoint(const ReplicaQueue& q) {
    double low = 0;
    double high = q.places;
    for (int i = 0; i < 60 && high - low > 1e-9 * (1 + high); ++i) {
        const double middle = (low + high) / 2;
        (q.departuresPerS(middle) < q.arrivalsPerS ? low : high) = middle;
    }
    return high;
}

} // namespace

QueueLaw::QueueLaw(const ReplicaQueue& q)
    : m_places(q.places) {
    const double full = q.departuresPerS(q.places);
    if (!(q.arrivalsPerS > 0)) {
        m_cumulative = {1.0};
        return;
    }
    if (!(q.arrivalsPerS < full)) {
        m_stable = false;
        m_mean = m_served = q.places;
        m_waitShare = 1;
        m_meanWaitS = std::numeric_limits<double>::infinity();
        m_first = q.places;
        m_cumulative = {1.0};
        return;
    }
    const double mean = meetingPoint(q);
    const double around = std::min({1.0, mean, q.places - mean});
    const double pull =
        around > 0 ? (q.departuresPerS(mean + around) - q.departuresPerS(mean - around)) / (2 * around) : 0;
    const double spread =
        std::min(q.places, std::sqrt(q.arrivalsPerS / (pull + 1 / q.routerLagS + 1e-300))) + 2;
    const double from = std::max(0.0, std::floor(mean - kWindowSigmas * spread));
    const double to = std::min(q.places, std::ceil(mean + kWindowSigmas * spread));
    m_stride = std::max(1.0, std::floor((to - from) / kPoints));
    m_first = from;
    // Balance across each cut: p(k) mu(k) = p(k - 1) lambda(k - 1); a stride multiplies the step of ln p.
    const auto points = static_cast<std::size_t>((to - from) / m_stride) + 1;
    std::vector<double> logP(points, 0.0);
    const double reach = q.arrivalsPerS * q.routerLagS;
    const auto arrivals = [&](double k) {
        return q.arrivalsPerS * std::max(1e-12, 1 - (k - mean) / std::max(reach, 1e-3));
    };
    for (std::size_t i = 1; i < points; ++i) {
        const double k = m_first + static_cast<double>(i) * m_stride;
        const double middle = k - (m_stride - 1) / 2; // of the states that the stride passes over
        logP[i] = logP[i - 1] +
                  m_stride * std::log(arrivals(middle - 1) / std::max(1e-300, q.departuresPerS(middle)));
    }
    const double top = std::ranges::max(logP);
    double sum = 0;
    for (double& p : logP) {
        p = std::exp(p - top) * m_stride;
        sum += p;
    }
    // Beyond the places departures stay those of a full replica: a geometric tail, which carries the queue.
    const double ratio = arrivals(q.places) / full;
    const double last = m_first + static_cast<double>(points - 1) * m_stride;
    const bool reaches = last + m_stride > q.places;
    const double atPlaces = reaches ? logP.back() / m_stride : 0;
    const double beyond = atPlaces * ratio / (1 - ratio); // P(more than the places), unnormalised
    const double all = sum + beyond;
    const double queued = beyond / (1 - ratio); // sum of j p(places + j)
    double second = 0;
    double cumulated = 0;
    m_cumulative.reserve(points);
    for (std::size_t i = 0; i < points; ++i) {
        const double k = m_first + static_cast<double>(i) * m_stride;
        const double p = logP[i] / all;
        m_served += p * k;
        second += p * k * k;
        cumulated += p;
        m_cumulative.push_back(cumulated);
    }
    m_served += beyond / all * q.places;
    m_mean = m_served + queued / all;
    // E[(s + j)^2] over the tail, j geometric from 1.
    const double tailSquares = beyond * (1 + ratio) / ((1 - ratio) * (1 - ratio));
    second += (beyond * q.places * q.places + 2 * q.places * queued + tailSquares) / all;
    m_variance = std::max(0.0, second - m_mean * m_mean);
    m_waitShare = (atPlaces + beyond) / all;
    m_meanWaitS = queued / all / q.arrivalsPerS * (q.arrivalVariation + q.serviceVariation) / 2;
}

double QueueLaw::at(double u) const {
    const auto found = std::ranges::lower_bound(m_cumulative, u);
    const auto i = static_cast<std::size_t>(found - m_cumulative.begin());
    if (found == m_cumulative.end()) {
        // In the tail: what is left of the probability falls by the same ratio a state; one more for a mean.
        const double tail = 1 - m_cumulative.back();
        const double queued = m_mean - m_served;
        const double perState = tail > 0 ? std::max(1.0, queued / tail) : 1.0;
        return m_places + std::ceil(-std::log(std::max(1e-12, (1 - u) / std::max(tail, 1e-300))) * perState);
    }
    if (m_stride <= 1) {
        return m_first + static_cast<double>(i);
    }
    const double before = i == 0 ? 0 : m_cumulative[i - 1];
    const double within = (u - before) / std::max(1e-300, *found - before);
    return std::max(0.0, std::round(m_first + (static_cast<double>(i) + within - 0.5) * m_stride));
}

double waitMG1(double arrivalsPerS, double meanS, double meanSquareS2) {
    const double rho = arrivalsPerS * meanS;
    return rho < 1 ? arrivalsPerS * meanSquareS2 / (2 * (1 - rho)) : std::numeric_limits<double>::infinity();
}

double erlangC(int servers, double offered) {
    double blocked = 1; // Erlang B by its recursion
    for (int c = 1; c <= servers; ++c) {
        blocked = offered * blocked / (c + offered * blocked);
    }
    return blocked / (1 - offered / servers * (1 - blocked));
}

} // namespace atlas::serving
