#include "model/operations/outlook_slow.h"

#include "model/operations/hazards.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace atlas::operations {

namespace {

/// Mean of min(D, cut) for a log-normal D with a mean and a sigma of its logarithm.
double meanCut(double mean, double sigma, double cut) {
    if (!(mean > 0) || !(cut > 0)) {
        return 0;
    }
    const double mu = std::log(mean) - sigma * sigma / 2;
    const auto phi = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
    if (!(sigma > 0)) {
        return std::min(mean, cut);
    }
    const double z = (std::log(cut) - mu) / sigma;
    return mean * phi(z - sigma) + cut * (1 - phi(z));
}

/// P(D > cut) of the same.
double shareLonger(double mean, double sigma, double cut) {
    if (!(mean > 0)) {
        return 0;
    }
    if (!(sigma > 0)) {
        return mean > cut ? 1 : 0;
    }
    const double mu = std::log(mean) - sigma * sigma / 2;
    return 0.5 * std::erfc((std::log(cut) - mu) / sigma / std::sqrt(2.0));
}

constexpr int kCells = 96;       ///< severities of one kind, equal steps of the logarithm of survival
constexpr double kRarest = 1e-7; ///< survival of the rarest

/// One severity of the exponential law, the same for all kinds.
struct Cell {
    double share = 0;     ///< of the episodes
    double logMiddle = 0; ///< of its survival: the excess over its mean, negative
};

const std::array<Cell, kCells>& cells() {
    static const std::array<Cell, kCells> made = [] {
        std::array<Cell, kCells> all;
        for (int c = 0; c < kCells; ++c) {
            const bool last = c + 1 == kCells;
            const double above = std::pow(kRarest, static_cast<double>(c) / kCells);
            const double below = last ? 0 : std::pow(kRarest, static_cast<double>(c + 1) / kCells);
            all[static_cast<std::size_t>(c)] = {
                above - below, std::log(last ? above / std::exp(1.0) : std::sqrt(above * below))};
        }
        return all;
    }();
    return made;
}

void add(SlowEffect& out, const SlowSeverity& severity) {
    if (severity.addsS > 0) {
        out.severities.push_back(severity);
    }
}

void addKind(const OutlookJob& job, const OutlookClass& f, const scenario::FailSlowKind& kind, double units,
             bool network, double barrierS, SlowEffect& out) {
    const scenario::Operations& o = *job.rules;
    const double perS = units * kind.perS.value * o.failSlow.multiplier.value;
    if (!(perS > 0) || !(kind.excess.value > 0)) {
        return;
    }
    const double sigma = o.failSlow.spread.value;
    const double longest = Hazards::kLongestEpisodeS;
    const double lasts = meanCut(kind.lastsS.value, sigma, longest);
    const double knownAfterS = std::min(o.mitigations.evictAfterS.value, longest);
    const double early = meanCut(kind.lastsS.value, sigma, knownAfterS);
    const double outlast = shareLonger(kind.lastsS.value, sigma, knownAfterS);
    const double normalS = f.times.computeS * (1 + job.sigma);
    const double batches = microBatchesOf(job.anatomy->layout);
    const auto adds = [&](double excess) {
        const double time = f.times.finishS() - f.times.computeS + normalS * (network ? 1 : 1 + excess) +
                            (network ? excess * f.times.networkS : 0);
        return std::max(0.0, time - barrierS) + (network ? excess * job.reduceS : 0);
    };
    for (const Cell& cell : cells()) {
        const double weight = perS * cell.share;
        const double excess = -kind.excess.value * cell.logMiddle;
        const bool evicted = o.mitigations.evictSlow && excess > o.mitigations.evictAbove.value;
        const bool eased = o.mitigations.proportionalBatches && !network && !evicted;
        add(out, {adds(excess), weight * (evicted || eased ? early : lasts)});
        if (evicted) {
            out.evictionsPerS += weight * outlast;
        } else if (eased) {
            const double kept = std::max(1.0, std::floor(batches / (1 + excess)));
            add(out, {adds(std::max(0.0, (1 + excess) * kept / batches - 1)), weight * (lasts - early)});
        }
    }
}

} // namespace

SlowEffect slowEffectOf(const OutlookJob& job, double barrierS) {
    const scenario::FailSlow& kinds = job.rules->failSlow;
    SlowEffect slow;
    for (const OutlookClass& f : job.classes) {
        addKind(job, f, kinds.thermal, f.gpus, false, barrierS, slow);
        addKind(job, f, kinds.link, f.gpus, true, barrierS, slow);
        addKind(job, f, kinds.host, f.gpus / f.perTray, false, barrierS, slow);
    }
    return slow;
}

double expectedLargestS(std::vector<SlowSeverity> severities, int backups) {
    constexpr double kCertain = 40; // 1 - exp(-40) is 1
    std::ranges::sort(severities, std::greater{}, &SlowSeverity::addsS);
    double sum = 0;
    double above = 0;
    for (std::size_t i = 0; i < severities.size(); ++i) {
        above += severities[i].active;
        const double next = i + 1 < severities.size() ? severities[i + 1].addsS : 0;
        // P(more than `backups` are above), from some number on certain.
        double term = backups > 0 || above < kCertain ? std::exp(-above) : 0;
        double few = term;
        for (int k = 1; k <= backups; ++k) {
            term *= above / k;
            few += term;
        }
        sum += (severities[i].addsS - next) * (1 - few);
    }
    return sum;
}

} // namespace atlas::operations
