#include "model/serving/fleet.h"

#include "model/serving/fleet_days.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace atlas::serving {

namespace {

constexpr std::array<double, 3> kPercentiles = {0.5, 0.95, 0.99};

} // namespace

double FleetNow::kept() const {
    double asked = 0;
    double met = 0;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        asked += kinds[k].arrivals;
        met += kinds[k].arrivals * kinds[k].kept;
    }
    return asked > 0 ? met / asked : 1;
}

FleetPlan plannedFleet(const FleetInputs& in, const std::vector<FleetPool>& pools) {
    FleetPlan plan = planFleet(pools, in.classes, in.traffic.routing, in.traffic.batch.fill.value);
    aimAtPromises(plan, in.classes, in.traffic);
    return plan;
}

Fleet::Fleet(FleetInputs inputs)
    : m_in(std::move(inputs))
    , m_demand(m_in.demand) {
    for (const FleetPhase& phase : m_in.phases) {
        m_plans.push_back(plannedFleet(m_in, phase.pools));
    }
}

Fleet::Fleet(FleetInputs inputs, FleetPlan plan)
    : m_in(std::move(inputs))
    , m_demand(m_in.demand)
    , m_plans{std::move(plan)} {}

Fleet::~Fleet() = default;

const FleetPlan* Fleet::planAt(double timeS) const {
    const auto after = std::ranges::upper_bound(m_in.phases, timeS, {}, &FleetPhase::fromS);
    if (after == m_in.phases.begin()) {
        return nullptr;
    }
    return &m_plans[static_cast<std::size_t>(after - m_in.phases.begin()) - 1];
}

double Fleet::peakRate(double timeS) const {
    const FleetPlan* plan = planAt(timeS);
    if (plan == nullptr) {
        return 0;
    }
    const double growth = m_demand.growthAt(timeS - m_in.phases.front().fromS);
    const scenario::Traffic& t = m_in.traffic;
    if (t.users.value > 0) {
        double shares = 0;
        double tokens = 0;
        for (std::size_t k = 0; k < kInteractive; ++k) {
            shares += m_in.classes[k].share;
            tokens += m_in.classes[k].share * m_in.classes[k].tokens();
        }
        const double requestsADay = t.users.value * m_in.userTokensPerDay / (tokens / shares);
        return requestsADay / kStepS / kStepsADay / m_demand.weekMean() * growth;
    }
    const double first = t.load.value * m_plans.front().interactiveCapacity;
    const double most = grownLoad(*plan, t) * plan->interactiveCapacity;
    return std::min(first * growth, most);
}

Rates Fleet::arrivalsAt(double timeS) const {
    const double peak = peakRate(timeS);
    const double interactive = peak * m_demand.relativeAt(timeS);
    double shares = 0;
    for (std::size_t k = 0; k < kInteractive; ++k) {
        shares += m_in.classes[k].share;
    }
    Rates rates{};
    for (std::size_t k = 0; k < kInteractive; ++k) {
        rates[k] = interactive * m_in.classes[k].share / shares;
    }
    // Work that can wait comes evenly, in its share of the requests of a week.
    rates[kInteractive] = peak * m_demand.weekMean() * m_in.classes[kInteractive].share / shares;
    return rates;
}

FleetNow Fleet::at(double timeS, Detail detail) const {
    FleetNow now;
    now.timeS = std::clamp(timeS, 0.0, std::nextafter(m_in.untilS, 0.0));
    const FleetPlan* plan = planAt(now.timeS);
    now.pools.resize(plan == nullptr ? 0 : plan->pools.size());
    if (plan == nullptr) {
        return now;
    }
    // Between the middles of two steps.
    const double steps = std::max(0.0, now.timeS / kStepS - 0.5);
    const auto whole = static_cast<std::size_t>(steps);
    const double part = steps - static_cast<double>(whole);
    const auto stepAt = [&](std::size_t s) {
        const std::shared_ptr<const Day> d = day(s / kStepsADay);
        return std::make_pair(d, &d->steps[s % kStepsADay]);
    };
    const auto [dayA, a] = stepAt(whole);
    const auto last = static_cast<std::size_t>(m_in.untilS / kStepS);
    const auto [dayB, b] = stepAt(std::min(whole + 1, last > 0 ? last - 1 : 0));
    const auto between = [part](double x, double y) { return x + part * (y - x); };
    const Rates arrivals = arrivalsAt(now.timeS);
    for (std::size_t k = 0; k < kKinds; ++k) {
        KindNow& kind = now.kinds[k];
        kind.arrivals = arrivals[k];
        kind.served = between(a->served[k], b->served[k]);
        kind.givenUp = between(a->givenUp[k], b->givenUp[k]);
        kind.waiting = between(a->waiting[k], b->waiting[k]);
        kind.waitS = between(a->waitS[k], b->waitS[k]);
        const double left = kind.served + kind.givenUp;
        kind.kept = left > 0 ? kind.served / left : 1;
        now.inputTokensPerS += kind.served * m_in.classes[k].input.moment(1);
        now.outputTokensPerS += kind.served * m_in.classes[k].output.moment(1);
    }
    double lost = 0;
    double all = 0;
    for (std::size_t p = 0; p < now.pools.size(); ++p) {
        PoolNow& pool = now.pools[p];
        pool.replicas = static_cast<double>(plan->pools[p].pool.replicas);
        const bool both = b->active.size() == a->active.size() && a->active.size() == now.pools.size();
        const Step& from = both ? *a : (a->active.size() == now.pools.size() ? *a : *b);
        const Step& to = both ? *b : from;
        pool.active = std::min(pool.replicas, between(from.active[p], to.active[p]));
        pool.lost = between(from.lost[p], to.lost[p]);
        for (std::size_t k = 0; k < kKinds; ++k) {
            pool.rate[k] = between(from.loads[p].rate[k], to.loads[p].rate[k]);
        }
        fillReplicas(pool, plan->pools[p]);
        lost += pool.lost;
        all += pool.replicas;
    }
    const double capacity = plan->interactiveCapacity * (all > 0 ? std::max(0.0, 1 - lost / all) : 0);
    now.offeredLoad = capacity > 0 ? (arrivals[0] + arrivals[1]) / capacity : 0;
    if (detail != Detail::Flows) {
        addLatency(now, *plan, detail);
    }
    return now;
}

