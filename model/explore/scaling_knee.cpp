#include "model/explore/scaling_knee.h"

#include "model/units/quantity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace atlas::explore {

namespace {

using training::ClassShare;
using training::StepAnatomy;

constexpr double kWorthSaying = 0.4; ///< growth of the second cause over that of the first
constexpr std::int64_t kServer = 8;  ///< GPUs; counts are whole servers

enum Part : std::size_t {
    Kernels,
    Tp,
    Cp,
    Ep,
    Pp,
    Dp,
    Bubble,
    Barrier,
    Mismatch,
    Idle,
    Interruptions,
    Parts
};

constexpr std::array<std::string_view, Parts> kNames = {"kernels",
                                                        "tensor-parallel exchange",
                                                        "context-parallel exchange",
                                                        "expert all-to-all",
                                                        "pipeline sends",
                                                        "gradient exchange",
                                                        "pipeline bubble",
                                                        "wait for the slowest GPU",
                                                        "class mismatch",
                                                        "idle GPUs",
                                                        "interruptions"};

std::string number(double value) {
    return units::formatQuantity(value, units::Dimension::Number);
}

std::string percent(double share) {
    return std::to_string(std::lround(share * 100)) + " %";
}

/// GPU-seconds of one step by part.
std::array<double, Parts> stepGpuSeconds(const ScalingPoint& point) {
    std::array<double, Parts> parts{};
    const StepAnatomy& step = point.step;
    const training::Breakdown& b = step.breakdown;
    const std::array<double, 5> kinds = {b.tp, b.cp, b.ep, b.pp, b.dp};
    double communication = 0;
    for (const double kind : kinds) {
        communication += kind;
    }
    std::int64_t used = 0;
    for (const ClassShare& share : step.classes) {
        if (share.shareOfTokens <= 0) {
            continue; // left out: counted as idle
        }
        used += share.count;
        const auto count = static_cast<double>(share.count);
        parts[Kernels] += count * share.computeS;
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            const double ofKind = communication > 0 ? kinds[k] / communication : (k == kinds.size() - 1);
            parts[Tp + k] += count * share.communicateS * ofKind;
        }
        const double waits = std::max(0.0, share.waitS);
        const double bubble = std::clamp(b.bubble, 0.0, waits);
        const double barrier = std::clamp(b.barrier, 0.0, waits - bubble);
        parts[Bubble] += count * bubble;
        parts[Barrier] += count * barrier;
        parts[Mismatch] += count * (share.waitS - bubble - barrier);
    }
    parts[Idle] = static_cast<double>(point.gpus - used) * step.stepTimeS;
    return parts;
}

std::array<double, Parts> costs(const ScalingPoint& point) {
    std::array<double, Parts> parts = stepGpuSeconds(point);
    const double tokens = point.step.tokensPerS * point.step.stepTimeS;
    double sum = 0;
    for (double& part : parts) {
        part /= tokens;
        sum += part;
    }
    parts[Interruptions] = sum * (1 / point.goodput - 1);
    return parts;
}

double microBatches(const training::Layout& l) {
    return static_cast<double>(l.globalBatch) / static_cast<double>(l.dp * l.microBatch);
}

/// What stands behind a part, as a clause.
std::string behind(Part part, const ScalingPoint& point, const ScalingPoint& before) {
    const training::Layout& l = point.step.layout;
    switch (part) {
    case Kernels: {
        const bool thinner = l.tp * l.cp > before.step.layout.tp * before.step.layout.cp;
        return thinner ? "a sequence is cut over " + std::to_string(l.tp * l.cp) +
                             " GPUs and its kernels lose efficiency, they take"
                       : "kernels take";
    }
    case Tp:
        return "layers are cut over " + std::to_string(l.tp) + " GPUs, and their exchange takes";
    case Cp:
        return "a sequence is cut over " + std::to_string(l.cp) + " GPUs, and their exchange takes";
    case Ep:
        return "experts are spread over " + std::to_string(l.ep) + " GPUs, and the all-to-all takes";
    case Pp:
        return "sends between " + std::to_string(l.pp) + " stages take";
    case Dp:
        return "gradients of " + number(static_cast<double>(l.dp)) + " replicas no longer hide behind " +
               number(microBatches(l)) + " micro-batches each, their exchange takes";
    case Bubble:
        return "each replica has " + number(microBatches(l)) + " micro-batches for " + std::to_string(l.pp) +
               " stages, and the bubble takes";
    case Barrier:
        return "all wait for the slowest of " + number(static_cast<double>(point.step.gpusUsed)) +
               " GPUs, which takes";
    case Mismatch:
        return "faster classes wait for slower ones, which takes";
    case Idle:
        return "the batch has " + number(static_cast<double>(l.globalBatch)) +
               " sequences to share and no layout uses more GPUs, the idle ones are";
    case Interruptions:
        return "more GPUs fail more often, and restarts and lost work take";
    case Parts:
        break;
    }
    return {};
}

const ScalingPoint* mostEfficient(std::span<const ScalingPoint> points) {
    const ScalingPoint* best = nullptr;
    for (const ScalingPoint& point : points) {
        if (point.runs() && (best == nullptr || point.tokensPerS / static_cast<double>(point.gpus) >
                                                    best->tokensPerS / static_cast<double>(best->gpus))) {
            best = &point;
        }
    }
    return best;
}

