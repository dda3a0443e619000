#include "app/cli/job_choice.h"
#include "app/cli/progress.h"
#include "app/cli/step_json.h"
#include "app/cli/text_table.h"
#include "model/explore/scaling.h"
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
    std::string file;
    std::string precision;
    std::string batch = "held";
    double kneePercent = 50;
    explore::ScalingOptions scaling;
};

Json pointJson(const explore::ScalingPoint& point) {
    Json json{{"gpus", point.gpus}};
    if (!point.runs()) {
        json["reason"] = point.reason;
        return json;
    }
    json["tokens_per_s"] = point.tokensPerS;
    json["mfu"] = point.mfu;
    json["usd_per_million_tokens"] = point.usdPerMtokens;
    json["step_time_s"] = point.step.stepTimeS;
    json["goodput"] = point.goodput;
    json["efficiency"] = point.efficiency;
    json["gpus_used"] = point.step.gpusUsed;
    json["layout"] = jsonOf(point.step.layout);
    json["outside"] = point.outside;
    return json;
}

Json scalingJson(const explore::Scaling& scaling) {
    Json json{{"job", scaling.jobName},
              {"batch", scaling.batch == explore::BatchRule::Held ? "held" : "grows"},
              {"batch_tokens", scaling.batchTokens},
              {"curves", Json::array()}};
    for (const explore::ScalingCurve& curve : scaling.curves) {
        Json one{{"id", curve.id}, {"name", curve.name}, {"points", Json::array()}, {"knee", nullptr}};
        for (const explore::ScalingPoint& point : curve.points) {
            one["points"].push_back(pointJson(point));
        }
        if (curve.knee) {
            one["knee"] = {{"gpus", curve.knee->gpus},
                           {"kind", curve.knee->kind == explore::ScalingKnee::Kind::Efficiency
                                        ? "efficiency"
                                        : "stops-growing"},
                           {"cause", curve.knee->cause}};
        }
        one["finding"] = explore::scalingFinding(scaling, curve);
        json["curves"].push_back(std::move(one));
    }
    return json;
}

void print(std::ostream& out, const explore::Scaling& scaling) {
    for (const explore::ScalingCurve& curve : scaling.curves) {
        out << curve.name << '\n';
        TextTable table;
        table.add({"GPUs", "tokens/s", "MFU", "$/M tokens", "step", "goodput", "efficiency", "layout"});
        for (const explore::ScalingPoint& p : curve.points) {
            const std::string gpus = formatQuantity(static_cast<double>(p.gpus), Dimension::Number);
            if (!p.runs()) {
                table.add({gpus, p.reason});
                continue;
            }
            table.add({gpus, formatQuantity(p.tokensPerS, Dimension::Number), formatShare(p.mfu),
                       formatQuantity(p.usdPerMtokens, Dimension::Usd),
                       formatQuantity(p.step.stepTimeS, Dimension::Seconds), formatShare(p.goodput),
                       formatShare(p.efficiency), p.step.layout.text()});
        }
        table.print(out);
        out << explore::scalingFinding(scaling, curve) << ".\n\n";
    }
}

void runScaling(Context& context, Options options) {
    const auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    explore::ScalingOptions how = options.scaling;
    how.precision = precisionOf(options.precision);
    how.batch = options.batch == "grows" ? explore::BatchRule::Grows : explore::BatchRule::Held;
    how.kneeShare = options.kneePercent / 100;
    const InterruptGuard interrupt;
    how.stop = interrupt.token();
    const auto scaling = [&] {
        ProgressBar bar(context.err, "scaling", context.quiet);
        how.progress = bar.sink();
        return explore::scaling(*scenario, how);
    }();
    if (!scaling) {
        reject(context, scaling.errors());
        context.exitCode = interrupt.token().stop_requested() ? kCancelled : context.exitCode;
        return;
    }
    if (context.json) {
        context.out << scalingJson(*scaling).dump(2) << '\n';
    } else {
        print(context.out, *scaling);
    }
}

} // namespace

void addScalingCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "scaling", "Throughput, MFU and cost of a job against the number of GPUs, and where it stops paying");
    command->add_option("FILE", options->file, "Scenario (*.atlas.yaml)")->required();
    command->add_option("--job", options->scaling.job,
                        "Id of the training job (default: of the first strategy)");
    command->add_option("--precision", options->precision, "Instead of the job's")
        ->check(CLI::IsMember(precisionWords()));
    command
        ->add_option("--batch", options->batch,
                     "held: the job's global batch at any size; grows: with the GPUs beyond the largest "
                     "validated run")
        ->check(CLI::IsMember({"held", "grows"}));
    command->add_option("--curve", options->scaling.curves, "GPU class or mix (repeatable; default: all)");
    command->add_option("--from", options->scaling.fromGpus, "GPUs of the first point")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--to", options->scaling.toGpus, "GPUs of the last point")
        ->check(CLI::Range(1, 4'000'000));
    command->add_option("--knee", options->kneePercent, "Percent of efficiency at which scaling stops paying")
        ->check(CLI::Range(1.0, 99.0));
    addCommonOptions(*command, context);
    command->footer("Example: atlas scaling colossus.atlas.yaml --job dense --curve H100-SXM --batch grows");
    command->callback([options, &context] { runScaling(context, *options); });
}

} // namespace atlas::cli
