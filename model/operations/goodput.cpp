#include "model/operations/goodput.h"

#include "model/catalog/constant_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace atlas::embedded {
extern const char* const interruptionsYaml;
}

namespace atlas::operations {

Result<Interruptions> parseInterruptions(const std::string& yaml) {
    constexpr std::array<std::string_view, 2> kKeys = {"restart_s", "checkpoint_stall_s"};
    auto table = catalog::parseConstantTable(yaml, "interruptions", kKeys);
    if (!table) {
        return table.errors();
    }
    return Interruptions{table->find(kKeys[0])->second, table->find(kKeys[1])->second};
}

const Interruptions& defaultInterruptions() {
    static const Interruptions interruptions = [] {
        const auto parsed = parseInterruptions(embedded::interruptionsYaml);
        if (!parsed) { // the build carries a broken file: nothing the program can do about it
            std::fputs(text(parsed.errors()).c_str(), stderr);
            std::abort();
        }
        return *parsed;
    }();
    return interruptions;
}

double checkpointIntervalS(double failuresPerS, double stallS) {
    const double mtbf = 1.0 / failuresPerS;
    if (stallS >= 2.0 * mtbf) {
        return mtbf;
    }
    const double x = stallS / (2.0 * mtbf);
    return std::max(stallS, std::sqrt(2.0 * stallS * mtbf) * (1.0 + std::sqrt(x) / 3.0 + x / 9.0) - stallS);
}

double goodputShare(double failuresPerS, double intervalS, double stallS, double restartS) {
    if (failuresPerS <= 0) {
        return intervalS / (intervalS + stallS);
    }
    const double lost = std::exp(failuresPerS * restartS) * std::expm1(failuresPerS * (intervalS + stallS));
    return std::isfinite(lost) ? failuresPerS * intervalS / lost : 0.0;
}

namespace {
constexpr double kGpusPerNode = 8.0; // GpuClass::nodeFailuresPerS is stated for 8 GPUs
}

double failuresPerS(const scenario::Scenario& s, const training::StepAnatomy& anatomy) {
    const bool alone = anatomy.placement == scenario::Placement::LocalSgd;
    double total = 0;
    double weighted = 0;
    double gpus = 0;
    for (const training::ClassShare& share : anatomy.classes) {
        const scenario::GpuClass* gpu = s.gpu(share.gpu);
        const auto count = static_cast<double>(share.count);
        const double rate = gpu == nullptr ? 0.0 : gpu->nodeFailuresPerS.value * count / kGpusPerNode;
        total += rate;
        weighted += rate * count;
        gpus += count;
    }
    return alone && gpus > 0 ? weighted / gpus : total;
}

double goodputShare(double failuresPerS, const Interruptions& interruptions) {
    if (failuresPerS <= 0) {
        return 1.0;
    }
    const double stall = interruptions.checkpointStallS.value;
    return goodputShare(failuresPerS, checkpointIntervalS(failuresPerS, stall), stall,
                        interruptions.restartS.value);
}

} // namespace atlas::operations
