#include "model/serving/router.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <memory_resource>
#include <numeric>

namespace atlas::serving {

namespace {

using scenario::RequestRouting;

constexpr double kStrictPoolsMargin = 0.9; ///< share of the chosen pools that the strictest kind may need

std::string number(double value, const char* unit) {
    char text[48];
    std::snprintf(text, sizeof text, "%.3g %s", value, unit);
    return text;
}

/// Means over what a pool takes, weighted by requests.
struct Mix {
    double promptS = 0;
    double output = 0;
    double contextTokens = 0; ///< over output tokens
    double strictest = HUGE_VAL;
};

Mix mixOf(const PoolPlan& pool, const RequestClasses& classes) {
    Mix mix;
    double weight = 0;
    for (std::size_t k = 0; k < kKinds; ++k) {
        if (!pool.takes[k] || !(classes[k].share > 0)) {
            continue;
        }
        const double w = classes[k].share;
        weight += w;
        mix.promptS += w * pool.cost[k].promptS;
        mix.output += w * pool.cost[k].output;
        mix.contextTokens += w * pool.cost[k].output * pool.cost[k].context;
        if (k < kInteractive) {
            mix.strictest = std::min(mix.strictest, classes[k].tokenS);
        }
    }
    if (weight > 0) {
        mix.contextTokens /= mix.output;
        mix.promptS /= weight;
        mix.output /= weight;
    }
    return mix;
}

/// Places, by memory and by the pace of a full replica with its prompts, and the work of a request there.
void settle(PoolPlan& pool, const RequestClasses& classes, double batchFill) {
    const Mix mix = mixOf(pool, classes);
    const ReplicaCurve& curve = pool.pool.curve;
    pool.context = mix.contextTokens;
    pool.paceS = mix.strictest;
    const double most = std::max(1.0, std::floor(curve.places));
    const auto pace = [&](double b) {
        return curve.stepS(b, mix.contextTokens) + b * mix.promptS / std::max(1.0, mix.output);
    };
    pool.places = most;
    pool.byMemory = true;
    if (pace(most) > mix.strictest) {
        pool.byMemory = false;
        double low = 1;
        double high = most;
        while (high - low > 0.5) {
            const double middle = (low + high) / 2;
            (pace(middle) <= mix.strictest ? low : high) = middle;
        }
        pool.places = std::max(1.0, std::floor(low));
    }
    const double fill = pool.fillPlaces(batchFill);
    for (std::size_t k = 0; k < kKinds; ++k) {
        pool.workS[k] = serving::workS(curve, pool.cost[k], pool.places, mix.contextTokens);
        pool.fillWorkS[k] = serving::workS(curve, pool.cost[k], fill, mix.contextTokens);
    }
}

/// Why a pool cannot keep the promise to a kind; empty where it can.
std::string tooSlow(const PoolPlan& pool, const RequestClass& requests, std::size_t kind) {
    const ReplicaCurve& curve = pool.pool.curve;
    const double tokenS = curve.stepS(1, pool.cost[kind].context);
    if (tokenS > requests.tokenS) {
        return "a token takes at least " + number(tokenS * 1e3, "ms") + ", the promise is " +
               number(requests.tokenS * 1e3, "ms");
    }
    const double firstS = curve.groups * pool.cost[kind].promptOf(requests.input.mean) + tokenS;
    if (firstS > requests.firstTokenS) {
        return "the first token takes at least " + number(firstS, "s") + ", the promise is " +
               number(requests.firstTokenS, "s");
    }
    return {};
}

bool stricter(const RequestClass& a, const RequestClass& b) {
    return a.tokenS != b.tokenS ? a.tokenS < b.tokenS : a.firstTokenS < b.firstTokenS;
}

/// Leaves the strictest kind only the fastest pools that carry it at its part of what all pools carry.
void keepFastest(FleetPlan& plan, const RequestClasses& classes) {
    const std::size_t strict = plan.order[0];
    const std::size_t other = plan.order[1];
    if (!(classes[strict].share > 0) || !stricter(classes[strict], classes[other])) {
        return;
    }
    std::vector<std::size_t> bySpeed(plan.pools.size());
    std::iota(bySpeed.begin(), bySpeed.end(), std::size_t{0});
    std::ranges::stable_sort(bySpeed, {}, [&](std::size_t i) { return plan.pools[i].floorTokenS; });
    double all = 0; // requests/s of the whole mix, as every pool takes everything
    for (const PoolPlan& pool : plan.pools) {
        double work = 0;
        for (std::size_t k = 0; k < kKinds; ++k) {
            work += classes[k].share * pool.workS[k];
        }
        all += work > 0 ? static_cast<double>(pool.pool.replicas) / work : 0;
    }
    double carried = 0;
    for (const std::size_t i : bySpeed) {
        PoolPlan& pool = plan.pools[i];
        if (pool.takes[strict] && carried * kStrictPoolsMargin >= all * classes[strict].share) {
            pool.takes[strict] = false;
        }
        if (pool.takes[strict]) {
            carried += static_cast<double>(pool.pool.replicas) / pool.workS[strict];
        }
    }
}

/// Class-aware a kind goes only where its promise can be kept; where nobody can the fastest pool does its
/// best. Notes say what cannot be kept and where.
void keepPromises(FleetPlan& plan, const RequestClasses& classes, std::size_t kind) {
    if (plan.pools.empty() || !(classes[kind].share > 0)) {
        return;
    }
    std::string reasons;
    std::vector<bool> keeps;
    for (const PoolPlan& pool : plan.pools) {
        const std::string why = tooSlow(pool, classes[kind], kind);
        keeps.push_back(why.empty());
        if (!why.empty()) {
            reasons += (reasons.empty() ? "" : "; ") + pool.pool.gpu + ": " + why;
        }
    }
    if (reasons.empty()) {
        return;
    }
    const std::string who = std::string(name(static_cast<Kind>(kind))) + " requests";
    const bool some = std::ranges::find(keeps, true) != keeps.end();
    const bool aware = plan.routing == RequestRouting::ClassAware;
    for (std::size_t p = 0; p < plan.pools.size() && aware; ++p) {
        plan.pools[p].takes[kind] = keeps[p];
    }
    if (!some && aware) {
        std::ranges::min_element(plan.pools, {}, &PoolPlan::floorTokenS)->takes[kind] = true;
    }
    plan.notes.push_back(!some ? "the promise to " + who + " is below what the hardware can do (" + reasons +
                                     ")"
                         : aware ? who + " are kept off " + reasons
                                 : who + " miss their promise on " + reasons);
}

double interactiveCapacity(const FleetPlan& plan, const RequestClasses& classes) {
    Rates one{};
    double shares = 0;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        shares += classes[k].share;
    }
    for (std::size_t k = 0; k < kInteractive; ++k) {
        one[k] = classes[k].share / shares;
    }
    std::vector<double> capacity;
    double high = 0;
    for (const PoolPlan& pool : plan.pools) {
        const auto replicas = static_cast<double>(pool.pool.replicas);
        capacity.push_back(replicas);
        for (std::size_t k = 0; k < kInteractive; ++k) {
            high += pool.workS[k] > 0 && one[k] > 0 ? replicas / (pool.workS[k] * one[k]) : 0;
        }
    }
    std::vector<PoolLoad> loads(plan.pools.size());
    const auto fits = [&](double rate) {
        spread(plan, {one[0] * rate, one[1] * rate, 0}, capacity, loads);
        double carried = 0;
        for (const PoolLoad& load : loads) {
            carried += load.rate[0] + load.rate[1];
        }
        return carried >= rate * (1 - 1e-9);
    };
    double low = 0;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (fits(middle) ? low : high) = middle;
    }
    return low;
}

} // namespace

