#include "model/serving/frontier.h"

#include "model/serving/class_rate.h"
#include "model/serving/disaggregation.h"

#include <cmath>
#include <optional>

namespace atlas::serving {

namespace {

/// Each class with GPUs at one time per token, and what it does divided.
struct Instant {
    std::vector<ClassRate> classes;
    std::vector<PhaseRates> phases;
};

Instant at(const training::Machine& machine, const Service& service) {
    Instant out;
    for (const training::Pool& pool : machine.pools) {
        if (pool.gpus < 1) {
            continue;
        }
        out.classes.push_back(classRate(pool, service));
        std::string reason;
        const auto reads = prefillPoint(service, pool, pool.gpus, reason);
        const auto writes = decodePoint(service, pool, reason);
        out.phases.push_back({static_cast<double>(pool.gpus), reads ? reads->tokensPerSPerGpu : 0,
                              writes ? writes->tokensPerSPerGpu : 0});
    }
    return out;
}

void addClasses(std::vector<Frontier>& frontiers, const Instant& now) {
    for (std::size_t i = 0; i < now.classes.size(); ++i) {
        const ClassRate& c = now.classes[i];
        if (c.outputTokensPerSPerGpu > 0) {
            frontiers[i].points.push_back({1 / c.timePerTokenS, c.outputTokensPerSPerGpu,
                                           c.layout + ", batch " + std::to_string(c.batchPerReplica)});
        }
    }
}

void addMix(Frontier& mix, const Instant& now) {
    double tokens = 0;
    double speeds = 0; // weighted by tokens
    for (const ClassRate& c : now.classes) {
        const double output = c.outputTokensPerSPerGpu * static_cast<double>(c.count);
        tokens += output;
        speeds += output > 0 ? output / c.timePerTokenS : 0;
    }
    if (tokens > 0) {
        mix.points.push_back({speeds / tokens, tokens / mix.gpus, "each class by itself"});
    }
}

void addDivided(Frontier& divided, const Instant& now, const RequestMix& requests) {
    const Division division = divide(now.phases, requests.newTokensPerOutput());
    if (!(division.outputTokensPerS > 0)) {
        return;
    }
    std::string how = "prompts on ";
    for (std::size_t i = 0; i < now.classes.size(); ++i) {
        how += (i > 0 ? ", " : "") + std::to_string(std::lround(100 * division.prefillShare[i])) + " % of " +
               now.classes[i].gpu;
    }
    divided.points.push_back({1 / requests.tokenS, division.outputTokensPerS / divided.gpus, how});
}

} // namespace

Result<std::vector<Frontier>> frontiersOf(const training::Machine& machine,
                                          const scenario::Transformer& model, const scenario::ServeJob& job,
                                          const ServingConstants& constants, const FrontierRange& range) {
    const auto shape = shapeOf(model);
    if (!shape) {
        return shape.errors();
    }
    ServingConstants steady = constants;
    steady.sloHeadroom = catalog::Sourced(1.0);
    steady.tokenP99 = catalog::Sourced(1.0);
    auto requests = requestMixOf(job, steady);
    if (!requests) {
        return requests.errors();
    }
    std::vector<Frontier> frontiers;
    double gpus = 0;
    for (const training::Pool& pool : machine.pools) {
        if (pool.gpus > 0) {
            frontiers.push_back(
                {Frontier::Kind::Class, pool.gpu, pool.name, static_cast<double>(pool.gpus), {}});
            gpus += static_cast<double>(pool.gpus);
        }
    }
    const bool mixed = frontiers.size() > 1;
    if (mixed) {
        frontiers.push_back({Frontier::Kind::Mix, {}, {}, gpus, {}});
        frontiers.push_back({Frontier::Kind::Divided, {}, {}, gpus, {}});
    }
    const double span = std::log(range.toTokensPerS / range.fromTokensPerS);
    for (int i = 0; i < range.points; ++i) {
        requests->tokenS = 1 / (range.fromTokensPerS * std::exp(span * i / std::max(1, range.points - 1)));
        const Service service{*shape, model, job.precision, *requests, job.engine, steady};
        const Instant now = at(machine, service);
        addClasses(frontiers, now);
        if (mixed) {
            addMix(frontiers[frontiers.size() - 2], now);
            addDivided(frontiers.back(), now, *requests);
        }
    }
    return frontiers;
}

} // namespace atlas::serving
