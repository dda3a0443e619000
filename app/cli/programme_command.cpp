#include "app/cli/command.h"
#include "app/cli/headline_text.h"
#include "app/cli/programme_json.h"
#include "app/cli/progress.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <set>
#include <sstream>

namespace atlas::cli {

namespace {

using explore::Programme;

struct Options {
    std::string file;
    std::string strategy;
    bool ledger = false;
    std::string output = "-";
};

/// To the dollar: what is left of large sums that cancel is rounding.
std::string usd(double value) {
    return units::formatQuantity(std::abs(value) < 0.5 ? 0.0 : value, units::Dimension::Usd);
}

/// Cash in less cash out of every entity by calendar year.
void printEntities(std::ostream& out, const finance::CashFlow& cash) {
    std::set<int> years;
    std::map<std::string, std::map<int, double>> nets;
    for (const finance::CashMonth& month : cash.months) {
        years.insert(month.month.year());
        for (const auto& [name, entity] : month.entities) {
            nets[name][month.month.year()] += entity.in - entity.out;
        }
    }
    TextTable table;
    TextTable::Row head = {"Cash in less cash out"};
    for (const int year : years) {
        head.push_back(std::to_string(year));
    }
    table.add(head);
    for (const auto& [name, byYear] : nets) {
        TextTable::Row row = {name};
        for (const int year : years) {
            const auto found = byYear.find(year);
            row.push_back(found == byYear.end() ? "" : usd(found->second));
        }
        table.add(row);
    }
    table.print(out);
}

void printBuildOut(std::ostream& out, const Programme& p) {
    if (p.cash.tranches.empty() && p.runs.empty()) {
        return;
    }
    TextTable table;
    table.add({"Tranche", "power", "own cash covers it", "still to pay"});
    for (const finance::CashFlow::Funded& t : p.cash.tranches) {
        table.add({t.tranche, t.due.text(), t.ever ? t.funded.text() : "not by the horizon", usd(t.usd)});
    }
    table.gap();
    table.add({"Model", "begun", "trained", "present worth"});
    for (const explore::RunDate& run : p.runs) {
        const auto date = [&](const std::optional<double>& months) {
            return months ? dateText(*months, p.start) : std::string("\u2014");
        };
        table.add({run.name, date(run.beginMonths), date(run.doneMonths), usd(run.presentUsd)});
    }
    table.print(out);
}

/// What trained where and when; the FLOPs add up to the training delivered by the horizon.
void printStints(std::ostream& out, const Programme& p, const scenario::Scenario& scenario) {
    if (p.stints.empty()) {
        return;
    }
    TextTable table;
    table.add({"What really trains", "from", "until", "exaFLOP-days"});
    const auto days = [](double flop) {
        return units::formatQuantity(flop / explore::kExaflopDay, units::Dimension::Number);
    };
    for (const explore::Stint& stint : p.stints) {
        table.add({stint.run.empty() ? stint.job + ", " + scenario.cluster(stint.cluster)->name : stint.run,
                   dateText(stint.fromMonths, p.start), dateText(stint.untilMonths, p.start),
                   days(stint.flop)});
    }
    table.add({"Together", "", "", days(explore::keptFlop(p.stints))});
    out << '\n';
    table.print(out);
}

void printForPeople(std::ostream& out, const Programme& p, const scenario::Scenario& scenario) {
    out << p.name << "\n\n";
    TextTable rows;
    for (const explore::Headline& row : p.rows) {
        if (row.value) {
            rows.add({row.label, valueText(row, p.start)});
        }
    }
    rows.print(out);
    out << '\n';
    printBuildOut(out, p);
    printStints(out, p, scenario);
    out << '\n';
    printEntities(out, p.cash);
    const auto good = std::ranges::count_if(p.cash.checks, &finance::MonthCheck::balances);
    out << "\nBalance check: in " << good << " of " << p.cash.checks.size()
        << " months all that is paid is received, and the ledger meets the plan.\n";
    for (const std::string& note : p.notes) {
        out << note << '\n';
    }
}

void runProgramme(Context& context, const Options& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const InterruptGuard interrupt;
    const auto programme = explore::programme(
        *scenario, options.strategy.empty() ? scenario->compareB : options.strategy, interrupt.token());
    if (!programme) {
        reject(context, programme.errors());
        return;
    }
    std::ostringstream text;
    if (options.ledger) {
        text << ledgerCsv(programme->cash);
    } else if (context.json) {
        text << programmeJson(*programme).dump(2) << '\n';
    } else {
        printForPeople(text, *programme, *scenario);
    }
    (void)writeFile(context, options.output, text.str());
}

} // namespace

void addProgrammeCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "programme", "Cash by entity and month, funded dates, models trained, returns and valuation");
    command->add_option("file", options->file, "Scenario file (*.atlas.yaml)")->required()->type_name("FILE");
    command->add_option("--strategy", options->strategy, "Strategy (default: the one compared on the right)")
        ->type_name("NAME");
    command->add_flag("--ledger", options->ledger,
                      "Every payment as CSV: month, payer, payee, kind, what, USD");
    command->add_option("-o,--output", options->output, "File to write")->type_name("FILE");
    addCommonOptions(*command, context);
    command->footer("Example: atlas programme colossus.atlas.yaml --strategy lease-1-train-2 --json");
    command->callback([options, &context] { runProgramme(context, *options); });
}

} // namespace atlas::cli
