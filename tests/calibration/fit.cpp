#include "fit.h"

#include "model/training/placement.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::calibration {

namespace {

using training::Calibration;
using training::kConstants;

/// Errors beyond this count linearly: a few published rows are wrong, and nobody knows which.
constexpr double kHuber = 0.06;
/// Prior of a stack multiplier: software differs by some ten per cent.
constexpr double kStackSigma = 0.12;
/// Prior weight of a constant's range (a quarter of it is one sigma) against one run of 5 % error.
constexpr double kRunSigma = 0.05;

/// Free parameters: constants on a scale where their range is four sigma, then ln of the stack factors.
class Parameters {
public:
    Parameters(const Calibration& start, const std::vector<const Sample*>& samples, const FitOptions& options)
        : m_start(start) {
        for (std::size_t i = 0; i < kConstants; ++i) {
            const auto constant = static_cast<training::Constant>(i);
            const bool frozen =
                std::find(options.frozen.begin(), options.frozen.end(), constant) != options.frozen.end();
            if (!frozen) {
                m_constants.push_back(i);
            }
        }
        for (std::size_t s = 0; s < start.stacks.size(); ++s) {
            const bool used = std::any_of(samples.begin(), samples.end(), [&](const Sample* sample) {
                return sample->stack == start.stacks[s].stack;
            });
            if (used) {
                m_stacks.push_back(s);
            }
        }
    }

    std::size_t size() const { return m_constants.size() + m_stacks.size(); }

    std::vector<double> read(const Calibration& c) const {
        std::vector<double> x;
        for (const std::size_t i : m_constants) {
            x.push_back((c.value[i] - expected(i)) / sigma(i));
        }
        for (const std::size_t s : m_stacks) {
            x.push_back(std::log(c.stacks[s].factor) / kStackSigma);
        }
        return x;
    }

    Calibration write(const std::vector<double>& x) const {
        Calibration c = m_start;
        std::size_t k = 0;
        for (const std::size_t i : m_constants) {
            const double value = expected(i) + x[k++] * sigma(i);
            c.value[i] = std::clamp(value, c.info[i].low, c.info[i].high);
        }
        for (const std::size_t s : m_stacks) {
            c.stacks[s].factor = std::exp(x[k++] * kStackSigma);
        }
        return c;
    }

private:
    double expected(std::size_t i) const { return m_start.info[i].expected; }
    double sigma(std::size_t i) const { return (m_start.info[i].high - m_start.info[i].low) / 4; }

