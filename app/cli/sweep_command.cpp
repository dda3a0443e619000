#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "model/explore/sweep.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

struct Options {
    std::string file;
    std::vector<std::string> vary;
    std::vector<std::string> strategies;
    std::string shard = "1/1";
    std::string output = "-";
};

std::string jsonOf(const std::vector<explore::Vary>& axes, const std::vector<explore::SweepRow>& rows) {
    using Json = nlohmann::ordered_json;
    Json out = Json::array();
    for (const explore::SweepRow& row : rows) {
        Json at = Json::object();
        for (std::size_t i = 0; i < axes.size(); ++i) {
            at[axes[i].path] = row.at[i];
        }
        Json values = Json::object();
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            values[explore::programmeRows()[i].key] = row.values[i] ? Json(*row.values[i]) : Json();
        }
        out.push_back({{"at", std::move(at)}, {"strategy", row.strategy}, {"values", std::move(values)}});
    }
    return Json{{"rows", std::move(out)}}.dump(2) + '\n';
}

void runSweep(Context& context, const Options& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const InterruptGuard interrupt;
    explore::SweepOptions how;
    how.strategies = options.strategies;
    how.stop = interrupt.token();
    const auto shard = explore::parseShard(options.shard);
    if (!shard) {
        reject(context, shard.errors());
        return;
    }
    how.shard = *shard;
    for (const std::string& text : options.vary) {
        auto axis = explore::parseVary(*scenario, text);
        if (!axis) {
            reject(context, axis.errors());
            return;
        }
        how.axes.push_back(std::move(*axis));
    }
    const auto rows = [&] {
        ProgressBar bar(context.err, "Sweeping", context.quiet);
        how.progress = bar.sink();
        return explore::sweep(*scenario, how);
    }();
    if (!rows) {
        reject(context, rows.errors());
        if (rows.errors().front().message == explore::kCancelled) {
            context.exitCode = kCancelled;
        }
        return;
    }
    const std::string text =
        context.json ? jsonOf(how.axes, *rows) : explore::sweepCsv(how.axes, *rows, how.shard);
    (void)writeFile(context, options.output, text);
}

} // namespace

void addSweepCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("sweep", "The headline numbers over a grid, as CSV");
    command->add_option("file", options->file, "Scenario file (*.atlas.yaml)")->required()->type_name("FILE");
    command
        ->add_option(
            "--vary", options->vary,
            "A number from low to high in n values: path=low:high:n, with units (repeatable; the last "
            "turns fastest)")
        ->required()
        ->type_name("PATH=LOW:HIGH:N")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--strategy", options->strategies, "Strategy (repeatable; default: all)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        ->add_option("--shard", options->shard,
                     "Part i of n of the grid; the parts, one after the other, are the whole")
        ->type_name("I/N");
    command->add_option("-o,--output", options->output, "File to write")->type_name("FILE");
    addCommonOptions(*command, context);
    command->footer("Example: atlas sweep colossus.atlas.yaml --vary "
                    "contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:7 --shard 1/4 -o part-1.csv");
    command->callback([options, &context] { runSweep(context, *options); });
}

} // namespace atlas::cli
