#include "model/finance/valuation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace atlas::finance {

namespace {

/// NPV as a polynomial in the monthly discount factor, Horner's scheme.
double polynomial(std::span<const double> flows, double factor) {
    double sum = 0;
    for (std::size_t k = flows.size(); k-- > 0;) {
        sum = sum * factor + flows[k];
    }
    return sum;
}

constexpr double kLowestGrowth = 0.01; ///< of a year: a loss of 99 %
constexpr double kHighestGrowth = 101.0;
constexpr std::size_t kRateSteps = 1000;

struct RateGrid {
    std::array<double, kRateSteps + 1> growth{}; ///< of a year
    std::array<double, kRateSteps + 1> factor{}; ///< that discounts a month
};

/// Indices i of the grid between which and i - 1 the net present value changes its sign.
using Crossings = std::vector<std::size_t>;

const RateGrid& rateGrid() {
    static const RateGrid grid = [] {
        RateGrid made;
        for (std::size_t i = 0; i <= kRateSteps; ++i) {
            made.growth[i] =
                kLowestGrowth * std::pow(kHighestGrowth / kLowestGrowth, static_cast<double>(i) / kRateSteps);
            made.factor[i] = std::pow(made.growth[i], -1.0 / 12.0);
        }
        return made;
    }();
    return grid;
}

/// Flows that change their sign once have one rate of return (Descartes): halving finds its place.
Crossings oneCrossing(std::span<const double> flows, const RateGrid& grid) {
    const auto negative = [&](std::size_t i) { return polynomial(flows, grid.factor[i]) < 0; };
    const bool first = negative(0);
    if (negative(kRateSteps) == first) {
        return {};
    }
    std::size_t before = 0;
    std::size_t after = kRateSteps;
    while (after - before > 1) {
        const std::size_t middle = (before + after) / 2;
        (negative(middle) == first ? before : after) = middle;
    }
    return {after};
}

Crossings allCrossings(std::span<const double> flows, const RateGrid& grid) {
    std::array<double, kRateSteps + 1> values{};
    for (std::size_t k = flows.size(); k-- > 0;) { // Horner's scheme over the whole grid at once
        for (std::size_t i = 0; i <= kRateSteps; ++i) {
            values[i] = values[i] * grid.factor[i] + flows[k];
        }
    }
    Crossings found;
    for (std::size_t i = 1; i <= kRateSteps; ++i) {
        if ((values[i - 1] < 0) != (values[i] < 0)) {
            found.push_back(i);
        }
    }
    return found;
}

int signChanges(std::span<const double> flows) {
    int changes = 0;
    double last = 0;
    for (const double flow : flows) {
        changes += flow * last < 0 ? 1 : 0;
        last = flow != 0 ? flow : last;
    }
    return changes;
}

} // namespace

double npvUsd(std::span<const double> flows, double ratePerYear) {
    return polynomial(flows, std::pow(1.0 + ratePerYear, -1.0 / 12.0));
}

Root irrPerYear(std::span<const double> flows) {
    const bool pays = std::ranges::any_of(flows, [](double f) { return f < 0; });
    const bool receives = std::ranges::any_of(flows, [](double f) { return f > 0; });
    if (!pays || !receives) {
        return {std::nullopt, pays ? "no internal rate of return: nothing comes back"
                                   : "no internal rate of return: nothing is paid in"};
    }
    // Scan the yearly rate on a logarithmic grid of 1 + r and refine every change of sign.
    const RateGrid& grid = rateGrid();
    std::vector<double> roots;
    const auto value = [&](double growth) { return polynomial(flows, std::pow(growth, -1.0 / 12.0)); };
    for (const std::size_t i :
         signChanges(flows) == 1 ? oneCrossing(flows, grid) : allCrossings(flows, grid)) {
        const Root root = bisect(value, grid.growth[i - 1], grid.growth[i], 1e-12);
        if (root.value) {
            roots.push_back(*root.value - 1.0);
        }
    }
    if (roots.size() == 1) {
        return {roots.front(), {}};
    }
    return {std::nullopt, roots.empty()
                              ? "no internal rate of return between -99 % and 10,000 % a year"
                              : "several internal rates of return: the flows change sign more than once"};
}

std::optional<int> paybackMonth(std::span<const double> flows) {
    std::optional<int> month;
    double sum = 0;
    for (std::size_t k = 0; k < flows.size(); ++k) {
        sum += flows[k];
        if (sum < 0) {
            month.reset();
        } else if (!month) {
            month = static_cast<int>(k);
        }
    }
    return month;
}

Root bisect(const std::function<double(double)>& f, double low, double high, double tolerance) {
    double atLow = f(low);
    const double atHigh = f(high);
    if (!std::isfinite(atLow) || !std::isfinite(atHigh)) {
        return {std::nullopt, "the function is not finite at the ends"};
    }
    if (atLow == 0) {
        return {low, {}};
    }
    if (atHigh == 0) {
        return {high, {}};
    }
    if ((atLow < 0) == (atHigh < 0)) {
        return {std::nullopt, "no change of sign between the ends"};
    }
    while (std::abs(high - low) > tolerance * std::max(std::abs(low), std::abs(high))) {
        const double middle = low + (high - low) / 2.0;
        if (middle == low || middle == high) {
            break;
        }
        const double here = f(middle);
        if ((here < 0) == (atLow < 0)) {
            low = middle;
            atLow = here;
        } else {
            high = middle;
        }
    }
    return {low + (high - low) / 2.0, {}};
}

} // namespace atlas::finance
