#include "model/operations/serving_timeline.h"

#include "model/core/philox.h"
#include "model/operations/calendar.h"
#include "model/operations/step_painter.h"
#include "model/operations/step_shape.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;
using serving::FleetNow;
using serving::PoolNow;

// How long prefill and decode hold before the next draw. Pictures depend on it, means do not.
constexpr double kTurnHoldsS = 0.5;
// A replica's number changes as answers end; no slower than this, so that a still fleet is seen to live.
constexpr double kSlowestTurnoverS = 60;
constexpr double kReach = 4; ///< of the table of draws, in standard deviations
constexpr std::size_t kPoints = 129;

/// Replicas are numbered island by island, with room for every GPU to be one.
std::uint64_t numberOf(const cluster::Cluster& cluster, Index island, Index replica) {
    return std::uint64_t{cluster.islands[island].gpus.first} + replica;
}

} // namespace

/// What is needed to draw the replicas of one island at one instant.
struct ServingTimeline::Draws {
    double timeS = 0;
    Index island = 0;
    const PoolNow* pool = nullptr;
    std::array<double, kPoints> number{}; ///< requests in a replica, by normal variate
    double meanNumber = 0;
    double turnoverS = 1;
    Index active = 0;                          ///< sound replicas that take requests: the first ones
    std::vector<serving::ReplicaFault> faults; ///< by replica

    [[nodiscard]] double numberAt(double z) const {
        const double x = std::clamp((z + kReach) / (2 * kReach), 0.0, 1.0) * (kPoints - 1);
        return number[static_cast<std::size_t>(x + 0.5)];
    }
    [[nodiscard]] double utilisationAt(double requests) const {
        return meanNumber > 0 ? std::min(1.0, pool->load * requests / meanNumber) : 0;
    }
    [[nodiscard]] const serving::ReplicaFault* faultOf(Index replica) const {
        const auto found = std::ranges::lower_bound(faults, replica, {}, &serving::ReplicaFault::replica);
        return found != faults.end() && found->replica == replica ? &*found : nullptr;
    }
    std::vector<Index> out; ///< replicas that do not run, in order
    /// Replicas that run before this one.
    [[nodiscard]] Index placeOf(Index replica) const {
        return replica - static_cast<Index>(std::ranges::lower_bound(out, replica) - out.begin());
    }
};

ServingTimeline::ServingTimeline(std::shared_ptr<const cluster::Cluster> cluster, ServingInputs inputs)
    : Timeline(std::move(cluster))
    , m_inputs(std::move(inputs)) {}

double ServingTimeline::clamped(double timeS) const {
    const double end = monthStartS(m_inputs.start, m_inputs.end);
    return timeS > 0 ? std::min(timeS, std::nextafter(end, 0.0)) : 0;
}

ReplicaMap ServingTimeline::mapOf(Index island, scenario::Month month) const {
    const serving::FleetPlan* plan =
        m_inputs.fleet ? m_inputs.fleet->planAt(monthStartS(m_inputs.start, month)) : nullptr;
    const bool serves =
        plan != nullptr && island < plan->pools.size() && plan->pools[island].pool.replicas > 0;
    const cluster::Island& here = cluster()->islands[island];
    return {poweredOf(*cluster(), island, month),
            serves ? static_cast<Index>(plan->pools[island].pool.curve.gpus) : 0,
            static_cast<Index>(here.rackType.nvlinkDomainGpus)};
}

ServingTimeline::Draws ServingTimeline::drawsOf(const FleetNow& now, Index island) const {
    Draws draws;
    draws.timeS = now.timeS;
    draws.island = island;
    draws.pool = &now.pools[island];
    draws.faults = m_inputs.fleet->faultsAt(now.timeS, island);
    // Slow replicas take requests too; `active` is in sound replicas' worth.
    double slow = 0;
    for (const serving::ReplicaFault& fault : draws.faults) {
        slow += fault.speed > 0 ? 1 - fault.speed : 0;
        if (fault.speed <= 0) {
            draws.out.push_back(fault.replica);
        }
    }
    draws.active = static_cast<Index>(std::lround(draws.pool->active + std::min(slow, draws.pool->active)));
    const serving::QueueLaw law = m_inputs.fleet->numberInReplica(now, island);
    double weights = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
        const double z = kReach * (2.0 * static_cast<double>(i) / (kPoints - 1) - 1);
        draws.number[i] = draws.pool->load > 0 ? law.at(serving::normalCdf(z)) : 0;
        const double weight = std::exp(-z * z / 2);
        draws.meanNumber += weight * draws.number[i];
        weights += weight;
    }
    draws.meanNumber /= weights;
    draws.turnoverS = std::clamp(draws.pool->stayS, kTurnHoldsS, kSlowestTurnoverS);
    return draws;
}

