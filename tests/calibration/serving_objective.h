// What a fit of the serving constants minimises: the errors of published rates, of the ratios between GPU
// generations, and the distance of every constant from what is expected of it.
#pragma once

#include "model/validation/serving_points.h"

#include <string_view>
#include <vector>

namespace atlas::calibration {

/// Whether a constant is fitted: its source in the file begins with "fit"; the others are stated.
[[nodiscard]] bool isFitted(const catalog::Sourced& constant);

/// Fitted constants on a scale where the range is four standard deviations about 0, of their logarithm where
/// the range spans more than a factor of three. In the order of the file.
[[nodiscard]] std::vector<double> scaled(serving::ServingConstants constants);
[[nodiscard]] serving::ServingConstants unscaled(serving::ServingConstants frame,
                                                 const std::vector<double>& x);
constexpr double kScaledEnd = 2.0; ///< the ends of every range, on that scale

/// ln(predicted / reported); a point that cannot be served at all counts as a factor of ten.
[[nodiscard]] double logError(const validation::ServingPoint& point,
                              const serving::ServingConstants& constants);

class ServingObjective {
public:
    /// Ratios count where both of their points are among `points`. `frame`: what is stated, and the ranges.
    ServingObjective(std::vector<const validation::ServingPoint*> points,
                     const std::vector<validation::ServingRatio>& ratios, serving::ServingConstants frame);

    /// Log errors of the points, then of the ratios.
    [[nodiscard]] std::vector<double> errors(const std::vector<double>& x) const;
    /// Loss of error `i`: about linear, so that the median counts and not the worst; then a wall from 40 % on
    /// for points, from 12 % on for ratios.
    [[nodiscard]] double loss(std::size_t i, double error) const;
    /// Half its slope over the error: the weight of the error in least squares.
    [[nodiscard]] double weight(std::size_t i, double error) const;
    /// Sum of the losses and of the prior.
    [[nodiscard]] double value(const std::vector<double>& x) const;
    /// Weight of the prior of one constant against one squared error.
    [[nodiscard]] static double prior();
    [[nodiscard]] std::size_t constants() const { return m_constants; }

private:
    std::vector<const validation::ServingPoint*> m_points;
    std::vector<std::pair<std::size_t, std::size_t>> m_ratios; ///< over, under: indices of points
    serving::ServingConstants m_frame;
    std::size_t m_constants;
};

} // namespace atlas::calibration
