// The hot loop of the training model: one layout on one class of GPU, no allocation, plain values in and out.
#pragma once

#include "model/training/device.h"
#include "model/training/model_shape.h"
#include "model/training/step.h"

namespace atlas::training {

/// The job as numbers.
struct Work {
    double sequence = 0;
    MathWidth width = MathWidth::Bits16;
    double quantisePasses = 0; ///< relative to one read and two writes an operand; 0 in 16 bit
    double stackFactor = 1;    ///< of the software stack, on compute
    AttentionKernel attention = AttentionKernel::Fused;
    double gatherBytes = 2;     ///< an element of activation in the TP all-gathers
    bool castUnsharded = false; ///< operands are cast after they were gathered
    bool selectiveByOperator = false;
    double hostLayerS = 0;                             ///< a layer and forward pass
    double elementwiseFactor = 1;                      ///< 1 fused; more in stacks without a compiler
    double lossFactor = 1;                             ///< the same of the loss
    bool fusedLoss = true;                             ///< else 32-bit logits are kept
    double gradientBytes = 2;                          ///< on the wire, a parameter
    double mainGradientBytes = 2;                      ///< kept in memory, a parameter
    RecomputeHabit recompute = RecomputeHabit::Layers; ///< where a run does not say
    double recomputeSlack = 1; ///< memory a run is trusted to have found, over the capacity
    double recomputeCost = 1;  ///< of a recomputed layer, in forwards
    double weightBytes = 2;    ///< on the wire in the all-gather of weights, a parameter
    double tensorExposed = 1;  ///< share of TP communication that stays exposed
};

/// Layers a pipeline stage holds. The LM head and the loss sit on the last stage, the embedding on the first.
struct StageSplit {
    double fullest = 0; ///< layers of a stage without the head
    double last = 0;    ///< layers of the last stage
};

/// The split that balances the head where layers do not divide evenly: Megatron counts the embedding or the
/// head as a layer then (126 layers on 16 x 8 chunks).
[[nodiscard]] StageSplit splitLayers(double layers, int stages);

/// Seconds of one micro-batch in one stage with the mean number of layers, and of the whole step.
struct StepTerms {
    // A micro-batch of a stage with L/p layers and its share of the head, forward and backward.
    double gemm = 0, attention = 0, elementwise = 0, host = 0;
    double tp = 0, cp = 0, ep = 0; ///< exposed
    double fsdp = 0;               ///< exposed gather and scatter of weights a micro-batch
    double send = 0;               ///< exposed pipeline sends
    double forward = 0;            ///< forward compute
    double slowestStage = 0;       ///< the fullest stage's micro-batch
    double layerS = 0, headS = 0;  ///< one layer and the head: forward, backward, exposed communication
    // A step.
    double microBatches = 0;
    double fill = 0; ///< bubble: pipeline fill and drain
    double dp = 0, optimizer = 0, barrier = 0;
    double stepS = 0;
    double recomputeShare = 0;
    double barrierShare = 0; ///< expected wait for the slowest GPU over the time it is busy
    /// The same GPU with another number of micro-batches a step.
    void setMicroBatches(double count);
    [[nodiscard]] double computeS() const { return gemm + attention + elementwise + host; }
    [[nodiscard]] double microS() const { return computeS() + tp + cp + ep + fsdp + send; }
    [[nodiscard]] Breakdown breakdown() const;
};

/// What the terms leave out: communication whole, hidden or not, and what the head adds to its stage. For
/// people; the search does without.
struct StepDetail {
    double tp = 0, cp = 0, ep = 0, fsdp = 0, send = 0; ///< whole, a micro-batch of a mean stage
    double dp = 0;                                     ///< whole, a step
    double headGemm = 0, headElementwise = 0;          ///< a micro-batch on the last stage
    double headTp = 0, headTpWhole = 0;                ///< exposed and whole
};

/// Forward times of one mean layer on one GPU, seconds; communication exposed.
struct LayerTimes {
    double gemm = 0, attention = 0, elementwise = 0, tp = 0, cp = 0, ep = 0;
    double epWhole = 0; ///< with what hides
};

/// What the steps of layouts have in common that differ in nothing but chunks and recompute: the products of
/// a layer, its collectives, the messages. The dear part of stepTerms(); the search asks for it once.
struct StepParts {
    LayerTimes layer;
    double headGemm = 0, headElementwise = 0, headTp = 0; ///< head and loss, forward and backward
    double dense = 0, expert = 0;                         ///< parameters on this GPU
    double replicas = 1, expertReplicas = 1;              ///< they are summed over
    double sendS = 0;                                     ///< one message to the next stage
    bool sendsOverNic = false;
    bool fullySharded = false;                     ///< weights are gathered for every micro-batch
    double gatherS = 0, scatterS = 0, acrossS = 0; ///< of weights, of gradients, between groups that shard
    StageSplit split;
    double barrierShare = 0;
};

/// Arguments as those of stepTerms().
[[nodiscard]] StepParts stepPartsOf(const Device& device, const Fabric& fabric, const Fabric& dataFabric,
                                    const ModelShape& model, const Work& work, const Layout& layout,
                                    const Calibration& calibration);

/// The step with `parts` of a layout that differs from this one in chunks and recompute only.
[[nodiscard]] StepTerms stepTerms(const StepParts& parts, const Device& device, const ModelShape& model,
                                  const Work& work, const Layout& layout, double recomputeShare,
                                  const Calibration& calibration, StepDetail* detail = nullptr);

/// What the memory of layouts has in common that differ in nothing but chunks and recompute. Bytes.
struct MemoryParts {
    Memory states;     ///< weights, gradients, optimizer and workspace
    double layers = 0; ///< of the fullest stage
    double microBatches = 0;
    double perLayer = 0;  ///< activations of one layer and micro-batch
    double inputOnly = 0; ///< what is left of them where the layer is recomputed
    double logits = 0;
};

[[nodiscard]] MemoryParts memoryPartsOf(const ModelShape& model, const Work& work, const Layout& layout);

/// Memory of the fullest GPU, by kind. `recomputeShare` of the layers keep only their input.
/// Activations: Korthikanti et al. 2022 (arXiv:2205.05198), eqs. 2-6, generalised to GQA and gated MLPs and
/// without the score matrix (flash attention).
[[nodiscard]] Memory memoryOf(const ModelShape& model, const Work& work, const Layout& layout,
                              double capacityBytes, double recomputeShare);
[[nodiscard]] Memory memoryOf(const MemoryParts& parts, const Work& work, const Layout& layout,
                              double capacityBytes, double recomputeShare);

/// Share of the layers that has to be recomputed for the layout to fit; 0 when all fits, above 1 when nothing
/// helps.
[[nodiscard]] double recomputeToFit(const ModelShape& model, const Work& work, const Layout& layout,
                                    double capacityBytes);
[[nodiscard]] double recomputeToFit(const MemoryParts& parts, const Work& work, const Layout& layout,
                                    double capacityBytes);

/// One synchronous step on GPUs of one class. Gradients travel over `dataFabric`, which spans the pools where
/// replicas do; all else stays inside `fabric`. `recomputeShare`: of the layers (full recompute), or of
/// the attention (selective), as the layout says.
[[nodiscard]] StepTerms stepTerms(const Device& device, const Fabric& fabric, const Fabric& dataFabric,
                                  const ModelShape& model, const Work& work, const Layout& layout,
                                  double recomputeShare, const Calibration& calibration,
                                  StepDetail* detail = nullptr);

} // namespace atlas::training