    const Calibration& m_start;
    std::vector<std::size_t> m_constants, m_stacks;
};

double huber(double r) {
    const double a = std::abs(r);
    return a <= kHuber ? r * r : kHuber * (2 * a - kHuber);
}

double objective(const std::vector<const Sample*>& samples, const Calibration& c,
                 const std::vector<double>& x) {
    double sum = 0;
    for (const Sample* sample : samples) {
        sum += sample->weight * huber(logError(*sample, c));
    }
    for (const double v : x) {
        sum += kRunSigma * kRunSigma * v * v;
    }
    return sum;
}

/// Solves the symmetric system in place (Cholesky); false when it is not positive definite.
bool solve(std::vector<double>& a, std::vector<double>& b, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) {
        double d = a[j * n + j];
        for (std::size_t k = 0; k < j; ++k) {
            d -= a[j * n + k] * a[j * n + k];
        }
        if (d <= 0) {
            return false;
        }
        a[j * n + j] = std::sqrt(d);
        for (std::size_t i = j + 1; i < n; ++i) {
            double s = a[i * n + j];
            for (std::size_t k = 0; k < j; ++k) {
                s -= a[i * n + k] * a[j * n + k];
            }
            a[i * n + j] = s / a[j * n + j];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            b[i] -= a[i * n + k] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) {
            b[i] -= a[k * n + i] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    return true;
}

} // namespace

double logError(const Sample& sample, const Calibration& calibration) {
    const auto setup = training::setUp(sample.run.machine, sample.run.job, calibration);
    if (!setup) {
        return 0;
    }
    const auto outcome = training::outcomeOf(*setup, sample.run.layout);
    if (sample.metric == "step_time_s") {
        return std::log(outcome.stepS / sample.reported);
    }
    if (sample.metric == "tokens_per_s_per_gpu") {
        const double tokens = static_cast<double>(sample.run.layout.globalBatch) * sample.run.job.sequence;
        return std::log(sample.reported * outcome.stepS * sample.gpus / tokens);
    }
    const auto step = training::anatomyOf(*setup, sample.run.layout, outcome);
    const auto value = validation::inMetric(sample.metric, sample.run, step);
    return value ? -std::log(*value / sample.reported) : 0;
}

std::vector<Sample> samplesOf(const std::vector<validation::RunRow>& rows, int& skipped) {
    std::vector<Sample> samples;
    skipped = 0;
    for (const validation::RunRow& row : rows) {
        const auto reported = row.number("reported_value");
        auto run = row.isClean() && reported ? validation::caseOf(row)
                                             : Result<validation::RunCase>(failure("not for fitting"));
        if (!run || !run->layoutPublished ||
            !training::checkLayout(run->machine, run->job, run->layout).empty()) {
            ++skipped;
            continue;
        }
        Sample sample;
        sample.id = row.text("id");
        sample.model = row.text("model_name");
        sample.gpu = row.text("gpu");
        sample.precision = row.text("precision");
        sample.group = sample.model + '|' + sample.gpu + '|' + sample.precision;
        sample.source = row.text("source");
        sample.gpus = *row.number("n_gpus");
        sample.moe = run->job.model.experts > 0;
        sample.reported = *reported;
        sample.metric = row.text("reported_metric");
        sample.run = std::move(*run);
        sample.stack = training::stackKey(sample.run.job);
        samples.push_back(std::move(sample));
    }
    // A configuration that was repeated over scales and releases counts, but not as often as it was repeated.
    std::map<std::string, int> repeated;
    for (const Sample& sample : samples) {
        ++repeated[sample.group];
    }
    for (Sample& sample : samples) {
        sample.weight = 1 / std::sqrt(static_cast<double>(repeated[sample.group]));
    }
    return samples;
}

Calibration fit(const std::vector<const Sample*>& samples, const Calibration& start,
                const FitOptions& options) {
    const Parameters parameters(start, samples, options);
    std::vector<double> x = parameters.read(start);
    const std::size_t n = x.size();
    Calibration best = parameters.write(x);
    double value = objective(samples, best, x);
    double damping = 1e-3;
    constexpr double kStep = 0.01;
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        std::vector<double> hessian(n * n, 0.0);
        std::vector<double> gradient(n, 0.0);
        std::vector<std::vector<double>> moved(n);
        for (std::size_t k = 0; k < n; ++k) {
            std::vector<double> y = x;
            y[k] += kStep;
            const Calibration c = parameters.write(y);
            for (const Sample* sample : samples) {
                moved[k].push_back(logError(*sample, c));
            }
        }
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double r = logError(*samples[i], best);
            const double weight = samples[i]->weight * (std::abs(r) <= kHuber ? 1 : kHuber / std::abs(r));
            std::vector<double> slope(n);
            for (std::size_t k = 0; k < n; ++k) {
                slope[k] = (moved[k][i] - r) / kStep;
            }
            for (std::size_t k = 0; k < n; ++k) {
                gradient[k] -= weight * r * slope[k];
                for (std::size_t l = 0; l < n; ++l) {
                    hessian[k * n + l] += weight * slope[k] * slope[l];
                }
            }
        }
        for (std::size_t k = 0; k < n; ++k) {
            gradient[k] -= kRunSigma * kRunSigma * x[k];
            hessian[k * n + k] += kRunSigma * kRunSigma;
        }
        bool improved = false;
        for (int attempt = 0; attempt < 8 && !improved; ++attempt) {
            std::vector<double> a = hessian;
            std::vector<double> d = gradient;
            for (std::size_t k = 0; k < n; ++k) {
                a[k * n + k] += damping * (hessian[k * n + k] + 1e-6);
            }
            if (solve(a, d, n)) {
                std::vector<double> y = x;
                for (std::size_t k = 0; k < n; ++k) {
                    y[k] += d[k];
                }
                y = parameters.read(parameters.write(y)); // inside the ranges
                const Calibration c = parameters.write(y);
                const double next = objective(samples, c, y);
                if (next < value) {
                    improved = value - next > 1e-7 * value;
                    x = y;
                    best = c;
                    value = next;
                    damping = std::max(1e-6, damping / 4);
                    break;
                }
            }
            damping *= 6;
        }
        if (!improved) {
            break;
        }
    }
    return best;
}

Summary summarise(std::vector<double> logErrors) {
    for (double& e : logErrors) {
        e = std::expm1(e);
    }
    return validation::summaryOf(std::move(logErrors));
}

} // namespace atlas::calibration
