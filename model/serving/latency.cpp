#include "model/serving/latency.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kNearlyFull = 0.999; ///< share of time for prompts above which formulas stop
constexpr double kMostReading = 0.97; ///< of the chunks; what is beyond makes chunks larger

double rho(const GroupLoad& load) {
    return std::min(load.promptShare(), kNearlyFull);
}

/// Prompt seconds in a step: mean, and the most that their variance can be, as they lie in [0, chunk].
struct Chunk {
    double meanS = 0;
    double varianceS2 = 0;
};

Chunk chunkOf(const GroupLoad& load) {
    const double r = rho(load);
    const double mean = std::min(load.stepS * r / (1 - r), load.chunkS);
    const double cycle = load.stepS + mean;
    // Few small prompts a step: those of a compound Poisson process, not cut.
    const double free = load.arrivalsPerS * load.promptSquareS2 * cycle / (1 - r * r);
    return {mean, std::min(free, mean * (load.chunkS - mean))};
}

} // namespace

PromptWait promptWait(double arrivalsPerS, const PromptService& service, double servers) {
    const double busy = std::min(arrivalsPerS * service.meanS, kMostReading);
    if (!(busy > 0)) {
        return {};
    }
    const double c = std::max(1.0, servers);
    const double one = service.squareS2 / (2 * service.meanS * (1 - busy)); // of who waits in M/G/1
    const double one2 = 2 * busy * one * one +
                        service.cubeS3 / (3 * service.meanS * (1 - busy)); // E[W^2 | W > 0], busy = P(W > 0)
    return {std::pow(busy, std::sqrt(2 * (c + 1)) - 1), one / c, (one2 - one * one) / (c * c)};
}

double pacedChunkS(double stepS, double promptShare, double paceS, double mostS) {
    const double share = std::min(promptShare, kNearlyFull * kMostReading);
    const double needed = stepS * share / (kMostReading - share);
    return std::max(needed, std::min(mostS, paceS - stepS));
}

LatencyLaw firstToken(const GroupLoad& load, const RequestCost& cost, double groups, const Lengths& input) {
    const Chunk chunk = chunkOf(load);
    // An arrival falls into a step that is longer by its length bias; left of it is half.
    const double step = load.stepS + chunk.meanS;
    const double stepVariance = chunk.varianceS2 + load.stepVarianceS2;
    const double cv2 = step > 0 ? stepVariance / (step * step) : 0;
    const double found = step * (1 + cv2);
    const double left = found / 2;
    const double leftVariance = step * step * (1 + cv2) * (1 + 2 * cv2) / 3 - left * left;
    // Prompts are read at the pace of chunks.
    const double stretch = 1 + (load.chunkS > 0 ? load.stepS / load.chunkS : 0);
    const PromptWait prompts = promptWait(load.urgentPerS,
                                          {load.urgentS * stretch, load.urgentSquareS2 * stretch * stretch,
                                           load.urgentCubeS3 * stretch * stretch * stretch},
                                          load.pooled);
    LatencyLaw law;
    // Who waits: for the prompts before, or for a place (an exponential time), hardly ever for both.
    const double place = load.placeWaitShare > 0 ? load.placeWaitS / load.placeWaitShare : 0;
    law.waitShare = prompts.share + load.placeWaitShare - prompts.share * load.placeWaitShare;
    if (law.waitShare > 0) {
        const double p = prompts.share / (prompts.share + load.placeWaitShare);
        law.waitMeanS = p * prompts.meanS + (1 - p) * place;
        law.waitVarianceS2 = p * (prompts.varianceS2 + prompts.meanS * prompts.meanS) +
                             (1 - p) * 2 * place * place - law.waitMeanS * law.waitMeanS;
    }
    for (std::size_t i = 0; i < kStrips; ++i) {
        const double own = groups * cost.promptOf(input.at(normalStrips()[i].z));
        law.parts[i] = {load.waitS + own * stretch + load.stepS, left, leftVariance, 1e300};
    }
    return law;
}

LatencyLaw perToken(const GroupLoad& load, const Lengths& output) {
    const double r = rho(load);
    const Chunk chunk = chunkOf(load);
    const double busyPeriod = load.arrivalsPerS * load.promptSquareS2 * load.stepS / std::pow(1 - r, 3);
    const double ofStep = load.stepVarianceS2 / ((1 - r) * (1 - r));
    LatencyLaw law;
    for (std::size_t i = 0; i < kStrips; ++i) {
        const double tokens = std::max(1.0, output.at(normalStrips()[i].z));
        law.parts[i] = {load.stepS, chunk.meanS, std::min(busyPeriod / tokens, chunk.varianceS2) + ofStep,
                        load.chunkS + 3 * std::sqrt(ofStep)};
    }
    return law;
}

double LatencyLaw::within(double limitS) const {
    double sum = 0;
    for (std::size_t i = 0; i < kStrips; ++i) {
        const Part& p = parts[i];
        const double x = limitS - p.shiftS;
        const bool sure = x >= p.boundS || !(p.meanS > 0);
        double met = sure ? (x >= 0 ? 1.0 : 0.0) : gammaCdf(x, p.meanS, p.varianceS2);
        if (waitShare > 0 && met > 0) {
            const double waited = gammaCdf(x, p.meanS + waitMeanS, p.varianceS2 + waitVarianceS2);
            met = (1 - waitShare) * met + waitShare * waited;
        }
        sum += normalStrips()[i].weight * met;
    }
    return sum;
}

double LatencyLaw::meanS() const {
    double sum = waitShare * waitMeanS;
    for (std::size_t i = 0; i < kStrips; ++i) {
        sum += normalStrips()[i].weight * (parts[i].shiftS + parts[i].meanS);
    }
    return sum;
}

double within(std::span<const WeightedLaw> laws, double limitS) {
    double sum = 0;
    double weight = 0;
    for (const WeightedLaw& w : laws) {
        if (w.weight > 0) {
            sum += w.weight * w.law.within(limitS);
            weight += w.weight;
        }
    }
    return weight > 0 ? sum / weight : 0;
}

std::array<double, 3> percentiles(std::span<const WeightedLaw> laws, const std::array<double, 3>& shares) {
    double low = HUGE_VAL;
    double high = 0;
    for (const WeightedLaw& w : laws) {
        for (const LatencyLaw::Part& p : w.law.parts) {
            if (w.weight > 0) {
                low = std::min(low, p.shiftS);
                const double mean = p.meanS + (w.law.waitShare > 0 ? w.law.waitMeanS : 0);
                const double variance = p.varianceS2 + (w.law.waitShare > 0 ? w.law.waitVarianceS2 : 0);
                high = std::max(high, p.shiftS + std::min(p.boundS, mean + 12 * std::sqrt(variance)));
            }
        }
    }
    std::array<double, 3> found{};
    if (!(high > 0)) {
        return found;
    }
    // The law on points closer together at its beginning, then straight lines between them.
    constexpr int kPoints = 28;
    double before = low;
    double shareBefore = 0;
    std::size_t next = 0;
    for (int i = 1; i <= kPoints && next < found.size(); ++i) {
        const double t = static_cast<double>(i) / kPoints;
        const double x = low + (high - low) * t * t;
        const double share = i == kPoints ? 1.0 : within(laws, x);
        while (next < found.size() && share >= shares[next]) {
            const double part =
                share > shareBefore ? (shares[next] - shareBefore) / (share - shareBefore) : 1;
            found[next++] = before + part * (x - before);
        }
        before = x;
        shareBefore = share;
    }
    return found;
}

} // namespace atlas::serving
