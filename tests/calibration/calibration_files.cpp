#include "calibration_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace atlas::calibration {

namespace {

using Json = nlohmann::ordered_json;

std::string digits(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.5g", value);
    return buffer;
}

double fiveDigits(double value) {
    return std::strtod(digits(value).c_str(), nullptr);
}

std::string percent(double logError) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.2f", 100 * std::expm1(logError));
    return buffer;
}

/// Objects of a list on one line each: a table a person can read.
std::string table(const Json& list) {
    std::string text = "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        text += (i == 0 ? "\n    " : ",\n    ") + list[i].dump();
    }
    return text + "\n  ]";
}

std::string fields(const Json& object) {
    std::string text = "{";
    bool first = true;
    for (const auto& [key, value] : object.items()) {
        text += (first ? "\n    " : ",\n    ") + Json(key).dump() + ": " + value.dump();
        first = false;
    }
    return text + "\n  }";
}

} // namespace

training::Calibration rounded(training::Calibration c) {
    for (double& value : c.value) {
        value = fiveDigits(value);
    }
    for (training::StackFactor& stack : c.stacks) {
        stack.factor = fiveDigits(stack.factor);
    }
    return c;
}

std::string updatedJson(const std::string& json, const training::Calibration& fitted,
                        const std::vector<const Sample*>& samples, const std::string& date,
                        const std::string& summary) {
    Json root = Json::parse(json);
    root["date"] = date;
    root["summary"] = summary;
    double largest = 0;
    for (const Sample* sample : samples) {
        largest = std::max(largest, sample->gpus);
    }
    root["validated_gpus"] = largest;
    for (Json& item : root["constants"]) {
        for (std::size_t i = 0; i < training::kConstants; ++i) {
            if (item["name"] == fitted.info[i].name) {
                item["value"] = fitted.value[i];
            }
        }
    }
    for (Json& item : root["stacks"]) {
        const auto name = item["stack"].get<std::string>();
        if (const auto* stack = fitted.stack(name)) {
            item["factor"] = stack->factor;
        }
        item["runs"] = std::count_if(samples.begin(), samples.end(),
                                     [&](const Sample* sample) { return sample->stack == name; });
    }
    std::string text = "{";
    bool first = true;
    for (const auto& [key, value] : root.items()) {
        text += (first ? "\n  " : ",\n  ") + Json(key).dump() + ": ";
        text += value.is_array() ? table(value) : value.is_object() ? fields(value) : value.dump();
        first = false;
    }
    return text + "\n}\n";
}

std::string outOfFoldCsv(const std::vector<RunError>& errors, const std::string& date) {
    std::string csv =
        "# Predictions of runs by fits that did not see them. Written by atlas-calibrate on " + date +
        ".\n"
        "# fold: what was left out together for predicted and group_left_out_pct (model|GPU|precision).\n"
        "# reported, predicted: in the unit of metric. All *_pct: error of the step time, above zero the "
        "model is too slow;\n"
        "# in_sample_pct by the fit on all runs, group_left_out_pct without the fold, stack_left_out_pct "
        "without the software\n"
        "# stack (MoE: and release), source_left_out_pct without all runs of its source.\n"
        "id,model,gpu,precision,gpus,kind,stack,source,fold,metric,reported,predicted,in_sample_pct,"
        "group_left_out_pct,stack_left_out_pct,source_left_out_pct\n";
    for (const RunError& error : errors) {
        const Sample& s = *error.sample;
        using validation::csvCell;
        const double factor = std::exp(s.metric == "step_time_s" ? error.groupLeftOut : -error.groupLeftOut);
        csv += csvCell(s.id) + ',' + csvCell(s.model) + ',' + s.gpu + ',' + s.precision + ',' +
               std::to_string(std::llround(s.gpus)) + ',' + (s.moe ? "moe" : "dense") + ',' +
               csvCell(s.stack) + ',' + csvCell(s.source) + ',' + csvCell(s.group) + ',' + s.metric + ',' +
               digits(s.reported) + ',' + digits(s.reported * factor) + ',' + percent(error.inSample) + ',' +
               percent(error.groupLeftOut) + ',' + percent(error.stackLeftOut) + ',' +
               percent(error.sourceLeftOut) + '\n';
    }
    return csv;
}

} // namespace atlas::calibration
