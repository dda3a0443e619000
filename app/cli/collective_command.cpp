#include "app/cli/command.h"
#include "model/training/collective.h"
#include "model/units/quantity.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using training::CollectiveAlgorithm;
using training::CollectiveOp;
using training::NetworkLevel;
using units::Dimension;

struct Options {
    std::string op;
    std::string bytes;
    std::vector<std::string> levels;
    std::string algorithm = "auto";
};

template <class E>
std::optional<E> named(const std::string& text, int count) {
    for (int i = 0; i < count; ++i) {
        if (training::name(static_cast<E>(i)) == text) {
            return static_cast<E>(i);
        }
    }
    return std::nullopt;
}

/// KIND:SIZE@BANDWIDTH,LATENCY
Result<NetworkLevel> levelOf(const std::string& spec) {
    const auto colon = spec.find(':');
    const auto at = spec.find('@');
    const auto comma = spec.find(',', at == std::string::npos ? 0 : at);
    const std::string remedy = "write it like switch:8@450GB/s,1.5us";
    if (colon == std::string::npos || at == std::string::npos || comma == std::string::npos || at < colon) {
        return failure("level `" + spec + "` is not KIND:SIZE@BANDWIDTH,LATENCY", remedy);
    }
    NetworkLevel level;
    const std::string kind = spec.substr(0, colon);
    if (kind == "ring") {
        level.kind = NetworkLevel::Kind::Ring;
    } else if (kind == "fully-connected") {
        level.kind = NetworkLevel::Kind::FullyConnected;
    } else if (kind != "switch") {
        return failure("level `" + spec + "` is of the unknown kind `" + kind + "`",
                       "one of ring, fully-connected, switch");
    }
    const std::string size = spec.substr(colon + 1, at - colon - 1);
    const auto [end, wrong] = std::from_chars(size.data(), size.data() + size.size(), level.size);
    if (wrong != std::errc() || end != size.data() + size.size()) {
        return failure("level `" + spec + "` has no whole number of members", remedy);
    }
    const auto bandwidth =
        units::parseQuantity(spec.substr(at + 1, comma - at - 1), Dimension::BytesPerSecond);
    const auto latency = units::parseQuantity(spec.substr(comma + 1), Dimension::Seconds);
    if (!bandwidth || !latency) {
        return bandwidth ? latency.errors() : bandwidth.errors();
    }
    level.bytesPerS = *bandwidth;
    level.latencyS = *latency;
    return level;
}

/// A quantity, or a bare number of bytes.
Result<double> bytesOf(const std::string& text) {
    const auto plain = units::parseQuantity(text, Dimension::Number);
    return plain ? plain : units::parseQuantity(text, Dimension::Bytes);
}

void runCollective(Context& context, const Options& options) {
    const auto op = named<CollectiveOp>(options.op, 6);
    const auto algorithm = named<CollectiveAlgorithm>(options.algorithm, 5);
    if (!op || !algorithm) {
        context.err
            << (op ? "there is no algorithm `" + options.algorithm +
                         "`; one of auto, ring, tree, direct, hierarchical\n"
                   : "there is no operation `" + options.op +
                         "`; one of all-reduce, all-gather, reduce-scatter, all-to-all, broadcast, send\n");
        context.exitCode = kBadUsage;
        return;
    }
    const auto bytes = bytesOf(options.bytes);
    if (!bytes) {
        reject(context, bytes.errors());
        return;
    }
    std::vector<NetworkLevel> levels;
    for (const std::string& spec : options.levels) {
        const auto level = levelOf(spec);
        if (!level) {
            reject(context, level.errors());
            return;
        }
        levels.push_back(*level);
    }
    const auto result = training::collective(*op, *bytes, levels, *algorithm);
    if (!result) {
        reject(context, result.errors());
        return;
    }
    if (context.json) {
        const nlohmann::ordered_json json{
            {"op", training::name(*op)}, {"bytes", std::llround(*bytes)},
            {"ranks", result->ranks},    {"algorithm", training::name(result->algorithm)},
            {"time_s", result->timeS},   {"bus_bandwidth_bytes_per_s", result->busBytesPerS}};
        context.out << json.dump(2) << '\n';
        return;
    }
    context.out << training::name(*op) << " of " << units::formatQuantity(*bytes, Dimension::Bytes)
                << " over " << result->ranks
                << " ranks: " << units::formatQuantity(result->timeS, Dimension::Seconds) << " ("
                << training::name(result->algorithm) << ", bus bandwidth "
                << units::formatQuantity(result->busBytesPerS, Dimension::BytesPerSecond) << ")\n";
}

} // namespace

void addCollectiveCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("collective", "Time of one collective over a hierarchy of levels");
    command
        ->add_option("--op", options->op,
                     "all-reduce, all-gather, reduce-scatter, all-to-all, broadcast, send")
        ->required();
    command
        ->add_option("--bytes", options->bytes, "The whole buffer of a rank (nccl-tests' convention): 1GiB")
        ->required();
    command
        ->add_option("--level", options->levels, "KIND:SIZE@BANDWIDTH,LATENCY, innermost first (repeatable)")
        ->required()
        ->allow_extra_args(false);
    command->add_option("--algorithm", options->algorithm, "auto, ring, tree, direct or hierarchical");
    addCommonOptions(*command, context);
    command->footer("Example: atlas collective --op all-reduce --bytes 1GiB --level switch:8@450GB/s,1.5us "
                    "--level switch:32@50GB/s,5us");
    command->callback([options, &context] { runCollective(context, *options); });
}

} // namespace atlas::cli
