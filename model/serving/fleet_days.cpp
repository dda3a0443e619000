#include "model/serving/fleet_days.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <memory_resource>
#include <numeric>

namespace atlas::serving {

namespace {

constexpr double kDayS = Fleet::kStepS * Fleet::kStepsADay;
constexpr std::size_t kDaysKept = 24;
constexpr double kDrainShare = 1.0 / 12; ///< of the deadline, in which waiting batch work is to be done

std::size_t stepsOf(double seconds) {
    return static_cast<std::size_t>(std::ceil(std::max(0.0, seconds) / Fleet::kStepS - 1e-9));
}

} // namespace

std::vector<ReplicaFault> Fleet::faultsAt(double timeS, std::size_t pool) const {
    std::vector<ReplicaFault> found;
    const double at = std::clamp(timeS, 0.0, std::nextafter(m_in.untilS, 0.0));
    if (!m_in.faults || planAt(at) == nullptr) {
        return found;
    }
    const auto today = day(static_cast<std::size_t>(at / kDayS));
    std::ranges::copy_if(today->faults, std::back_inserter(found), [&](const ReplicaFault& fault) {
        return fault.pool == pool && at >= fault.fromS && at < fault.untilS;
    });
    std::ranges::sort(found, {}, &ReplicaFault::replica);
    return found;
}

void Fleet::advance(State& state, Step& step, double fromS, std::span<const ReplicaFault> faults) const {
    const double at = fromS + kStepS / 2;
    const FleetPlan* plan = planAt(at);
    step.arrived = arrivalsAt(at);
    const std::size_t pools = plan == nullptr ? 0 : plan->pools.size();
    step.loads.assign(pools, {});
    step.active.assign(pools, 0.0);
    step.lost.assign(pools, 0.0);
    for (const ReplicaFault& fault : faults) {
        if (at >= fault.fromS && at < fault.untilS && fault.pool < pools) {
            step.lost[fault.pool] += 1 - fault.speed;
        }
    }
    state.wishes.resize(pools);

    Rates offered{};
    for (std::size_t k = 0; k < kInteractive; ++k) {
        offered[k] = step.arrived[k] + state.waiting[k] / kStepS;
    }
    scale(state, step, plan, offered);
    if (plan != nullptr) {
        spread(*plan, offered, step.active, step.loads);
    }
    for (std::size_t k = 0; k < kInteractive; ++k) {
        for (const PoolLoad& load : step.loads) {
            step.served[k] += load.rate[k];
        }
        step.served[k] = std::min(step.served[k], offered[k]);
        // First come, first served: who would have to wait longer than the patience gives up.
        const double left = (offered[k] - step.served[k]) * kStepS;
        const double pace = step.served[k] > 0 ? step.served[k] : step.arrived[k];
        const double most = pace * m_in.traffic.patienceS.value;
        step.waitS[k] = pace > 0 ? (state.waiting[k] + std::min(left, most)) / 2 / pace : 0;
        step.waiting[k] = state.waiting[k] = std::min(left, most);
        step.givenUp[k] = (left - state.waiting[k]) / kStepS;
    }
    serveBatch(state, step, plan);
}

/// Replicas that take requests: what demand asked for `delay` ago, the most of the last `hold`.
void Fleet::scale(State& state, Step& step, const FleetPlan* plan, const Rates& offered) const {
    if (plan == nullptr) {
        return;
    }
    const scenario::Autoscaling& scaling = m_in.traffic.autoscaling;
    const std::size_t pools = plan->pools.size();
    std::array<std::byte, 1024> bytes; // as in fillLevel()
    std::pmr::monotonic_buffer_resource memory(bytes.data(), bytes.size());
    std::pmr::vector<double> all(pools, &memory);
    std::pmr::vector<PoolLoad> ideal(pools, &memory);
    for (std::size_t p = 0; p < pools; ++p) {
        all[p] = static_cast<double>(plan->pools[p].pool.replicas);
    }
    spread(*plan, offered, all, ideal);
    // Batch work is spread over what is left of its time, in requests a second.
    const double batch = step.arrived[kInteractive] +
                         state.waiting[kInteractive] / (kDrainShare * m_in.traffic.batch.deadlineS.value);
    double batchCapacity = 0;
    for (std::size_t p = 0; p < pools; ++p) {
        const PoolPlan& pool = plan->pools[p];
        batchCapacity += pool.takes[kInteractive] ? all[p] / pool.fillWorkS[kInteractive] : 0;
    }
    const std::size_t delay = stepsOf(scaling.delayS.value);
    const std::size_t kept = delay + stepsOf(scaling.holdS.value) + 1;
    for (std::size_t p = 0; p < pools; ++p) {
        const double target = plan->pools[p].targetLoad;
        const bool forBatch = plan->pools[p].takes[kInteractive] && batchCapacity > 0;
        const double batchReplicas = forBatch ? batch / batchCapacity * all[p] : 0;
        const double most = std::max(1.0, scaling.maxShare.value * all[p]);
        const double least = std::min(most, std::max(1.0, scaling.minShare.value * all[p]));
        const double wish =
            std::clamp(usedReplicas(plan->pools[p], ideal[p]) / target + batchReplicas, least, most);
        std::deque<double>& wishes = state.wishes[p];
        if (wishes.empty()) {
            wishes.assign(kept, wish);
        }
        wishes.push_back(wish);
        while (wishes.size() > kept) {
            wishes.pop_front();
        }
        const auto seen = static_cast<std::ptrdiff_t>(wishes.size() - std::min(wishes.size() - 1, delay));
        const double wanted = *std::max_element(wishes.begin(), wishes.begin() + seen);
        step.active[p] = all[p] < 1 ? 0 : std::clamp(std::min(wanted, all[p] - step.lost[p]), 0.0, all[p]);
    }
}

/// Batch work takes what is left up to its fill, oldest first; what is older than the deadline is given up.
void Fleet::serveBatch(State& state, Step& step, const FleetPlan* plan) const {
    constexpr std::size_t kBatch = kInteractive;
    state.batch.push_back(step.arrived[kBatch] * kStepS);
    double room = 0;
    std::array<std::byte, 1024> bytes;
    std::pmr::monotonic_buffer_resource memory(bytes.data(), bytes.size());
    std::pmr::vector<double> rooms(step.loads.size(), 0.0, &memory);
    for (std::size_t p = 0; p < rooms.size(); ++p) {
        const PoolPlan& pool = plan->pools[p];
        if (!pool.takes[kBatch]) {
            continue;
        }
        double left = step.active[p];
        for (std::size_t k = 0; k < kInteractive; ++k) {
            left -= step.loads[p].rate[k] * pool.fillWorkS[k];
        }
        rooms[p] = std::max(0.0, left) / pool.fillWorkS[kBatch];
        room += rooms[p];
    }
    const double before = std::accumulate(state.batch.begin(), state.batch.end(), 0.0);
    double served = std::min(before, room * kStepS);
    step.served[kBatch] = served / kStepS;
    for (std::size_t p = 0; p < rooms.size() && room > 0; ++p) {
        step.loads[p].rate[kBatch] = step.served[kBatch] * rooms[p] / room;
    }
    while (!state.batch.empty() && served >= state.batch.front()) {
        served -= state.batch.front();
        state.batch.pop_front();
    }
    if (!state.batch.empty()) {
        state.batch.front() -= served;
    }
    step.waitS[kBatch] = static_cast<double>(state.batch.size()) * kStepS;
    double late = 0;
    while (state.batch.size() > std::max<std::size_t>(1, stepsOf(m_in.traffic.batch.deadlineS.value))) {
        late += state.batch.front();
        state.batch.pop_front();
    }
    step.givenUp[kBatch] = late / kStepS;
    step.waiting[kBatch] = state.waiting[kBatch] =
        std::accumulate(state.batch.begin(), state.batch.end(), 0.0);
}

std::shared_ptr<const Fleet::Day> Fleet::computed(std::size_t index, const State& state) const {
    auto day = std::make_shared<Day>();
    day->before = state;
    day->after = state;
    day->steps.resize(kStepsADay);
    const double start = static_cast<double>(index) * kDayS;
    if (m_in.faults) {
        day->faults = m_in.faults(start, start + kDayS);
    }
    for (int s = 0; s < kStepsADay; ++s) {
        advance(day->after, day->steps[static_cast<std::size_t>(s)], start + s * kStepS, day->faults);
    }
    return day;
}

std::shared_ptr<const Fleet::Day> Fleet::day(std::size_t index) const {
    const std::scoped_lock lock(m_mutex);
    const auto kept =
        std::ranges::find(m_days, index, &std::pair<std::size_t, std::shared_ptr<const Day>>::first);
    if (kept != m_days.end()) {
        std::rotate(kept, kept + 1, m_days.end());
        return m_days.back().second;
    }
    if (m_states.empty()) {
        m_states.emplace_back();
    }
    std::shared_ptr<const Day> found;
    for (std::size_t d = std::min(index, m_states.size() - 1); d <= index; ++d) {
        found = computed(d, m_states[d]);
        if (d + 1 == m_states.size()) {
            m_states.push_back(found->after);
        }
    }
    if (m_days.size() >= kDaysKept) {
        m_days.erase(m_days.begin());
    }
    m_days.emplace_back(index, found);
    return found;
}

} // namespace atlas::serving
