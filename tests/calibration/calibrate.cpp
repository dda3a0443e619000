#include "calibrate.h"

#include "calibration_files.h"

#include <cstdio>

namespace atlas::calibration {

namespace {

std::string tenths(double share) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", 100 * share);
    return buffer;
}

/// Every constant as expected before any run is seen and no stack better than another: the fit must not
/// depend on what an earlier one found.
training::Calibration asExpected(training::Calibration c) {
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        c.value[i] = c.info[i].expected;
    }
    for (training::StackFactor& stack : c.stacks) {
        stack.factor = 1;
    }
    return c;
}

} // namespace

std::vector<double> column(const std::vector<RunError>& errors, double RunError::*which) {
    std::vector<double> values;
    for (const RunError& error : errors) {
        values.push_back(error.*which);
    }
    return values;
}

std::vector<RunError> Calibrated::errors() const {
    std::vector<RunError> both = dense;
    both.insert(both.end(), experts.begin(), experts.end());
    return both;
}

std::string Calibrated::summary() const {
    const Summary group = summarise(column(dense, &RunError::groupLeftOut));
    const Summary source = summarise(column(dense, &RunError::sourceLeftOut));
    const Summary stack = summarise(column(dense, &RunError::stackLeftOut));
    const Summary moe = summarise(column(experts, &RunError::groupLeftOut));
    return "fitted on " + std::to_string(dense.size()) + " dense and " + std::to_string(experts.size()) +
           " MoE runs; error on groups left out: dense median " + tenths(group.median) +
           " %, nine of ten within " + tenths(group.p90) + " %; MoE median " + tenths(moe.median) +
           " %; on sources left out: dense " + tenths(source.median) + " and " + tenths(source.p90) +
           " %; on stacks left out: dense " + tenths(stack.median) + " and " + tenths(stack.p90) + " %";
}

Calibrated calibrate(const std::vector<Sample>& samples, const training::Calibration& start) {
    Calibrated result;
    std::vector<const Sample*> dense;
    std::vector<const Sample*> experts;
    for (const Sample& sample : samples) {
        (sample.moe ? experts : dense).push_back(&sample);
        result.all.push_back(&sample);
    }
    constexpr int kIterations = 200;
    const auto denseFit = fit(dense, asExpected(start), {kIterations, expertConstants()});
    result.best = rounded(fit(experts, denseFit, {kIterations, denseConstants()}));
    result.dense = crossValidate(dense, result.best, expertConstants());
    result.experts = crossValidate(experts, result.best, denseConstants());
    return result;
}

} // namespace atlas::calibration
