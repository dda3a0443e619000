#include "model/serving/lengths.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace atlas::serving {

Lengths Lengths::of(double mean, double medianOverMean, double longest) {
    const double ratio = std::clamp(medianOverMean, 1e-6, 1.0);
    return {mean, std::sqrt(-2.0 * std::log(ratio)), longest};
}

double Lengths::moment(int k) const {
    if (!(sigma > 0)) {
        return std::pow(std::min(mean, longest), k);
    }
    const double whole = std::pow(mean, k) * std::exp(0.5 * k * (k - 1) * sigma * sigma);
    const double cut = (std::log(longest / mean) + sigma * sigma / 2) / sigma; // in sigmas from the median
    if (cut > 8 + k * sigma) {
        return whole;
    }
    return whole * normalCdf(cut - k * sigma) + std::pow(longest, k) * normalCdf(-cut);
}

double Lengths::at(double z) const {
    return std::min(longest, mean * std::exp(sigma * z - 0.5 * sigma * sigma));
}

double normalCdf(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normalQuantile(double p) {
    if (p <= 0 || p >= 1) {
        return p <= 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    }
    constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                            1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                            6.680131188771972e+01, -1.328068155288572e+01};
    constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                            -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                            3.754408661907416e+00};
    constexpr double kTail = 0.02425;
    if (p > 1 - kTail) {
        return -normalQuantile(1 - p);
    }
    if (p < kTail) {
        const double q = std::sqrt(-2 * std::log(p));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    }
    const double q = p - 0.5;
    const double r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

const std::array<Strip, kStrips>& normalStrips() {
    static const auto strips = [] {
        constexpr std::array<double, kStrips + 1> kEdges = {0,    0.1,  0.25,  0.4,   0.55,  0.7, 0.8,
                                                            0.88, 0.93, 0.965, 0.985, 0.995, 1};
        std::array<Strip, kStrips> all{};
        for (std::size_t i = 0; i < kStrips; ++i) {
            all[i] = {normalQuantile((kEdges[i] + kEdges[i + 1]) / 2), kEdges[i + 1] - kEdges[i]};
        }
        return all;
    }();
    return strips;
}

double gammaCdf(double x, double mean, double variance) {
    if (!(variance > 1e-12 * mean * mean)) {
        return x >= mean ? 1.0 : 0.0;
    }
    if (x <= 0) {
        return 0;
    }
    const double k = mean * mean / variance;
    const double y = x * mean / variance;
    if (k > 100) { // Wilson and Hilferty's cube root of a chi-square: error below 1e-4 here
        const double w = 1.0 / (9.0 * k);
        return normalCdf((std::cbrt(y / k) - (1.0 - w)) / std::sqrt(w));
    }
    // Regularised incomplete gamma: series below k + 1, continued fraction (Lentz) above.
    const double front = std::exp(k * std::log(y) - y - std::lgamma(k));
    constexpr double kEnough = 1e-10;
    if (y < k + 1) {
        double term = 1.0 / k;
        double sum = term;
        for (double i = k + 1; term > kEnough * sum; ++i) {
            term *= y / i;
            sum += term;
        }
        return std::min(1.0, front * sum);
    }
    double b = y + 1 - k;
    double c = std::numeric_limits<double>::max();
    double d = 1 / b;
    double h = d;
    for (double i = 1; i < 500; ++i) {
        const double an = -i * (i - k);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        const double step = d * c;
        h *= step;
        if (std::abs(step - 1) < kEnough) {
            break;
        }
    }
    return std::clamp(1.0 - front * h, 0.0, 1.0);
}

} // namespace atlas::serving