ServingTimeline::ReplicaNow ServingTimeline::replicaNow(const Draws& draws, Index replica) const {
    ReplicaNow now;
    const serving::ReplicaFault* fault = draws.faultOf(replica);
    if (fault != nullptr && fault->speed <= 0) {
        now.state = GpuState::Fault;
        return now;
    }
    if (draws.placeOf(replica) >= draws.active) {
        return now; // rests
    }
    // Replicas change at their own moments, not all at once.
    const std::uint64_t id = numberOf(*cluster(), draws.island, replica);
    const auto own = random::words(m_inputs.seed, random::Purpose::Serving, id, 0xffffffffu);
    const double shift = random::uniform(own[0], own[1]);
    const double z = serving::smoothNormal(m_inputs.seed, random::Purpose::Serving, id,
                                           draws.timeS / draws.turnoverS + shift);
    now.number = draws.numberAt(z);
    if (now.number > 0) {
        const double turns = draws.timeS / kTurnHoldsS + shift;
        const auto turn = random::words(m_inputs.seed, random::Purpose::Demand, (id << 2) + 2,
                                        static_cast<std::uint32_t>(turns));
        const bool prefill = random::uniform(turn[0], turn[1]) < draws.pool->promptShare;
        now.state = prefill ? GpuState::Prefill : GpuState::Decode;
        now.utilisation = static_cast<std::uint8_t>(std::lround(255 * draws.utilisationAt(now.number)));
    }
    return now;
}

void ServingTimeline::paintIsland(Frame& frame, const FleetNow& now, Index island,
                                  scenario::Month month) const {
    const cluster::Cluster& floor = *cluster();
    const cluster::Range powered = poweredOf(floor, island, month);
    const cluster::Range all = floor.islands[island].gpus;
    const auto fill = [&](cluster::Range gpus, GpuState state, std::uint8_t utilisation) {
        std::fill_n(frame.state.begin() + gpus.first, gpus.count, static_cast<std::uint8_t>(state));
        std::fill_n(frame.utilisation.begin() + gpus.first, gpus.count, utilisation);
    };
    fill(powered, GpuState::Idle, 0);
    fill({powered.end(), all.end() - powered.end()}, GpuState::Unpowered, 0);
    const ReplicaMap map = mapOf(island, month);
    if (map.replicas() == 0 || island >= now.pools.size()) {
        return;
    }
    const Draws draws = drawsOf(now, island);
    tbb::parallel_for(tbb::blocked_range<Index>(0, map.replicas(), 512),
                      [&](const tbb::blocked_range<Index>& part) {
                          for (Index r = part.begin(); r < part.end(); ++r) {
                              const ReplicaNow replica = replicaNow(draws, r);
                              fill(map.gpusOf(r), replica.state, replica.utilisation);
                          }
                      });
}

std::shared_ptr<const Frame> ServingTimeline::frameAt(double timeS) const {
    const cluster::Cluster& floor = *cluster();
    std::shared_ptr<Frame> frame = m_pool.take(floor);
    frame->timeS = frame->stepStartS = clamped(timeS);
    frame->training = false;
    frame->step = 0;
    frame->stepTimeS = frame->stepFraction = 0;
    frame->culprit = cluster::kNone;
    frame->culpritSlowdown = 1;
    frame->waitGpuSeconds = 0;
    frame->counts = {};
    frame->slow.clear();
    if (m_inputs.faults) {
        for (const Event& event : m_inputs.faults->lastingAt(frame->timeS)) {
            if (event.kind == EventKind::FailSlow) {
                frame->slow.push_back({event.part, event.component, event.slowdown});
            }
        }
    }
    const scenario::Month month = monthAt(m_inputs.start, frame->timeS);
    const FleetNow now =
        m_inputs.fleet ? m_inputs.fleet->at(frame->timeS, serving::Fleet::Detail::Flows) : FleetNow{};
    for (Index i = 0; i < floor.islands.size(); ++i) {
        paintIsland(*frame, now, i, month);
    }
    for (std::size_t r = 0; r < floor.racks.size(); ++r) {
        frame->racks[r] = summarise(*frame, floor.racks[r], frame->counts);
    }
    // A replica lies inside a leaf's reach and requests are small: the bundles between switches stay empty.
    std::ranges::fill(frame->linkLoad, 0.0f);
    return frame;
}

