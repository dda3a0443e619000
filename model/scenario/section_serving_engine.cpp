#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

void describe(Fields& fields, ServingEngine& engine) {
    fields.flag("prefix_caching", engine.prefixCaching,
                {.doc = "Keep the cache of prompts that come again; off: cache_hit counts as 0"});
    fields.flag(
        "chunked_prefill", engine.chunkedPrefill,
        {.doc = "Read prompts in pieces beside the answers; off: answers wait while a prompt is read"});
    fields.quantity("prefill_chunk", engine.prefillChunkTokens,
                    {Dimension::Tokens, kPositive, "Prompt tokens that a group of GPUs reads in one step",
                     "{value: 8192 tokens, low: 2048 tokens, high: 16384 tokens, grade: assumption, source: "
                     "\"near the engines' defaults (2,048 to 16,384)\"}"});
    fields.quantity("max_replica_gpus", engine.maxReplicaGpus,
                    {Dimension::Number, kPositive, "Widest replica the engine can drive",
                     "{value: 144, low: 72, high: 320, grade: vendor-spec, source: \"DeepSeek "
                     "open-infra-index day 6: decode units of 144 GPUs, later 320 (from memory)\"}"});
    const auto degree = [](Fields& to, std::string_view key, int& value, std::string_view doc) {
        to.whole(key, value, 0, 1 << 16, {.doc = doc, .fallback = "0: chosen for each class"});
    };
    fields.group("layout", "Layout of a replica; what is left out is chosen for each class of GPU",
                 [&](Fields& inner) {
                     degree(inner, "tp", engine.layout.tp, "Tensor parallelism");
                     degree(inner, "pp", engine.layout.pp, "Pipeline parallelism");
                     degree(inner, "ep", engine.layout.ep, "Expert parallelism");
                 });
    fields.flag("fp8_projections", engine.fp8Projections,
                {.doc = "fp4 checkpoints of models with latent attention: attention projections in fp8; off: "
                        "they stay in bf16"});
    fields.flag("balanced_experts", engine.balancedExperts,
                {.doc = "Hot experts have copies, placed by measured load"});
    fields.flag("speculative", engine.speculative,
                {.doc = "Speculative decoding: a draft guesses tokens, the model verifies them together"});
    fields.quantity("drafted_tokens", engine.draftedTokens,
                    {Dimension::Number, kNotNegative, "Tokens guessed ahead",
                     "{value: 1, low: 1, high: 3, grade: vendor-spec, source: \"the one multi-token "
                     "prediction module of DeepSeek-V3 (arXiv:2412.19437); high: used repeatedly\"}"});
    fields.quantity("draft_acceptance", engine.draftAcceptance,
                    {Dimension::Number, kShare,
                     "Chance that a guessed token is right, those before it being right",
                     "{value: 0.85, low: 0.6, high: 0.9, grade: vendor-spec, source: \"DeepSeek-V3 "
                     "(arXiv:2412.19437), section 5.4.3: 85 to 90 % (from memory); low: other drafts\"}"});
    fields.quantity("draft_cost", engine.draftCost,
                    {Dimension::Number, kNotNegative, "Time of one guess, in steps of the model",
                     "{value: 0.05, low: 0.02, high: 0.15, grade: assumption, source: \"one layer of 61 and "
                     "the output head\"}"});
}

} // namespace atlas::scenario
