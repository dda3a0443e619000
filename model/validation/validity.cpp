#include "model/validation/validity.h"

#include "model/training/planner.h"
#include "model/units/quantity.h"

#include <algorithm>
#include <cmath>

namespace atlas::validation {

namespace {

using units::Dimension;
using units::formatQuantity;

std::string count(double value) {
    return formatQuantity(value, Dimension::Number);
}

/// "239" and "1.5": how many times, in as many digits as anybody needs.
std::string times(double factor) {
    constexpr double kWhole = 10;
    return count(factor >= kWhole ? std::round(factor) : std::round(factor * kWhole) / kWhole);
}

/// "671 B parameters".
std::string parameters(double params) {
    constexpr double kTrillion = 1e12;
    constexpr double kBillion = 1e9;
    return params >= kTrillion
               ? formatQuantity(params / kTrillion, Dimension::Number) + " T parameters"
               : formatQuantity(std::round(params / kBillion), Dimension::Number) + " B parameters";
}

void checkSize(const Claim& claim, const ValidatedRange& range, Validity& found) {
    const double gpus = claim.gpus();
    if (!range.synchronous) {
        return;
    }
    if (gpus > range.largestGpus) {
        const double factor = gpus / range.largestGpus;
        found.excesses.push_back(
            {Axis::Size, factor,
             count(gpus) + " GPUs is " + times(factor) + " times the largest validated run"});
    } else if (claim.moe && gpus > range.largestMoeGpus) {
        const double factor = gpus / range.largestMoeGpus;
        found.excesses.push_back({Axis::Size, factor,
                                  count(gpus) + " GPUs is " + times(factor) +
                                      " times the largest validated run of a mixture of experts"});
    } else if (gpus > 0 && gpus < range.smallestGpus) {
        found.excesses.push_back(
            {Axis::Size, 0,
             count(gpus) + (gpus == 1 ? " GPU is" : " GPUs are") + " fewer than any validated run has"});
    }
}

void checkClasses(const Claim& claim, const ValidatedRange& range, Validity& found) {
    for (const Claim::Class& used : claim.classes) {
        const ValidatedClass* seen = range.find(used.gpu);
        if (seen == nullptr) {
            found.excesses.push_back({Axis::Class, 0, "no validated " + range.noun + " used " + used.gpu});
        } else if (!seen->widths.contains(used.width)) {
            found.excesses.push_back(
                {Axis::Precision, 0,
                 "no validated " + range.noun + " on " + used.gpu + " computed in " + widthText(used.width)});
        }
    }
    if (range.synchronous && claim.classes.size() > 1) {
        found.excesses.push_back({Axis::Mix, 0, "no validated run mixed classes of GPU"});
    }
}

void checkModel(const Claim& claim, const ValidatedRange& range, Validity& found) {
    const double largest = claim.moe ? range.largestMoeParams : range.largestParams;
    if (claim.params > largest) {
        const double factor = claim.params / largest;
        found.excesses.push_back({Axis::ModelSize, factor,
                                  parameters(claim.params) + " is " + times(factor) +
                                      " times the largest validated " +
                                      (claim.moe ? "mixture of experts" : "dense model") +
                                      (range.synchronous ? "" : " in a " + range.noun)});
    }
    if (claim.sequence > range.longestSequence) {
        const double factor = claim.sequence / range.longestSequence;
        found.excesses.push_back({Axis::Sequence, factor,
                                  count(claim.sequence) + " tokens of context is " + times(factor) +
                                      " times the longest validated"});
    }
}

} // namespace

double Claim::gpus() const {
    double sum = 0;
    for (const Class& used : classes) {
        sum += used.gpus;
    }
    return sum;
}

Claim claimOf(const training::Setup& setup) {
    Claim claim;
    for (const training::Lane& lane : setup.lanes) {
        const auto gpus = static_cast<double>(lane.pool->gpus);
        const auto same = std::ranges::find(claim.classes, lane.pool->gpu, &Claim::Class::gpu);
        if (same == claim.classes.end()) {
            claim.classes.push_back({lane.pool->gpu, training::widthOf(lane.precision), gpus});
        } else {
            same->gpus += gpus;
        }
    }
    claim.moe = setup.job.model.experts > 0;
    claim.params = setup.model.totalParams();
    claim.sequence = setup.job.sequence;
    return claim;
}

std::string Validity::words() const {
    return excesses.empty() ? std::string() : excesses.front().words;
}

std::string Validity::allWords() const {
    std::string all;
    for (const Excess& excess : excesses) {
        all += (all.empty() ? "" : "; ") + excess.words;
    }
    return all;
}

Validity assess(const Claim& claim, const ValidatedRange& range) {
    Validity found;
    checkSize(claim, range, found);
    checkClasses(claim, range, found);
    checkModel(claim, range, found);
    return found;
}

Validity assessTraining(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                        const scenario::TrainJob& job, scenario::Placement placement, scenario::Month month) {
    const auto machine = training::machineOf(scenario, cluster, month);
    const auto typed = training::jobOf(scenario, job, placement);
    if (!machine || !typed) {
        return {};
    }
    const auto setup = training::setUp(*machine, *typed, training::Calibration::builtin());
    return setup ? assess(claimOf(*setup)) : Validity();
}

Validity assessServing(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                       const scenario::ServeJob& job, scenario::Month month) {
    const auto machine = training::machineOf(scenario, cluster, month);
    const scenario::Transformer* model = scenario.transformer(job.model);
    const auto shape =
        model != nullptr ? training::shapeOf(*model) : Result<training::ModelShape>(failure("no model"));
    if (!machine || !shape) {
        return {};
    }
    Claim claim;
    for (const training::Pool& pool : machine->pools) {
        if (std::ranges::find(claim.classes, pool.gpu, &Claim::Class::gpu) == claim.classes.end()) {
            claim.classes.push_back({pool.gpu, training::widthOf(training::precisionOn(pool, job.precision)),
                                     static_cast<double>(pool.gpus)});
        }
    }
    claim.moe = model->experts > 0;
    claim.params = shape->totalParams();
    claim.sequence = job.inputTokens.value + job.outputTokens.value;
    return assess(claim, ValidatedRange::serving());
}

} // namespace atlas::validation
