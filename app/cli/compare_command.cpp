#include "app/cli/command.h"
#include "app/cli/headline_text.h"
#include "app/cli/progress.h"
#include "app/cli/text_table.h"
#include "app/cli/validity_lines.h"
#include "model/explore/difference.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <sstream>

namespace atlas::cli {

namespace {

using explore::Comparison;
using explore::Headline;
using explore::StrategyResult;
using Json = nlohmann::ordered_json;

constexpr int kDefaultDraws = 200;
constexpr int kMostDraws = 100'000;
constexpr std::size_t kNameWidth = 22;
constexpr const char* kWinner = " \u25b2";

struct Options {
    std::string file;
    std::vector<std::string> strategies;
    int draws = kDefaultDraws;
    bool csv = false;
    std::string output = "-";
};

/// Words of a long name over several lines.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines(1);
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (!lines.back().empty() && widthOf(lines.back()) + 1 + widthOf(word) > width) {
            lines.emplace_back();
        }
        lines.back() += (lines.back().empty() ? "" : " ") + word;
    }
    return lines;
}

std::string differenceText(const Headline& h, double difference) {
    if (h.unit == "1") {
        const std::string points =
            units::formatQuantity(difference * 100.0, units::Dimension::Number) + " pp";
        return difference > 0 ? '+' + points : points;
    }
    return (difference > 0 ? "+" : "") + plainText(h, difference);
}

/// Each row of the comparison in three lines: values, ranges, differences from the first strategy.
TextTable tableOf(const Comparison& comparison, scenario::Month start) {
    TextTable table;
    std::vector<TextTable::Row> heads(1, {"Strategies"});
    for (std::size_t i = 0; i < comparison.strategies.size(); ++i) {
        const auto lines = wrapped(comparison.strategies[i].name, kNameWidth);
        for (std::size_t line = 0; line < lines.size(); ++line) {
            heads.resize(std::max(heads.size(), line + 1));
            heads[line].resize(i + 2);
            heads[line][i + 1] = lines[line];
        }
    }
    for (const TextTable::Row& head : heads) {
        table.add(head);
    }
    const StrategyResult& base = comparison.strategies.front();
    for (std::size_t row = 0; row < base.headline.size(); ++row) {
        const auto best = explore::winner(comparison, row);
        TextTable::Row values = {base.headline[row].label};
        TextTable::Row ranges = {""};
        TextTable::Row gains = {""};
        for (std::size_t i = 0; i < comparison.strategies.size(); ++i) {
            const Headline& h = comparison.strategies[i].headline[row];
            const bool outside = h.value && !comparison.strategies[i].validity.of(h.key).inside();
            values.push_back(valueText(h, start) + (outside ? std::string(validation::kMark) : "") +
                             (best == i ? kWinner : ""));
            ranges.push_back(rangeText(h, start));
            const explore::Difference difference = explore::differences(base, comparison.strategies[i])[row];
            gains.push_back(i == 0 || !difference.value
                                ? ""
                                : differenceText(h, *difference.value) + (difference.better ? kWinner : ""));
        }
        table.gap();
        table.add(values);
        for (const TextTable::Row& more : {ranges, gains}) {
            if (std::ranges::any_of(more, [](const std::string& cell) { return !cell.empty(); })) {
                table.add(more);
            }
        }
    }
    return table;
}

void printExcesses(std::ostream& out, const Comparison& comparison) {
    for (const StrategyResult& s : comparison.strategies) {
        printValidity(out, s.validity.training, s.name + ", training");
        printValidity(out, s.validity.serving, s.name + ", serving");
    }
}

void printForPeople(std::ostream& out, const Comparison& comparison, scenario::Month start) {
    tableOf(comparison, start).print(out);
    out << "\nUnder each value: its range, and the difference from " << comparison.strategies.front().name
        << ".\n";
    if (comparison.draws > 0) {
        out << "Ranges hold 5 to 95 % of " << comparison.draws << " draws over the ranges of all facts (seed "
            << comparison.seed << ").\n"
            << kWinner + 1
            << " beside a value: better than every other beyond doubt; beside a difference: than the first. "
               "The ranges "
               "do not overlap.\n";
    }
    printExcesses(out, comparison);
    for (const StrategyResult& s : comparison.strategies) {
        for (const std::string& note : s.notes) {
            out << s.name << ": " << note << '\n';
        }
    }
}

Json jsonOf(const Comparison& comparison) {
    Json strategies = Json::array();
    for (const StrategyResult& s : comparison.strategies) {
        Json headline = Json::object();
        for (const Headline& h : s.headline) {
            headline[h.key] = headlineJson(h);
        }
        strategies.push_back({{"name", s.name}, {"headline", std::move(headline)}});
    }
    return {{"strategies", std::move(strategies)}};
}

std::string csvOf(const Comparison& comparison) {
    std::string out = "strategy,name,key,label,unit,value,low,high,outside_validated_range\n";
    for (const StrategyResult& s : comparison.strategies) {
        for (const Headline& h : s.headline) {
            out += quoted(s.id) + ',' + quoted(s.name) + ',' + h.key + ',' + quoted(h.label) + ',' +
                   quoted(h.unit);
            out += h.value ? ',' + digits(*h.value) + ',' + digits(h.low) + ',' + digits(h.high) : ",,,";
            out += ',' +
                   (h.value && !s.validity.of(h.key).inside() ? quoted(s.validity.of(h.key).allWords())
                                                              : std::string()) +
                   '\n';
        }
    }
    return out;
}

void runCompare(Context& context, const Options& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const InterruptGuard interrupt;
    explore::CompareOptions how;
    how.strategies = options.strategies;
    how.draws = options.draws;
    how.stop = interrupt.token();
    const auto comparison = [&] {
        ProgressBar bar(context.err, "Drawing ranges", context.quiet || options.draws == 0);
        how.progress = bar.sink();
        return explore::compare(*scenario, how);
    }();
    if (!comparison) {
        reject(context, comparison.errors());
        if (comparison.errors().front().message == explore::kCancelled) {
            context.exitCode = kCancelled;
        }
        return;
    }
    std::ostringstream text;
    if (context.json) {
        text << jsonOf(*comparison).dump(2) << '\n';
        if (!context.quiet) {
            printExcesses(context.err, *comparison);
        }
    } else if (options.csv || options.output != "-") {
        text << csvOf(*comparison);
    } else {
        printForPeople(text, *comparison, scenario->start);
    }
    (void)writeFile(context, options.output, text.str());
}

} // namespace

void addCompareCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("compare", "The strategies side by side: headline numbers with ranges");
    command->add_option("file", options->file, "Scenario file (*.atlas.yaml)")->required()->type_name("FILE");
    command->add_option("--strategy", options->strategies, "Strategy to compare (repeatable; default: all)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--draws", options->draws, "Monte Carlo draws behind the ranges; 0: no ranges")
        ->check(CLI::Range(0, kMostDraws))
        ->capture_default_str();
    command->add_flag("--csv", options->csv, "Comma-separated values instead of a table");
    command->add_option("-o,--output", options->output, "File to write: CSV, or JSON with --json")
        ->type_name("FILE");
    addCommonOptions(*command, context);
    command->footer(
        "Example: atlas compare colossus.atlas.yaml --strategy train-1 --strategy lease-1-train-2");
    command->callback([options, &context] { runCompare(context, *options); });
}

} // namespace atlas::cli
