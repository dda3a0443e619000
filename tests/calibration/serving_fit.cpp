#include "serving_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::calibration {

namespace {

using serving::ServingConstants;
using validation::ServingPoint;

/// Errors beyond this count linearly: what was run is not published in full.
constexpr double kHuber = 0.5;
/// Prior weight of a constant's range (a quarter of it is one sigma) against one point of this error.
constexpr double kPointSigma = 0.06;
/// A strategist compares generations more than he quotes rates: ratios weigh more.
constexpr double kRatioWeight = 1.4;
constexpr double kUnserved = 2.3; // ln 10
constexpr int kRounds = 5;
constexpr int kGaussNewtonSteps = 12;
constexpr double kWorthARound = 0.003; ///< less than this share gained ends the fit

constexpr std::array<std::string_view, 21> kFitted = {
    "gemm_rate",          "expert_gemm",        "attention_rate",
    "hbm_bandwidth",      "memory_hidden",      "nvlink_latency_s",
    "exchange_latency_s", "nic_latency_s",      "reduce_hidden",
    "exchange_hidden",    "gemm_fp4",           "layer_overhead_s",
    "step_overhead_s",    "elementwise_passes", "ultra_attention",
    "expert_spread",      "expert_spread_raw",  "benchmark_prompt_variation",
    "token_p99",          "gemm_2023",          "kv_reads_2023"};

/// Fitted constants on a scale where their range is four sigma.
std::vector<double> read(ServingConstants c) {
    std::vector<double> x;
    serving::visitConstants(c, [&](std::string_view key, catalog::Sourced& n) {
        if (std::ranges::find(kFitted, key) != kFitted.end()) {
            x.push_back((n.value - (n.low + n.high) / 2) / ((n.high - n.low) / 4));
        }
    });
    return x;
}

ServingConstants write(ServingConstants c, const std::vector<double>& x) {
    std::size_t k = 0;
    serving::visitConstants(c, [&](std::string_view key, catalog::Sourced& n) {
        if (std::ranges::find(kFitted, key) != kFitted.end()) {
            n.value = std::clamp((n.low + n.high) / 2 + x[k++] * (n.high - n.low) / 4, n.low, n.high);
        }
    });
    return c;
}

struct Fit {
    std::vector<const ServingPoint*> points;
    std::vector<std::pair<std::size_t, std::size_t>> ratios; ///< indices into points
};

double huber(double r) {
    const double a = std::abs(r);
    return a <= kHuber ? r * r : kHuber * (2 * a - kHuber);
}

/// Errors of the points, then of the ratios whose two points are both among them.
std::vector<double> residuals(const Fit& fit, const ServingConstants& c) {
    std::vector<double> r;
    for (const ServingPoint* p : fit.points) {
        r.push_back(logError(*p, c));
    }
    for (const auto& [over, under] : fit.ratios) {
        r.push_back(kRatioWeight * (r[over] - r[under]));
    }
    return r;
}

double objective(const Fit& fit, const ServingConstants& start, const std::vector<double>& x) {
    double sum = 0;
    for (const double r : residuals(fit, write(start, x))) {
        sum += huber(r);
    }
    for (const double v : x) {
        sum += kPointSigma * kPointSigma * v * v;
    }
    return sum;
}

/// Solves the symmetric system in place (Gauss-Jordan on a positive definite matrix).
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
    const std::size_t n = b.size();
    for (std::size_t j = 0; j < n; ++j) {
        const double pivot = a[j][j];
        for (std::size_t i = 0; i < n; ++i) {
            if (i == j) {
                continue;
            }
            const double f = a[i][j] / pivot;
            for (std::size_t k = j; k < n; ++k) {
                a[i][k] -= f * a[j][k];
            }
            b[i] -= f * b[j];
        }
    }
    for (std::size_t j = 0; j < n; ++j) {
        b[j] /= a[j][j];
    }
    return b;
}

