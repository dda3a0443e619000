#include "model/operations/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::operations {

namespace {
constexpr double kNever = std::numeric_limits<double>::infinity();
}

/// Walks through the events of an epoch once.
class Schedule::Builder {
public:
    Builder(Schedule& schedule, const cluster::Cluster& cluster, const Footing& footing, const Rules& rules)
        : m(schedule)
        , m_cluster(cluster)
        , m_footing(footing)
        , m_rules(rules) {}

    void build(bool begins) {
        noteBroken();
        double now = m.m_startS;
        if (!begins && m_rules.plannedEveryS > 0) {
            now = restart(now, EventKind::Planned, {}, Component::Job);
        } else {
            stand(now);
            now = haltWhileNothingRuns(now);
        }
        while (now < m.m_endS) {
            now = runFrom(now);
        }
        std::ranges::stable_sort(m.m_events, {}, &Event::timeS);
        std::ranges::sort(m.m_stops);
    }

private:
    /// What failures and evictions of the past and the epoch leave broken, in order of time.
    void noteBroken() {
        for (std::size_t i = 0; i < m.m_events.size(); ++i) {
            const Event& event = m.m_events[i];
            if (event.kind == EventKind::FailStop) {
                m_stops.push_back(i);
                if (event.repairedS > event.timeS) {
                    m.m_broken.push_back({event.timeS, event.repairedS, outOf(m_cluster, event.part)});
                }
            } else if (m_rules.evicts && event.kind == EventKind::FailSlow && evictable(event)) {
                m_slow.push_back(i);
                // Before the epoch it is not known whether the job ran: taken to be evicted in time.
                if (event.timeS + m_rules.evictAfterS < m.m_startS) {
                    evictNow(i, event.timeS + m_rules.evictAfterS);
                }
            }
        }
        std::ranges::sort(m_slow, {}, [this](std::size_t i) { return m.m_events[i].timeS; });
    }

    [[nodiscard]] bool evictable(const Event& event) const {
        const bool gpus = event.component == Component::Thermal || event.component == Component::Host ||
                          event.component == Component::Link;
        return gpus && event.part.kind >= cluster::PartKind::Tray &&
               event.part.kind <= cluster::PartKind::Gpu && event.slowdown - 1 > m_rules.evictAbove &&
               event.durationS > m_rules.evictAfterS;
    }

    void evictNow(std::size_t index, double timeS) {
        Event& event = m.m_events[index];
        event.durationS = timeS - event.timeS;
        m.m_broken.push_back({timeS, timeS + m_rules.repairS, outOf(m_cluster, event.part)});
    }

    void push(double fromS, double toS, Phase phase, bool keeps = true) {
        toS = std::min(toS, m.m_endS);
        if (toS > fromS) {
            m.m_intervals.push_back(
                {fromS, toS, phase, static_cast<std::int32_t>(m.m_standings.size() - 1), keeps});
        }
    }

    /// What runs from now on.
    void stand(double now) {
        m_out = m.outAt(now);
        m_standing = m_footing.standing(m_out);
        if (!m_standing.classes.empty() || !m.m_standings.back().classes.empty()) {
            m.m_standings.push_back(m_standing);
        }
    }

    [[nodiscard]] double nextRepair(double now) const {
        double next = kNever;
        for (const Broken& broken : m.m_broken) {
            next = broken.fromS <= now && broken.untilS > now ? std::min(next, broken.untilS) : next;
        }
        return next;
    }

    /// The next failure from `now` on that hits the job; the end of m_stops if there is none before `until`.
    std::size_t nextStop(double now, double until) {
        while (m_next < m_stops.size()) {
            const Event& event = m.m_events[m_stops[m_next]];
            if (event.timeS >= until) {
                break;
            }
            if (event.timeS >= now && m_footing.hits(event.part, m_out, m_standing)) {
                return m_stops[m_next];
            }
            ++m_next;
        }
        return m.m_events.size();
    }

    /// From a failure to the next step, through further failures on the way.
    double recover(std::size_t first) {
        std::vector<std::size_t> hit{first};
        double from = m.m_events[first].timeS;
        ++m_next;
        for (;;) {
            const double swap = from + m_rules.detectionS;
            const double end = swap + m_rules.restartS;
            const std::size_t again = nextStop(from, std::min(end, m.m_endS));
            if (again == m.m_events.size()) {
                push(from, swap, Phase::Detecting);
                push(swap, end, Phase::Restarting);
                from = end;
                break;
            }
            hit.push_back(again);
            ++m_next;
            const double at = m.m_events[again].timeS;
            if (at < swap) {
                continue; // found together with the first
            }
            push(from, swap, Phase::Detecting);
            push(swap, at, Phase::Restarting);
            from = at;
        }
        stand(from);
        const double steps = haltWhileNothingRuns(from);
        for (const std::size_t i : hit) {
            m.m_events[i].durationS = steps - m.m_events[i].timeS;
            m.m_stops.push_back(m.m_events[i].timeS);
        }
        return steps;
    }

