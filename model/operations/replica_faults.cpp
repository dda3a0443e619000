#include "model/operations/replica_faults.h"

#include "model/core/philox.h"
#include "model/operations/calendar.h"
#include "model/operations/step_shape.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace atlas::operations {

using cluster::Index;
using cluster::PartKind;
using cluster::Range;

ReplicaFaults::ReplicaFaults(std::shared_ptr<const cluster::Cluster> cluster, Hazards hazards,
                             std::vector<Event> injections, std::vector<ReplicaSizes> sizes,
                             ReplicaRecovery recovery, scenario::Month start)
    : m_cluster(std::move(cluster))
    , m_hazards(std::move(hazards))
    , m_injections(std::move(injections))
    , m_sizes(std::move(sizes))
    , m_recovery(recovery)
    , m_start(start) {}

ReplicaMap ReplicaFaults::mapOf(Index island, double timeS) const {
    const auto after = std::ranges::upper_bound(m_sizes, timeS, {}, &ReplicaSizes::fromS);
    if (after == m_sizes.begin() || island >= std::prev(after)->gpus.size()) {
        return {};
    }
    return {poweredOf(*m_cluster, island, monthAt(m_start, timeS)),
            static_cast<Index>(std::prev(after)->gpus[island]),
            static_cast<Index>(m_cluster->islands[island].rackType.nvlinkDomainGpus)};
}

std::vector<Event> ReplicaFaults::events(double fromS, double toS) const {
    std::vector<Event> all = m_hazards.between(fromS, toS);
    for (const Event& event : m_injections) {
        if (event.timeS >= fromS && event.timeS < toS) {
            all.push_back(event);
        }
    }
    std::ranges::stable_sort(all, {}, &Event::timeS);
    return all;
}

double ReplicaFaults::untilS(const Event& event) const {
    return event.kind == EventKind::FailStop
               ? std::max(event.repairedS, event.timeS) + m_recovery.detectionS + m_recovery.startS
               : event.endS();
}

ReplicaFaults::DayEvents ReplicaFaults::around(std::int64_t day) const {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_around.first == day) {
            return m_around.second;
        }
    }
    const double back =
        std::max(Hazards::kLongestEpisodeS, m_recovery.repairS) + m_recovery.detectionS + m_recovery.startS;
    const double from = static_cast<double>(day) * kDayS;
    auto events = std::make_shared<const std::vector<Event>>(
        m_hazards.between(std::max(0.0, from - back), from + kDayS));
    const std::scoped_lock lock(m_mutex);
    m_around = {day, events};
    return events;
}

std::vector<Event> ReplicaFaults::lastingAt(double timeS) const {
    std::vector<Event> lasting;
    const auto add = [&](const Event& event) {
        if (event.timeS <= timeS && untilS(event) > timeS) {
            lasting.push_back(event);
        }
    };
    std::ranges::for_each(*around(static_cast<std::int64_t>(timeS / kDayS)), add);
    std::ranges::for_each(m_injections, add);
    return lasting;
}

void ReplicaFaults::addGpus(const Event& event, Range gpus, double speed, double untilS,
                            std::vector<Hit>& hits) const {
    for (Index gpu = gpus.first; gpu < gpus.end();) {
        const Index island = m_cluster->islandOf(gpu);
        const ReplicaMap map = mapOf(island, event.timeS);
        const Index replica = map.replicaOf(gpu);
        if (replica == cluster::kNone) {
            ++gpu;
            continue;
        }
        hits.push_back({island, replica, event.timeS, untilS, speed});
        gpu = map.gpusOf(replica).end();
    }
}

void ReplicaFaults::add(const Event& event, std::vector<Hit>& hits) const {
    const double away = m_recovery.detectionS + m_recovery.startS;
    const double until = untilS(event);
    const double speed = event.kind == EventKind::FailStop ? 0 : 1 / event.slowdown;
    const auto spansDomains = [&](Index gpu) {
        const Index island = m_cluster->islandOf(gpu);
        return mapOf(island, event.timeS).size() >
               static_cast<Index>(m_cluster->islands[island].rackType.nvlinkDomainGpus);
    };
    switch (event.component) {
    case Component::Job:
        return; // planned restarts of a training job
    case Component::Bundle:
        return; // a replica lies within a leaf's reach, and requests are small
    case Component::Software: {
        // One engine crashes. Which one: a draw that belongs to the event.
        const auto w = random::words(std::bit_cast<std::uint64_t>(event.timeS), random::Purpose::Serving, 0);
        const auto gpu = static_cast<Index>((std::uint64_t{w[0]} * m_cluster->gpuCount) >> 32);
        addGpus(event, {gpu, 1}, 0, event.timeS + away, hits);
        return;
    }
    case Component::Leaf:
        for (const Index gpu : cluster::gpusUnderLeaf(*m_cluster, event.part.index)) {
            if (spansDomains(gpu)) {
                addGpus(event, {gpu, 1}, speed, until, hits);
            }
        }
        return;
    case Component::Link:
        // Inside an NVLink domain a replica does without the NIC of one GPU.
        if (event.part.kind == PartKind::Gpu && spansDomains(event.part.index)) {
            addGpus(event, {event.part.index, 1}, speed, until, hits);
        }
        return;
    default:
        addGpus(event, cluster::gpusOf(*m_cluster, event.part), speed, until, hits);
        return;
    }
}

std::vector<serving::ReplicaFault> ReplicaFaults::between(double fromS, double toS) const {
    const double back =
        std::max(Hazards::kLongestEpisodeS, m_recovery.repairS) + m_recovery.detectionS + m_recovery.startS;
    std::vector<Hit> hits;
    for (const Event& event : m_hazards.between(std::max(0.0, fromS - back), toS)) {
        add(event, hits);
    }
    for (const Event& event : m_injections) { // a person's may last as long as they like
        if (event.timeS < toS) {
            add(event, hits);
        }
    }
    std::erase_if(hits, [&](const Hit& hit) { return hit.untilS <= fromS || hit.fromS >= toS; });
    std::ranges::sort(hits, {}, [](const Hit& h) { return std::tuple(h.pool, h.replica, h.fromS, h.speed); });
    std::vector<serving::ReplicaFault> out;
    for (auto first = hits.begin(); first != hits.end();) {
        const auto last = std::find_if(first, hits.end(), [&](const Hit& h) {
            return h.pool != first->pool || h.replica != first->replica;
        });
        // Between the moments at which something begins or ends the slowest of what holds counts.
        std::vector<double> moments;
        for (auto h = first; h != last; ++h) {
            moments.push_back(h->fromS);
            moments.push_back(h->untilS);
        }
        std::ranges::sort(moments);
        for (std::size_t i = 0; i + 1 < moments.size(); ++i) {
            double speed = 1;
            for (auto h = first; h != last; ++h) {
                if (h->fromS <= moments[i] && h->untilS > moments[i]) {
                    speed = std::min(speed, h->speed);
                }
            }
            if (speed < 1 && moments[i + 1] > moments[i]) {
                out.push_back({moments[i], moments[i + 1], first->pool, first->replica, speed});
            }
        }
        first = last;
    }
    return out;
}

} // namespace atlas::operations
