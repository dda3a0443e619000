#include "app/cli/command.h"
#include "model/validation/error_summary.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string file;
    std::string output = "-";
};

std::string percent(double share) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", 100 * share);
    return buffer;
}

void summarise(std::ostream& err, const std::vector<validation::Prediction>& predictions) {
    std::size_t answered = 0;
    std::size_t tight = 0;
    std::size_t rejected = 0;
    for (const validation::Prediction& p : predictions) {
        answered += p.status == validation::Status::Ok ? 1 : 0;
        tight += p.status == validation::Status::DoesNotFit ? 1 : 0;
        rejected += p.status == validation::Status::Rejected ? 1 : 0;
    }
    err << predictions.size() << " rows: " << answered << " predicted, " << tight << " do not fit, "
        << rejected << " rejected\n";
    const validation::ErrorSummary s = validation::summaryOf(predictions);
    if (s.runs > 0) {
        err << "error over " << s.runs << " rows with a reported value: median " << percent(s.median)
            << " %, nine of ten within " << percent(s.p90) << " %, bias " << percent(s.bias)
            << " %; the model's constants were fitted on resources/validation/training_runs.csv\n";
    }
}

Json jsonOf(const std::vector<validation::Prediction>& predictions) {
    const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
    Json rows = Json::array();
    for (const validation::Prediction& p : predictions) {
        rows.push_back({{"id", p.id},
                        {"status", validation::name(p.status)},
                        {"predicted_step_time_s", p.stepTimeS},
                        {"predicted_tokens_per_s_per_gpu", p.tokensPerSPerGpu},
                        {"predicted_model_tflops_per_gpu", p.modelTflopsPerGpu},
                        {"predicted_mfu_pct", p.mfuPct},
                        {"predicted_memory_gb", p.memoryGb},
                        {"reported_metric", p.metric},
                        {"reported_value", number(p.reported)},
                        {"predicted_value", number(p.predicted)},
                        {"error_pct", number(p.errorPct)},
                        {"note", p.note}});
    }
    const validation::ErrorSummary s = validation::summaryOf(predictions);
    return {{"rows", std::move(rows)},
            {"summary", {{"runs", s.runs}, {"median", s.median}, {"p90", s.p90}, {"bias", s.bias}}}};
}

void runPredict(Context& context, const Options& options) {
    const auto rows = validation::readRuns(options.file);
    if (!rows) {
        reject(context, rows.errors());
        return;
    }
    std::vector<validation::Prediction> predictions;
    for (const validation::RunRow& row : *rows) {
        predictions.push_back(validation::predict(row));
    }
    if (options.output != "-" || !context.json) {
        if (!writeFile(context, options.output, validation::predictionsCsv(predictions))) {
            return;
        }
    }
    if (context.json) {
        context.out << jsonOf(predictions).dump(2) << '\n';
    }
    if (!context.quiet) {
        summarise(context.err, predictions);
    }
}

} // namespace

void addPredictCommand(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("predict", "Predict published training runs and compare");
    command->add_option("RUNS", options->file, "CSV with the columns of training_runs.csv")->required();
    command->add_option("-o,--output", options->output, "CSV to write; - is standard output");
    addCommonOptions(*command, context);
    command->footer("Example: atlas predict resources/validation/training_runs.csv -o predicted.csv");
    command->callback([options, &context] { runPredict(context, *options); });
}

} // namespace atlas::cli
