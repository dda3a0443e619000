#include "app/cli/job_choice.h"
#include "app/cli/progress.h"
#include "app/cli/step_json.h"
#include "app/cli/text_table.h"
#include "app/cli/validity_lines.h"
#include "model/explore/step_difference.h"
#include "model/units/quantity.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using units::Dimension;
using units::formatQuantity;
using units::formatShare;

struct Options {
    JobOptions job;
    int top = 10;
};

std::string count(std::int64_t value) {
    return formatQuantity(static_cast<double>(value), Dimension::Number);
}

Json planJson(const training::Plan& plan) {
    Json json{{"evaluated", plan.evaluated}, {"feasible", plan.feasible}, {"seconds", plan.seconds}};
    json["plans"] = Json::array();
    for (std::size_t i = 0; i < plan.best.size(); ++i) {
        const training::StepAnatomy& step = plan.best[i];
        json["plans"].push_back({{"rank", i + 1},
                                 {"step_time_s", step.stepTimeS},
                                 {"tokens_per_s_per_gpu", step.tokensPerSPerGpu},
                                 {"mfu", step.mfu},
                                 {"memory_bytes", step.memory.total()},
                                 {"layout", jsonOf(step.layout)},
                                 {"sharding", scenario::nameOf(step.layout.sharding)},
                                 {"recompute", scenario::nameOf(step.layout.recompute)},
                                 {"recompute_share", step.recomputeShare},
                                 {"why", i == 0 ? "" : explore::whyItLoses(plan.best.front(), step)}});
    }
    json["rejected"] = Json::array();
    for (const training::Rejection& rejection : plan.rejected) {
        json["rejected"].push_back({{"constraint", rejection.constraint}, {"count", rejection.count}});
    }
    return json;
}

void print(std::ostream& out, const training::Plan& plan) {
    TextTable table;
    table.add({"", "layout", "GPUs", "step", "tokens/s a GPU", "MFU", "memory", "why it loses"});
    for (std::size_t i = 0; i < plan.best.size(); ++i) {
        const training::StepAnatomy& step = plan.best[i];
        table.add({std::to_string(i + 1), step.layout.text(), count(step.gpusUsed),
                   formatQuantity(step.stepTimeS, Dimension::Seconds),
                   formatQuantity(step.tokensPerSPerGpu, Dimension::Number), formatShare(step.mfu),
                   formatQuantity(step.memory.total(), Dimension::Bytes),
                   i == 0 ? "" : explore::whyItLoses(plan.best.front(), step)});
    }
    table.print(out);
    out << '\n'
        << count(plan.evaluated) << " layouts evaluated in "
        << formatQuantity(plan.seconds, Dimension::Seconds) << " ("
        << formatQuantity(static_cast<double>(plan.evaluated) / plan.seconds, Dimension::PerSecond) << "), "
        << count(plan.feasible) << " feasible, " << count(plan.nearOptimal) << " within 3 % of the best.\n";
    for (const training::Rejection& rejection : plan.rejected) {
        out << count(rejection.count) << " rejected: " << rejection.constraint << '\n';
    }
    out << '\n';
    TextTable families;
    families.add({"family", "evaluated", "feasible", "best", "what kills the others"});
    for (const training::Family& family : plan.families) {
        families.add({family.name, count(family.evaluated), count(family.feasible),
                      family.feasible > 0 ? formatQuantity(family.bestStepS, Dimension::Seconds) : "",
                      family.rejected.empty() ? "" : family.rejected.front().constraint});
    }
    families.print(out);
    for (const std::string& note : plan.best.front().notes) {
        out << note << '\n';
    }
}

void runPlan(Context& context, const Options& options) {
    const auto scenario = load(context, options.job.file);
    if (!scenario) {
        return;
    }
    const auto choice = chooseJob(*scenario, options.job);
    if (!choice) {
        reject(context, choice.errors());
        return;
    }
    const InterruptGuard interrupt;
    training::PlanOptions planning;
    planning.top = options.top;
    planning.stop = interrupt.token();
    const auto plan = training::planJob(*scenario, *choice->cluster, *choice->job, choice->placement,
                                        choice->month, planning);
    if (!plan) {
        reject(context, plan.errors());
        context.exitCode = interrupt.token().stop_requested() ? kCancelled : context.exitCode;
        return;
    }
    const auto validity = validation::assessTraining(*scenario, *choice->cluster, *choice->job,
                                                     choice->placement, choice->month);
    if (context.json) {
        context.out << planJson(*plan).dump(2) << '\n';
        if (!context.quiet) {
            printValidity(context.err, validity);
        }
        return;
    }
    context.out << choice->job->name << " on " << choice->cluster->name << " in " << choice->month.text()
                << '\n';
    printValidity(context.out, validity);
    context.out << '\n';
    print(context.out, *plan);
}

} // namespace

void addPlanCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("plan", "Search parallel layouts and say why the others lose");
    addJobOptions(*command, options->job);
    command->add_option("--top", options->top, "How many layouts to list")->check(CLI::Range(1, 1000));
    addCommonOptions(*command, context);
    command->footer(
        "Example: atlas plan resources/scenarios/colossus.atlas.yaml --cluster colossus-1-article --top 5");
    command->callback([options, &context] { runPlan(context, *options); });
}

} // namespace atlas::cli
