// atlas-calibrate: fits the constants of the training model to published runs and cross-validates them.
//
//   atlas-calibrate RUNS.csv CALIBRATION.json OUT_OF_FOLD.csv DATE [--dry-run]
//
// Dense runs fit all constants but those of experts, MoE runs then fit those and one factor a release.
// Rewrites the two files; rerun on unchanged files it writes the same bytes.
#include "calibrate.h"
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

void report(const char* kind, const std::vector<RunError>& errors) {
    std::printf("%s\n", kind);
    print("in sample", "all", column(errors, &RunError::inSample));
    print("group left out", "all", column(errors, &RunError::groupLeftOut));
    print("stack left out", "all", column(errors, &RunError::stackLeftOut));
    print("source left out", "all", column(errors, &RunError::sourceLeftOut));
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
        std::fputs("usage: atlas-calibrate RUNS.csv CALIBRATION.json OUT_OF_FOLD.csv DATE [--dry-run]\n",
                   stderr);
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
    const Calibrated result = calibrate(samples, *start);
    const training::Calibration& best = result.best;
    std::printf("%zu dense and %zu MoE runs, %d rows not fit for fitting\n", result.dense.size(),
                result.experts.size(), skipped);
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        const bool atEnd = best.value[i] <= best.info[i].low || best.value[i] >= best.info[i].high;
        std::printf("%-24s %10.5g  in %g .. %g%s\n", best.info[i].name.c_str(), best.value[i],
                    best.info[i].low, best.info[i].high, atEnd ? "  at the end of its range" : "");
    }
    report("dense", result.dense);
    report("MoE", result.experts);
    std::printf("%s\n", result.summary().c_str());
    if (!dry) {
        std::ofstream(arguments[1], std::ios::binary)
            << updatedJson(json, best, result.all, arguments[3], result.summary());
        std::ofstream(arguments[2], std::ios::binary) << outOfFoldCsv(result.errors(), arguments[3]);
    }
    return 0;
}
