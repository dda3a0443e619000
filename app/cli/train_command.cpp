#include "app/cli/job_choice.h"
#include "app/cli/step_json.h"
#include "app/cli/text_table.h"
#include "app/cli/validity_lines.h"
#include "model/operations/outlook.h"
#include "model/training/waterfall.h"
#include "model/units/quantity.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using units::Dimension;
using units::formatQuantity;
using units::formatShare;

std::string seconds(double value) {
    return formatQuantity(value, Dimension::Seconds);
}

void printStep(std::ostream& out, const training::StepAnatomy& step, double goodput) {
    out << step.layout.text() << ", " << formatQuantity(static_cast<double>(step.gpusUsed), Dimension::Number)
        << " of " << formatQuantity(static_cast<double>(step.gpusTotal), Dimension::Number) << " GPUs\n\n";
    TextTable table;
    table.add({"step time", seconds(step.stepTimeS)});
    table.add({"tokens", formatQuantity(step.tokensPerS, Dimension::TokensPerSecond)});
    table.add({"tokens a GPU", formatQuantity(step.tokensPerSPerGpu, Dimension::TokensPerSecond)});
    table.add({"model FLOPs a GPU", formatQuantity(step.modelFlopPerSPerGpu, Dimension::FlopPerSecond)});
    table.add({"MFU, HFU", formatShare(step.mfu) + ", " + formatShare(step.hfu)});
    table.add({"goodput", formatShare(goodput)});
    table.add({"memory", formatQuantity(step.memory.total(), Dimension::Bytes) + " of " +
                             formatQuantity(step.memory.capacity, Dimension::Bytes)});
    table.add({"energy a step", formatQuantity(step.energyJ, Dimension::Joules)});
    table.gap();
    for (const auto& [name, value] : breakdownOf(step.breakdown)) {
        table.add({std::string(name), seconds(value), formatShare(value / step.stepTimeS)});
    }
    table.gap();
    const bool ownLayouts = std::ranges::any_of(step.classes, [&](const training::ClassShare& share) {
        return share.shareOfTokens > 0 && !(share.layout == step.layout);
    });
    table.add({"class", "GPUs", "computing", "communicating", "waiting", "share of tokens",
               ownLayouts ? "layout" : ""});
    for (const training::ClassShare& share : step.classes) {
        table.add({share.gpu, formatQuantity(static_cast<double>(share.count), Dimension::Number),
                   seconds(share.computeS), seconds(share.communicateS), seconds(share.waitS),
                   formatShare(share.shareOfTokens), ownLayouts ? share.layout.text() : ""});
    }
    table.print(out);
}

void printRest(std::ostream& out, const training::StepAnatomy& step,
               const std::vector<training::WaterfallShare>& waterfall) {
    out << '\n';
    TextTable table;
    for (const training::WaterfallShare& bar : waterfall) {
        const bool total = &bar == &waterfall.front() || &bar == &waterfall.back();
        table.add({(total ? "" : "- ") + bar.name, formatShare(bar.share)});
    }
    table.print(out);
    for (const std::string& note : step.notes) {
        out << note << '\n';
    }
    out << "Calibration: " << training::Calibration::builtin().text << '\n';
}

void runTrain(Context& context, const JobOptions& options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const auto choice = chooseJob(*scenario, options);
    if (!choice) {
        reject(context, choice.errors());
        return;
    }
    training::PlanOptions planning;
    planning.top = 1;
    const auto plan = training::planJob(*scenario, *choice->cluster, *choice->job, choice->placement,
                                        choice->month, planning);
    const auto machine = training::machineOf(*scenario, *choice->cluster, choice->month);
    if (!plan || !machine) {
        reject(context, plan ? machine.errors() : plan.errors());
        return;
    }
    const training::StepAnatomy& step = plan->best.front();
    const double goodput = operations::outlookOf(*scenario, *choice->cluster, step).goodput();
    const auto waterfall = training::waterfallOf(*machine, step, goodput);
    const auto validity = validation::assessTraining(*scenario, *choice->cluster, *choice->job,
                                                     choice->placement, choice->month);
    if (context.json) {
        Json json = jsonOf(step);
        json["goodput"] = goodput;
        json["waterfall"] = Json::array();
        for (const training::WaterfallShare& bar : waterfall) {
            json["waterfall"].push_back({{"name", bar.name}, {"share", bar.share}});
        }
        json["cluster"] = choice->cluster->id;
        json["job"] = choice->job->id;
        json["month"] = choice->month.text();
        json["outside_validated_range"] = validityJson(validity);
        context.out << json.dump(2) << '\n';
        return;
    }
    context.out << choice->job->name << " on " << choice->cluster->name << " in " << choice->month.text()
                << '\n';
    printValidity(context.out, validity);
    printStep(context.out, step, goodput);
    printRest(context.out, step, waterfall);
}

} // namespace

void addTrainCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<JobOptions>();
    CLI::App* command = app.add_subcommand("train", "The anatomy of one training step on the best layout");
    addJobOptions(*command, *options);
    addCommonOptions(*command, context);
    command->footer(
        "Example: atlas train resources/scenarios/colossus.atlas.yaml --cluster colossus-2 --json");
    command->callback([options, &context] { runTrain(context, *options); });
}

} // namespace atlas::cli
