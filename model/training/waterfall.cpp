#include "model/training/waterfall.h"

#include <algorithm>

namespace atlas::training {

std::vector<WaterfallShare> waterfallOf(const Machine& machine, const StepAnatomy& step, double goodput) {
    double peak = 0;
    for (const Pool& pool : machine.pools) {
        peak += static_cast<double>(pool.gpus) * pool.bf16FlopPerS;
    }
    double used = 0;
    double kernels = 0;
    double communication = 0;
    double bubble = 0;
    double jitter = 0;
    double mismatch = 0;
    for (const ClassShare& share : step.classes) {
        if (share.shareOfTokens <= 0) {
            continue; // left out: without work
        }
        const double weight = static_cast<double>(share.count) * share.peakFlopPerS / peak / step.stepTimeS;
        used += weight * step.stepTimeS;
        kernels += weight * share.computeS;
        communication += weight * share.communicateS;
        const double inBubble = std::clamp(step.breakdown.bubble, 0.0, std::max(0.0, share.waitS));
        const double inJitter =
            std::clamp(step.breakdown.barrier, 0.0, std::max(0.0, share.waitS - inBubble));
        bubble += weight * inBubble;
        jitter += weight * inJitter;
        mismatch += weight * (share.waitS - inBubble - inJitter);
    }
    const double kept = used * step.mfu;
    return {{"peak", 1},
            {"idle GPUs", 1 - used},
            {"kernels", kernels - kept},
            {"exposed communication", communication},
            {"bubble", bubble},
            {"class mismatch", mismatch},
            {"jitter tail", jitter},
            {"fail-stop", kept * (1 - goodput)},
            {"goodput", kept * goodput}};
}

} // namespace atlas::training
