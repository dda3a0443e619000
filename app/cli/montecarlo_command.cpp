#include "app/cli/command.h"
#include "app/cli/headline_text.h"
#include "app/cli/progress.h"
#include "app/cli/text_table.h"
#include "model/explore/monte_carlo.h"
#include "model/explore/sobol.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <ostream>
#include <sstream>

namespace atlas::cli {

namespace {

using Json = nlohmann::ordered_json;
using explore::MonteCarlo;
using explore::ProgrammeRanges;

constexpr std::size_t kMostDraws = 1'000'000;

struct Options {
    std::string file;
    std::vector<std::string> strategies;
    std::size_t draws = 10'000;
    std::size_t machines = explore::kPhysicalDraws;
    std::string sensitivity; ///< key of a row
    std::size_t samples = 512;
    std::string output = "-";
};

/// Sensitivity of one row, by strategy; empty where it does not apply.
using Sensitivities = std::vector<std::optional<explore::SobolResult>>;

Json bandJson(const explore::Percentiles& band) {
    return {{"p5", band.p5}, {"p25", band.p25}, {"p50", band.p50}, {"p75", band.p75}, {"p95", band.p95}};
}

Json strategyJson(const ProgrammeRanges& ranges) {
    Json headline = Json::object();
    for (std::size_t row = 0; row < ranges.rows.size(); ++row) {
        Json entry = headlineJson(ranges.rows[row]);
        if (ranges.shareWithValue[row] > 0) {
            entry["draws"] = bandJson(ranges.bands[row]);
            entry["share_with_value"] = ranges.shareWithValue[row];
            entry["share_positive"] = ranges.sharePositive[row];
        }
        headline[ranges.rows[row].key] = std::move(entry);
    }
    Json cash = Json::array();
    for (const explore::MonthBand& month : ranges.netCash) {
        Json entry = {{"month", month.month.text()}};
        entry.update(bandJson(month.usd));
        cash.push_back(std::move(entry));
    }
    Json tranches = Json::array();
    for (const explore::TrancheChance& t : ranges.tranches) {
        tranches.push_back({{"name", t.tranche},
                            {"due", t.due.text()},
                            {"share_on_time", t.onTime},
                            {"share_by_horizon", t.byHorizon}});
    }
    return {{"name", ranges.name},
            {"headline", std::move(headline)},
            {"net_cash_usd", std::move(cash)},
            {"tranches", std::move(tranches)}};
}

Json jsonOf(const MonteCarlo& result, const Sensitivities& sensitivities, const std::string& row) {
    Json strategies = Json::array();
    for (std::size_t i = 0; i < result.strategies.size(); ++i) {
        Json entry = strategyJson(result.strategies[i]);
        if (i < sensitivities.size() && sensitivities[i]) {
            Json shares = Json::array();
            for (const explore::SobolShare& share : sensitivities[i]->shares) {
                shares.push_back({{"input", share.name},
                                  {"first", share.index.first},
                                  {"first_error", share.index.firstError},
                                  {"total", share.index.total},
                                  {"total_error", share.index.totalError}});
            }
            entry["sensitivity"] = {{"row", row},
                                    {"mean", sensitivities[i]->mean},
                                    {"standard_deviation", sensitivities[i]->deviation},
                                    {"samples", sensitivities[i]->samples},
                                    {"indices", std::move(shares)}};
        }
        strategies.push_back(std::move(entry));
    }
    return {{"draws", result.draws},
            {"machines", result.physicalDraws},
            {"seed", result.seed},
            {"strategies", std::move(strategies)}};
}

void printRows(std::ostream& out, const ProgrammeRanges& ranges, scenario::Month start) {
    out << ranges.name << "\n\n";
    TextTable table;
    table.add({"", "central", "5 %", "50 %", "95 %", "above 0", "applies"});
    for (std::size_t row = 0; row < ranges.rows.size(); ++row) {
        const explore::Headline& h = ranges.rows[row];
        if (ranges.shareWithValue[row] <= 0) {
            continue;
        }
        const auto text = [&](double value) {
            return h.unit == "months" ? dateText(value, start) : plainText(h, value);
        };
        const explore::Percentiles& band = ranges.bands[row];
        table.add({h.label, valueText(h, start), text(band.p5), text(band.p50), text(band.p95),
                   units::formatShare(ranges.sharePositive[row]),
                   units::formatShare(ranges.shareWithValue[row])});
    }
    table.print(out);
    if (!ranges.tranches.empty()) {
        out << '\n';
        TextTable tranches;
        tranches.add({"Tranche", "power", "own cash in time", "by the horizon"});
        for (const explore::TrancheChance& t : ranges.tranches) {
            tranches.add(
                {t.tranche, t.due.text(), units::formatShare(t.onTime), units::formatShare(t.byHorizon)});
        }
        tranches.print(out);
    }
    out << '\n';
}

void printSensitivity(std::ostream& out, const explore::SobolResult& result, const std::string& label) {
    TextTable table;
    table.add({"Spread of: " + label, "alone", "with all it works through", "standard error"});
    for (const explore::SobolShare& share : result.shares) {
        table.add({share.name, units::formatShare(std::max(0.0, share.index.first)),
                   units::formatShare(std::max(0.0, share.index.total)),
                   units::formatShare(share.index.totalError)});
    }
    table.print(out);
    out << result.samples << " samples.\n";
    out << '\n';
}

void printForPeople(std::ostream& out, const MonteCarlo& result, const Sensitivities& sensitivities,
                    const std::string& row, scenario::Month start) {
    for (std::size_t i = 0; i < result.strategies.size(); ++i) {
        printRows(out, result.strategies[i], start);
        if (i < sensitivities.size() && sensitivities[i]) {
            printSensitivity(out, *sensitivities[i],
                             explore::programmeRows()[explore::rowOf(row).value_or(0)].label);
        }
    }
    out << result.draws << " draws over the ranges of all facts, on " << result.physicalDraws
        << " drawn machines (seed " << result.seed << "). The median may lie "
        << units::formatShare(explore::rankError(0.5, result.physicalDraws))
        << " of the draws off for want of machines, P5 and P95 "
        << units::formatShare(explore::rankError(0.05, result.physicalDraws)) << ".\n";
}

/// Prints errors; a stop asked for is no wrong input.
void rejectOrCancel(Context& context, const Diagnostics& errors) {
    reject(context, errors);
    if (errors.front().message == explore::kCancelled) {
        context.exitCode = kCancelled;
    }
}

std::optional<Sensitivities> sensitivitiesOf(Context& context, const Options& options,
                                             const scenario::Scenario& scenario, const MonteCarlo& result,
                                             std::stop_token stop) {
    Sensitivities out;
    if (options.sensitivity.empty()) {
        return out;
    }
    if (!explore::rowOf(options.sensitivity)) {
        reject(context, failure("there is no outcome '" + options.sensitivity + "'",
                                "name a key of the headline, such as npv_usd"));
        return std::nullopt;
    }
    for (const ProgrammeRanges& ranges : result.strategies) {
        explore::SobolOptions how;
        how.samples = options.samples;
        how.stop = stop;
        ProgressBar bar(context.err, "Sensitivity", context.quiet);
        how.progress = bar.sink();
        auto indices = explore::sobol(scenario, ranges.id, options.sensitivity, how);
        if (!indices && indices.errors().front().message == explore::kCancelled) {
            rejectOrCancel(context, indices.errors());
            return std::nullopt;
        }
        if (!indices && !context.quiet) {
            context.err << ranges.name << ": " << text(indices.errors());
        }
        out.push_back(indices ? std::optional(std::move(*indices)) : std::nullopt);
    }
    return out;
}

void runMonteCarlo(Context& context, const Options& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const InterruptGuard interrupt;
    explore::MonteCarloOptions how;
    how.strategies = options.strategies;
    how.draws = options.draws;
    how.machines = options.machines;
    how.stop = interrupt.token();
    const auto result = [&] {
        ProgressBar bar(context.err, "Drawing programmes", context.quiet);
        how.progress = bar.sink();
        return explore::monteCarlo(*scenario, how);
    }();
    if (!result) {
        rejectOrCancel(context, result.errors());
        return;
    }
    const auto sensitivities = sensitivitiesOf(context, options, *scenario, *result, interrupt.token());
    if (!sensitivities) {
        return;
    }
    std::ostringstream text;
    if (context.json) {
        text << jsonOf(*result, *sensitivities, options.sensitivity).dump(2) << '\n';
    } else {
        printForPeople(text, *result, *sensitivities, options.sensitivity, scenario->start);
    }
    (void)writeFile(context, options.output, text.str());
}

} // namespace

void addMonteCarloCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "montecarlo",
        "Ranges of the headline numbers over the facts' low and high; what the spread is due to");
    command->add_option("file", options->file, "Scenario file (*.atlas.yaml)")->required()->type_name("FILE");
    command->add_option("--strategy", options->strategies, "Strategy (repeatable; default: all)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--draws", options->draws, "How many programmes")
        ->check(CLI::Range(std::size_t{1}, kMostDraws))
        ->capture_default_str();
    command
        ->add_option("--machines", options->machines,
                     "How many of them have a machine of their own; the others share these")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, kMostDraws));
    command
        ->add_option("--sensitivity", options->sensitivity,
                     "Key of a row whose spread is put down to facts (Sobol indices)")
        ->type_name("KEY");
    command->add_option("--samples", options->samples, "Samples behind the sensitivity")
        ->check(CLI::Range(std::size_t{8}, std::size_t{100'000}))
        ->capture_default_str();
    command->add_option("-o,--output", options->output, "File to write")->type_name("FILE");
    addCommonOptions(*command, context);
    command->footer(
        "Example: atlas montecarlo colossus.atlas.yaml --strategy lease-1-train-2 --sensitivity npv_usd");
    command->callback([options, &context] { runMonteCarlo(context, *options); });
}

} // namespace atlas::cli
