#include "model/validation/error_summary.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::validation {

namespace {

constexpr int kSizeLimits[] = {8, 64, 512, 4096, 32768};

/// Median of sorted values.
double middleOf(const std::vector<double>& sorted) {
    return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

std::string keyOf(const ValidationRun& run, GroupBy by) {
    switch (by) {
    case GroupBy::Gpu:
        return run.gpu;
    case GroupBy::Precision:
        return run.precision;
    case GroupBy::Size:
        return sizeBin(run.gpus);
    case GroupBy::Source:
        return run.source;
    case GroupBy::Kind:
        return run.moe ? "MoE" : "dense";
    case GroupBy::Stack:
        break;
    }
    return run.stack;
}

} // namespace

std::string sizeBin(double gpus) {
    for (const int limit : kSizeLimits) {
        if (gpus <= limit) {
            return "up to " + std::to_string(limit) + " GPUs";
        }
    }
    return "more than " + std::to_string(*std::rbegin(kSizeLimits)) + " GPUs";
}

std::vector<std::string> sizeBins() {
    std::vector<std::string> bins;
    for (const int limit : kSizeLimits) {
        bins.push_back(sizeBin(limit));
    }
    bins.push_back(sizeBin(1.0 + *std::rbegin(kSizeLimits)));
    return bins;
}

ErrorSpread spreadOf(std::vector<double> errors) {
    ErrorSpread s;
    s.runs = errors.size();
    s.size = summaryOf(errors);
    if (errors.empty()) {
        return s;
    }
    std::sort(errors.begin(), errors.end());
    const auto at = [&](std::size_t part, std::size_t of) {
        return errors[std::min(errors.size() - 1, errors.size() * part / of)];
    };
    s.low = at(1, 10);
    s.quarter = at(1, 4);
    s.median = at(1, 2);
    s.three = at(3, 4);
    s.high = at(9, 10);
    return s;
}

ErrorSummary summaryOf(std::vector<double> errors) {
    ErrorSummary s;
    s.runs = errors.size();
    if (errors.empty()) {
        return s;
    }
    std::sort(errors.begin(), errors.end());
    s.bias = middleOf(errors);
    for (double& error : errors) {
        error = std::abs(error);
    }
    std::sort(errors.begin(), errors.end());
    s.median = middleOf(errors);
    s.p90 = errors[std::min(errors.size() - 1, errors.size() * 9 / 10)];
    s.worst = errors.back();
    return s;
}

ErrorSummary summaryOf(const std::vector<Prediction>& predictions) {
    std::vector<double> errors;
    for (const Prediction& p : predictions) {
        if (p.errorPct) {
            errors.push_back(*p.errorPct / 100);
        }
    }
    return summaryOf(std::move(errors));
}

Result<std::vector<ValidationRun>> validationRuns(const std::string& folder) {
    const auto rows = readRuns(folder + "/validation/training_runs.csv");
    const auto errors = readRuns(folder + "/calibration/out_of_fold.csv");
    if (!rows || !errors) {
        return rows ? errors.errors() : rows.errors();
    }
    return validationRuns(*rows, *errors);
}

std::vector<ValidationRun> validationRuns(const std::vector<RunRow>& rows,
                                          const std::vector<RunRow>& outOfFold) {
    std::map<std::string, const RunRow*, std::less<>> stored;
    for (const RunRow& row : outOfFold) {
        stored.emplace(row.text("id"), &row);
    }
    std::vector<ValidationRun> runs;
    for (const RunRow& row : rows) {
        ValidationRun run;
        run.prediction = predict(row);
        run.model = row.text("model_name");
        run.gpu = row.text("gpu");
        run.precision = row.text("precision");
        run.stack = row.text("stack");
        run.source = row.text("source");
        run.gpus = row.number("n_gpus").value_or(0);
        run.moe = !row.text("moe_experts").empty();
        const auto found = stored.find(run.prediction.id);
        if (found != stored.end()) {
            const auto share = [&](const char* column) {
                const auto percent = found->second->number(column);
                return percent ? std::optional<double>(*percent / 100) : std::nullopt;
            };
            run.fitted = true;
            run.groupLeftOut = share("group_left_out_pct");
            run.stackLeftOut = share("stack_left_out_pct");
            run.sourceLeftOut = share("source_left_out_pct");
            run.fold = found->second->text("fold");
            run.predictedLeftOut = found->second->number("predicted");
        }
        runs.push_back(std::move(run));
    }
    return runs;
}

std::vector<GroupSummary> summariesBy(const std::vector<ValidationRun>& runs, GroupBy by) {
    std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> groups;
    for (const ValidationRun& run : runs) {
        if (!run.fitted || !run.prediction.errorPct) {
            continue;
        }
        auto& [inSample, leftOut] = groups[keyOf(run, by)];
        inSample.push_back(*run.prediction.errorPct / 100);
        if (run.groupLeftOut) {
            leftOut.push_back(*run.groupLeftOut);
        }
    }
    std::vector<GroupSummary> summaries;
    for (auto& [name, errors] : groups) {
        summaries.push_back({name, summaryOf(std::move(errors.first)), summaryOf(std::move(errors.second))});
    }
    return summaries;
}

} // namespace atlas::validation
