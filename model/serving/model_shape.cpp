#include "model/serving/model_shape.h"

#include <algorithm>

namespace atlas::serving {

namespace {

// Multi-head latent attention, DeepSeek-V2 (arXiv 2405.04434, section 2.1): queries through a latent of three
// times the KV rank, a decoupled rotary part of half a head. The ratios are those of DeepSeek-V3 (512, 1536,
// 128, 64).
constexpr double kMlaQueryRankOverKvRank = 3.0;
constexpr double kMlaRotaryOverHead = 0.5;

double attentionParametersPerLayer(const scenario::Transformer& m) {
    const double h = m.hidden;
    const double width = static_cast<double>(m.heads) * m.headDim;
    if (m.attention == scenario::Attention::Mla) {
        const double r = m.kvLoraRank;
        const double q = kMlaQueryRankOverKvRank * r;
        const double rotary = kMlaRotaryOverHead * m.headDim;
        return h * q + q * (width + m.heads * rotary) + h * (r + rotary) + r * 2.0 * width + width * h;
    }
    return 2.0 * h * width + 2.0 * h * static_cast<double>(m.kvHeads) * m.headDim;
}

} // namespace

Result<ModelShape> shapeOf(const scenario::Transformer& m) {
    const bool mla = m.attention == scenario::Attention::Mla;
    if (m.layers < 1 || m.hidden < 1 || m.ffnHidden < 1 || m.heads < 1 || m.headDim < 1 || m.vocab < 1 ||
        (mla ? m.kvLoraRank < 1 : m.kvHeads < 1) || m.experts < 0 || m.sharedExperts < 0 ||
        m.denseLayers < 0 || m.denseLayers > m.layers ||
        (m.experts > 0 && (m.topK < 1 || m.topK > m.experts))) {
        return failure("model '" + m.id + "' has a dimension that is missing or out of range",
                       "layers, hidden, ffn_hidden, heads, kv_heads, head_dim and vocab must be positive, "
                       "top_k at most experts");
    }
    ModelShape s;
    const double h = m.hidden;
    const double matrices = m.gatedMlp ? 3.0 : 2.0;
    s.latentAttention = mla;
    s.attentionParameters = m.layers * attentionParametersPerLayer(m);
    if (m.experts > 0) {
        const double expert = matrices * h * m.ffnHidden;
        s.moeLayers = m.layers - m.denseLayers;
        s.expertsPerLayer = m.experts;
        s.topK = m.topK;
        s.expertParameters = s.moeLayers * expert * m.experts;
        const double denseWidth = m.denseFfnHidden > 0 ? m.denseFfnHidden : m.ffnHidden;
        s.denseMlpParameters = s.moeLayers * (expert * m.sharedExperts + h * m.experts) +
                               m.denseLayers * matrices * h * denseWidth;
    } else {
        s.denseMlpParameters = m.layers * matrices * h * m.ffnHidden;
    }
    s.outputParameters = h * m.vocab;
    s.headParameters = s.outputParameters * (m.tiedEmbedding ? 1.0 : 2.0);

    const double layers = m.layers;
    const double width = static_cast<double>(m.heads) * m.headDim;
    if (mla) {
        const double rotary = kMlaRotaryOverHead * m.headDim;
        s.kvElementsPerToken = layers * (m.kvLoraRank + rotary);
        s.kvShards = 1;
        // Decode works on the latent itself (weights absorbed); prefill expands it to heads.
        s.attentionFlopPerContextToken = layers * 2.0 * m.heads * (2.0 * m.kvLoraRank + rotary);
        s.prefillAttentionFlop = layers * 2.0 * m.heads * (2.0 * m.headDim + rotary);
    } else {
        s.kvElementsPerToken = layers * 2.0 * m.kvHeads * m.headDim;
        s.kvShards = m.kvHeads;
        s.attentionFlopPerContextToken = layers * 4.0 * width;
        s.prefillAttentionFlop = layers * 4.0 * width;
    }
    return s;
}

} // namespace atlas::serving