/// The knee within the doubling in which a curve turns bad.
ScalingKnee refined(std::span<const ScalingPoint> good, const ScalingPoint& bad, double share,
                    const std::function<ScalingPoint(std::int64_t)>& pointAt) {
    const ScalingPoint& best = *mostEfficient(good);
    const double most = best.tokensPerS / static_cast<double>(best.gpus);
    ScalingKnee knee;
    ScalingPoint fastest = good.back();
    for (int step = 1; step <= kKneeSteps; ++step) {
        const std::int64_t gpus = kneeCount(good.back().gpus, bad.gpus, step);
        ScalingPoint point = gpus == bad.gpus ? bad : pointAt(gpus);
        if (!point.runs()) {
            continue;
        }
        point.efficiency = point.tokensPerS / static_cast<double>(point.gpus) / most;
        if (point.efficiency < share) {
            knee.gpus = static_cast<double>(gpus);
            knee.cause = causeOf(best, point);
            knee.beyond = std::move(point);
            return knee;
        }
        if (point.tokensPerS > fastest.tokensPerS) {
            fastest = std::move(point);
        }
    }
    knee.kind = ScalingKnee::Kind::StopsGrowing;
    knee.gpus = static_cast<double>(fastest.gpus);
    knee.cause = causeOf(best, bad);
    knee.beyond = bad;
    return knee;
}

} // namespace

std::vector<TokenCost> tokenCosts(const ScalingPoint& point) {
    const std::array<double, Parts> parts = costs(point);
    std::vector<TokenCost> list;
    for (std::size_t i = 0; i < Parts; ++i) {
        list.push_back({kNames[i], parts[i]});
    }
    return list;
}

void setEfficiencies(std::span<ScalingPoint> points) {
    double most = 0;
    for (ScalingPoint& point : points) {
        if (point.runs()) {
            const double each = point.tokensPerS / static_cast<double>(point.gpus);
            most = std::max(most, each);
            point.efficiency = each / most;
        }
    }
}

std::int64_t kneeCount(std::int64_t from, std::int64_t to, int step) {
    if (step >= kKneeSteps) {
        return to;
    }
    const double ratio = static_cast<double>(to) / static_cast<double>(from);
    const double count = static_cast<double>(from) * std::pow(ratio, static_cast<double>(step) / kKneeSteps);
    return std::clamp(std::llround(count / kServer) * kServer, static_cast<long long>(from),
                      static_cast<long long>(to));
}

std::optional<ScalingKnee> findKnee(std::span<const ScalingPoint> points, double share,
                                    const std::function<ScalingPoint(std::int64_t)>& pointAt) {
    const auto first =
        static_cast<std::size_t>(std::ranges::find_if(points, &ScalingPoint::runs) - points.begin());
    double fastest = 0;
    for (std::size_t i = first; i < points.size(); ++i) {
        const ScalingPoint& point = points[i];
        if (!point.runs()) {
            continue;
        }
        if (i > first && (point.efficiency < share || point.tokensPerS <= fastest)) {
            std::size_t last = i - 1;
            while (!points[last].runs()) {
                --last;
            }
            return refined(points.first(last + 1), point, share, pointAt);
        }
        fastest = std::max(fastest, point.tokensPerS);
    }
    return std::nullopt;
}

std::string causeOf(const ScalingPoint& before, const ScalingPoint& beyond) {
    const std::array<double, Parts> was = costs(before);
    const std::array<double, Parts> is = costs(beyond);
    std::array<std::size_t, Parts> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto growth = [&](std::size_t i) { return is[i] - was[i]; };
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return growth(a) > growth(b); });
    const double total = std::accumulate(is.begin(), is.end(), 0.0);
    const std::size_t first = order[0];
    const std::size_t second = order[1];
    std::string words = behind(static_cast<Part>(first), beyond, before) + ' ' + percent(is[first] / total);
    if (growth(second) > kWorthSaying * growth(first)) {
        words += ", " + std::string(kNames[second]) + ' ' + percent(is[second] / total);
    }
    return words;
}

std::string scalingFinding(const Scaling& scaling, const ScalingCurve& curve) {
    const ScalingPoint* first = curve.firstThatRuns();
    if (first == nullptr) {
        return scaling.jobName + " does not run on " + curve.name + ": " +
               (curve.points.empty() ? "no point" : curve.points.back().reason);
    }
    if (!curve.knee) {
        const ScalingPoint& last = curve.points.back();
        return curve.name + " keeps " + percent(last.efficiency) + " of its efficiency up to " +
               number(static_cast<double>(last.gpus)) + " GPUs";
    }
    const std::string gpus = number(curve.knee->gpus) + " GPUs";
    return curve.knee->kind == ScalingKnee::Kind::Efficiency
               ? curve.name + " falls below " + percent(scaling.kneeShare) + " of its efficiency at " + gpus +
                     ": " + curve.knee->cause
               : curve.name + " gains nothing beyond " + gpus + ": " + curve.knee->cause;
}

} // namespace atlas::explore
