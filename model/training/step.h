// One synchronous training step, analytically: every term in seconds, per class and stage, total and exposed.
#pragma once

#include "model/training/calibration.h"
#include "model/training/machine.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::training {

using scenario::Placement;
using scenario::Precision;
using scenario::Recompute;
using scenario::Sharding;

/// A full parallel layout. GPUs = tp * pp * cp * dp; ep divides dp * cp (experts fold into data parallelism).
struct Layout {
    int tp = 1, pp = 1, vp = 1, cp = 1, ep = 1;
    std::int64_t dp = 1;
    int microBatch = 1;
    std::int64_t globalBatch = 1; ///< sequences per step
    bool sequenceParallel = true;
    Recompute recompute = Recompute::None;
    Sharding sharding = Sharding::Optimizer;
    int fsdpGroup = 0; ///< GPUs parameters are sharded over; 0: all of dp
    [[nodiscard]] std::int64_t gpus() const { return static_cast<std::int64_t>(tp) * pp * cp * dp; }
    [[nodiscard]] std::string text() const; ///< "TP8 PP16 VP2 CP1 EP1 DP206 mb1"
    bool operator==(const Layout&) const = default;
};

/// How fp8 operands are scaled; each casts differently.
enum class Scaling {
    Delayed,    ///< scale from the history of maxima: one pass
    Current,    ///< scale from this tensor: a pass for the maximum before the cast
    Tensorwise, ///< as Current, in torchtitan
    Rowwise     ///< one scale a row, two layouts of each operand
};

/// What the software of a run had switched on.
struct Features {
    Scaling scaling = Scaling::Delayed;
    bool compiled = false;            ///< a compiler fuses memory-bound operators in an otherwise eager stack
    bool asyncTensorParallel = false; ///< TP communication is cut up and overlapped with its GEMM
};

struct Job {
    scenario::Transformer model;
    Precision precision = Precision::Bf16;
    int sequence = 8192;
    std::int64_t globalBatch = 1; ///< sequences
    Placement placement = Placement::Naive;
    std::string stack;   ///< calibrated multiplier; empty: default
    std::string release; ///< of the stack; MoE kernels moved so fast that they are calibrated by release
    int year = 0;        ///< of the run, for a stack that was never seen; 0: today
    Features features;
    bool fullySharded =
        false; ///< parameters too, without tensor parallelism: PyTorch, if the stack is unknown
    bool recomputePublished = true; ///< false only for a published run that does not say
    double localSgdSteps = 0;       ///< inner steps between outer synchronisations; 0: the calibration's
    double windowedShare = 0;       ///< layers with sliding-window attention
    double window = 0;              ///< keys they attend to
};

/// The key of the job's software multiplier: its stack; for MoE models its stack and release.
[[nodiscard]] std::string stackKey(const Job& job);

/// Exposed time per step on the critical path, seconds. The parts add up to stepTimeS exactly.
struct Breakdown {
    double gemm = 0, attention = 0, elementwise = 0; ///< compute, on the critical path's class
    double tp = 0, cp = 0, ep = 0, pp = 0, dp = 0;   ///< exposed communication
    double optimizer = 0;
    double bubble = 0;  ///< pipeline fill and drain, stage imbalance
    double barrier = 0; ///< expected wait for the slowest GPU (jitter); class mismatch is in classes[].waitS
    [[nodiscard]] double sum() const;
};

struct Memory { ///< bytes on the fullest GPU
    double weights = 0, gradients = 0, optimizer = 0, activations = 0, workspace = 0, capacity = 0;
    [[nodiscard]] double total() const { return weights + gradients + optimizer + activations + workspace; }
    [[nodiscard]] bool fits() const { return total() <= capacity * (1 + 1e-9); }
};

/// What one class of GPU does in the step. busyS + waitS = stepTimeS.
struct ClassShare {
    std::string gpu;
    std::string pool;
    std::int64_t count = 0;
    double peakFlopPerS = 0;  ///< bf16, of one GPU
    double computeS = 0;      ///< kernels running
    double communicateS = 0;  ///< exposed communication
    double waitS = 0;         ///< bubble and waiting for others
    double shareOfTokens = 0; ///< of the global batch
    Layout layout;            ///< its own under local SGD, else that of all
};

struct StepAnatomy {
    double stepTimeS = 0;
    Breakdown breakdown;
    Memory memory;
    double mfu = 0; ///< model FLOPs (no recompute, causal attention) over the bf16 peak of all GPUs used
    double hfu = 0; ///< hardware FLOPs with recompute over the same peak
    double tokensPerStep = 0;
    double tokensPerS = 0;
    double tokensPerSPerGpu = 0;
    double modelFlopPerSPerGpu = 0;
    double modelFlopPerToken = 0;
    double energyJ = 0;        ///< GPUs only, per step
    std::int64_t gpusUsed = 0; ///< a layout may leave some idle
    std::int64_t gpusTotal = 0;
    double kernelS = 0; ///< compute time at ideal peak on the same GPUs, for the waterfall
    double outerS =
        0; ///< part of the step for the outer synchronisation of local SGD, spread over its inner steps
    double innerSteps = 0; ///< between two of those; 0 without local SGD
    double mismatchS = 0;  ///< part of the step lost because classes differ (naive placement)
    /// Of the layers recomputed, weighted by tokens; 1 under Selective, which recomputes a part of every
    /// layer.
    double recomputeShare = 0;
    Layout layout;
    Placement placement = Placement::Naive;
    std::vector<ClassShare> classes;
    std::vector<std::string> notes; ///< fallbacks taken ("A100 has no fp8: bf16"), why it is slow
};

/// Evaluates one layout under the job's placement policy. `layout.dp` counts the replicas over all pools that
/// the policy uses. Errors name the constraint that is violated ("tp 16 does not divide 40 heads").
/// Recompute::Auto and Layers recompute as many layers as it takes to fit.
[[nodiscard]] Result<StepAnatomy> evaluateStep(const Machine& machine, const Job& job, const Layout& layout,
                                               const Calibration& calibration = Calibration::builtin());

/// What forbids this layout for this job, without its memory; empty when nothing does.
[[nodiscard]] Diagnostics checkLayout(const Machine& machine, const Job& job, const Layout& layout);

/// What forbids the degrees that are chosen (the others are 0), whatever the rest of the layout; empty when
/// nothing does.
[[nodiscard]] Diagnostics checkChoice(const Machine& machine, const Job& job,
                                      const scenario::LayoutChoice& choice);

} // namespace atlas::training
