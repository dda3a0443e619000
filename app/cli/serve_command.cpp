#include "app/cli/job_choice.h"
#include "app/cli/text_table.h"
#include "app/cli/validity_lines.h"
#include "model/explore/physics.h"
#include "model/explore/serving_cost.h"
#include "model/units/quantity.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using serving::ClassRate;
using units::Dimension;
using units::formatQuantity;
using units::formatShare;
using Json = nlohmann::ordered_json;

std::string rateText(double tokensPerS) {
    return formatQuantity(tokensPerS, Dimension::TokensPerSecond);
}

/// What one service is in one month, with what it costs.
struct Answer {
    const ServeChoice& choice;
    const scenario::Scenario& scenario;
    serving::ServingRate rate;
    serving::ServingOutlook outlook;
    validation::Validity validity;
};

Json jsonOf(const Answer& a) {
    Json json{{"tokens_per_s", a.rate.outputTokensPerS},
              {"slo_attainment", a.outlook.promiseKept},
              {"usd_per_million_tokens", explore::rentUsdPerMillion(a.scenario, a.rate)}};
    json["classes"] = Json::array();
    for (const ClassRate& c : a.rate.classes) {
        const explore::ClassCost cost = explore::classCost(a.scenario, *a.choice.cluster, c);
        json["classes"].push_back({{"gpu", c.gpu},
                                   {"count", c.count},
                                   {"tokens_per_s_per_gpu", c.outputTokensPerSPerGpu},
                                   {"prefill_tokens_per_s_per_gpu", c.prefillTokensPerSPerGpu},
                                   {"decode_tokens_per_s_per_gpu", c.decodeTokensPerSPerGpu},
                                   // Beyond the fixed keys.
                                   {"usd_per_million_tokens", cost.rentUsd},
                                   {"energy_usd_per_million_tokens", cost.energyUsd},
                                   {"layout", c.layout},
                                   {"batch", c.batchPerReplica},
                                   {"time_per_token_s", c.timePerTokenS},
                                   {"first_token_s", c.firstTokenS},
                                   {"reason", c.reason}});
    }
    json["input_tokens_per_s"] = a.rate.inputTokensPerS;
    json["users"] = a.outlook.users;
    json["mean_utilisation"] = a.outlook.meanUtilisation;
    json["demand_over_capacity"] = a.outlook.offeredLoad;
    json["given_up_share"] = a.outlook.givenUpShare;
    json["tokens_per_day"] = a.outlook.inputTokensPerDay + a.outlook.outputTokensPerDay;
    json["cluster"] = a.choice.cluster->id;
    json["job"] = a.choice.job->id;
    json["month"] = a.choice.month.text();
    json["outside_validated_range"] = validityJson(a.validity);
    return json;
}

void print(std::ostream& out, const Answer& a) {
    TextTable table;
    table.add({"output tokens, full load", rateText(a.rate.outputTokensPerS)});
    table.add({"prompts read with them", rateText(a.rate.inputTokensPerS)});
    table.add(
        {"demand at a weekday's peak", formatShare(a.outlook.offeredLoad), "of what the replicas carry"});
    table.add({"promises kept", formatShare(a.outlook.promiseKept), "of interactive requests over a week"});
    if (a.outlook.givenUpShare > 0) {
        table.add({"given up waiting", formatShare(a.outlook.givenUpShare), "of interactive requests"});
    }
    table.add({"replicas busy", formatShare(a.outlook.meanUtilisation), "of the week"});
    table.add({"users served", formatQuantity(a.outlook.users, Dimension::Number)});
    table.add({"a million output tokens",
               formatQuantity(explore::rentUsdPerMillion(a.scenario, a.rate), Dimension::Usd),
               "at market rent and full load"});
    table.gap();
    table.add({"class", "GPUs", "layout", "batch", "output a GPU", "prompts only", "answers only", "a token",
               "rent, $/M", "energy, $/M"});
    for (const ClassRate& c : a.rate.classes) {
        const std::string gpus = formatQuantity(static_cast<double>(c.count), Dimension::Number);
        if (c.replicaGpus == 0) {
            table.add({c.gpu, gpus, "serves nothing: " + c.reason});
            continue;
        }
        const explore::ClassCost cost = explore::classCost(a.scenario, *a.choice.cluster, c);
        table.add({c.gpu, gpus, c.layout, std::to_string(c.batchPerReplica),
                   rateText(c.outputTokensPerSPerGpu), rateText(c.prefillTokensPerSPerGpu),
                   rateText(c.decodeTokensPerSPerGpu), formatQuantity(c.timePerTokenS, Dimension::Seconds),
                   formatQuantity(cost.rentUsd, Dimension::Usd),
                   formatQuantity(cost.energyUsd, Dimension::Usd)});
    }
    table.print(out);
    out << '\n';
    for (const ClassRate& c : a.rate.classes) {
        if (c.replicaGpus > 0) {
            out << c.gpu << ": " << c.reason << '\n';
        }
    }
    for (const std::string& note : a.rate.notes) {
        out << note << '\n';
    }
}

void serve(Context& context, const JobOptions& options) {
    auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    const auto choice = chooseService(*scenario, options);
    if (!choice) {
        reject(context, choice.errors());
        return;
    }
    // One month of it, so that neither growth nor power still to come is in the numbers.
    scenario::Strategy strategy;
    strategy.id = "serve";
    scenario::Assignment assignment;
    assignment.cluster = choice->cluster->id;
    assignment.activity = scenario::Activity::Serve;
    assignment.job = choice->job->id;
    assignment.from = choice->month;
    strategy.assignments = {assignment};
    explore::ModelInputs inputs = explore::ModelInputs::central(*scenario);
    inputs.scenario.start = std::min(scenario->start, choice->month);
    inputs.scenario.horizonMonths = choice->month.index - inputs.scenario.start.index + 1;
    auto physics = explore::physicsOf(inputs, strategy, explore::Layouts());
    if (!physics) {
        reject(context, physics.errors());
        return;
    }
    if (!physics->serving) {
        const std::string why = physics->notes.empty() ? "nothing is served" : physics->notes.front();
        reject(context, failure(why, "choose a smaller model, a narrower precision, a slower objective or "
                                     "another cluster"));
        return;
    }
    const Answer answer{*choice, *scenario, std::move(*physics->serving), physics->outlook,
                        validation::assessServing(*scenario, *choice->cluster, *choice->job, choice->month)};
    if (context.json) {
        context.out << jsonOf(answer).dump(2) << '\n';
        return;
    }
    context.out << choice->job->name << " on " << choice->cluster->name << " in " << choice->month.text()
                << "\n";
    printValidity(context.out, answer.validity);
    context.out << '\n';
    print(context.out, answer);
}

} // namespace

void addServeCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<JobOptions>();
    CLI::App* command =
        app.add_subcommand("serve", "What a cluster serves: tokens, promises kept, users, cost by class");
    addServeOptions(*command, *options);
    addCommonOptions(*command, context);
    command->footer(
        "Tokens are output tokens, with the prompts they belong to; cost is market rent at full load.\n"
        "Example: atlas serve resources/scenarios/colossus.atlas.yaml --cluster colossus-1-article");
    command->callback([options, &context] { serve(context, *options); });
}

} // namespace atlas::cli