bool gaussNewton(const Fit& fit, const ServingConstants& start, std::vector<double>& x, double& value) {
    constexpr double kStep = 0.02;
    const std::size_t n = x.size();
    const ServingConstants now = write(start, x);
    std::vector<std::vector<double>> hessian(n, std::vector<double>(n, 0.0));
    std::vector<double> gradient(n, 0.0);
    const std::vector<double> errors = residuals(fit, now);
    std::vector<std::vector<double>> slopes(n);
    for (std::size_t k = 0; k < n; ++k) {
        const double step = x[k] > 0 ? -kStep : kStep; // inwards
        std::vector<double> y = x;
        y[k] += step;
        slopes[k] = residuals(fit, write(start, y));
        for (std::size_t i = 0; i < errors.size(); ++i) {
            slopes[k][i] = (slopes[k][i] - errors[i]) / step;
        }
    }
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const double r = errors[i];
        const double weight = std::abs(r) <= kHuber ? 1 : kHuber / std::abs(r);
        for (std::size_t k = 0; k < n; ++k) {
            gradient[k] -= weight * r * slopes[k][i];
            for (std::size_t l = 0; l < n; ++l) {
                hessian[k][l] += weight * slopes[k][i] * slopes[l][i];
            }
        }
    }
    for (std::size_t k = 0; k < n; ++k) {
        gradient[k] -= kPointSigma * kPointSigma * x[k];
        hessian[k][k] += kPointSigma * kPointSigma;
    }
    for (double damping = 1e-3; damping < 1e3; damping *= 6) {
        auto a = hessian;
        for (std::size_t k = 0; k < n; ++k) {
            a[k][k] *= 1 + damping;
        }
        const auto d = solve(a, gradient);
        std::vector<double> y = x;
        for (std::size_t k = 0; k < n; ++k) {
            y[k] = std::clamp(x[k] + d[k], -2.0, 2.0);
        }
        const double next = objective(fit, start, y);
        if (next < value) {
            const bool worth = value - next > 1e-5 * value;
            x = y;
            value = next;
            return worth;
        }
    }
    return false;
}

bool alongEach(const Fit& fit, const ServingConstants& start, std::vector<double>& x, double& value,
               double step) {
    bool improved = false;
    for (std::size_t k = 0; k < x.size(); ++k) {
        for (const double d : {step, -step}) {
            std::vector<double> y = x;
            y[k] = std::clamp(x[k] + d, -2.0, 2.0);
            const double next = objective(fit, start, y);
            if (next < value * (1 - 1e-6)) {
                x = y;
                value = next;
                improved = true;
                break;
            }
        }
    }
    return improved;
}

} // namespace

std::span<const std::string_view> fittedServingKeys() {
    return kFitted;
}

double logError(const ServingPoint& point, const ServingConstants& constants) {
    const double predicted = validation::servingRunOf(point, constants).predicted;
    return predicted > 0 ? std::clamp(std::log(predicted / point.published), -kUnserved, kUnserved)
                         : -kUnserved;
}

ServingConstants fitServing(const std::vector<const ServingPoint*>& points,
                            const std::vector<validation::ServingRatio>& ratios,
                            const std::vector<ServingConstants>& starts) {
    Fit fit{points, {}};
    for (const validation::ServingRatio& ratio : ratios) {
        const auto over = std::ranges::find(points, ratio.over, &ServingPoint::id);
        const auto under = std::ranges::find(points, ratio.under, &ServingPoint::id);
        if (over != points.end() && under != points.end()) {
            fit.ratios.emplace_back(over - points.begin(), under - points.begin());
        }
    }
    const ServingConstants& frame = starts.front(); // ranges and what is stated are the same in all
    std::vector<double> best;
    double least = HUGE_VAL;
    for (const ServingConstants& start : starts) {
        std::vector<double> x = read(start);
        double value = objective(fit, frame, x);
        for (int round = 0; round < kRounds; ++round) {
            const double before = value;
            for (int i = 0; i < kGaussNewtonSteps && gaussNewton(fit, frame, x, value); ++i) {
            }
            // Layouts change at once: steps along each constant find what slopes do not tell.
            for (const double step : {0.5, 0.2, 0.08}) {
                alongEach(fit, frame, x, value, step);
            }
            if (before - value < kWorthARound * before) {
                break;
            }
        }
        if (value < least) {
            least = value;
            best = x;
        }
    }
    return write(frame, best);
}

} // namespace atlas::calibration
