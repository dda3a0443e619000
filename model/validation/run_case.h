// From a published row to a job the model can evaluate: what the row says, and documented defaults for what
// it leaves out. Nothing is known of a row but its columns.
#pragma once

#include "model/training/step.h"
#include "model/validation/runs_csv.h"

namespace atlas::validation {

/// How a source counts FLOPs.
struct FlopConvention {
    bool causal = true;           ///< half the score matrix
    bool countsRecompute = false; ///< hardware FLOPs: the recomputed forward counts
};

/// A row as a job.
struct RunCase {
    training::Machine machine;
    training::Job job;
    training::Layout layout;
    bool layoutPublished = true;     ///< else the planner's best is taken
    bool microBatchPublished = true; ///< else the fastest that fits is taken
    FlopConvention convention;
    std::vector<std::string> notes; ///< defaults taken
};

/// Defaults: cp, ep, vp 1 (vp with a pipeline: as many chunks as layers allow), the fastest micro-batch that
/// fits, sequence parallelism with tp, optimizer sharding, recompute as much as it takes to fit, head_dim
/// hidden / heads, gated MLP by parameter count (else by width: 4 h is not gated). Errors: a column the model
/// cannot do without is empty, a value that is none, a GPU, precision or architecture the model does not
/// know, degrees that do not multiply to the GPUs.
[[nodiscard]] Result<RunCase> caseOf(const RunRow& row);

} // namespace atlas::validation
