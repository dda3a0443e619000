#include "model/operations/step_load.h"

#include "model/core/philox.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::operations {

namespace {

/// Integral of exp(-(x / scale)^2) from 0 to t.
double area(double scaleS, double t) {
    return scaleS > 0 ? scaleS * std::sqrt(std::numbers::pi) / 2 * std::erf(t / scaleS) : 0;
}

} // namespace

double StepLoad::scaleS() const {
    return spreadS / std::sqrt(1 - std::numbers::pi / 4);
}

double StepLoad::meanS() const {
    return scaleS() * std::sqrt(std::numbers::pi) / 2;
}

double StepLoad::survival(double x) const {
    const double scale = scaleS();
    const auto tail = [scale](double t) {
        return scale > 0 ? std::exp(-(t / scale) * (t / scale)) : (t < 0 ? 1.0 : 0.0);
    };
    return (1 - pauseShare) * tail(x) + pauseShare * (x < pauseS ? 1 : tail(x - pauseS));
}

double StepLoad::quantile(double above) const {
    const double scale = scaleS();
    const bool pauses = pauseS > 0 && pauseShare > 0;
    if (!(scale > 0)) {
        return pauses && above <= pauseShare ? pauseS : 0;
    }
    if (!pauses) {
        return scale * std::sqrt(-std::log(above));
    }
    if (above > survival(pauseS)) {
        return scale * std::sqrt(-std::log((above - pauseShare) / (1 - pauseShare)));
    }
    // Beyond the pause: between it and where everybody pausing would put it.
    double low = pauseS;
    double high = pauseS + scale * std::sqrt(-std::log(above));
    const double wanted = std::log(above);
    double x = high;
    for (int i = 0; i < 60 && high - low > 1e-13 * high; ++i) {
        const double with = pauseShare * std::exp(-std::pow((x - pauseS) / scale, 2));
        const double without = (1 - pauseShare) * std::exp(-std::pow(x / scale, 2));
        const double miss = std::log(with + without) - wanted;
        (miss > 0 ? low : high) = x;
        const double slope = -2 * ((x - pauseS) * with + x * without) / (scale * scale * (with + without));
        const double newton = x - miss / slope;
        x = newton > low && newton < high ? newton : (low + high) / 2;
    }
    return x;
}

double StepLoad::heaviest(std::uint64_t seed, std::uint32_t stream, std::uint64_t step) const {
    // The largest of n uniforms is u^(1/n); the next is that times another to the power 1/(n - 1), and so on.
    double logBelow = 0;
    const int last = std::min(backups, static_cast<int>(replicas) - 1);
    for (int k = 0; k <= last; ++k) {
        const std::uint32_t drawn = (stream << 5) ^ static_cast<std::uint32_t>(k);
        logBelow += std::log(random::uniform(seed, random::Purpose::StepLoad, step, drawn)) / (replicas - k);
    }
    return -std::expm1(logBelow);
}

double StepLoad::meanBelow(double heaviest) const {
    // The integral of P(X > x, not above the heaviest) = P(X > x) - heaviest up to its load.
    const double most = quantile(heaviest);
    const double scale = scaleS();
    const double paused = std::min(most, pauseS) + area(scale, std::max(0.0, most - pauseS));
    const double integral = (1 - pauseShare) * area(scale, most) + pauseShare * paused;
    return heaviest < 1 ? std::max(0.0, integral - most * heaviest) / (1 - heaviest) : 0;
}

double StepLoad::meanHeaviest() const {
    if (even()) {
        return 0;
    }
    // The integral of P(more than `backups` replicas beyond x), by Simpson's rule on either side of the
    // pause.
    const auto late = [this](double x) {
        const double p = survival(x);
        constexpr double kCertain = 40; // 1 - exp(-40) is 1
        if (p >= 1 || (backups == 0 && replicas * p > kCertain)) {
            return 1.0;
        }
        double term = std::exp(replicas * std::log1p(-p)); // nobody
        double few = term;
        for (int k = 1; k <= backups; ++k) {
            term *= p / (1 - p) * (replicas - k + 1) / k;
            few += term;
        }
        return 1 - few;
    };
    const auto integral = [&](double from, double to) {
        constexpr int kCells = 512;
        const double h = (to - from) / kCells;
        double sum = late(from) + late(std::nextafter(to, from));
        for (int i = 1; i < kCells; ++i) {
            sum += (i % 2 == 1 ? 4 : 2) * late(from + h * i);
        }
        return sum * h / 3;
    };
    const double reachS = scaleS() * std::sqrt(std::log(std::max(1.0, replicas)) + 30);
    return (pauseS > 0 ? integral(0, pauseS) : 0) + (spreadS > 0 ? integral(pauseS, pauseS + reachS) : 0);
}

double StepLoad::pausedShare(double x) const {
    if (!(pauseShare > 0) || !(x > 0) || x < pauseS) {
        return 0;
    }
    // Of the densities at x, that with a pause.
    const double scale = scaleS();
    if (!(scale > 0)) {
        return 1;
    }
    const double with = pauseShare * (x - pauseS) * std::exp(-std::pow((x - pauseS) / scale, 2));
    const double without = (1 - pauseShare) * x * std::exp(-std::pow(x / scale, 2));
    return with > 0 ? with / (with + without) * pauseS / x : 0;
}

StepLoad loadOf(const scenario::Imbalance& imbalance, const training::Layout& layout, double microBatches,
                double computeS, int backups) {
    StepLoad load;
    load.replicas = std::max(1.0, static_cast<double>(layout.dp));
    load.backups = backups;
    load.spreadS =
        std::max(0.0, imbalance.sequences.value) * computeS / std::sqrt(std::max(1.0, microBatches));
    if (imbalance.pauseS.value > 0) {
        const double processes = std::max(1, layout.tp * layout.cp * layout.pp);
        load.pauseS = imbalance.pauseS.value;
        load.pauseShare =
            -std::expm1(processes * std::log1p(-1 / std::max(1.0 + 1e-9, imbalance.pauseEvery.value)));
    }
    return load;
}

StepLoad loadOf(const scenario::Imbalance& imbalance, const StepShape& shape, int backups) {
    double computeS = 0;
    for (const MemberClass& each : shape.classes) {
        computeS = std::max(computeS, each.computeS);
    }
    return loadOf(imbalance, shape.anatomy.layout, shape.microBatches, computeS, backups);
}

cluster::Range lastStageOf(const MemberClass& members, int pipelineStages) {
    if (pipelineStages < 2 || members.firstStage + members.stages < pipelineStages) {
        return {members.whole.end(), 0};
    }
    const auto before = static_cast<cluster::Index>(members.stages - 1) * members.stageGpus();
    const cluster::Index first = members.gpuOf(before);
    return {first, members.whole.end() - first};
}

} // namespace atlas::operations
