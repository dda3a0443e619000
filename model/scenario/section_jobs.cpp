#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

namespace {

void describeLayout(Fields& fields, LayoutChoice& layout) {
    const auto degree = [&fields](std::string_view key, int& value, std::string_view doc) {
        fields.whole(key, value, 0, 1 << 20, {.doc = doc, .fallback = "0: chosen by the planner"});
    };
    degree("tp", layout.tp, "Tensor parallelism");
    degree("pp", layout.pp, "Pipeline parallelism");
    degree("vp", layout.vp, "Interleaved pipeline chunks a stage");
    degree("cp", layout.cp, "Context parallelism");
    degree("ep", layout.ep, "Expert parallelism");
    degree("micro_batch", layout.microBatch, "Sequences of a micro-batch");
    fields.oneOf("recompute", layout.recompute, kRecomputeNames,
                 {.doc = "Activation recomputation; layers: of as many layers as it takes to fit",
                  .fallback = "auto: layers or selective, chosen by the planner"});
    fields.oneOf("sharding", layout.sharding, kShardingNames,
                 {.doc = "What data parallelism shards: nothing, the optimizer's state, or everything (FSDP)",
                  .fallback = "auto: optimizer or fsdp, chosen by the planner"});
}

} // namespace

void describe(Fields& fields, TrainJob& job) {
    fields.text("name", job.name, {.doc = "Name for people", .fallback = "the id"});
    fields.reference("model", job.model, Refers::Model, {.doc = "What is trained", .need = Need::Required});
    fields.oneOf("precision", job.precision, kPrecisionNames,
                 {.doc = "Best number format asked for; a GPU without it falls back to the next one it has"});
    fields.quantity(
        "tokens", job.tokens,
        {Dimension::Tokens, kPositive, "Tokens of the whole run",
         "{value: 15 T tokens, low: 10 T tokens, high: 40 T tokens, grade: assumption, source: \"Llama 3 "
         "(arXiv:2407.21783): 15.6 T; frontier runs of 2025 and 2026 up to about 40 T\"}"});
    fields.quantity("global_batch", job.globalBatchTokens,
                    {Dimension::Tokens, kPositive,
                     "Tokens of one optimizer step, bounded by the critical batch",
                     "{value: 16 M tokens, low: 4 M tokens, high: 64 M tokens, grade: assumption, source: "
                     "\"Llama 3.1 405B "
                     "(arXiv:2407.21783, section 3.4) trained with 16 M tokens a step\"}"});
    fields.whole("sequence", job.sequence, 1, 1 << 24, {.doc = "Tokens of a training sequence"});
    fields.text("stack", job.stack,
                {.doc = "Software whose calibration applies", .fallback = "the default stack"});
    fields.group("layout", "Parallel layout; what is left out is chosen by the planner",
                 [&job](Fields& inner) { describeLayout(inner, job.layout); });
}

void describe(Fields& fields, ServeJob& job) {
    fields.text("name", job.name, {.doc = "Name for people", .fallback = "the id"});
    fields.reference("model", job.model, Refers::Model, {.doc = "What is served", .need = Need::Required});
    fields.oneOf("precision", job.precision, kPrecisionNames,
                 {.doc = "Best number format asked for; a GPU without it falls back to the next one it has"});
    fields.quantity("input_tokens", job.inputTokens,
                    {Dimension::Tokens, kPositive, "Mean input of a request",
                     "{fact: trace.mooncake_toolagent, item: 1}"});
    fields.quantity("output_tokens", job.outputTokens,
                    {Dimension::Tokens, kPositive, "Mean output of a request",
                     "{fact: trace.mooncake_toolagent, item: 2}"});
    fields.quantity("cache_hit", job.cacheHit,
                    {Dimension::Number, kShare, "Share of input tokens found in the prefix cache",
                     "{fact: deepseek.cache_hit}"});
    fields.quantity("time_to_first_token", job.timeToFirstTokenS,
                    {Dimension::Seconds, kPositive, "Service level: latest first token",
                     "{fact: slo.deepseek_r1_server, item: 1}"});
    fields.quantity("time_per_output_token", job.timePerOutputTokenS,
                    {Dimension::Seconds, kPositive, "Service level: slowest pace of output",
                     "{fact: slo.deepseek_r1_server, item: 2}"});
    fields.quantity("peak_over_mean", job.peakOverMean,
                    {Dimension::Number,
                     {1.0, 100.0},
                     "Demand at the peak of a day over its mean",
                     "{fact: demand.peak_over_mean}"});
    fields.quantity("weekend_factor", job.weekendFactor,
                    {Dimension::Number,
                     {0.0, 10.0},
                     "Demand on a weekend day over that of a weekday",
                     "{fact: demand.weekend_factor}"});
    fields.quantity("user_tokens_per_day", job.userTokensPerDay,
                    {Dimension::Tokens, kPositive, "Input and output tokens of one user and day",
                     "{value: 500 k tokens, low: 50 k tokens, high: 5 M tokens, grade: assumption, source: "
                     "\"about twenty agent "
                     "turns of fact trace.agent_turn_2026 (25,000 in, 1,500 out)\"}"});
    fields.group("engine", "The inference engine: batching, speculation, division of prompts from answers",
                 [&job](Fields& inner) { describe(inner, job.engine); });
}

} // namespace atlas::scenario
