// Lengths of requests: lognormal, as published traces are near enough (see model/scenario/traffic.h).
#pragma once

#include <array>
#include <cstddef>

namespace atlas::serving {

struct Lengths {
    double mean = 0;        ///< of the lognormal law
    double sigma = 0;       ///< of the logarithm; 0: all alike
    double longest = 1e300; ///< the context window: what is longer is cut to it

    /// Through a mean and a median over mean in (0, 1]: median = mean exp(-sigma^2 / 2). `mean` is that
    /// before the cut.
    [[nodiscard]] static Lengths of(double mean, double medianOverMean, double longest = 1e300);
    /// E[min(X, longest)^k]; without a cut mean^k exp(k (k - 1) sigma^2 / 2).
    [[nodiscard]] double moment(int k) const;
    /// The length that a standard normal variate stands for.
    [[nodiscard]] double at(double z) const;
};

/// A standard normal variate cut into strips, finer in the upper tail, each told by its median: E[f(Z)] is
/// the weighted sum over them.
struct Strip {
    double z = 0;
    double weight = 0;
};
inline constexpr std::size_t kStrips = 12;
[[nodiscard]] const std::array<Strip, kStrips>& normalStrips();

/// P(Z <= z), and its inverse (Acklam's rational approximation, relative error below 1.2e-9).
[[nodiscard]] double normalCdf(double z);
[[nodiscard]] double normalQuantile(double p);

/// P(X <= x) for X gamma with a mean and a variance; a step at the mean where the variance is 0.
[[nodiscard]] double gammaCdf(double x, double mean, double variance);

} // namespace atlas::serving
