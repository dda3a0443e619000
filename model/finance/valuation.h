// Textbook valuation of a row of monthly cash flows.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace atlas::finance {

/// Net present value of flows at months 0, 1, 2, ... at a yearly rate (> -1): sum of flow_k / (1 + r)^(k /
/// 12).
[[nodiscard]] double npvUsd(std::span<const double> monthlyFlows, double ratePerYear);

/// A root, or why there is none.
struct Root {
    std::optional<double> value;
    std::string reason; ///< empty where there is a value
};

/// The yearly rate at which the NPV is 0. There is none if the flows never change sign; if they change it
/// more than once several rates may solve it: the one is returned that is alone in -99 % .. 10,000 % a year,
/// otherwise none, and the reason says so.
[[nodiscard]] Root irrPerYear(std::span<const double> monthlyFlows);

/// First month in which the cumulative flow is not negative and stays so; empty if never.
[[nodiscard]] std::optional<int> paybackMonth(std::span<const double> monthlyFlows);

/// Root of a continuous function between two values of opposite sign, to `tolerance` relative to the root's
/// size, by bisection. Errors as a reason: no change of sign, a value that is not finite.
[[nodiscard]] Root bisect(const std::function<double(double)>& f, double low, double high,
                          double tolerance = 1e-3);

} // namespace atlas::finance
