#include "model/operations/barrier.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace atlas::operations {

namespace {

// The table spans every uniform draw of 52 bits: -ln(-ln u) of 2^-53 and of 1 - 2^-53.
constexpr double kFirst = -3.7;
constexpr double kLast = 37;
constexpr double kStep = 1.0 / 32;
constexpr double kPrecision = 1e-9; // of the typical barrier
constexpr int kMostSteps = 100;     // halving alone needs half as many
constexpr auto kNodes = static_cast<std::size_t>((kLast - kFirst) / kStep) + 2;

double cdfOf(const MemberGroup& group, const StepNoise& noise, double t) {
    const double excess = t - group.fixedS - group.scaleS;
    if (!(noise.sigma > 0) || !(group.scaleS > 0)) {
        return excess >= 0 ? 1 : 0;
    }
    return 1 - noise.survival(excess / group.scaleS);
}

/// ln(1 - p). Of large groups p is small, where four terms of the series are exact to rounding.
double logOneLess(double p) {
    constexpr double kSmall = 1e-4;
    return p < kSmall ? -p * (1 + p * (0.5 + p * (1.0 / 3 + p * 0.25))) : std::log1p(-p);
}

/// The slowest groups' time without noise: as many members as are given up may be later.
double lowestOf(const std::vector<MemberGroup>& groups, int backups) {
    if (backups <= 0) {
        double slowest = 0;
        for (const MemberGroup& group : groups) {
            slowest = group.count > 0 ? std::max(slowest, group.fixedS + group.scaleS) : slowest;
        }
        return slowest;
    }
    std::vector<const MemberGroup*> order;
    for (const MemberGroup& group : groups) {
        order.push_back(&group);
    }
    std::ranges::sort(order, std::greater{}, [](const MemberGroup* g) { return g->fixedS + g->scaleS; });
    double later = 0;
    for (const MemberGroup* group : order) {
        later += group->count;
        if (later > backups) {
            return group->fixedS + group->scaleS;
        }
    }
    return 0;
}

/// ln P(at most `backups` members later than t): binomials of all groups, convolved.
double logFewLater(const std::vector<MemberGroup>& groups, const StepNoise& noise, int backups, double t) {
    std::vector<double> late(static_cast<std::size_t>(backups) + 1, 0.0);
    late[0] = 1;
    double logNone = 0;
    for (const MemberGroup& group : groups) {
        const double p = 1 - cdfOf(group, noise, t);
        if (!(p > 0)) {
            continue;
        }
        if (p >= 1) { // all of them, for certain
            const auto all = static_cast<std::size_t>(std::min(std::ceil(group.count), backups + 1.0));
            for (std::size_t k = late.size(); k-- > 0;) {
                late[k] = k >= all ? late[k - all] : 0;
            }
            continue;
        }
        // Relative to none late, whose probability is kept as a logarithm.
        logNone += group.count * std::log1p(-p);
        const double odds = p / (1 - p);
        std::vector<double> sum(late.size(), 0.0);
        double term = 1;
        for (std::size_t k = 0; k < late.size() && static_cast<double>(k) <= group.count; ++k) {
            for (std::size_t j = k; j < late.size(); ++j) {
                sum[j] += term * late[j - k];
            }
            term *= odds * (group.count - static_cast<double>(k)) / static_cast<double>(k + 1);
        }
        late = std::move(sum);
    }
    double sum = 0;
    for (const double each : late) {
        sum += each;
    }
    return std::min(0.0, logNone + std::log(sum));
}

/// Groups of one class whose speeds rise by equal steps, as the bins of the static spread do. At any time the
/// noise that makes them late then rises by equal steps too, and its survival falls by equal factors: one
/// exponential serves the whole ladder.
struct Ladder {
    double fixedS = 0;
    double pace = 0; ///< 1 / scaleS of the first group
    double rise = 0; ///< of it, a group
    std::vector<double> counts;
};

std::vector<Ladder> laddersOf(const std::vector<MemberGroup>& groups) {
    constexpr double kEqual = 1e-12;
    std::vector<Ladder> ladders;
    for (const MemberGroup& group : groups) {
        const double pace = 1 / group.scaleS;
        if (!ladders.empty() && ladders.back().fixedS == group.fixedS) {
            Ladder& last = ladders.back();
            const auto n = static_cast<double>(last.counts.size());
            const double rise = n > 1 ? last.rise : pace - last.pace;
            if (std::abs(last.pace + n * rise - pace) <= kEqual * pace) {
                last.rise = rise;
                last.counts.push_back(group.count);
                continue;
            }
        }
        ladders.push_back({group.fixedS, pace, 0, {group.count}});
    }
    return ladders;
}

/// -ln(-ln F) of the barrier and its slope by time, where everybody is waited for and sigma > 0.
struct Reduced {
    double variate = -std::numeric_limits<double>::infinity();
    double perS = 0;
};

Reduced reducedAt(const std::vector<Ladder>& ladders, const StepNoise& noise, double t) {
    double logCdf = 0;
    double slope = 0; // of it
    for (const Ladder& ladder : ladders) {
        const double since = (t - ladder.fixedS) / noise.sigma;
        const double step = since * ladder.rise;
        double factor = 0;
        double late = 0;
        bool body = false; // of the noise, or its tail
        for (std::size_t i = 0; i < ladder.counts.size(); ++i) {
            const double pace = ladder.pace + static_cast<double>(i) * ladder.rise;
            const double y = since * pace - 1 / noise.sigma;
            if (!(y > 0)) {
                return {};
            }
            if (i == 0 || body != (y < StepNoise::kKnee)) {
                body = y < StepNoise::kKnee;
                late = std::exp(-StepNoise::unstretch(y));
                factor = std::exp(body ? -step : -step / StepNoise::kTail);
            } else {
                late *= factor;
            }
            logCdf += ladder.counts[i] * logOneLess(late);
            slope += ladder.counts[i] * pace * (body ? 1 : 1 / StepNoise::kTail) * late / (1 - late);
        }
    }
    return {-std::log(-logCdf), slope / noise.sigma / -logCdf};
}

/// Where -ln(-ln F) is Euler's constant, by Newton's rule, halving where it would leave the bracket.
double typicalOfAll(const std::vector<MemberGroup>& groups, const StepNoise& noise) {
    constexpr double kClose = 1e-5; // of sigma: the square of such a step is far below the precision
    constexpr double kAbove = 0.1;  // of sigma: about so much later than the slowest without noise
    const std::vector<Ladder> ladders = laddersOf(groups);
    double low = lowestOf(groups, 0);
    double high = std::numeric_limits<double>::infinity();
    const double sigmaS = low * noise.sigma;
    double t = low + kAbove * sigmaS;
    for (int step = 0; step < kMostSteps; ++step) {
        const Reduced now = reducedAt(ladders, noise, t);
        const double miss = now.variate - std::numbers::egamma;
        (miss < 0 ? low : high) = t;
        const double newton = now.perS > 0 ? t - miss / now.perS : low;
        const double before = t;
        if (newton > low && newton < high) {
            t = newton;
            if (std::abs(t - before) <= kClose * sigmaS) {
                return t;
            }
        } else {
            t = std::isfinite(high) ? (low + high) / 2 : t + sigmaS;
            if (high - low <= kPrecision * t) {
                return t;
            }
        }
    }
    return t;
}

} // namespace

