#include "model/explore/sobol.h"

#include "model/explore/programme.h"
#include "model/explore/sensitivity.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace atlas::explore {

namespace {

struct Factor {
    std::string name;
    std::vector<std::size_t> variables;
    bool moneyOnly = true;
};

/// The variables behind the largest swings, one factor each, and the rest as one.
std::vector<Factor> factorsOf(const Uncertainty& uncertainty, const std::vector<Swing>& swings,
                              std::size_t most) {
    std::vector<Factor> factors;
    std::vector<bool> taken(uncertainty.variables().size(), false);
    for (const Swing& swing : swings) {
        const std::size_t v = swing.input.variable;
        if (!taken[v] && factors.size() < most) {
            taken[v] = true;
            factors.push_back({uncertainty.variables()[v].name, {v}, uncertainty.variables()[v].moneyOnly});
        }
    }
    Factor rest{"all others", {}, true};
    for (std::size_t v = 0; v < taken.size(); ++v) {
        if (!taken[v]) {
            rest.variables.push_back(v);
            rest.moneyOnly = rest.moneyOnly && uncertainty.variables()[v].moneyOnly;
        }
    }
    if (!rest.variables.empty()) {
        factors.push_back(std::move(rest));
    }
    return factors;
}

/// One row of a strategy as a function of all variables.
class RowOfDraw {
public:
    RowOfDraw(Workbench& bench, const scenario::Strategy& strategy, const Layouts& layouts, std::size_t row)
        : m_bench(bench)
        , m_strategy(strategy)
        , m_layouts(layouts)
        , m_row(row) {}

    /// Physics and money.
    double whole(const std::vector<double>& u) {
        m_bench.set(u);
        m_physics.emplace(physicsOf(m_bench.inputs(), m_strategy, m_layouts));
        return money();
    }
    /// With the physics of the call of whole() before.
    double moneyOnly(const std::vector<double>& u) {
        m_bench.setMoney(u);
        return money();
    }

private:
    double money() {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        if (!*m_physics) {
            return kNone;
        }
        const auto spent = moneyOf(m_bench.inputs(), m_strategy, **m_physics);
        return spent ? programmeNumbers(m_bench.inputs().scenario, **m_physics, *spent)
                           .values[m_row]
                           .value_or(kNone)
                     : kNone;
    }
    Workbench& m_bench;
    const scenario::Strategy& m_strategy;
    const Layouts& m_layouts;
    std::size_t m_row;
    std::optional<Result<Physics>> m_physics;
};

SobolSample sampleOf(RowOfDraw& f, const Uncertainty& uncertainty, const std::vector<Factor>& factors,
                     std::size_t number) {
    const std::uint64_t seed = uncertainty.central().scenario.seed;
    std::vector<double> a(uncertainty.variables().size());
    std::vector<double> b(a.size());
    for (std::size_t v = 0; v < a.size(); ++v) {
        a[v] = uncertainty.uniform(seed, 2 * number, v);
        b[v] = uncertainty.uniform(seed, 2 * number + 1, v);
    }
    const auto mixed = [&](const Factor& factor) {
        std::vector<double> u = a;
        for (const std::size_t v : factor.variables) {
            u[v] = b[v];
        }
        return u;
    };
    SobolSample sample;
    sample.ab.resize(factors.size());
    sample.b = f.whole(b);
    for (std::size_t j = 0; j < factors.size(); ++j) {
        if (!factors[j].moneyOnly) {
            sample.ab[j] = f.whole(mixed(factors[j]));
        }
    }
    sample.a = f.whole(a);
    for (std::size_t j = 0; j < factors.size(); ++j) {
        if (factors[j].moneyOnly) {
            sample.ab[j] = f.moneyOnly(mixed(factors[j]));
        }
    }
    return sample;
}

bool applies(const SobolSample& sample) {
    return !std::isnan(sample.a) && !std::isnan(sample.b) &&
           std::ranges::none_of(sample.ab, [](double v) { return std::isnan(v); });
}

void summarise(const std::vector<SobolSample>& samples, SobolResult& out) {
    double sum = 0;
    double squares = 0;
    for (const SobolSample& s : samples) {
        sum += s.a + s.b;
        squares += s.a * s.a + s.b * s.b;
    }
    const double count = 2.0 * static_cast<double>(samples.size());
    out.mean = sum / count;
    out.deviation = std::sqrt(std::max(0.0, squares / count - out.mean * out.mean));
}

} // namespace

