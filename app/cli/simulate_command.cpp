#include "app/cli/job_choice.h"
#include "app/cli/progress.h"
#include "app/cli/text_table.h"
#include "model/operations/calendar.h"
#include "model/operations/frame.h"
#include "model/units/quantity.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using operations::Account;
using units::Dimension;
using units::formatQuantity;
using units::formatShare;
using Json = nlohmann::ordered_json;

constexpr int kLongestMonths = 600; ///< as far as a horizon reaches

struct Options {
    JobOptions job;
    std::string strategy;
    std::string span;
    std::string events;
};

std::string seconds(double value) {
    return formatQuantity(value, Dimension::Seconds);
}

std::string number(double value) {
    return formatQuantity(value, Dimension::Number);
}

/// The training assignment that is meant: of the strategy where one is named.
Result<JobChoice> choose(const scenario::Scenario& scenario, Options& options) {
    if (options.strategy.empty()) {
        return chooseJob(scenario, options.job);
    }
    const scenario::Strategy* strategy = scenario.strategy(options.strategy);
    if (strategy == nullptr) {
        std::string ids;
        for (const scenario::Strategy& each : scenario.strategies) {
            ids += (ids.empty() ? "" : ", ") + each.id;
        }
        return failure("there is no strategy `" + options.strategy + "`", "one of " + ids);
    }
    for (const scenario::Assignment& each : strategy->assignments) {
        const bool asked = options.job.cluster.empty() || options.job.cluster == each.cluster;
        if (each.activity == scenario::Activity::Train && asked) {
            JobOptions job = options.job;
            job.cluster = each.cluster;
            job.job = job.job.empty() ? each.job : job.job;
            auto choice = chooseJob(scenario, job);
            if (choice && options.job.placement.empty()) {
                choice->placement = each.placement;
            }
            return choice;
        }
    }
    return failure("strategy `" + options.strategy + "` trains nothing" +
                       (options.job.cluster.empty() ? "" : " on `" + options.job.cluster + '`'),
                   "name a strategy and a cluster on which it trains");
}

Json jsonOf(const operations::Timeline& timeline, const Account& account) {
    Json json{{"simulated_s", account.toS - account.fromS},
              {"steps", account.steps},
              {"interruptions", account.interruptions},
              {"goodput", account.goodput}};
    json["step_time_s"] = {{"p50", account.stepP50S},
                           {"p90", account.stepP90S},
                           {"p99", account.stepP99S},
                           {"max", account.stepMaxS}};
    json["waterfall"] = Json::array();
    for (const operations::WaterfallBar& bar : account.waterfall) {
        json["waterfall"].push_back({{"name", bar.name}, {"share", bar.share}});
    }
    json["stall_gpu_hours"] = account.stallGpuHours();
    json["stall_cost_usd"] = stallUsd(account, *timeline.cluster());
    // Beyond the fixed keys: where the time and the waiting went.
    for (std::size_t p = 0; p < operations::kPhaseCount; ++p) {
        json["phases_s"][name(static_cast<operations::Phase>(p))] = account.phaseS[p];
    }
    for (std::size_t c = 0; c < operations::kCauseCount; ++c) {
        json["wait_gpu_hours"][name(static_cast<operations::Cause>(c))] = account.waitGpuS[c] / 3600;
    }
    json["planned_restarts"] = account.planned;
    json["evictions"] = account.evictions;
    json["checkpoints"] = account.checkpoints;
    return json;
}

