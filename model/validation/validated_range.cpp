#include "model/validation/validated_range.h"

#include "model/training/work.h"
#include "model/units/quantity.h"
#include "model/validation/published_data.h"
#include "model/validation/run_case.h"

#include <algorithm>

namespace atlas::validation {

namespace {

/// Widens [low, high] to hold a value; 0 means "nothing yet".
void widen(double& low, double& high, double value) {
    low = low == 0 ? value : std::min(low, value);
    high = std::max(high, value);
}

ValidatedClass& classOf(std::vector<ValidatedClass>& classes, const std::string& gpu) {
    auto found = std::ranges::find(classes, gpu, &ValidatedClass::gpu);
    if (found == classes.end()) {
        classes.push_back({gpu, 0, 0, {}});
        found = classes.end() - 1;
    }
    return *found;
}

/// Counts one published run.
void take(ValidatedRange& range, const std::string& gpu, double gpus, const scenario::Transformer& model,
          double params, training::MathWidth width) {
    if (model.experts > 0) {
        widen(range.smallestMoeParams, range.largestMoeParams, params);
    } else {
        widen(range.smallestParams, range.largestParams, params);
    }
    ValidatedClass& seen = classOf(range.classes, gpu);
    ++seen.runs;
    seen.largestGpus = std::max(seen.largestGpus, gpus);
    seen.widths.insert(width);
    ++range.runs;
}

} // namespace

const ValidatedClass* ValidatedRange::find(const std::string& gpu) const {
    const auto found = std::ranges::find(classes, gpu, &ValidatedClass::gpu);
    return found == classes.end() ? nullptr : &*found;
}

const ValidatedRange& ValidatedRange::training() {
    static const ValidatedRange range = [] {
        std::set<std::string> fitted;
        for (const RunRow& row : outOfFold()) {
            fitted.insert(row.text("id"));
        }
        return rangeOf(publishedRuns(), fitted);
    }();
    return range;
}

const ValidatedRange& ValidatedRange::serving() {
    static const ValidatedRange range = rangeOf(servingRuns());
    return range;
}

ValidatedRange rangeOf(const std::vector<RunRow>& rows, const std::set<std::string>& fitted) {
    ValidatedRange range;
    for (const RunRow& row : rows) {
        if (!fitted.contains(row.text("id"))) {
            continue;
        }
        const auto run = caseOf(row);
        const auto shape =
            run ? training::shapeOf(run->job.model) : Result<training::ModelShape>(run.errors());
        if (!shape) {
            continue;
        }
        const auto gpus = static_cast<double>(run->machine.gpus());
        const std::string& gpu = run->machine.pools.front().gpu;
        if (gpus > range.largestGpus) {
            range.largestRun = row.text("model_name") + " on " +
                               units::formatQuantity(gpus, units::Dimension::Number) + ' ' + gpu;
        }
        widen(range.smallestGpus, range.largestGpus, gpus);
        widen(range.shortestSequence, range.longestSequence, run->job.sequence);
        if (run->job.model.experts > 0) {
            range.largestMoeGpus = std::max(range.largestMoeGpus, gpus);
        }
        take(range, gpu, gpus, run->job.model, shape->totalParams(), training::widthOf(run->job.precision));
    }
    std::ranges::stable_sort(range.classes, std::greater<>(), &ValidatedClass::runs);
    return range;
}

ValidatedRange rangeOf(std::span<const ServingRun> runs) {
    ValidatedRange range;
    range.noun = "serving rate";
    range.synchronous = false;
    for (const ServingRun& run : runs) {
        const auto shape = training::shapeOf(run.point.model);
        if (run.point.assumed || !shape) {
            continue;
        }
        const training::Pool& pool = run.point.machine.pools.front();
        const auto gpus = static_cast<double>(pool.gpus);
        widen(range.smallestGpus, range.largestGpus, gpus);
        widen(range.shortestSequence, range.longestSequence,
              run.point.job.inputTokens.value + run.point.job.outputTokens.value);
        take(range, pool.gpu, gpus, run.point.model, shape->totalParams(),
             training::widthOf(training::precisionOn(pool, run.point.job.precision)));
    }
    std::ranges::stable_sort(range.classes, std::greater<>(), &ValidatedClass::runs);
    return range;
}

std::string widthText(training::MathWidth width) {
    switch (width) {
    case training::MathWidth::Bits16:
        return "16 bit";
    case training::MathWidth::Bits8:
        return "8 bit";
    case training::MathWidth::Bits4:
    case training::MathWidth::Count:
        break;
    }
    return "4 bit";
}

} // namespace atlas::validation