double logBarrierCdf(const std::vector<MemberGroup>& groups, const StepNoise& noise, int backups, double t) {
    if (backups > 0) {
        return logFewLater(groups, noise, backups, t);
    }
    double sum = 0;
    for (const MemberGroup& group : groups) {
        const double excess = t - group.fixedS - group.scaleS;
        if (noise.sigma > 0 && group.scaleS > 0) {
            sum += group.count * logOneLess(noise.survival(excess / group.scaleS));
        } else if (excess < 0) {
            return -std::numeric_limits<double>::infinity();
        }
    }
    return sum;
}

double typicalBarrierS(const std::vector<MemberGroup>& groups, const StepNoise& noise, int backups) {
    double low = lowestOf(groups, backups);
    if (!(noise.sigma > 0)) {
        return low;
    }
    if (backups <= 0 && std::ranges::all_of(groups, [](const auto& g) { return g.scaleS > 0; })) {
        return typicalOfAll(groups, noise);
    }
    // In -ln(-ln F) the distribution is close to a line and its typical value stands at Euler's constant: the
    // secant finds it in a few steps, halving where it would leave the bracket.
    const auto miss = [&](double t) {
        return -std::log(-logBarrierCdf(groups, noise, backups, t)) - std::numbers::egamma;
    };
    double high = low * (1 + 4 * noise.sigma);
    double before = high;
    double missBefore = miss(high);
    while (missBefore < 0) {
        const double width = 2 * (high - low);
        low = high;
        high += width;
        before = high;
        missBefore = miss(high);
    }
    double t = (low + high) / 2;
    for (int step = 0; step < kMostSteps; ++step) {
        const double now = miss(t);
        (now < 0 ? low : high) = t;
        const double secant = t - now * (t - before) / (now - missBefore);
        const double next = secant > low && secant < high ? secant : (low + high) / 2;
        before = t;
        missBefore = now;
        if (std::abs(next - t) <= kPrecision * t) {
            return next;
        }
        t = next;
    }
    return t;
}

Barrier::Barrier(const StepShape& shape, const StaticSpeeds& speeds, StepNoise noise, int backups)
    : m_noise(noise)
    , m_backups(backups) {
    for (std::size_t c = 0; c < shape.classes.size(); ++c) {
        const MemberClass& members = shape.classes[c];
        StaticSpeeds::Histogram counts{};
        members.forRuns(members.gpus.first, members.gpus.end(), members.gpus.count,
                        [&](cluster::Index first, cluster::Index count) {
                            speeds.addTo(counts, {first, count});
                        });
        for (std::size_t bin = 0; bin < counts.size(); ++bin) {
            if (counts[bin] > 0) {
                m_groups.push_back({c, bin, static_cast<double>(counts[bin]), members.fixedS(),
                                    members.computeS * speeds.slowdown(bin)});
            }
        }
    }
    m_lowest = m_mean = lowestOf(m_groups, m_backups);
    if (m_noise.sigma > 0) {
        tabulate();
    }
}

