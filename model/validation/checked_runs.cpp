#include "model/validation/checked_runs.h"

#include "model/validation/published_data.h"
#include "model/validation/published_gpus.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::validation {

namespace {

constexpr double kTera = 1e12;
constexpr double kPercent = 100;

/// A step that is longer by a share is a throughput that is lower.
std::optional<double> throughputError(const std::optional<double>& stepTimeError) {
    return stepTimeError ? std::optional<double>(1 / (1 + *stepTimeError) - 1) : std::nullopt;
}

std::optional<double> inSample(const Prediction& p) {
    if (!p.errorPct || p.status == Status::Rejected) {
        return std::nullopt;
    }
    const double error = *p.errorPct / kPercent;
    return p.metric == "step_time_s" ? throughputError(error) : error;
}

std::string whyNotFitted(const RunRow& row) {
    if (!row.text("flag").empty()) {
        return row.text("flag");
    }
    return row.isClean() ? "the layout is not published or divides nothing"
                         : "inputs that the model needs are not published";
}

std::string firstWord(const std::string& text) {
    return text.substr(0, text.find(' '));
}

std::string keyOf(const CheckedRun& run, GroupBy by) {
    switch (by) {
    case GroupBy::Gpu:
        return run.gpu;
    case GroupBy::Precision:
        return run.precision;
    case GroupBy::Size:
        return sizeBin(run.gpus);
    case GroupBy::Source:
        return firstWord(run.source);
    case GroupBy::Kind:
        return run.moe ? "MoE" : "dense";
    case GroupBy::Stack:
        break;
    }
    return run.stack;
}

} // namespace

std::vector<CheckedRun> checkedRuns(const std::vector<RunRow>& rows, const std::vector<RunRow>& outOfFold) {
    const std::vector<ValidationRun> predicted = validationRuns(rows, outOfFold);
    std::vector<CheckedRun> runs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ValidationRun& from = predicted[i];
        const auto fit = inSample(from.prediction);
        const auto pool = publishedPool(from.gpu, 1);
        if (!fit || !pool || from.prediction.mfuPct <= 0) {
            continue;
        }
        CheckedRun run;
        run.id = from.prediction.id;
        run.model = from.model;
        run.gpu = from.gpu;
        run.precision = from.precision;
        run.stack = from.stack;
        run.source = from.source;
        run.gpus = from.gpus;
        run.moe = from.moe;
        run.fitted = from.fitted;
        const double flops = from.prediction.mfuPct / kPercent * pool->bf16FlopPerS / kTera;
        run.reported = flops / (1 + *fit);
        const auto set = [&](FitBasis basis, const std::optional<double>& error) {
            run.error[static_cast<std::size_t>(basis)] = error;
        };
        if (from.fitted) {
            set(FitBasis::GroupLeftOut, throughputError(from.groupLeftOut));
            set(FitBasis::StackLeftOut, throughputError(from.stackLeftOut));
            set(FitBasis::SourceLeftOut, throughputError(from.sourceLeftOut));
            set(FitBasis::InSample, fit);
        } else {
            run.whyNotFitted = whyNotFitted(rows[i]);
            set(FitBasis::NeverFitted, fit);
        }
        runs.push_back(std::move(run));
    }
    return runs;
}

std::vector<CheckedRun> checkedRuns() {
    return checkedRuns(publishedRuns(), outOfFold());
}

std::vector<CheckedRun> selected(const std::vector<CheckedRun>& runs, FitBasis basis, ModelKind kind) {
    std::vector<CheckedRun> chosen;
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(chosen), [&](const CheckedRun& run) {
        return run.errorOf(basis) && (kind == ModelKind::All || run.moe == (kind == ModelKind::Moe));
    });
    return chosen;
}

std::vector<ErrorGroup> errorGroups(const std::vector<CheckedRun>& runs, FitBasis basis, GroupBy by) {
    std::map<std::string, std::vector<double>> errors;
    for (const CheckedRun& run : runs) {
        if (run.errorOf(basis)) {
            errors[keyOf(run, by)].push_back(*run.errorOf(basis));
        }
    }
    std::vector<ErrorGroup> groups;
    if (by == GroupBy::Size) {
        for (const std::string& bin : sizeBins()) {
            if (const auto found = errors.find(bin); found != errors.end()) {
                groups.push_back({bin, spreadOf(std::move(found->second))});
            }
        }
        return groups;
    }
    for (auto& [name, values] : errors) {
        groups.push_back({name, spreadOf(std::move(values))});
    }
    std::ranges::stable_sort(
        groups, [](const ErrorGroup& a, const ErrorGroup& b) { return a.spread.runs > b.spread.runs; });
    return groups;
}

} // namespace atlas::validation
