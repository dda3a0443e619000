// What a transformer costs, as plain numbers: parameters, FLOPs and activation widths. Derived once from the
// typed model, then read in the hot loop.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::training {

/// Widths and counts in the notation of the field: h hidden, f FFN width, V vocabulary, L layers.
struct ModelShape {
    double layers = 0, hidden = 0, vocab = 0;
    double qkvWidth = 0;       ///< output columns of the query, key and value projections (MLA: weights / h)
    double attentionWidth = 0; ///< heads * value dimension: input of the output projection
    double kvWidth = 0;        ///< keys plus values a token (MLA: expanded, as attention reads them)
    double kvExchange = 0;     ///< elements a token that context parallelism passes on (MLA: compressed)
    double scoreWidth = 0;     ///< heads * (query dimension + value dimension): FLOPs of a token-key pair / 2
    double gates = 1;          ///< up projections of the MLP: 2 where gated
    double ffn = 0;            ///< of dense layers
    double denseLayers = 0;    ///< layers without experts
    double expertLayers = 0;
    double expertFfn = 0, experts = 0, topK = 0, sharedExperts = 0;
    double fullAttentionShare = 1; ///< layers that attend to the whole sequence
    double window = 0;             ///< keys the other layers attend to
    double heads = 0, kvHeads = 0, layerCount = 0;
    double domainLimit = 1e9; ///< NVLink domains the experts of one token may lie in
    bool tied = false;

    // Parameters (weights of norms and biases are left out: below 0.1 %).
    [[nodiscard]] double attentionParams() const { return hidden * qkvWidth + attentionWidth * hidden; }
    [[nodiscard]] double denseMlpParams() const { return (gates + 1) * hidden * ffn; }
    [[nodiscard]] double sharedParams() const { return (gates + 1) * hidden * sharedExperts * expertFfn; }
    [[nodiscard]] double expertParams() const { return (gates + 1) * hidden * expertFfn; } ///< of one expert
    [[nodiscard]] double embeddingParams() const { return vocab * hidden; }
    [[nodiscard]] double totalParams() const;
    [[nodiscard]] double activeParams() const;

    /// Model FLOPs of one token, forward and backward, no recompute: 6 a parameter that a token meets in a
    /// matrix product (the embedding look-up is none, the LM head is one) plus attention. `causal` counts
    /// half the score matrix (Megatron-LM's newer convention), else the whole (Korthikanti et al. 2022, App.
    /// A).
    [[nodiscard]] double flopsPerToken(double sequence, bool causal) const;
    /// Mean number of keys a query meets over the layers, causal: s/2 with full attention.
    [[nodiscard]] double meanKeys(double sequence) const;
};

/// Errors: a model without layers, width, heads or vocabulary; more experts chosen than there are.
[[nodiscard]] Result<ModelShape> shapeOf(const scenario::Transformer& model);

} // namespace atlas::training
