// A transformer as inference sees it: parameters, bytes and FLOPs a token.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::serving {

/// Parameters by how inference shards and reads them.
struct ModelShape {
    double attentionParameters = 0; ///< all layers
    double denseMlpParameters = 0;  ///< MLPs that every token passes, shared experts included
    double expertParameters = 0;    ///< all routed experts of all layers
    double headParameters = 0;      ///< embedding and output head (once where tied)
    double outputParameters = 0;    ///< of the output head: what a token multiplies with
    bool latentAttention = false;   ///< MLA
    int moeLayers = 0;
    double expertsPerLayer = 0;
    double topK = 0;
    double kvElementsPerToken = 0;           ///< cached numbers of one token, all layers
    int kvShards = 1;                        ///< GPUs the cache of one sequence can be split over (MLA: 1)
    double attentionFlopPerContextToken = 0; ///< decode: score and value products with one cached token
    double prefillAttentionFlop = 0;         ///< prefill: with one earlier token of the prompt

    [[nodiscard]] double total() const {
        return attentionParameters + denseMlpParameters + expertParameters + headParameters;
    }
    /// Parameters a token multiplies with.
    [[nodiscard]] double active() const {
        return attentionParameters + denseMlpParameters + activeExperts() + outputParameters;
    }
    [[nodiscard]] double activeExperts() const {
        return expertsPerLayer > 0 ? expertParameters * topK / expertsPerLayer : 0.0;
    }
    /// All but the routed experts.
    [[nodiscard]] double dense() const { return attentionParameters + denseMlpParameters + outputParameters; }
};

/// Errors: a dimension that is missing or negative, more active than existing experts.
[[nodiscard]] Result<ModelShape> shapeOf(const scenario::Transformer& model);

} // namespace atlas::serving