double Barrier::cdf(const MemberGroup& group, double t) const {
    return cdfOf(group, m_noise, t);
}

double Barrier::logCdf(double t) const {
    return logBarrierCdf(m_groups, m_noise, m_backups, t);
}

/// d(-ln(-ln F)) / dt.
double Barrier::slopeAt(double t) const {
    if (m_backups > 0) {
        const double h = 1e-4 * m_noise.sigma * t;
        return (std::log(-logCdf(t - h)) - std::log(-logCdf(t + h))) / (2 * h);
    }
    double density = 0; // d ln F / dt
    for (const MemberGroup& group : m_groups) {
        if (group.scaleS > 0) {
            const double x = (t - group.fixedS - group.scaleS) / group.scaleS;
            const double below = -std::expm1(-m_noise.unstretch(std::max(x, 0.0) / m_noise.sigma));
            density += group.count * m_noise.density(x) / group.scaleS / std::max(below, 1e-300);
        }
    }
    return density / -logCdf(t);
}

void Barrier::tabulate() {
    // Solve -ln(-ln F(t)) = g for every node, each from the one before. In that scale the distribution is
    // close to a line, so that Newton's rule inside a bracket takes a few steps.
    m_table.resize(kNodes);
    const auto variate = [this](double t) { return -std::log(-logCdf(t)); };
    double low = m_lowest;
    for (std::size_t i = 0; i < kNodes; ++i) {
        const double wanted = kFirst + kStep * static_cast<double>(i);
        double width = m_lowest * m_noise.sigma * kStep;
        while (variate(low + width) < wanted) {
            width *= 2;
        }
        double high = low + width;
        double t = high;
        for (int iteration = 0; iteration < 60; ++iteration) {
            const double miss = variate(t) - wanted;
            (miss < 0 ? low : high) = t;
            if (std::abs(miss) < 1e-11 || high - low <= 1e-14 * high) {
                break;
            }
            const double newton = t - miss / slopeAt(t);
            t = newton > low && newton < high ? newton : (low + high) / 2;
        }
        m_table[i] = {t, 1 / slopeAt(t)};
        low = t;
    }
    // E[max] as the sum over the table's cells of their probability and mean time.
    m_mean = 0;
    double before = 0;
    for (std::size_t i = 0; i + 1 < kNodes; ++i) {
        const double upTo =
            i + 2 == kNodes ? 1 : std::exp(-std::exp(-(kFirst + kStep * static_cast<double>(i + 1))));
        m_mean += (upTo - before) * (m_table[i].time + m_table[i + 1].time) / 2;
        before = upTo;
    }
}

double Barrier::quantile(double u) const {
    if (m_table.empty()) {
        return m_lowest;
    }
    const double at = std::clamp((-std::log(-std::log(u)) - kFirst) / kStep, 0.0, kNodes - 1.000001);
    const auto i = static_cast<std::size_t>(at);
    const double x = at - static_cast<double>(i);
    const Node& a = m_table[i];
    const Node& b = m_table[i + 1];
    // Cubic through both nodes with their slopes, written around the chord so that it stays monotone in
    // rounding.
    const double chord = b.time - a.time;
    const double curve = (1 - x) * (a.slope * kStep - chord) - x * (b.slope * kStep - chord);
    return a.time + x * (chord + (1 - x) * curve);
}

const MemberGroup& Barrier::slowest(double maximumS, double u) const {
    const auto weight = [&](const MemberGroup& group) {
        const double excess = maximumS - group.fixedS - group.scaleS;
        if (!(m_noise.sigma > 0) || !(group.scaleS > 0)) {
            return excess <= 1e-12 * maximumS ? group.count : 0.0;
        }
        const double below = cdf(group, maximumS);
        return below > 0 ? group.count * m_noise.density(excess / group.scaleS) / group.scaleS / below : 0.0;
    };
    double sum = 0;
    for (const MemberGroup& group : m_groups) {
        sum += weight(group);
    }
    double left = u * sum;
    const MemberGroup* last = &m_groups.back();
    for (const MemberGroup& group : m_groups) {
        const double w = weight(group);
        if (w > 0) {
            last = &group;
            left -= w;
            if (left < 0) {
                break;
            }
        }
    }
    return *last;
}

double Barrier::meanBelow(const MemberGroup& group, double t) const {
    const double excess = t - group.fixedS - group.scaleS;
    if (!(m_noise.sigma > 0) || !(group.scaleS > 0) || excess <= 0) {
        return group.fixedS + group.scaleS;
    }
    return group.fixedS + group.scaleS * (1 + m_noise.meanBelow(excess / group.scaleS));
}

double Barrier::meanFinishS(double t) const {
    double sum = 0;
    for (const MemberGroup& group : m_groups) {
        sum += group.count * std::min(t, meanBelow(group, t));
    }
    return sum;
}

} // namespace atlas::operations
