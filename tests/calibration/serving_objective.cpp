#include "serving_objective.h"

#include <algorithm>
#include <cmath>

namespace atlas::calibration {

namespace {

using serving::ServingConstants;
using validation::ServingPoint;

/// Errors beyond this count about linearly: what was run is not published in full.
constexpr double kMedian = 0.12;
/// From here on an error is one that a strategist would stumble over.
constexpr double kPointWall = 0.40;
constexpr double kRatioWall = 0.12;
constexpr double kPointWallWeight = 8.0;
constexpr double kRatioWallWeight = 80.0;
/// One standard deviation of a constant against one point of this error.
constexpr double kPriorError = 0.08;
constexpr double kUnserved = 2.3; // ln 10
/// Ranges wider than this factor are of orders of magnitude.
constexpr double kLogarithmic = 3.0;

bool logarithmic(const catalog::Sourced& n) {
    return n.low > 0 && n.high > kLogarithmic * n.low;
}

double beyond(double error, double wall) {
    return std::max(0.0, std::abs(std::expm1(error)) - wall);
}

} // namespace

bool isFitted(const catalog::Sourced& constant) {
    return constant.source.starts_with("fit");
}

std::vector<double> scaled(ServingConstants constants) {
    std::vector<double> x;
    serving::visitConstants(constants, [&](std::string_view, const catalog::Sourced& n) {
        if (!isFitted(n)) {
            return;
        }
        const bool logs = logarithmic(n);
        const double low = logs ? std::log(n.low) : n.low;
        const double high = logs ? std::log(n.high) : n.high;
        x.push_back(((logs ? std::log(n.value) : n.value) - (low + high) / 2) / ((high - low) / 4));
    });
    return x;
}

ServingConstants unscaled(ServingConstants frame, const std::vector<double>& x) {
    std::size_t k = 0;
    serving::visitConstants(frame, [&](std::string_view, catalog::Sourced& n) {
        if (!isFitted(n)) {
            return;
        }
        const bool logs = logarithmic(n);
        const double low = logs ? std::log(n.low) : n.low;
        const double high = logs ? std::log(n.high) : n.high;
        const double at = (low + high) / 2 + x[k++] * (high - low) / 4;
        n.value = std::clamp(logs ? std::exp(at) : at, n.low, n.high);
    });
    return frame;
}

double logError(const ServingPoint& point, const ServingConstants& constants) {
    const double predicted = validation::servingRunOf(point, constants).predicted;
    return predicted > 0 ? std::clamp(std::log(predicted / point.published), -kUnserved, kUnserved)
                         : -kUnserved;
}

ServingObjective::ServingObjective(std::vector<const ServingPoint*> points,
                                   const std::vector<validation::ServingRatio>& ratios,
                                   ServingConstants frame)
    : m_points(std::move(points))
    , m_frame(std::move(frame))
    , m_constants(scaled(m_frame).size()) {
    for (const validation::ServingRatio& ratio : ratios) {
        const auto over = std::ranges::find(m_points, ratio.over, &ServingPoint::id);
        const auto under = std::ranges::find(m_points, ratio.under, &ServingPoint::id);
        if (over != m_points.end() && under != m_points.end()) {
            m_ratios.emplace_back(over - m_points.begin(), under - m_points.begin());
        }
    }
}

std::vector<double> ServingObjective::errors(const std::vector<double>& x) const {
    const ServingConstants constants = unscaled(m_frame, x);
    std::vector<double> errors;
    errors.reserve(m_points.size() + m_ratios.size());
    for (const ServingPoint* point : m_points) {
        errors.push_back(logError(*point, constants));
    }
    for (const auto& [over, under] : m_ratios) {
        errors.push_back(errors[over] - errors[under]);
    }
    return errors;
}

double ServingObjective::loss(std::size_t i, double error) const {
    const bool point = i < m_points.size();
    const double far = beyond(error, point ? kPointWall : kRatioWall);
    return 2 * kMedian * kMedian * (std::hypot(1.0, error / kMedian) - 1) +
           (point ? kPointWallWeight : kRatioWallWeight) * far * far;
}

double ServingObjective::weight(std::size_t i, double error) const {
    constexpr double kStep = 1e-4;
    const double at = std::max(std::abs(error), kStep) * (error < 0 ? -1 : 1);
    return (loss(i, at + kStep) - loss(i, at - kStep)) / (4 * kStep * at);
}

double ServingObjective::prior() {
    return kPriorError * kPriorError;
}

double ServingObjective::value(const std::vector<double>& x) const {
    const std::vector<double> all = errors(x);
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        sum += loss(i, all[i]);
    }
    for (const double v : x) {
        sum += prior() * v * v;
    }
    return sum;
}

} // namespace atlas::calibration
