#include "model/serving/demand.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::serving {

namespace {

/// Mean of ((1 + cos x) / 2)^k over a day: Gamma(k + 1/2) / (sqrt(pi) Gamma(k + 1)).
double meanOfPower(double k) {
    return std::exp(std::lgamma(k + 0.5) - std::lgamma(k + 1.0)) / std::sqrt(std::numbers::pi);
}

} // namespace

std::array<double, 24> dayProfile(double peakOverMean) {
    const double peak = std::max(1.0, peakOverMean);
    double power = 1.0;
    if (peak > 2.0) { // mean of the power falls from 1/2 with k: find 1 / peak
        double low = 1.0;
        double high = 2.0;
        while (meanOfPower(high) > 1.0 / peak && high < 1e9) {
            high *= 2.0;
        }
        for (int i = 0; i < 80; ++i) {
            power = (low + high) / 2.0;
            (meanOfPower(power) > 1.0 / peak ? low : high) = power;
        }
    }
    std::array<double, 24> profile{};
    double sum = 0;
    for (std::size_t hour = 0; hour < profile.size(); ++hour) {
        const double angle = 2.0 * std::numbers::pi * (static_cast<double>(hour) - 12.0) / 24.0;
        profile[hour] = peak <= 2.0 ? 1.0 + (peak - 1.0) * std::cos(angle)
                                    : peak * std::pow((1.0 + std::cos(angle)) / 2.0, power);
        sum += profile[hour];
    }
    for (double& value : profile) { // hourly sampling moves the mean of narrow peaks a little
        value *= 24.0 / sum;
    }
    return profile;
}

double weekUtilisation(double peakOverMean, double weekendFactor) {
    const double weekend = std::max(0.0, weekendFactor);
    return (5.0 + 2.0 * weekend) / 7.0 / (std::max(1.0, peakOverMean) * std::max(1.0, weekend));
}

double poissonCdf(double k, double mean) {
    if (mean <= 0) {
        return 1.0;
    }
    if (mean > 2000.0) { // normal with continuity correction: error below 1e-3 here
        return 0.5 * std::erfc((mean - k - 0.5) / std::sqrt(2.0 * mean));
    }
    double term = std::exp(-mean);
    double sum = 0;
    if (term > 0) {
        sum = term;
        for (double i = 1; i <= k; ++i) {
            term *= mean / i;
            sum += term;
        }
        return std::min(1.0, sum);
    }
    for (double i = 0; i <= k; ++i) { // exp(-mean) underflows: sum in logarithms
        sum += std::exp(i * std::log(mean) - mean - std::lgamma(i + 1.0));
    }
    return std::min(1.0, sum);
}

double sloAttainment(double batch, double headroom, double peakOverMean) {
    if (batch < 1) {
        return 0;
    }
    const auto profile = dayProfile(peakOverMean);
    const double peak = *std::max_element(profile.begin(), profile.end());
    double met = 0;
    double all = 0;
    for (const double demand : profile) {
        met += demand * poissonCdf(batch, batch * headroom * demand / peak);
        all += demand;
    }
    return met / all;
}

} // namespace atlas::serving
