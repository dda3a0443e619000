#include "model/scenario/sections.h"

namespace atlas::scenario {

void describe(Fields& fields, Transformer& model) {
    constexpr Need kRequired = Need::Required;
    fields.text("name", model.name, {.doc = "Name for people", .fallback = "the id"});
    fields.whole("layers", model.layers, 1, 10'000, {.doc = "Transformer layers", .need = kRequired});
    fields.whole("hidden", model.hidden, 1, 1 << 20,
                 {.doc = "Width of the residual stream", .need = kRequired});
    fields.whole(
        "ffn_hidden", model.ffnHidden, 1, 1 << 22,
        {.doc = "Width of the feed-forward part; of one expert in a mixture of experts", .need = kRequired});
    fields.whole("heads", model.heads, 1, 1 << 16, {.doc = "Attention heads", .need = kRequired});
    fields.whole("kv_heads", model.kvHeads, 0, 1 << 16,
                 {.doc = "Key and value heads (grouped-query attention)", .fallback = "heads"});
    fields.whole("head_dim", model.headDim, 0, 1 << 16,
                 {.doc = "Width of a head", .fallback = "hidden / heads"});
    fields.whole("vocab", model.vocab, 1, 1 << 24, {.doc = "Entries of the vocabulary", .need = kRequired});
    fields.flag("gated_mlp", model.gatedMlp,
                {.doc = "Feed-forward part with a gate (SwiGLU, GeGLU): three matrices"});
    fields.flag("tied_embedding", model.tiedEmbedding, {.doc = "Input and output embeddings are one matrix"});
    fields.whole("experts", model.experts, 0, 1 << 16, {.doc = "Routed experts a layer; 0 is a dense model"});
    fields.whole("top_k", model.topK, 0, 1 << 16, {.doc = "Routed experts a token goes to"});
    fields.whole("shared_experts", model.sharedExperts, 0, 1 << 16, {.doc = "Experts every token goes to"});
    fields.whole("dense_layers", model.denseLayers, 0, 10'000, {.doc = "Leading layers without experts"});
    fields.whole("dense_ffn_hidden", model.denseFfnHidden, 0, 1 << 22,
                 {.doc = "Width of the feed-forward part in those layers", .fallback = "ffn_hidden"});
    fields.oneOf(
        "attention", model.attention, kAttentionNames,
        {.doc = "mha: a key and value head a head; gqa: shared by groups; mla: one compressed latent"});
    fields.whole("kv_lora_rank", model.kvLoraRank, 0, 1 << 16,
                 {.doc = "MLA: width of the compressed keys and values a token and layer"});
    fields.text("source", model.source, {.doc = "Where the dimensions come from"});
}

void describeModels(Fields& fields, Scenario& scenario) {
    fields.tableOf<Transformer>(
        "models", scenario.models, describe,
        {.doc = "Language models beyond the catalogue, or changed ones", .inherits = true});
}

} // namespace atlas::scenario
