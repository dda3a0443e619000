// Slow GPUs, links and hosts as an outlook counts them: by severity, how many there are at any time and what
// each adds to the step.
#pragma once

#include "model/operations/outlook_job.h"

#include <vector>

namespace atlas::operations {

/// Slow episodes of one severity.
struct SlowSeverity {
    double addsS = 0;  ///< to the step, each of them
    double active = 0; ///< mean number at a time
};

struct SlowEffect {
    std::vector<SlowSeverity> severities; ///< those that hold the step up at all
    double evictionsPerS = 0;
};

/// What slow episodes of all kinds do to a job whose members wait for each other `barrierS` into the step.
[[nodiscard]] SlowEffect slowEffectOf(const OutlookJob& job, double barrierS);

/// E[largest of what is active], the numbers active being Poisson (M/G/infinity): the integral of
/// 1 - exp(-number above), cell by cell. Backup replicas take the largest ones away.
[[nodiscard]] double expectedLargestS(std::vector<SlowSeverity> severities, int backups);

} // namespace atlas::operations
