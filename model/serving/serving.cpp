#include "model/serving/serving.h"

#include "model/serving/class_rate.h"
#include "model/serving/demand.h"

#include <algorithm>

namespace atlas::serving {

namespace {

constexpr double kSecondsPerDay = 86400.0;

void addDemand(ServingRate& rate, const scenario::ServeJob& job, const ServingConstants& constants) {
    const double peak = std::max(1.0, job.peakOverMean.value);
    rate.meanUtilisation = weekUtilisation(peak, job.weekendFactor.value);
    if (job.userTokensPerDay.value > 0) {
        const double tokensPerS = rate.inputTokensPerS + rate.outputTokensPerS;
        rate.usersServed = tokensPerS * kSecondsPerDay / peak / job.userTokensPerDay.value;
    }
    double weighted = 0;
    for (const ClassRate& c : rate.classes) {
        const double output = c.outputTokensPerSPerGpu * static_cast<double>(c.count);
        weighted += output * sloAttainment(c.batchPerReplica, constants.sloHeadroom.value, peak);
    }
    rate.sloAttainment = weighted / rate.outputTokensPerS;
}

} // namespace

Result<ServingRate> servingRate(const training::Machine& machine, const scenario::Transformer& model,
                                const scenario::ServeJob& job) {
    return servingRate(machine, model, job, defaultConstants());
}

Result<ServingRate> servingRate(const training::Machine& machine, const scenario::Transformer& model,
                                const scenario::ServeJob& job, const ServingConstants& constants) {
    const auto shape = shapeOf(model);
    if (!shape) {
        return shape.errors();
    }
    const auto mix = requestMixOf(job, constants);
    if (!mix) {
        return mix.errors();
    }
    const Service service{*shape, model, job.precision, *mix, job.engine, constants};
    ServingRate rate;
    std::string reasons;
    for (const training::Pool& pool : machine.pools) {
        if (pool.gpus < 1) {
            continue;
        }
        ClassRate c = classRate(pool, service);
        const std::string note = arithmeticOf(pool, *shape, job.precision, job.engine, constants).note;
        if (!note.empty() && std::ranges::find(rate.notes, note) == rate.notes.end()) {
            rate.notes.push_back(note);
        }
        if (c.replicaGpus == 0) {
            const std::string why = pool.gpu + ": " + c.reason;
            reasons += (reasons.empty() ? "" : "; ") + why;
            rate.notes.push_back(model.name + " is not served on " + why);
        }
        rate.outputTokensPerS += c.outputTokensPerSPerGpu * static_cast<double>(c.count);
        rate.classes.push_back(std::move(c));
    }
    if (!(rate.outputTokensPerS > 0)) {
        return failure("no class of " + (machine.name.empty() ? "the machine" : machine.name) +
                           " can serve " + model.name + " (" +
                           (reasons.empty() ? "it has no GPUs" : reasons) + ")",
                       "choose a smaller model, a narrower precision, or a slower objective");
    }
    rate.inputTokensPerS = rate.outputTokensPerS * mix->inputTokens / mix->outputTokens;
    addDemand(rate, job, constants);
    return rate;
}

} // namespace atlas::serving