FleetPlan planFleet(std::vector<FleetPool> pools, const RequestClasses& classes, RequestRouting routing,
                    double batchFill) {
    FleetPlan plan;
    plan.routing = routing;
    plan.batchFill = batchFill;
    plan.order = stricter(classes[1], classes[0]) ? std::array<std::size_t, 2>{1, 0}
                                                  : std::array<std::size_t, 2>{0, 1};
    for (FleetPool& pool : pools) {
        PoolPlan p;
        p.pool = std::move(pool);
        p.takes.fill(true);
        for (std::size_t k = 0; k < kKinds; ++k) {
            p.cost[k] = costOf(p.pool.curve, classes[k]);
        }
        p.floorTokenS = p.pool.curve.stepS(1, mixOf(p, classes).contextTokens);
        plan.pools.push_back(std::move(p));
    }
    for (std::size_t k = 0; k < kInteractive; ++k) {
        keepPromises(plan, classes, k);
    }
    for (PoolPlan& pool : plan.pools) {
        settle(pool, classes, batchFill);
    }
    if (routing == RequestRouting::ClassAware) {
        keepFastest(plan, classes);
        for (PoolPlan& pool : plan.pools) {
            settle(pool, classes, batchFill);
        }
    }
    plan.interactiveCapacity = interactiveCapacity(plan, classes);
    return plan;
}

double usedReplicas(const PoolPlan& pool, const PoolLoad& load) {
    double used = 0;
    for (std::size_t k = 0; k < kKinds; ++k) {
        used += load.rate[k] * pool.workS[k];
    }
    return used;
}

