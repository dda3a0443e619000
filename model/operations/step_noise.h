// Transient noise of one GPU in one step: J >= 0, its compute time is multiplied by 1 + J.
//
// Exponential with a knee: J = sigma * e up to e = kKnee, three times as steep beyond, where e is a unit
// exponential. So the maximum over N members grows like ln N and, from some thousand members on, has the
// heavier tail that step times of large published runs show: over 10,752 members, p90 about 1.4 % and p99
// about 3 % above the median at sigma 0.3 % (record, stragglers.md 2b: 1.1 to 1.5 % and 2.7 to 4.7 % for
// 8,192 to 10,752 H100).
#pragma once

#include <algorithm>
#include <cmath>

namespace atlas::operations {

struct StepNoise {
    static constexpr double kKnee = 9;
    static constexpr double kTail = 3;
    double sigma = 0; ///< standard deviation, relative (that of the body: the knee adds below 0.1 %)

    /// Noise over sigma for a unit exponential.
    [[nodiscard]] static double stretch(double e) { return std::max(e, kKnee + kTail * (e - kKnee)); }
    [[nodiscard]] static double unstretch(double y) { return std::min(y, kKnee + (y - kKnee) / kTail); }

    /// P(J > x). Precondition: sigma > 0.
    [[nodiscard]] double survival(double x) const { return x <= 0 ? 1 : std::exp(-unstretch(x / sigma)); }
    [[nodiscard]] double density(double x) const {
        return x < 0 ? 0 : survival(x) / (sigma * (x / sigma < kKnee ? 1 : kTail));
    }
    /// J with P(J > J(tail)) = tail.
    [[nodiscard]] double quantile(double tail) const { return sigma * stretch(-std::log(tail)); }
    /// E[J | J <= x], from the integral of the survival function. Precondition: x > 0.
    [[nodiscard]] double meanBelow(double x) const {
        const double y = x / sigma;
        const double knee = std::exp(-kKnee);
        const double area =
            y <= kKnee ? -std::expm1(-y) : 1 - knee + kTail * knee * -std::expm1(-(y - kKnee) / kTail);
        const double above = survival(x);
        return sigma * (area - y * above) / (1 - above);
    }
};

} // namespace atlas::operations
