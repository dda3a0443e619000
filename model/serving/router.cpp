#include "model/serving/router.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
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
    const double most = std::max(1.0, std::floor(curve.slots));
    const auto pace = [&](double b) {
        return curve.stepS(b, mix.contextTokens) + b * mix.promptS / std::max(1.0, mix.output);
    };
    pool.slots = most;
    pool.byMemory = true;
    if (pace(most) > mix.strictest) {
        pool.byMemory = false;
        double low = 1;
        double high = most;
        while (high - low > 0.5) {
            const double middle = (low + high) / 2;
            (pace(middle) <= mix.strictest ? low : high) = middle;
        }
        pool.slots = std::max(1.0, std::floor(low));
    }
    const double fill = pool.fillSlots(batchFill);
    for (std::size_t k = 0; k < kKinds; ++k) {
        pool.workS[k] = serving::workS(curve, pool.cost[k], pool.slots, mix.contextTokens);
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

/// Where nobody can keep a promise the fastest pool does its best.
void serveSomewhere(FleetPlan& plan, const RequestClasses& classes, std::size_t kind,
                    const std::string& reasons) {
    const bool taken = std::ranges::any_of(plan.pools, [&](const PoolPlan& p) { return p.takes[kind]; });
    if (taken || plan.pools.empty() || !(classes[kind].share > 0)) {
        return;
    }
    auto fastest = std::ranges::min_element(plan.pools, {}, &PoolPlan::floorTokenS);
    fastest->takes[kind] = true;
    plan.notes.push_back(std::string("the promise to ") + name(static_cast<Kind>(kind)) +
                         " requests is below what the hardware can do (" + reasons + ")");
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
        std::string reasons;
        for (PoolPlan& pool : plan.pools) {
            const std::string why = tooSlow(pool, classes[k], k);
            if (why.empty() || !(classes[k].share > 0)) {
                continue;
            }
            reasons += (reasons.empty() ? "" : "; ") + pool.pool.gpu + ": " + why;
            if (routing == RequestRouting::ClassAware) {
                pool.takes[k] = false;
            }
        }
        const bool some = std::ranges::any_of(plan.pools, [&](const PoolPlan& p) { return p.takes[k]; });
        if (!reasons.empty() && some) {
            plan.notes.push_back(
                std::string(name(static_cast<Kind>(k))) + " requests " +
                (routing == RequestRouting::ClassAware ? "go elsewhere than " : "miss their promise on ") +
                reasons);
        }
        serveSomewhere(plan, classes, k, reasons);
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

void spread(const FleetPlan& plan, const Rates& demand, std::span<const double> capacity,
            std::span<PoolLoad> loads) {
    for (PoolLoad& load : loads) {
        load = {};
    }
    const std::size_t pools = plan.pools.size();
    for (const std::size_t kind : plan.order) {
        const double rate = demand[kind];
        if (!(rate > 0)) {
            continue;
        }
        if (plan.routing == RequestRouting::Random) {
            double replicas = 0;
            for (std::size_t p = 0; p < pools; ++p) {
                replicas += plan.pools[p].takes[kind] ? capacity[p] : 0;
            }
            for (std::size_t p = 0; p < pools && replicas > 0; ++p) {
                if (plan.pools[p].takes[kind]) {
                    const double room = capacity[p] - usedReplicas(plan.pools[p], loads[p]);
                    loads[p].rate[kind] = std::min(rate * capacity[p] / replicas,
                                                   std::max(0.0, room) / plan.pools[p].workS[kind]);
                }
            }
            continue;
        }
        // The level to which this kind raises the pools it may go to: requests that fit below a level grow
        // with it piecewise linearly, the pools' levels being the corners.
        double level = 1;
        const auto below = [&](double v) {
            double fit = 0;
            for (std::size_t p = 0; p < pools; ++p) {
                if (plan.pools[p].takes[kind] && capacity[p] > 0) {
                    const double used = usedReplicas(plan.pools[p], loads[p]);
                    fit += std::max(0.0, v * capacity[p] - used) / plan.pools[p].workS[kind];
                }
            }
            return fit;
        };
        if (below(1) > rate) {
            double low = 0;
            double lowFit = 0;
            for (std::size_t p = 0; p < pools; ++p) { // the highest corner that does not yet hold them all
                if (plan.pools[p].takes[kind] && capacity[p] > 0) {
                    const double corner = usedReplicas(plan.pools[p], loads[p]) / capacity[p];
                    const double fit = below(corner);
                    if (corner < 1 && corner > low && fit <= rate) {
                        low = corner;
                        lowFit = fit;
                    }
                }
            }
            double slope = 0;
            for (std::size_t p = 0; p < pools; ++p) {
                if (plan.pools[p].takes[kind] && capacity[p] > 0 &&
                    usedReplicas(plan.pools[p], loads[p]) / capacity[p] <= low) {
                    slope += capacity[p] / plan.pools[p].workS[kind];
                }
            }
            level = slope > 0 ? low + (rate - lowFit) / slope : 1;
        }
        for (std::size_t p = 0; p < pools; ++p) {
            if (plan.pools[p].takes[kind] && capacity[p] > 0) {
                const double used = usedReplicas(plan.pools[p], loads[p]);
                loads[p].rate[kind] =
                    std::max(0.0, std::min(1.0, level) * capacity[p] - used) / plan.pools[p].workS[kind];
            }
        }
    }
}

} // namespace atlas::serving
