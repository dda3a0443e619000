#include "model/training/model_shape.h"

#include <algorithm>
#include <string>

namespace atlas::training {

namespace {

// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434): ranks and head parts as multiples of the
// compressed KV width, as in every published MLA model (V2, V3, Kimi K2: 512 -> 1536 query rank, 64 RoPE).
constexpr double kQueryRankOverKvRank = 3;
constexpr double kRopeOverKvRank = 1.0 / 8;
/// The models that have it route a token to at most four nodes (DeepSeek-V3, arXiv:2412.19437,
/// section 2.1.2).
constexpr double kRoutedDomains = 4;

void setAttention(ModelShape& shape, const scenario::Transformer& model) {
    const double heads = model.heads;
    const double headDim = model.headDim > 0 ? model.headDim : shape.hidden / heads;
    shape.heads = heads;
    shape.kvHeads = model.kvHeads > 0 ? model.kvHeads : model.heads;
    shape.attentionWidth = heads * headDim;
    if (model.attention == scenario::Attention::Mla && model.kvLoraRank > 0) {
        const double kvRank = model.kvLoraRank;
        const double rope = kvRank * kRopeOverKvRank;
        const double queryRank = kvRank * kQueryRankOverKvRank;
        const double weights = shape.hidden * queryRank + queryRank * heads * (headDim + rope) +
                               shape.hidden * (kvRank + rope) + kvRank * heads * 2 * headDim;
        shape.qkvWidth = weights / shape.hidden;
        shape.kvWidth = heads * (headDim + rope) + heads * headDim;
        shape.kvExchange = kvRank + rope;
        shape.scoreWidth = heads * (2 * headDim + rope);
        shape.domainLimit = kRoutedDomains;
        return;
    }
    shape.kvWidth = 2 * shape.kvHeads * headDim;
    shape.kvExchange = shape.kvWidth;
    shape.qkvWidth = shape.attentionWidth + shape.kvWidth;
    shape.scoreWidth = 2 * shape.attentionWidth;
}

} // namespace

double ModelShape::totalParams() const {
    const double attention = layers * attentionParams();
    const double mlp = denseLayers * denseMlpParams() +
                       expertLayers * (sharedParams() + experts * expertParams() + hidden * experts);
    return attention + mlp + embeddingParams() * (tied ? 1 : 2);
}

double ModelShape::activeParams() const {
    const double attention = layers * attentionParams();
    const double mlp = denseLayers * denseMlpParams() +
                       expertLayers * (sharedParams() + topK * expertParams() + hidden * experts);
    return attention + mlp + embeddingParams() * (tied ? 1 : 2);
}

double ModelShape::meanKeys(double sequence) const {
    const double windowKeys = std::min(window, sequence / 2);
    return fullAttentionShare * sequence / 2 + (1 - fullAttentionShare) * windowKeys;
}

double ModelShape::flopsPerToken(double sequence, bool causal) const {
    const double matmul = activeParams() - embeddingParams() * (tied ? 0 : 1);
    const double keys = meanKeys(sequence) * (causal ? 1 : 2);
    return 6 * matmul + 3 * layers * 2 * scoreWidth * keys;
}

Result<ModelShape> shapeOf(const scenario::Transformer& model) {
    Diagnostics errors;
    const auto require = [&](bool ok, const std::string& message) {
        if (!ok) {
            errors.push_back({Severity::Error, {}, message, "correct the model `" + model.id + "`"});
        }
    };
    require(model.layers > 0, "the model has no layers");
    require(model.hidden > 0, "the model has no hidden width");
    require(model.heads > 0, "the model has no attention heads");
    require(model.vocab > 0, "the model has no vocabulary");
    require(model.ffnHidden > 0, "the model has no FFN width");
    require(model.experts >= 0 && model.topK >= 0 && model.sharedExperts >= 0,
            "the model has a negative number of experts");
    require(model.experts == 0 || model.topK > 0, "the model has experts but routes to none (topK 0)");
    require(model.topK <= model.experts, "the model routes to more experts than it has");
    require(model.denseLayers <= model.layers, "the model has more dense layers than layers");
    if (!errors.empty()) {
        return errors;
    }
    ModelShape shape;
    shape.layers = model.layers;
    shape.hidden = model.hidden;
    shape.vocab = model.vocab;
    shape.gates = model.gatedMlp ? 2 : 1;
    shape.tied = model.tiedEmbedding;
    shape.experts = model.experts;
    shape.topK = model.topK;
    shape.sharedExperts = model.sharedExperts;
    shape.denseLayers = model.experts > 0 ? model.denseLayers : model.layers;
    shape.expertLayers = shape.layers - shape.denseLayers;
    shape.expertFfn = model.experts > 0 ? model.ffnHidden : 0;
    shape.ffn = model.experts > 0 ? model.denseFfnHidden : model.ffnHidden;
    setAttention(shape, model);
    return shape;
}

} // namespace atlas::training