QueueLaw Fleet::numberInReplica(const FleetNow& now, std::size_t pool) const {
    const FleetPlan* plan = planAt(now.timeS);
    return numberLaw(now.pools[pool], plan->pools[pool], lagOf(m_in.traffic, plan->routing));
}

void Fleet::addLatency(FleetNow& now, const FleetPlan& plan, Detail detail) const {
    const double lagS = lagOf(m_in.traffic, plan.routing);
    std::vector<GroupLoad> loads;
    for (std::size_t p = 0; p < now.pools.size(); ++p) {
        const QueueLaw law = numberLaw(now.pools[p], plan.pools[p], lagS);
        loads.push_back(groupLoad(now.pools[p], plan.pools[p], law, lagS));
    }
    std::vector<WeightedLaw> first(now.pools.size());
    std::vector<WeightedLaw> token(now.pools.size());
    for (std::size_t k = 0; k < kInteractive; ++k) {
        KindNow& kind = now.kinds[k];
        const RequestClass& requests = m_in.classes[k];
        double weight = 0;
        double met = 0;
        for (std::size_t p = 0; p < now.pools.size(); ++p) {
            const double rate = now.pools[p].rate[k];
            first[p].weight = token[p].weight = rate;
            if (!(rate > 0)) {
                continue;
            }
            GroupLoad load = loads[p];
            load.waitS = kind.waitS;
            first[p].law =
                firstToken(load, plan.pools[p].cost[k], plan.pools[p].pool.curve.groups, requests.input);
            token[p].law = perToken(load, requests.output);
            weight += rate;
            met += rate * first[p].law.within(requests.firstTokenS) * token[p].law.within(requests.tokenS);
        }
        if (detail == Detail::Latency) {
            kind.firstTokenS = percentiles(first, kPercentiles);
            kind.tokenS = percentiles(token, kPercentiles);
        }
        kind.kept *= weight > 0 ? met / weight : 1;
    }
}

std::vector<Fleet::Finding> Fleet::findings() const {
    std::vector<Finding> found;
    for (std::size_t i = 0; i < m_plans.size(); ++i) {
        for (const std::string& note : m_plans[i].notes) {
            if (i == 0 || std::ranges::find(m_plans[i - 1].notes, note) == m_plans[i - 1].notes.end()) {
                found.push_back({m_in.phases[i].fromS, note});
            }
        }
    }
    // Demand grows and capacity comes by month: look at the peak once a day.
    const double most = m_in.traffic.autoscaling.maxShare.value;
    for (double t = 0; t < m_in.untilS; t += kStepS * kStepsADay) {
        const FleetPlan* plan = planAt(t);
        const double capacity = plan == nullptr ? 0 : plan->interactiveCapacity * most;
        if (capacity > 0 && peakRate(t) > capacity) {
            char text[160];
            std::snprintf(text, sizeof text,
                          "demand at the peak of a day is %.3g times what the fleet carries: queues grow and "
                          "promises are missed",
                          peakRate(t) / capacity);
            found.push_back({t, text});
            break;
        }
    }
    return found;
}

FleetTotals Fleet::totals(double fromS, double toS) const {
    FleetTotals totals;
    const auto first = static_cast<std::size_t>(std::llround(std::max(0.0, fromS) / kStepS));
    const auto end = static_cast<std::size_t>(std::llround(std::min(toS, m_in.untilS) / kStepS));
    std::shared_ptr<const Day> d;
    for (std::size_t s = first; s < end; ++s) {
        d = d == nullptr || s % kStepsADay == 0 ? day(s / kStepsADay) : d;
        const Step& step = d->steps[s % kStepsADay];
        for (std::size_t k = 0; k < kKinds; ++k) {
            if (s == first) {
                totals.waitingBefore[k] =
                    s % kStepsADay == 0 ? d->before.waiting[k] : d->steps[s % kStepsADay - 1].waiting[k];
            }
            totals.arrived[k] += step.arrived[k] * kStepS;
            totals.served[k] += step.served[k] * kStepS;
            totals.givenUp[k] += step.givenUp[k] * kStepS;
            totals.waitingAfter[k] = step.waiting[k];
        }
    }
    return totals;
}

} // namespace atlas::serving