std::vector<SobolIndex> sobolIndices(std::span<const SobolSample> samples) {
    if (samples.empty()) {
        return {};
    }
    const auto n = static_cast<double>(samples.size());
    double mean = 0;
    for (const SobolSample& s : samples) {
        mean += (s.a + s.b) / (2.0 * n);
    }
    double variance = 0; // about the mean, so that large values do not cancel
    for (const SobolSample& s : samples) {
        variance += ((s.a - mean) * (s.a - mean) + (s.b - mean) * (s.b - mean)) / (2.0 * n);
    }
    std::vector<SobolIndex> indices(samples.front().ab.size());
    constexpr double kRounding = 1e-24; // of the mean squared
    if (!(variance > kRounding * mean * mean)) {
        return indices;
    }
    for (std::size_t j = 0; j < indices.size(); ++j) {
        double toB = 0;
        double toA = 0;
        for (const SobolSample& s : samples) {
            toB += (s.b - s.ab[j]) * (s.b - s.ab[j]);
            toA += (s.a - s.ab[j]) * (s.a - s.ab[j]);
        }
        indices[j] = {1.0 - toB / (2.0 * n * variance), toA / (2.0 * n * variance)};
        // Of mean(x) / mean(v) the variance is that of x - ratio * v, over n and the square of mean(v).
        double ofFirst = 0;
        double ofTotal = 0;
        for (const SobolSample& s : samples) {
            const double v = ((s.a - mean) * (s.a - mean) + (s.b - mean) * (s.b - mean)) / 2;
            const double offFirst = (s.b - s.ab[j]) * (s.b - s.ab[j]) / 2 - (1 - indices[j].first) * v;
            const double offTotal = (s.a - s.ab[j]) * (s.a - s.ab[j]) / 2 - indices[j].total * v;
            ofFirst += offFirst * offFirst;
            ofTotal += offTotal * offTotal;
        }
        indices[j].firstError = std::sqrt(ofFirst) / (n * variance);
        indices[j].totalError = std::sqrt(ofTotal) / (n * variance);
    }
    return indices;
}

Result<SobolResult> sobol(const scenario::Scenario& scenario, const std::string& strategyId,
                          const std::string& key, const SobolOptions& options) {
    SensitivityOptions ranking;
    ranking.top = 0;
    ranking.stop = options.stop;
    const auto swings = sensitivity(scenario, strategyId, key, ranking);
    if (!swings) {
        return swings.errors();
    }
    const Uncertainty uncertainty(ModelInputs::central(scenario));
    const auto strategy = strategyNamed(uncertainty.central().scenario, strategyId);
    const auto row = rowOf(key);
    const auto layouts = Layouts::plan(uncertainty.central(), {*strategy}, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    const std::vector<Factor> factors = factorsOf(uncertainty, *swings, options.factors);
    std::vector<SobolSample> samples(std::max<std::size_t>(1, options.samples));
    std::atomic<std::size_t> done = 0;
    tbb::enumerable_thread_specific<Workbench> benches([&] { return Workbench(uncertainty); });
    tbb::parallel_for(std::size_t{0}, samples.size(), [&](std::size_t i) {
        if (options.stop.stop_requested()) {
            return;
        }
        RowOfDraw f(benches.local(), **strategy, *layouts, *row);
        samples[i] = sampleOf(f, uncertainty, factors, i);
        if (options.progress) {
            options.progress(static_cast<double>(++done) / static_cast<double>(samples.size()));
        }
    });
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    const std::size_t asked = samples.size();
    std::erase_if(samples, [](const SobolSample& s) { return !applies(s); });
    if (2 * samples.size() < asked) {
        return failure("'" + programmeRows()[*row].label + "' applies in " + std::to_string(samples.size()) +
                           " of " + std::to_string(asked) + " samples only",
                       "choose a row that applies in most draws");
    }
    SobolResult out;
    out.samples = samples.size();
    out.evaluations = asked * (factors.size() + 2);
    summarise(samples, out);
    const std::vector<SobolIndex> indices = sobolIndices(samples);
    for (std::size_t j = 0; j < factors.size(); ++j) {
        out.shares.push_back({factors[j].name, indices[j]});
    }
    const auto last = out.shares.end() - (factors.back().name == "all others" ? 1 : 0);
    std::stable_sort(out.shares.begin(), last,
                     [](const SobolShare& a, const SobolShare& b) { return a.index.total > b.index.total; });
    return out;
}

} // namespace atlas::explore
