// What a span of time was spent on, in seconds and in GPU-seconds.
#pragma once

#include "model/operations/phases.h"

#include <array>
#include <string>
#include <vector>

namespace atlas::operations {

/// The efficiency waterfall: peak first, goodput last; the shares between are losses. Bars add up exactly:
/// bars.front() - sum(losses) = bars.back().
struct WaterfallBar {
    std::string name;
    double share = 0; ///< of peak
    bool total = false;
};
using Waterfall = std::vector<WaterfallBar>;

struct Account {
    double fromS = 0;
    double toS = 0;
    std::array<double, kPhaseCount> phaseS{}; ///< adds up to toS - fromS
    std::uint64_t steps = 0;                  ///< that ended
    double steppingS = 0;                     ///< inside steps that ended and were kept
    double lostS = 0;                         ///< inside steps that a failure undid or cut off
    std::uint64_t interruptions = 0; ///< failures that stopped the job; neither planned nor evictions
    std::uint64_t planned = 0;
    std::uint64_t evictions = 0;
    std::uint64_t checkpoints = 0;
    double goodput = 0; ///< progress kept, over that of the same time in healthy steps on all replicas

    /// GPU-seconds of members waiting at barriers, by what they waited for (bubbles are the layout's and do
    /// not count), and by class of the waiting GPU.
    std::array<double, kCauseCount> waitGpuS{};
    /// GPU-seconds of members held by checkpoints, detection, restarts, repairs and work done again.
    double stoppedGpuS = 0;
    /// Both together by class, [cluster.gpuClasses].
    std::vector<double> stallGpuSByClass;
    [[nodiscard]] double waitGpuSeconds() const;
    [[nodiscard]] double stallGpuHours() const;

    Waterfall waterfall; ///< as it was simulated; empty where nothing trained

    // Times of the steps that ended, seconds.
    double stepP50S = 0, stepP90S = 0, stepP99S = 0, stepMaxS = 0, stepMeanS = 0;
};

/// What the stalls of an account cost at the classes' market rent, USD.
[[nodiscard]] double stallUsd(const Account& account, const cluster::Cluster& cluster);

} // namespace atlas::operations
