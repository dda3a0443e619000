#include "model/scenario/sections.h"

namespace atlas::scenario {

using units::Dimension;

namespace {

/// Defaults of one kind's lengths; objects with static storage only, the fields keep views.
struct LengthDefaults {
    std::string_view input, inputMedian, output, outputMedian, cacheHit;
};

// Lognormal through mean and median meets the published p90 and p99 of these traces within a third.
constexpr LengthDefaults kChat = {
    "{fact: trace.azure_conv.input, item: 1}",
    "{value: 0.883, low: 0.574, high: 1, grade: measured, source: \"fact trace.azure_conv.input: p50 1,020 "
    "over mean 1,155; low: trace.mooncake_conv.input\"}",
    "{fact: trace.azure_conv.output, item: 1}",
    "{value: 0.611, low: 0.466, high: 1, grade: measured, source: \"fact trace.azure_conv.output: p50 129 "
    "over mean 211; low: trace.azure_code.output\"}",
    "{fact: trace.mooncake_conv.ideal_prefix_hit}"};

constexpr LengthDefaults kBatch = {
    "{fact: trace.mooncake_conv.input, item: 1}",
    "{value: 0.574, low: 0.4, high: 0.9, grade: measured, source: \"fact trace.mooncake_conv.input: p50 "
    "6,909 over mean 12,035\"}",
    "{fact: trace.mooncake_conv.output, item: 1}",
    "{value: 1, low: 0.6, high: 1, grade: measured, source: \"fact trace.mooncake_conv.output: p50 350 over "
    "mean 343\"}",
    "{fact: trace.mooncake_conv.ideal_prefix_hit}"};

void describe(Fields& fields, RequestLengths& lengths, const LengthDefaults& defaults) {
    fields.quantity("input_tokens", lengths.inputTokens,
                    {Dimension::Tokens, kPositive, "Mean input of a request", defaults.input});
    fields.quantity("input_median", lengths.inputMedian,
                    {Dimension::Number, kPositiveShare,
                     "Median over mean of inputs; lengths are lognormal, 1: all alike",
                     defaults.inputMedian});
    fields.quantity("output_tokens", lengths.outputTokens,
                    {Dimension::Tokens, kPositive, "Mean output of a request", defaults.output});
    fields.quantity("output_median", lengths.outputMedian,
                    {Dimension::Number, kPositiveShare,
                     "Median over mean of outputs; lengths are lognormal, 1: all alike",
                     defaults.outputMedian});
    fields.quantity(
        "cache_hit", lengths.cacheHit,
        {Dimension::Number, kShare, "Share of input tokens found in the prefix cache", defaults.cacheHit});
}

void describe(Fields& fields, ChatTraffic& chat) {
    fields.quantity("share", chat.share,
                    {Dimension::Number, kNotNegative, "Requests, relative to the other kinds",
                     "{value: 0.45, low: 0.2, high: 0.7, grade: assumption, source: \"no operator publishes "
                     "its mix\"}"});
    describe(fields, chat.lengths, kChat);
    fields.quantity("time_to_first_token", chat.timeToFirstTokenS,
                    {Dimension::Seconds, kPositive, "Promise: latest first token",
                     "{fact: slo.deepseek_r1_server, item: 1}"});
    fields.quantity("time_per_output_token", chat.timePerOutputTokenS,
                    {Dimension::Seconds, kPositive, "Promise: slowest mean pace of an answer",
                     "{fact: slo.deepseek_r1_server, item: 2}"});
}

void describe(Fields& fields, AgentTraffic& agent) {
    fields.quantity("share", agent.share,
                    {Dimension::Number, kNotNegative, "Requests, relative to the other kinds",
                     "{value: 0.45, low: 0.2, high: 0.7, grade: assumption, source: \"no operator publishes "
                     "its mix\"}"});
    fields.quantity("input_median", agent.inputMedian,
                    {Dimension::Number, kPositiveShare, "Median over mean of inputs",
                     "{value: 0.574, low: 0.4, high: 0.9, grade: measured, source: \"fact "
                     "trace.mooncake_conv.input: p50 6,909 over mean 12,035 (the tool and agent trace "
                     "publishes its means only)\"}"});
    fields.quantity("output_median", agent.outputMedian,
                    {Dimension::Number, kPositiveShare, "Median over mean of outputs",
                     "{value: 0.466, low: 0.4, high: 0.9, grade: measured, source: \"fact "
                     "trace.azure_code.output: p50 13 over mean 27.9\"}"});
}

void describe(Fields& fields, BatchTraffic& batch) {
    fields.quantity("share", batch.share,
                    {Dimension::Number, kNotNegative, "Requests, relative to the other kinds",
                     "{value: 0.1, low: 0, high: 0.3, grade: assumption, source: \"no operator publishes its "
                     "mix\"}"});
    describe(fields, batch.lengths, kBatch);
    fields.quantity("deadline", batch.deadlineS,
                    {Dimension::Seconds,
                     {3600.0, 7 * 86400.0},
                     "Promise: done within this time; what is older is given up",
                     "{value: 24 h, low: 24 h, high: 24 h, grade: vendor-spec, source: \"batch interfaces of "
                     "OpenAI and Anthropic promise 24 hours (from memory)\"}"});
    fields.quantity("fill", batch.fill,
                    {Dimension::Number, kPositiveShare,
                     "Load of a replica up to which batch work joins interactive requests",
                     "{value: 0.9, low: 0.75, high: 0.95, grade: assumption, source: \"leaves a tenth for "
                     "arrivals while a batch request finishes\"}"});
}

void describe(Fields& fields, Autoscaling& scaling) {
    fields.quantity("min", scaling.minShare,
                    {Dimension::Number, kShare, "Fewest replicas that take requests, of all",
                     "{value: 0.25, low: 0.1, high: 1, grade: assumption, source: \"a floor for surges\"}"});
    fields.quantity("max", scaling.maxShare,
                    {Dimension::Number, kPositiveShare, "Most replicas that take requests, of all", "1"});
    fields.quantity("target", scaling.target,
                    {Dimension::Number, kPositiveShare,
                     "Load of a replica that the autoscaler aims at; less where promises ask for less",
                     "{value: 0.76, low: 0.47, high: 0.98, grade: measured, source: \"server over offline "
                     "rate in MLPerf Inference v5.1, see serving.slo_headroom\"}"});
    fields.quantity("delay", scaling.delayS,
                    {Dimension::Seconds,
                     {0.0, 86400.0},
                     "From the wish for a replica to its first request: start and loading of weights",
                     "{value: 10 min, low: 2 min, high: 30 min, grade: assumption, source: \"hundreds of "
                     "gigabytes of weights from storage, then capture of graphs\"}"});
    fields.quantity("hold", scaling.holdS,
                    {Dimension::Seconds,
                     {0.0, 86400.0},
                     "How long a wish for fewer replicas has to last",
                     "{value: 5 min, low: 5 min, high: 30 min, grade: vendor-spec, source: \"Kubernetes "
                     "horizontal pod autoscaler, default stabilisation window (from memory)\"}"});
}

} // namespace

void describe(Fields& fields, Traffic& traffic) {
    fields.quantity("load", traffic.load,
                    {Dimension::Number, kNotNegative,
                     "Interactive demand at a weekday's peak when serving begins, over what the cluster "
                     "carries",
                     "{value: 0.5, low: 0.3, high: 0.76, grade: assumption, source: \"a tenant moves its "
                     "traffic over months\"}"});
    fields.quantity(
        "ceiling", traffic.ceiling,
        {Dimension::Number, kNotNegative,
         "Load at a weekday's peak up to which demand grows, or less where its promises hold for less; "
         "the tenant sends what is beyond elsewhere. Above 1 it grows regardless, and queues grow",
         "{value: 0.76, low: 0.47, high: 0.98, grade: measured, source: \"server over offline "
         "rate in MLPerf Inference v5.1, see serving.slo_headroom\"}"});
    fields.quantity("users", traffic.users,
                    {Dimension::Number, kNotNegative,
                     "People whose requests come here, instead of `load` and `ceiling`; 0: as `load` says",
                     "0"});
    fields.quantity("growth", traffic.growthPerMonth,
                    {Dimension::Number,
                     {0.1, 10.0},
                     "Demand of a month over that of the month before",
                     "{fact: demand.growth_per_month}"});
    fields.quantity("burstiness", traffic.burstiness,
                    {Dimension::Number,
                     {0.0, 1.0},
                     "Standard deviation of demand from one five minutes to another, over its mean",
                     "{value: 0.05, low: 0.01, high: 0.2, grade: assumption, source: \"gamma bursts, fact "
                     "trace.burstgpt (parameters not at hand); thousands of users average out\"}"});
    fields.quantity("surge_every", traffic.surgeEveryS,
                    {Dimension::Seconds, kPositive, "Mean time between surges of demand",
                     "{value: 2 d, low: 12 h, high: 14 d, grade: assumption, source: \"launches, news, "
                     "failing competitors\"}"});
    fields.quantity("surge_height", traffic.surgeHeight,
                    {Dimension::Number,
                     {0.0, 10.0},
                     "Mean height of a surge over demand without it",
                     "{value: 0.2, low: 0, high: 0.6, grade: assumption, source: \"between the hourly peak "
                     "over mean of the record and nothing\"}"});
    fields.quantity("surge", traffic.surgeS,
                    {Dimension::Seconds,
                     {60.0, 86400.0},
                     "Mean duration of a surge",
                     "{value: 30 min, low: 10 min, high: 2 h, grade: assumption, source: \"stated with "
                     "surge_every\"}"});
    fields.quantity("patience", traffic.patienceS,
                    {Dimension::Seconds,
                     {1.0, 86400.0},
                     "A request that has waited this long is given up",
                     "{value: 10 min, low: 1 min, high: 10 min, grade: vendor-spec, source: \"time-out of "
                     "the OpenAI and Anthropic client libraries (from memory)\"}"});
    fields.quantity("promise_kept", traffic.promiseKept,
                    {Dimension::Number, kShare, "Share of requests for which the promise has to hold",
                     "{value: 0.95, low: 0.9, high: 0.99, grade: assumption, source: \"MLPerf Inference asks "
                     "for 0.99 on a machine with nothing else to do\"}"});
    fields.quantity("context_window", traffic.contextWindow,
                    {Dimension::Tokens, kPositive, "Longest input; what is longer is cut to it",
                     "{value: 128 k tokens, low: 32 k tokens, high: 1 M tokens, grade: vendor-spec, source: "
                     "\"window of DeepSeek-V3 and its like (from memory)\"}"});
    fields.group("chat", "People in a conversation",
                 [&traffic](Fields& inner) { describe(inner, traffic.chat); });
    fields.group("agent",
                 "Programs that act for people; mean lengths, cache and promises are those of the service",
                 [&traffic](Fields& inner) { describe(inner, traffic.agent); });
    fields.group("batch", "Work that can wait and fills the valleys",
                 [&traffic](Fields& inner) { describe(inner, traffic.batch); });
    fields.oneOf("routing", traffic.routing, kRequestRoutingNames,
                 {.doc = "random, any replica of any class; least-loaded, the emptiest replica of any "
                         "class; class-aware, the same with the strictest requests on the fastest class"});
    fields.quantity("router_lag", traffic.routerLagS,
                    {Dimension::Seconds,
                     {0.0, 3600.0},
                     "How old the loads are that the router acts on",
                     "{value: 0.25 s, low: 0.05 s, high: 2 s, grade: assumption, source: \"engines report "
                     "with every few steps of about 50 ms\"}"});
    fields.group("autoscaling", "Replicas that take requests follow demand, the others rest",
                 [&traffic](Fields& inner) { describe(inner, traffic.autoscaling); });
}

} // namespace atlas::scenario
