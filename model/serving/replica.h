// One replica of a model on one class of GPU: the arithmetic it can use, how it is split over GPUs, and what
// memory is left for the KV cache.
#pragma once

#include "model/serving/model_shape.h"
#include "model/serving/serving_constants.h"
#include "model/training/machine.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::serving {

/// The number formats a class serves a model with, and the rates it reaches in them. Weights may be stored
/// narrower than the arithmetic: a class without fp8 tensor cores keeps them in fp8 and computes in bf16.
struct Arithmetic {
    double gemmFlopPerS = 0;       ///< large products of MLPs and experts
    double projectionFlopPerS = 0; ///< large products of the attention projections
    double attentionFlopPerS = 0;  ///< scores and values
    double weightBytes = 0;        ///< a parameter of MLPs, experts and the head
    double projectionBytes = 0;    ///< a parameter of the attention projections
    double kvBytes = 0;            ///< a cached number
    double dispatchBytes = 0;      ///< a number sent to an expert; the way back is bf16
    std::string note;              ///< fallback taken, empty if none
};

/// Rates of large products are those the training model was fitted to (training::deviceOf: architecture,
/// format, clock under the power cap) times what serving keeps of them. Checkpoints in fp4 of models with
/// latent attention keep the attention projections in fp8 (DeepSeek-R1 in nvfp4 as served by SGLang and
/// TensorRT-LLM).
[[nodiscard]] Arithmetic arithmeticOf(const training::Pool& pool, const ModelShape& shape,
                                      scenario::Precision asked, const scenario::ServingEngine& engine,
                                      const ServingConstants& constants);

/// How a replica is split. Dense models: tp x pp GPUs. Mixtures of experts: `ep` GPUs share the experts,
/// groups of tp GPUs share the attention of their own sequences (data-parallel attention); where tp = ep
/// there is one group and the experts' products are reduced like an MLP's.
struct ReplicaLayout {
    int tp = 1, pp = 1, ep = 1;
    [[nodiscard]] int gpus() const { return ep > tp * pp ? ep : tp * pp; }
    /// Groups of tp GPUs, each with sequences (or, in a pipeline, a stage) of its own.
    [[nodiscard]] double groups() const { return static_cast<double>(gpus()) / tp; }
    [[nodiscard]] std::string text() const; ///< "TP8", "TP8 PP2", "EP32", "EP32 TP4"
    auto operator<=>(const ReplicaLayout&) const = default;
};

/// All layouts worth trying, smallest first; whether they fit is for kvRoomBytes to say. Tensor parallelism
/// leaves the NVLink domain only to span whole domains, two at most.
[[nodiscard]] std::vector<ReplicaLayout> candidateLayouts(const training::Pool& pool, const ModelShape& shape,
                                                          const scenario::Transformer& model,
                                                          const scenario::ServingEngine& engine);

/// Bytes of weights on one GPU.
[[nodiscard]] double weightBytesPerGpu(const ModelShape& shape, const Arithmetic& arithmetic,
                                       const ReplicaLayout& layout);

/// Bytes of HBM left for the KV cache on one GPU; negative where the weights alone do not fit.
[[nodiscard]] double kvRoomBytes(const training::Pool& pool, const ModelShape& shape,
                                 const Arithmetic& arithmetic, const ReplicaLayout& layout,
                                 const ServingConstants& constants);

/// Bytes of cache that one token of one sequence takes on a GPU that holds it, times the share of the
/// replica's sequences that this GPU holds.
[[nodiscard]] double kvBytesPerGpu(const ModelShape& shape, const Arithmetic& arithmetic,
                                   const ReplicaLayout& layout);

/// Replicas of `layout` among `pool.gpus`, none astride NVLink domains unless it spans whole ones.
[[nodiscard]] std::int64_t replicaCount(const training::Pool& pool, const ReplicaLayout& layout);

} // namespace atlas::serving
