#include "model/validation/finite_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace atlas::validation {

namespace {

constexpr std::size_t kAges = 96; ///< bins between the first token and the longest answer

double normalCdf(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

/// Share of answers longer than each bin's start: lognormal, cut at the longest, mean as asked.
std::vector<double> survivalOf(double mean, double variation, double longest) {
    const double sigma = std::sqrt(std::log1p(variation * variation));
    const double width = longest / kAges;
    std::vector<double> survival(kAges + 1);
    const auto fill = [&](double mu) {
        double sum = 0;
        for (std::size_t i = 0; i <= kAges; ++i) {
            const double at = static_cast<double>(i) * width;
            survival[i] = i == 0 ? 1.0 : normalCdf((mu - std::log(at)) / sigma);
            sum += i == kAges ? 0.0 : survival[i] * width;
        }
        // Trapezoid: the survival falls within a bin.
        return sum - 0.5 * width * (1.0 - survival[kAges]);
    };
    double low = std::log(mean) - 4.0;
    double high = std::log(longest) + 3.0;
    for (int i = 0; i < 50; ++i) {
        const double middle = (low + high) / 2;
        (fill(middle) < mean ? low : high) = middle;
    }
    fill(low);
    survival[kAges] = 0.0;
    return survival;
}

/// Watches for the time from which on nothing changes: as long as the longest answer, as many enter and as
/// many run in every block.
class Settled {
public:
    bool after(double enter, double running) {
        constexpr double kSame = 1e-3;
        const bool same = std::abs(enter - m_enter) <= kSame * m_enter &&
                          std::abs(running - m_running) <= kSame * m_running;
        if (!same) {
            m_enter = enter;
            m_running = running;
            m_blocks = 0;
        }
        return ++m_blocks == kAges;
    }

private:
    double m_enter = 0, m_running = 0;
    std::size_t m_blocks = 0;
};

/// Requests of one replica through time, by age of their answers.
class Run {
public:
    Run(const System& system, const serving::RequestMix& mix, double variation, const RunRules& rules)
        : m_system(system)
        , m_mix(mix)
        , m_binTokens(rules.maxOutputTokens / kAges)
        , m_survival(survivalOf(mix.outputTokens, variation, rules.maxOutputTokens)) {}

    /// Seconds until `queries` a replica are answered; they come at `perS` (infinite: all at once).
    double seconds(double queries, double perS) const {
        std::vector<double> active(kAges, 0.0);
        Settled settled;
        double now = 0;
        double admitted = 0;
        double running = 0;
        const double enough = queries * (1.0 - 1e-6);
        for (;;) {
            const double come = std::isfinite(perS) ? std::min(queries, now * perS) : queries;
            const double enter = std::clamp(come - admitted, 0.0, m_system.batch - running);
            if (running + enter < 1e-9 && admitted >= enough) {
                return now;
            }
            if (running + enter < 1e-9) {
                now = (admitted + 1.0) / perS; // nothing to do until the next request
                continue;
            }
            active[0] += enter;
            admitted += enter;
            const double blockS = blockSeconds(active, running + enter, enter);
            now += blockS;
            running = age(active);
            if (settled.after(enter, running)) { // what is left to come comes like this
                const double blocks = std::floor((queries - admitted) / enter) - 1.0;
                if (blocks > 0) {
                    admitted += blocks * enter;
                    now += blocks * blockS;
                }
            }
            if (admitted >= enough && running < std::min(1.0, queries * 1e-3)) {
                return now;
            }
        }
    }

private:
    /// One bin's worth of steps.
    double blockSeconds(const std::vector<double>& active, double running, double entering) const {
        double written = 0;
        for (std::size_t i = 0; i < kAges; ++i) {
            written += active[i] * (static_cast<double>(i) + 0.5) * m_binTokens;
        }
        serving::RequestMix mix = m_mix;
        mix.context = mix.inputTokens + written / running;
        const double yield = serving::tokensPerStep(mix.speculation);
        const double steps = m_binTokens / yield;
        const auto step =
            serving::stepWithPrompts(m_system.replica, mix, running, entering * mix.newTokens / steps);
        return steps * step.total();
    }

    /// Everyone writes a bin's worth of tokens; some are done.
    double age(std::vector<double>& active) const {
        double running = 0;
        for (std::size_t i = kAges; i-- > 0;) {
            const double kept = m_survival[i] > 0 ? active[i] * m_survival[i + 1] / m_survival[i] : 0.0;
            if (i + 1 < kAges) {
                active[i + 1] = kept;
                running += kept;
            }
        }
        active[0] = 0;
        return running;
    }

    const System& m_system;
    const serving::RequestMix& m_mix;
    double m_binTokens;
    std::vector<double> m_survival;
};

} // namespace

double offlineTokensPerS(const System& system, const serving::RequestMix& mix, double lengthVariation,
                         const RunRules& rules) {
    const Run run(system, mix, lengthVariation, rules);
    const double everAtOnce = std::numeric_limits<double>::infinity();
    double queries = std::max(1.0, rules.minQueries / system.replicas);
    double seconds = run.seconds(queries, everAtOnce);
    while (seconds < rules.minSeconds) { // time grows a little less than requests do
        queries *= std::max(1.01, rules.minSeconds / seconds);
        seconds = run.seconds(queries, everAtOnce);
    }
    return queries * mix.outputTokens / seconds * system.replicas;
}

double serverTokensPerS(const System& system, const serving::RequestMix& mix, double lengthVariation,
                        const RunRules& rules, double outputTokensPerS) {
    const Run run(system, mix, lengthVariation, rules);
    const double perS = outputTokensPerS / mix.outputTokens / system.replicas;
    const double queries = std::max(rules.minSeconds * perS, rules.minQueries / system.replicas);
    return queries * mix.outputTokens / run.seconds(queries, perS) * system.replicas;
}

} // namespace atlas::validation
