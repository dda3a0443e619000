// atlas-calibrate: fits the constants of the training model to published runs and cross-validates them.
//
//   atlas-calibrate RUNS.csv CALIBRATION.json ERRORS.csv DATE [--dry-run]
//
// Dense runs fit all constants but those of experts, MoE runs then fit those and one factor a release.
// Rewrites the two files; rerun on unchanged files it writes the same bytes.
#include "calibration_files.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

using namespace atlas;
using namespace atlas::calibration;

namespace {

std::string readText(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void print(const char* label, const std::string& key, const std::vector<double>& errors) {
    const Summary s = summarise(errors);
    std::printf("%-16s %-30s runs %3zu  bias %+5.1f %%  median %4.1f %%  p90 %5.1f %%  worst %5.1f %%\n",
                label, key.c_str(), s.runs, 100 * s.bias, 100 * s.median, 100 * s.p90, 100 * s.worst);
}

std::string digits(double share) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", 100 * share);
    return buffer;
}

/// Every constant in the middle of its range and no stack better than another: the fit must not depend on
/// what an earlier one found.
training::Calibration inTheMiddle(training::Calibration c) {
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        c.value[i] = (c.info[i].low + c.info[i].high) / 2;
    }
    for (training::StackFactor& stack : c.stacks) {
        stack.factor = 1;
    }
    return c;
}

struct Columns {
    std::vector<double> inSample, group, stack;
};

Columns columnsOf(const std::vector<RunError>& errors) {
    Columns columns;
    for (const RunError& error : errors) {
        columns.inSample.push_back(error.inSample);
        columns.group.push_back(error.groupLeftOut);
        columns.stack.push_back(error.stackLeftOut);
    }
    return columns;
}

void report(const char* kind, const std::vector<RunError>& errors) {
    const Columns all = columnsOf(errors);
    std::printf("%s\n", kind);
    print("in sample", "all", all.inSample);
    print("group left out", "all", all.group);
    print("stack left out", "all", all.stack);
    for (const std::string Sample::*field : {&Sample::gpu, &Sample::precision, &Sample::stack}) {
        std::map<std::string, std::vector<double>> by;
        std::map<std::string, std::vector<double>> byStack;
        for (const RunError& error : errors) {
            by[error.sample->*field].push_back(error.groupLeftOut);
            byStack[error.sample->*field].push_back(error.stackLeftOut);
        }
        for (const auto& [key, values] : by) {
            print("group left out", key, values);
            if (field == &Sample::stack) {
                print("stack left out", key, byStack[key]);
            }
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool dry = arguments.size() == 5 && arguments[4] == "--dry-run";
    if (arguments.size() != 4 && !dry) {
        std::fputs("usage: atlas-calibrate RUNS.csv CALIBRATION.json ERRORS.csv DATE [--dry-run]\n", stderr);
        return 2;
    }
    const auto rows = validation::readRuns(arguments[0]);
    const std::string json = readText(arguments[1]);
    const auto start = training::Calibration::parse(json, arguments[1]);
    if (!rows || !start) {
        std::fputs(text(rows ? start.errors() : rows.errors()).c_str(), stderr);
        return 1;
    }
    int skipped = 0;
    const std::vector<Sample> samples = samplesOf(*rows, skipped);
    std::vector<const Sample*> dense;
    std::vector<const Sample*> experts;
    std::vector<const Sample*> all;
    for (const Sample& sample : samples) {
        (sample.moe ? experts : dense).push_back(&sample);
        all.push_back(&sample);
    }
    std::printf("%zu dense and %zu MoE runs, %d rows not fit for fitting\n", dense.size(), experts.size(),
                skipped);
    constexpr int kIterations = 200;
    const auto denseFit = fit(dense, inTheMiddle(*start), {kIterations, expertConstants()});
    const auto best = rounded(fit(experts, denseFit, {kIterations, denseConstants()}));
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        const bool atEnd = best.value[i] <= best.info[i].low || best.value[i] >= best.info[i].high;
        std::printf("%-24s %10.5g  in %g .. %g%s\n", best.info[i].name.c_str(), best.value[i],
                    best.info[i].low, best.info[i].high, atEnd ? "  at the end of its range" : "");
    }
    auto errors = crossValidate(dense, best, expertConstants());
    const auto expertErrors = crossValidate(experts, best, denseConstants());
    report("dense", errors);
    report("MoE", expertErrors);
    const Summary denseOut = summarise(columnsOf(errors).group);
    const Summary expertsOut = summarise(columnsOf(expertErrors).group);
    const std::string summary = "fitted on " + std::to_string(dense.size()) + " dense and " +
                                std::to_string(experts.size()) +
                                " MoE runs; error on groups left out: dense median " +
                                digits(denseOut.median) + " %, nine of ten within " + digits(denseOut.p90) +
                                " %; MoE median " + digits(expertsOut.median) + " %";
    std::printf("%s\n", summary.c_str());
    if (!dry) {
        errors.insert(errors.end(), expertErrors.begin(), expertErrors.end());
        std::ofstream(arguments[1], std::ios::binary) << updatedJson(json, best, all, arguments[3], summary);
        std::ofstream(arguments[2], std::ios::binary) << errorsCsv(errors);
    }
    return 0;
}