    /// A restart on purpose, after a checkpoint.
    double restart(double now, EventKind kind, cluster::Part part, Component component) {
        const double end = now + m_rules.saveS + m_rules.restartS;
        Event event;
        event.timeS = event.repairedS = now;
        event.kind = kind;
        event.component = component;
        event.part = part;
        event.durationS = end - now;
        push(now, end, Phase::Restarting);
        m.m_events.push_back(event);
        // A failure meanwhile starts it over.
        const std::size_t stop = nextStop(now, std::min(end, m.m_endS));
        if (stop != m.m_events.size()) {
            m.m_intervals.back().endS = m.m_events[stop].timeS;
            if (!(m.m_intervals.back().endS > m.m_intervals.back().startS)) {
                m.m_intervals.pop_back();
            }
            return recover(stop);
        }
        stand(end);
        return haltWhileNothingRuns(end);
    }

    double haltWhileNothingRuns(double now) {
        while (!(m_standing.capacity > 0) && now < m.m_endS) {
            const double repaired = std::min(nextRepair(now), m.m_endS);
            push(now, repaired, Phase::Halted);
            push(repaired, repaired + m_rules.restartS, Phase::Restarting);
            now = repaired + m_rules.restartS;
            stand(now);
        }
        return now;
    }

    /// When something that has been slow for long enough is thrown out; none: the number of events.
    std::size_t nextEviction(double now, double until, double& at) {
        std::size_t best = m.m_events.size();
        at = until;
        for (const std::size_t i : m_slow) {
            const Event& event = m.m_events[i];
            if (event.timeS >= until) {
                break;
            }
            const double due = std::max(now, event.timeS + m_rules.evictAfterS);
            if (event.endS() > due && due < at && m_footing.hits(event.part, m_out, m_standing)) {
                at = due;
                best = i;
            }
        }
        return best;
    }

    /// When a restart brings back more than it costs.
    [[nodiscard]] double nextRejoin(double now, double until) const {
        if (m_standing.capacity >= 1) {
            return until;
        }
        for (double at = nextRepair(now); at < until; at = nextRepair(at)) {
            const double gain = m_footing.standing(m.outAt(at)).capacity - m_standing.capacity;
            if (gain * m_rules.meanRunS > m_rules.restartS + m_rules.saveS) {
                return at;
            }
        }
        return until;
    }

    double runFrom(double now) {
        double end = m.m_endS;
        if (m_rules.plannedEveryS > 0) {
            const double number = std::floor((now - m.m_startS) / m_rules.plannedEveryS + 1e-9) + 1;
            end = std::min(end, m.m_startS + number * m_rules.plannedEveryS);
        }
        const std::size_t stop = nextStop(now, end);
        const double planned = end;
        end = stop < m.m_events.size() ? m.m_events[stop].timeS : end;
        double evictS = end;
        const std::size_t evicted = m_rules.evicts ? nextEviction(now, end, evictS) : m.m_events.size();
        const double rejoinS = nextRejoin(now, evictS);
        if (rejoinS < evictS) {
            push(now, rejoinS, Phase::Running);
            return restart(rejoinS, EventKind::Planned, {}, Component::Job);
        }
        if (evicted < m.m_events.size() && evictS < end) {
            push(now, evictS, Phase::Running);
            const Event slow = m.m_events[evicted];
            evictNow(evicted, evictS);
            return restart(evictS, EventKind::Eviction, slow.part, slow.component);
        }
        if (stop < m.m_events.size()) {
            push(now, end, Phase::Running, false);
            return recover(stop);
        }
        push(now, end, Phase::Running);
        return planned < m.m_endS ? restart(planned, EventKind::Planned, {}, Component::Job) : m.m_endS;
    }

    Schedule& m;
    const cluster::Cluster& m_cluster;
    const Footing& m_footing;
    const Rules& m_rules;
    OutRanges m_out;
    Standing m_standing;
    std::vector<std::size_t> m_stops; ///< events, in order of time
    std::vector<std::size_t> m_slow;
    std::size_t m_next = 0; ///< in m_stops
};

Schedule::Schedule(const cluster::Cluster& cluster, const Footing& footing, std::vector<Event> events,
                   double startS, double endS, bool begins, const Rules& rules)
    : m_startS(startS)
    , m_endS(endS)
    , m_events(std::move(events)) {
    Builder(*this, cluster, footing, rules).build(begins);
}

std::size_t Schedule::indexAt(double timeS) const {
    const auto after = std::ranges::upper_bound(m_intervals, timeS, {}, &Interval::startS);
    return after == m_intervals.begin() ? 0 : static_cast<std::size_t>(after - m_intervals.begin()) - 1;
}

const Interval& Schedule::at(double timeS) const {
    return m_intervals[indexAt(timeS)];
}

OutRanges Schedule::outAt(double timeS) const {
    OutRanges all;
    for (const Broken& broken : m_broken) {
        if (broken.fromS <= timeS && timeS < broken.untilS) {
            all.insert(all.end(), broken.gpus.begin(), broken.gpus.end());
        }
    }
    return joined(std::move(all));
}

std::uint64_t Schedule::interruptions(double fromS, double toS) const {
    const auto first = std::ranges::lower_bound(m_stops, fromS);
    const auto end = std::ranges::lower_bound(m_stops, toS);
    return end > first ? static_cast<std::uint64_t>(end - first) : 0;
}

} // namespace atlas::operations
