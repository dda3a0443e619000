#include "model/validation/predict.h"

#include "model/training/model_shape.h"
#include "model/training/placement.h"
#include "model/training/planner.h"
#include "model/validation/validity.h"

#include <cmath>
#include <cstdio>

namespace atlas::validation {

namespace {

constexpr double kTera = 1e12;
constexpr double kGiga = 1e9;

std::string joined(const Diagnostics& errors) {
    std::string text;
    for (const Diagnostic& error : errors) {
        text += (text.empty() ? "" : "; ") + error.message;
    }
    return text;
}

std::string joined(const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) {
        text += (text.empty() ? "" : "; ") + note;
    }
    return text;
}

std::string number(double value) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.6g", value);
    return buffer;
}

std::string number(const std::optional<double>& value) {
    return value ? number(*value) : std::string();
}

/// A power of two; 1 where none fits.
int fastestMicroBatch(const RunCase& run, const training::Setup& setup) {
    training::Layout layout = run.layout;
    int best = 1;
    double fastest = 0;
    constexpr int kMost = 64;
    for (layout.microBatch = 1; layout.microBatch <= kMost; layout.microBatch *= 2) {
        if (!training::checkLayout(run.machine, run.job, layout).empty()) {
            continue;
        }
        const training::Outcome outcome = training::outcomeOf(setup, layout);
        if (outcome.fits && (fastest == 0 || outcome.stepS < fastest)) {
            fastest = outcome.stepS;
            best = layout.microBatch;
        }
    }
    return best;
}

/// The row's layout, or the planner's best where none is published, evaluated even where it does not fit.
Result<training::StepAnatomy> evaluated(RunCase& run, const training::Calibration& c) {
    if (!run.layoutPublished) {
        training::PlanOptions options;
        options.top = 1;
        auto found = training::plan(run.machine, run.job, options, c);
        if (!found) {
            return found.errors();
        }
        run.layout = found->best.front().layout;
        return found->best.front();
    }
    const auto setup = training::setUp(run.machine, run.job, c);
    if (!setup) {
        return setup.errors();
    }
    if (!run.microBatchPublished) {
        run.layout.microBatch = fastestMicroBatch(run, *setup);
        run.notes.push_back("micro-batch not published: the fastest that fits, " +
                            std::to_string(run.layout.microBatch));
    }
    const Diagnostics errors = training::checkLayout(run.machine, run.job, run.layout);
    if (!errors.empty()) {
        return errors;
    }
    return training::anatomyOf(*setup, run.layout, training::outcomeOf(*setup, run.layout));
}

} // namespace

std::string_view name(Status status) {
    switch (status) {
    case Status::Ok:
        return "ok";
    case Status::DoesNotFit:
        return "does_not_fit";
    case Status::Rejected:
        break;
    }
    return "rejected";
}

std::optional<double> inMetric(const std::string& metric, const RunCase& run,
                               const training::StepAnatomy& step) {
    const double sequence = run.job.sequence;
    const auto shape = training::shapeOf(run.job.model);
    const double flops = shape ? shape->flopsPerToken(sequence, run.convention.causal) : 0;
    const double modelTflops = flops * step.tokensPerSPerGpu / kTera;
    if (metric == "step_time_s") {
        return step.stepTimeS;
    }
    if (metric == "tokens_per_s_per_gpu") {
        return step.tokensPerSPerGpu;
    }
    if (metric == "model_tflops_per_gpu") {
        return modelTflops;
    }
    if (metric == "hw_tflops_per_gpu") {
        return modelTflops * (step.mfu > 0 ? step.hfu / step.mfu : 1);
    }
    if (metric == "mfu_pct") {
        return 100 * modelTflops * kTera / run.machine.pools.front().bf16FlopPerS;
    }
    return std::nullopt;
}

Prediction predict(const RunRow& row, const training::Calibration& calibration) {
    Prediction p;
    p.id = row.text("id");
    p.metric = row.text("reported_metric");
    p.reported = row.number("reported_value");
    auto run = caseOf(row);
    if (!run) {
        p.note = joined(run.errors());
        return p;
    }
    const auto step = evaluated(*run, calibration);
    if (!step) {
        p.note = joined(step.errors());
        return p;
    }
    p.status = step->memory.fits() ? Status::Ok : Status::DoesNotFit;
    p.stepTimeS = step->stepTimeS;
    p.tokensPerSPerGpu = step->tokensPerSPerGpu;
    p.modelTflopsPerGpu = inMetric("model_tflops_per_gpu", *run, *step).value_or(0);
    p.mfuPct = 100 * step->mfu;
    p.memoryGb = step->memory.total() / kGiga;
    p.predicted = inMetric(p.metric, *run, *step);
    if (p.predicted && p.reported && *p.reported > 0) {
        p.errorPct = 100 * (*p.predicted - *p.reported) / *p.reported;
    }
    std::vector<std::string> notes = run->notes;
    notes.insert(notes.end(), step->notes.begin(), step->notes.end());
    if (const auto setup = training::setUp(run->machine, run->job, calibration)) {
        if (const Validity validity = assess(claimOf(*setup)); !validity.inside()) {
            notes.push_back(validity.allWords());
        }
    }
    if (!p.predicted && !p.metric.empty()) {
        notes.push_back("no prediction in `" + p.metric + "`");
    }
    p.note = joined(notes);
    return p;
}

std::string predictionsCsv(const std::vector<Prediction>& predictions) {
    std::string csv = "id,status,predicted_step_time_s,predicted_tokens_per_s_per_gpu,"
                      "predicted_model_tflops_per_gpu,predicted_mfu_pct,predicted_memory_gb,reported_metric,"
                      "reported_value,predicted_value,error_pct,note\n";
    for (const Prediction& p : predictions) {
        const bool answered = p.status != Status::Rejected;
        const auto figure = [&](double value) { return answered ? number(value) : std::string(); };
        csv += csvCell(p.id) + ',' + std::string(name(p.status)) + ',' + figure(p.stepTimeS) + ',' +
               figure(p.tokensPerSPerGpu) + ',' + figure(p.modelTflopsPerGpu) + ',' + figure(p.mfuPct) + ',' +
               figure(p.memoryGb) + ',' + csvCell(p.metric) + ',' + number(p.reported) + ',' +
               number(p.predicted) + ',' + number(p.errorPct) + ',' + csvCell(p.note) + '\n';
    }
    return csv;
}

} // namespace atlas::validation
