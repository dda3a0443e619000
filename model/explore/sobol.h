// Variance-based sensitivity: which share of an outcome's spread each fact is to blame for.
#pragma once

#include "model/explore/programme_rows.h"

#include <functional>
#include <span>
#include <stop_token>

namespace atlas::explore {

/// A function of k factors at two independent points A and B, and at A with each factor in turn from B.
struct SobolSample {
    double a = 0, b = 0;
    std::vector<double> ab;
};

struct SobolIndex {
    double first = 0; ///< share of the variance that goes if this factor alone were known
    double total = 0; ///< share that stays if all but this factor were known
    double firstError = 0, totalError = 0; ///< standard errors, from the samples themselves
};

/// First-order and total indices by Jansen's estimators (Jansen 1999; Saltelli et al. 2010, Comput. Phys.
/// Commun. 181, table 2, (b) and (f)). Zeros where the variance is zero. Errors by the delta method of
/// a ratio of means. Precondition: every sample has the same number of factors.
[[nodiscard]] std::vector<SobolIndex> sobolIndices(std::span<const SobolSample> samples);

struct SobolShare {
    std::string name; ///< key of a fact, group or path; "all others"
    SobolIndex index;
};

struct SobolResult {
    std::vector<SobolShare> shares; ///< largest total first, all others last
    double mean = 0;
    double deviation = 0; ///< standard deviation
    std::size_t samples = 0;
    std::size_t evaluations = 0;
};

struct SobolOptions {
    std::size_t samples = 512; ///< each costs two evaluations and one a factor
    std::size_t factors = 8;   ///< of the largest swings one at a time; the rest is one group
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

/// Of a row (key of programmeRows()) of a strategy. Samples in which the row does not apply are left out.
/// Errors: a strategy or row that is not there, a row that applies in fewer than half the samples, cancelled.
[[nodiscard]] Result<SobolResult> sobol(const scenario::Scenario& scenario, const std::string& strategy,
                                        const std::string& row, const SobolOptions& options = {});

} // namespace atlas::explore
