// Where the peak of a machine goes in one step: bars that add up exactly.
#pragma once

#include "model/training/step.h"

namespace atlas::training {

/// A share of the bf16 peak of all GPUs. The first bar is the peak, the last what is left; between them
/// losses: peak - sum of losses = last.
struct WaterfallShare {
    std::string name;
    double share = 0;
};

/// peak, idle GPUs, kernels, exposed communication, bubble, class mismatch, jitter tail, fail-stop, goodput.
/// What a class waits counts as bubble and jitter as far as the pace-setting class has them, the rest as
/// mismatch. `goodput`: share of wall-clock time in kept steps, 0 to 1.
[[nodiscard]] std::vector<WaterfallShare> waterfallOf(const Machine& machine, const StepAnatomy& step,
                                                      double goodput);

} // namespace atlas::training
