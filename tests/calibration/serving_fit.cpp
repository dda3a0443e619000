#include "serving_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>

namespace atlas::calibration {

namespace {

using serving::ServingConstants;
using Vector = std::vector<double>;

constexpr int kRounds = 6;
constexpr int kGaussNewtonSteps = 10;
constexpr double kWorthARound = 0.002; ///< less than this share gained ends the search
constexpr std::uint64_t kSeed = 20260101;

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same draws everywhere.
class Draws {
public:
    double inRange() { return kScaledEnd * (2 * uniform() - 1); }

private:
    double uniform() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
    }
    std::uint64_t m_state = kSeed;
};

struct Found {
    Vector x;
    double value = HUGE_VAL;
};

/// Solves a symmetric positive definite system (Gauss-Jordan).
Vector solve(std::vector<Vector> a, Vector b) {
    const std::size_t n = b.size();
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
            if (i == j) {
                continue;
            }
            const double f = a[i][j] / a[j][j];
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

struct Normal {
    std::vector<Vector> hessian;
    Vector gradient;
};

/// Least squares about x: errors by their weights, and the prior.
Normal normalAt(const ServingObjective& objective, const Vector& x) {
    constexpr double kStep = 0.02;
    const std::size_t n = x.size();
    const Vector errors = objective.errors(x);
    std::vector<Vector> slopes(n);
    for (std::size_t k = 0; k < n; ++k) {
        const double step = x[k] > 0 ? -kStep : kStep; // inwards
        Vector y = x;
        y[k] += step;
        slopes[k] = objective.errors(y);
        for (std::size_t i = 0; i < errors.size(); ++i) {
            slopes[k][i] = (slopes[k][i] - errors[i]) / step;
        }
    }
    Normal normal{std::vector<Vector>(n, Vector(n, 0.0)), Vector(n, 0.0)};
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const double weight = objective.weight(i, errors[i]);
        for (std::size_t k = 0; k < n; ++k) {
            normal.gradient[k] -= weight * errors[i] * slopes[k][i];
            for (std::size_t l = 0; l < n; ++l) {
                normal.hessian[k][l] += weight * slopes[k][i] * slopes[l][i];
            }
        }
    }
    for (std::size_t k = 0; k < n; ++k) {
        normal.gradient[k] -= ServingObjective::prior() * x[k];
        normal.hessian[k][k] += ServingObjective::prior();
    }
    return normal;
}

Vector within(Vector x) {
    for (double& v : x) {
        v = std::clamp(v, -kScaledEnd, kScaledEnd);
    }
    return x;
}

bool gaussNewton(const ServingObjective& objective, Found& found) {
    const Normal normal = normalAt(objective, found.x);
    for (double damping = 1e-3; damping < 1e3; damping *= 6) {
        auto a = normal.hessian;
        for (std::size_t k = 0; k < a.size(); ++k) {
            a[k][k] *= 1 + damping;
        }
        const Vector d = solve(a, normal.gradient);
        Vector y = found.x;
        for (std::size_t k = 0; k < y.size(); ++k) {
            y[k] += d[k];
        }
        y = within(y);
        const double next = objective.value(y);
        if (next < found.value) {
            const bool worth = found.value - next > 1e-4 * found.value;
            found = {y, next};
            return worth;
        }
    }
    return false;
}

void alongEach(const ServingObjective& objective, Found& found, double step) {
    for (std::size_t k = 0; k < found.x.size(); ++k) {
        for (const double d : {step, -step}) {
            Vector y = found.x;
            y[k] += d;
            y = within(y);
            const double next = objective.value(y);
            if (next < found.value) {
                found = {y, next};
                break;
            }
        }
    }
}

Found followed(const ServingObjective& objective, Found found) {
    for (int round = 0; round < kRounds; ++round) {
        const double before = found.value;
        for (int i = 0; i < kGaussNewtonSteps && gaussNewton(objective, found); ++i) {
        }
        // Layouts change at once: steps along each constant find what slopes do not tell.
        for (const double step : {0.5, 0.2, 0.06}) {
            alongEach(objective, found, step);
        }
        if (before - found.value < kWorthARound * before) {
            break;
        }
    }
    return found;
}

std::string digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

} // namespace

ServingConstants fitServing(const std::vector<const validation::ServingPoint*>& points,
                            const std::vector<validation::ServingRatio>& ratios,
                            const ServingConstants& frame, const Search& search) {
    const ServingObjective objective(points, ratios, frame);
    std::vector<Found> drawn;
    Draws draws;
    for (int i = 0; i < search.draws; ++i) {
        Vector x(objective.constants());
        std::ranges::generate(x, [&] { return draws.inRange(); });
        const double value = objective.value(x);
        drawn.push_back({std::move(x), value});
    }
    std::ranges::stable_sort(drawn, {}, &Found::value);
    drawn.resize(std::min(drawn.size(), static_cast<std::size_t>(search.followed)));
    const Vector middle(objective.constants(), 0.0);
    drawn.push_back({middle, objective.value(middle)});
    Found best;
    for (const Found& start : drawn) {
        Found end = followed(objective, start);
        if (end.value < best.value) {
            best = std::move(end);
        }
    }
    ServingConstants constants = unscaled(frame, best.x);
    serving::visitConstants(constants, [](std::string_view, catalog::Sourced& n) {
        n.value = isFitted(n) ? std::clamp(std::stod(digits(n.value)), n.low, n.high) : n.value;
    });
    return constants;
}

std::string withFittedValues(const std::string& yaml, ServingConstants constants) {
    std::map<std::string, double, std::less<>> values;
    serving::visitConstants(constants, [&](std::string_view key, const catalog::Sourced& n) {
        if (isFitted(n)) {
            values.emplace(key, n.value);
        }
    });
    std::string out;
    std::string key;
    std::size_t from = 0;
    while (from < yaml.size()) {
        const std::size_t end = std::min(yaml.find('\n', from), yaml.size() - 1);
        std::string line = yaml.substr(from, end - from + 1);
        if (line.starts_with("- key: ")) {
            key = line.substr(7, line.size() - 8);
        } else if (line.starts_with("  value: ") && values.contains(key)) {
            line = "  value: " + digits(values[key]) + "\n";
        }
        out += line;
        from = end + 1;
    }
    return out;
}

} // namespace atlas::calibration