std::vector<TimelineSample> ServingTimeline::samples(double fromS, double toS, int count) const {
    std::vector<TimelineSample> out(static_cast<std::size_t>(std::max(0, count)));
    const cluster::Cluster& floor = *cluster();
    const double spacing = count > 1 ? (toS - fromS) / (count - 1) : 0;
    tbb::parallel_for(std::size_t{0}, out.size(), [&](std::size_t i) {
        TimelineSample& sample = out[i];
        sample.timeS = clamped(fromS + spacing * static_cast<double>(i));
        if (!m_inputs.fleet) {
            return;
        }
        const FleetNow now = m_inputs.fleet->at(sample.timeS);
        const scenario::Month month = monthAt(m_inputs.start, sample.timeS);
        double powered = 0;
        double busy = 0;
        for (Index island = 0; island < floor.islands.size(); ++island) {
            powered += poweredOf(floor, island, month).count;
            if (island < now.pools.size() && now.pools[island].replicas > 0) {
                const serving::FleetPlan* plan = m_inputs.fleet->planAt(sample.timeS);
                busy +=
                    now.pools[island].load * now.pools[island].active * plan->pools[island].pool.curve.gpus;
            }
        }
        sample.utilisation = powered > 0 ? static_cast<float>(busy / powered) : 0;
        sample.promiseKept = static_cast<float>(now.kept());
        sample.queue = static_cast<float>(now.kinds[0].waiting + now.kinds[1].waiting);
    });
    return out;
}

GpuDetail ServingTimeline::detailAt(double timeS, Index gpu) const {
    const cluster::Cluster& floor = *cluster();
    const double at = clamped(timeS);
    const scenario::Month month = monthAt(m_inputs.start, at);
    GpuDetail detail;
    detail.gpuClass = floor.gpuClasses[floor.classOf(gpu)].name;
    const Index island = floor.islandOf(gpu);
    detail.state = poweredOf(floor, island, month).contains(gpu) ? GpuState::Idle : GpuState::Unpowered;
    const ReplicaMap map = mapOf(island, month);
    const Index replica = map.replicaOf(gpu);
    if (replica == cluster::kNone) {
        return detail;
    }
    const FleetNow now = m_inputs.fleet->at(at);
    const Draws draws = drawsOf(now, island);
    const ReplicaNow state = replicaNow(draws, replica);
    const serving::ReplicaFault* fault = draws.faultOf(replica);
    const serving::FleetPlan& plan = *m_inputs.fleet->planAt(at);
    const serving::PoolPlan& pool = plan.pools[island];
    const PoolNow& here = now.pools[island];
    detail.member = true;
    detail.state = state.state;
    detail.utilisation = static_cast<float>(state.utilisation) / 255;
    ServingDetail& serving = detail.serving;
    serving.replica = replica;
    serving.gpus = static_cast<int>(map.size());
    serving.layout = pool.pool.curve.layout;
    serving.places = pool.places;
    serving.speed = fault != nullptr ? fault->speed : 1;
    const bool takes = draws.placeOf(replica) < draws.active;
    serving.state = serving.speed <= 0 ? ReplicaState::Out
                    : takes            ? ReplicaState::Serving
                                       : ReplicaState::Resting;
    double capacity = 0;
    for (const serving::PoolPlan& each : plan.pools) {
        capacity += static_cast<double>(each.pool.replicas) / std::max(1e-12, each.workS[0] + each.workS[1]);
    }
    serving.partOfTokens = 1 / std::max(1e-12, pool.workS[0] + pool.workS[1]) / capacity;
    if (serving.state != ReplicaState::Serving || !(here.active > 0)) {
        return detail;
    }
    serving.sequences = std::min(state.number, pool.places);
    serving.waiting = std::max(0.0, state.number - pool.places);
    serving.promptShare = here.promptShare;
    double tokens = 0;
    for (std::size_t k = 0; k < serving::kKinds; ++k) {
        serving.requestsPerS += here.rate[k] / here.active * serving.speed;
        tokens += here.rate[k] / here.active * serving.speed * pool.cost[k].output;
    }
    serving.tokensPerS = tokens;
    const double forTokens = std::max(1e-6, 1 - here.promptShare);
    serving.tokenS = pool.pool.curve.stepS(serving.sequences, pool.context) / forTokens / serving.speed;
    serving.firstTokenS = std::max(now.kinds[0].firstTokenS[1], now.kinds[1].firstTokenS[1]) / serving.speed;
    return detail;
}

std::vector<Event> ServingTimeline::events(double fromS, double toS) const {
    return m_inputs.faults ? m_inputs.faults->events(fromS, toS) : std::vector<Event>();
}

std::vector<TimelineMark> ServingTimeline::marks() const {
    std::vector<TimelineMark> out;
    if (!m_inputs.fleet) {
        return out;
    }
    for (const serving::Fleet::Finding& finding : m_inputs.fleet->findings()) {
        if (finding.fromS > 0) {
            out.push_back({finding.fromS, finding.text});
        }
    }
    return out;
}

std::vector<std::string> ServingTimeline::notes() const {
    std::vector<std::string> out = m_inputs.notes;
    if (m_inputs.fleet) {
        for (const serving::Fleet::Finding& finding : m_inputs.fleet->findings()) {
            out.push_back(monthAt(m_inputs.start, finding.fromS).text() + ": " + finding.text);
        }
    }
    return out;
}

} // namespace atlas::operations
