#include "app/cli/command.h"
#include "app/cli/headline_text.h"
#include "app/cli/progress.h"
#include "model/explore/solve.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <ostream>
#include <sstream>

namespace atlas::cli {

namespace {

using explore::Answer;

struct Options {
    std::string file;
    std::string strategy;
    std::string row;
    std::string target;
    std::string lever;
    std::string output = "-";
};

std::string jsonOf(const Answer& answer, const explore::Question& question) {
    using Json = nlohmann::ordered_json;
    const auto number = [](std::optional<double> value) {
        return value && std::isfinite(*value) ? Json(*value) : Json();
    };
    Json curve = Json::array();
    for (const explore::LeverPoint& point : answer.curve) {
        curve.push_back({{"lever", point.lever}, {"outcome", number(point.row)}});
    }
    return Json{{"outcome", question.row},       {"target", question.target},
                {"lever", question.lever},       {"value", number(answer.value)},
                {"today", answer.central.value}, {"outcome_today", number(answer.rowToday)},
                {"reason", answer.reason},       {"curve", std::move(curve)}}
               .dump(2) +
           '\n';
}

void printForPeople(std::ostream& out, const Answer& answer, const explore::Question& question) {
    const explore::Headline& row = explore::programmeRows()[*explore::rowOf(question.row)];
    const auto lever = [&](double value) { return units::formatQuantity(value, answer.dimension); };
    if (answer.value) {
        out << question.lever << " would have to be " << lever(*answer.value) << ", for " << row.label
            << " of " << plainText(row, question.target) << ".\n";
    } else {
        out << "Nothing would do: " << answer.reason << ".\n";
    }
    out << "Today it is " << lever(answer.central.value);
    if (answer.central.low < answer.central.high) {
        out << " (" << lever(answer.central.low) << " to " << lever(answer.central.high) << ")";
    }
    out << (answer.rowToday ? ", and the outcome " + plainText(row, *answer.rowToday)
                            : std::string(", and the outcome does not apply"))
        << ".\n";
    if (answer.value && !answer.reason.empty()) {
        out << "Note: " << answer.reason << ".\n";
    }
}

void runSolve(Context& context, const Options& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    explore::Question question;
    question.strategy = options.strategy.empty() ? scenario->compareB : options.strategy;
    question.row = options.row;
    question.lever = options.lever;
    const auto row = explore::rowOf(options.row);
    if (!row) {
        reject(context, failure("there is no outcome '" + options.row + "'",
                                "name a key of the headline, such as npv_usd"));
        return;
    }
    const auto target = units::parseQuantity(options.target, explore::programmeRows()[*row].dimension);
    if (!target) {
        reject(context, target.errors());
        return;
    }
    question.target = *target;
    const InterruptGuard interrupt;
    const auto answer = explore::solve(*scenario, question, interrupt.token());
    if (!answer) {
        reject(context, answer.errors());
        return;
    }
    std::ostringstream text;
    if (context.json) {
        text << jsonOf(*answer, question);
    } else {
        printForPeople(text, *answer, question);
    }
    (void)writeFile(context, options.output, text.str());
}

} // namespace

void addSolveCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "solve", "What would have to be true: the value of a lever that reaches an outcome");
    command->add_option("file", options->file, "Scenario file (*.atlas.yaml)")->required()->type_name("FILE");
    command->add_option("--strategy", options->strategy, "Strategy (default: the one compared on the right)")
        ->type_name("NAME");
    command->add_option("--outcome", options->row, "Key of a row: npv_usd, build_out_funded_share, ...")
        ->required()
        ->type_name("KEY");
    command->add_option("--target", options->target, "What it is to be, with its unit; dates in months")
        ->required()
        ->type_name("VALUE");
    command->add_option("--lever", options->lever, "Path or fact that may change")
        ->required()
        ->type_name("PATH");
    command->add_option("-o,--output", options->output, "File to write")->type_name("FILE");
    addCommonOptions(*command, context);
    command->footer("Example: atlas solve colossus.atlas.yaml --outcome npv_usd --target $0 --lever "
                    "contracts.anthropic.usd_per_month");
    command->callback([options, &context] { runSolve(context, *options); });
}

} // namespace atlas::cli
