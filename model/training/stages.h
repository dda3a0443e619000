// A step by pipeline stage and class of GPU: what each computes, sends and waits, hidden and exposed.
#pragma once

#include "model/training/placement.h"

namespace atlas::training {

/// Communication of a step: all of it, and the part that nothing hides.
struct Transfer {
    double totalS = 0;
    double exposedS = 0;
    [[nodiscard]] double hiddenS() const { return totalS - exposedS; }
};

/// What one GPU of a run of alike stages does in a step, seconds. Compute, exposed communication, optimizer
/// and waits add up to the step time exactly.
struct StageAnatomy {
    std::string gpu;
    std::string pool;
    int first = 1, last = 1; ///< stages of the pipeline, or of the pool's part of it, counted from 1
    double layers = 0;       ///< of each
    bool head = false;       ///< with the LM head and the loss
    std::int64_t gpus = 0;   ///< on all of these stages
    double gemm = 0, attention = 0, elementwise = 0, optimizer = 0;
    Transfer tp, cp, ep, pp, dp;
    double bubble = 0;  ///< fill, drain and waiting for a fuller stage
    double barrier = 0; ///< expected wait for the slowest GPU
    double wait = 0;    ///< for another class of GPU
    [[nodiscard]] double computeS() const { return gemm + attention + elementwise + optimizer; }
    [[nodiscard]] double exposedS() const {
        return tp.exposedS + cp.exposedS + ep.exposedS + pp.exposedS + dp.exposedS;
    }
    [[nodiscard]] double sum() const { return computeS() + exposedS() + bubble + barrier + wait; }
};

/// Pool by pool, stages in their order; alike neighbours are one entry. Layers are spread as the step has
/// them: the fullest stages first, what is left on the last one beside the head.
[[nodiscard]] std::vector<StageAnatomy> stagesOf(const Setup& setup, const Layout& layout,
                                                 const Outcome& outcome);

/// The same for a step as a plan has it; pools that train apart (local SGD) each under their own layout,
/// where the faster ones wait for the slowest. Errors: as evaluateStep.
[[nodiscard]] Result<std::vector<StageAnatomy>>
stagesOf(const Machine& machine, const Job& job, const StepAnatomy& step,
         const Calibration& calibration = Calibration::builtin());

} // namespace atlas::training