void print(std::ostream& out, const operations::Timeline& timeline, const Account& account) {
    TextTable table;
    const double all = account.toS - account.fromS;
    table.add({"simulated", seconds(all)});
    table.add({"steps", number(static_cast<double>(account.steps))});
    table.add({"interruptions", number(static_cast<double>(account.interruptions)),
               account.interruptions > 0
                   ? "every " + seconds(all / static_cast<double>(account.interruptions))
                   : ""});
    table.add({"goodput", formatShare(account.goodput)});
    table.add({"step time p50, p90, p99, max", seconds(account.stepP50S), seconds(account.stepP90S),
               seconds(account.stepP99S), seconds(account.stepMaxS)});
    table.add({"stalled", number(account.stallGpuHours()) + " GPU-h",
               formatQuantity(stallUsd(account, *timeline.cluster()), Dimension::Usd)});
    table.gap();
    for (std::size_t p = 0; p < operations::kPhaseCount; ++p) {
        if (account.phaseS[p] > 0) {
            table.add({name(static_cast<operations::Phase>(p)), seconds(account.phaseS[p]),
                       formatShare(account.phaseS[p] / all)});
        }
    }
    table.add({"work lost", seconds(account.lostS), formatShare(account.lostS / all)});
    table.gap();
    for (std::size_t c = 0; c < operations::kCauseCount; ++c) {
        if (account.waitGpuS[c] > 0) {
            table.add({std::string("waiting: ") + name(static_cast<operations::Cause>(c)),
                       number(account.waitGpuS[c] / 3600) + " GPU-h"});
        }
    }
    table.gap();
    for (const operations::WaterfallBar& bar : account.waterfall) {
        table.add({(bar.total ? "" : "- ") + bar.name, formatShare(bar.share)});
    }
    table.print(out);
}

void simulate(Context& context, Options options) {
    auto scenario = load(context, options.job.file);
    if (!scenario) {
        return;
    }
    const auto span = units::parseQuantity(options.span, Dimension::Seconds);
    if (!span || !(*span > 0)) {
        reject(context,
               span ? failure("--for " + options.span + " is no time to simulate", "give a span such as 54d")
                    : span.errors());
        return;
    }
    const auto choice = choose(*scenario, options);
    if (!choice) {
        reject(context, choice.errors());
        return;
    }
    scenario::Assignment assignment;
    assignment.cluster = choice->cluster->id;
    assignment.activity = scenario::Activity::Train;
    assignment.job = choice->job->id;
    assignment.placement = choice->placement;
    scenario->start = std::min(scenario->start, choice->month);
    assignment.from = choice->month;
    const double fromS = operations::monthStartS(scenario->start, choice->month);
    const double toS = fromS + *span;
    const int months = operations::monthAt(scenario->start, toS).index - scenario->start.index + 1;
    if (months > kLongestMonths) {
        reject(context, failure("--for " + options.span + " is longer than 50 years", "simulate less"));
        return;
    }
    scenario->horizonMonths = std::max(scenario->horizonMonths, months);
    const auto cluster = cluster::buildCluster(*scenario, *scenario->cluster(assignment.cluster));
    if (!cluster) {
        reject(context, cluster.errors());
        return;
    }
    const auto timeline = operations::makeTimeline(*scenario, assignment, *cluster);
    if (!timeline) {
        reject(context, timeline.errors());
        return;
    }
    const InterruptGuard guard;
    const Account account = (*timeline)->account(fromS, toS, guard.token());
    if (guard.token().stop_requested()) {
        context.exitCode = kCancelled;
        return;
    }
    if (!context.quiet) {
        for (const std::string& note : (*timeline)->notesOf(fromS, toS)) {
            context.err << note << '\n';
        }
    }
    if (!options.events.empty() &&
        !writeFile(context, options.events, eventsCsv(**cluster, (*timeline)->events(fromS, toS)))) {
        return;
    }
    if (context.json) {
        context.out << jsonOf(**timeline, account).dump(2) << '\n';
        return;
    }
    context.out << choice->job->name << " on " << choice->cluster->name << " from " << choice->month.text()
                << "\n\n";
    print(context.out, **timeline, account);
}

} // namespace

void addSimulateCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("simulate", "A training run over time: failures, slow GPUs, what is kept");
    addJobOptions(*command, options->job);
    command->add_option("--strategy", options->strategy, "Id of the strategy whose training is meant");
    command->add_option("--for", options->span, "How long, such as 54d")->required();
    command->add_option("--events", options->events, "Writes a table of all events; - is standard output");
    addCommonOptions(*command, context);
    command->footer(
        "Begins in the month in which all GPUs have power, or with --month.\n"
        "Example: atlas simulate resources/scenarios/colossus.atlas.yaml --for 54d --events events.csv");
    command->callback([options, &context] { simulate(context, *options); });
}

} // namespace atlas::cli