namespace {

/// One or more kinds that go to the same pools, as one stream.
struct Stream {
    std::array<bool, kKinds> kinds{};
    double rate = 0;
    [[nodiscard]] double workS(const PoolPlan& pool, const Rates& demand) const {
        double work = 0;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            work += kinds[k] ? demand[k] * pool.workS[k] : 0;
        }
        return work / rate;
    }
};

/// Strictest first; kinds that may go to the same pools share them in proportion to their demand, as the
/// first stream.
std::array<Stream, kInteractive> streamsOf(const FleetPlan& plan, const Rates& demand) {
    const bool together =
        std::ranges::all_of(plan.pools, [](const PoolPlan& pool) { return pool.takes[0] == pool.takes[1]; });
    std::array<Stream, kInteractive> streams;
    for (std::size_t i = 0; i < kInteractive; ++i) {
        const std::size_t kind = plan.order[i];
        Stream& stream = streams[together ? 0 : i];
        stream.kinds[kind] = true;
        stream.rate += demand[kind];
    }
    return streams;
}

/// Raises the pools that take the stream to one level, at most full, and gives them what fits below it.
void fillLevel(const FleetPlan& plan, const Stream& stream, const Rates& demand,
               std::span<const double> capacity, std::span<PoolLoad> loads) {
    struct Vessel {
        std::size_t pool = 0;
        double level = 0; ///< before
        double rate = 0;  ///< requests/s that fill it from empty
    };
    // Thousands of times a fleet: on the stack, but for fleets of very many pools.
    std::array<std::byte, 16 * sizeof(Vessel)> bytes;
    std::pmr::monotonic_buffer_resource memory(bytes.data(), bytes.size());
    std::pmr::vector<Vessel> vessels(&memory);
    vessels.reserve(plan.pools.size());
    for (std::size_t p = 0; p < plan.pools.size(); ++p) {
        const PoolPlan& pool = plan.pools[p];
        const bool takes = (stream.kinds[0] && pool.takes[0]) || (stream.kinds[1] && pool.takes[1]);
        if (takes && capacity[p] > 0) {
            vessels.push_back({p, std::min(1.0, usedReplicas(pool, loads[p]) / capacity[p]),
                               capacity[p] / stream.workS(pool, demand)});
        }
    }
    std::ranges::sort(vessels, {}, &Vessel::level);
    // From one vessel's level to the next the open ones rise together.
    double left = stream.rate;
    double level = vessels.empty() ? 1 : vessels.front().level;
    double open = 0;
    for (std::size_t i = 0; i < vessels.size() && left > 0; ++i) {
        open += vessels[i].rate;
        const double next = i + 1 < vessels.size() ? vessels[i + 1].level : 1.0;
        const double rise = std::min(next - level, left / open);
        level += rise;
        left -= rise * open;
    }
    for (const Vessel& vessel : vessels) {
        const double rate = std::max(0.0, level - vessel.level) * vessel.rate;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            loads[vessel.pool].rate[k] += stream.kinds[k] ? rate * demand[k] / stream.rate : 0;
        }
    }
}

/// By the number of replicas, whatever they can do; a full pool leaves the rest of its part waiting.
void fillByNumber(const FleetPlan& plan, const Rates& demand, std::span<const double> capacity,
                  std::span<PoolLoad> loads) {
    Rates replicas{};
    for (std::size_t p = 0; p < plan.pools.size(); ++p) {
        for (std::size_t k = 0; k < kInteractive; ++k) {
            replicas[k] += plan.pools[p].takes[k] ? capacity[p] : 0;
        }
    }
    for (std::size_t p = 0; p < plan.pools.size(); ++p) {
        for (std::size_t k = 0; k < kInteractive; ++k) {
            const bool takes = plan.pools[p].takes[k] && replicas[k] > 0;
            loads[p].rate[k] = takes ? demand[k] * capacity[p] / replicas[k] : 0;
        }
        const double used = usedReplicas(plan.pools[p], loads[p]);
        for (std::size_t k = 0; k < kInteractive && used > capacity[p]; ++k) {
            loads[p].rate[k] *= capacity[p] / used;
        }
    }
}

} // namespace

void spread(const FleetPlan& plan, const Rates& demand, std::span<const double> capacity,
            std::span<PoolLoad> loads) {
    for (PoolLoad& load : loads) {
        load = {};
    }
    if (plan.routing == RequestRouting::Random) {
        fillByNumber(plan, demand, capacity, loads);
        return;
    }
    for (const Stream& stream : streamsOf(plan, demand)) {
        if (stream.rate > 0) {
            fillLevel(plan, stream, demand, capacity, loads);
        }
    }
}

} // namespace atlas::serving
