#include "model/operations/job_course.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::operations {

namespace {

constexpr std::size_t kEpochsKept = 64;
constexpr std::size_t kClocksKept = 64;
constexpr double kEventsAnEpoch = 2000; ///< aimed at: an epoch takes about a millisecond to lay out
constexpr double kShortestEpochS = 86'400;
constexpr double kLongestEpochS = 7 * 86'400;

// Random numbers are counted by stretch, lane and epoch (24 bits) and by run and step (40 bits).
constexpr int kStretchBit = 16;
constexpr int kLaneBit = 12;
constexpr int kRunBit = 26;
constexpr std::uint32_t kStretches = 1u << 8;
constexpr std::uint32_t kLanes = 1u << 4;
constexpr std::uint64_t kEpochs = 1u << 12;
constexpr std::uint64_t kRuns = 1u << 14;

/// One class of a shape as a shape of its own.
StepShape alone(const StepShape& shape, std::size_t memberClass) {
    StepShape one = shape;
    one.classes = {shape.classes[memberClass]};
    one.classes.front().peakShare = 1;
    one.classes.front().firstStage = 0;
    // Every island has the layout that suits it.
    const training::Layout& layout = shape.anatomy.classes[one.classes.front().anatomyClass].layout;
    one.anatomy.layout = layout;
    one.classes.front().stages = std::max(1, layout.pp);
    one.microBatches = std::max(1.0, static_cast<double>(layout.globalBatch) /
                                         std::max(1.0, static_cast<double>(layout.dp) * layout.microBatch));
    // The exchange between islands is no part of an inner step.
    one.reduceS = std::max(0.0, shape.reduceS - shape.anatomy.outerS);
    return one;
}

} // namespace

JobCourse::JobCourse(JobTerms terms, const StepShape& shape, const StepVolumes& volumes,
                     const OutlookOf& outlookOf, OuterBarrier outer)
    : m_terms(std::move(terms))
    , m_outer(outer) {
    if (m_outer.innerSteps > 0 && shape.classes.size() > 1) {
        for (std::size_t c = 0; c < shape.classes.size(); ++c) {
            addLane(alone(shape, c), volumes, outlookOf({shape.classes[c].anatomyClass}),
                    shape.classes[c].island);
        }
    } else {
        m_outer = {};
        std::vector<std::size_t> all;
        for (const MemberClass& each : shape.classes) {
            all.push_back(each.anatomyClass);
        }
        addLane(shape, volumes, outlookOf(all), cluster::kNone);
    }
    double members = 0;
    double tokens = 0;
    for (const Lane& lane : m_lanes) {
        members += lane.members;
        tokens += lane.tokens;
    }
    for (Lane& lane : m_lanes) {
        lane.share = lane.members / members;
        lane.tokens = tokens > 0 ? lane.tokens / tokens : lane.share;
    }
    cutEpochs();
}

void JobCourse::addLane(const StepShape& shape, const StepVolumes& volumes, Outlook outlook,
                        cluster::Index island) {
    const scenario::Operations& o = m_terms.operations;
    Lane lane;
    lane.island = island;
    const SlowPolicy policy{o.mitigations.proportionalBatches, o.mitigations.evictAfterS.value,
                            o.mitigations.backupReplicas};
    lane.book =
        std::make_shared<const LawBook>(m_terms.cluster, shape, trafficOf(*m_terms.cluster, shape, volumes),
                                        *m_terms.speeds, m_terms.noise, policy, o.imbalance);
    lane.undisturbedStepS = meanStepS(*lane.book->even());
    if (policy.backupReplicas > 0) {
        lane.undisturbedStepS = Barrier(shape, *m_terms.speeds, m_terms.noise).meanS() + shape.tailS();
    }
    lane.footing = std::make_shared<const Footing>(*m_terms.cluster, lane.shape(), m_terms.month);
    lane.members = shape.members();
    lane.tokens = 0;
    for (const MemberClass& each : shape.classes) {
        lane.tokens += each.tokens;
    }
    const Interruptions& i = outlook.interruptions;
    lane.rules.detectionS = i.detectionS;
    lane.rules.restartS = i.restartS;
    lane.rules.plannedEveryS = i.plannedEveryS;
    lane.rules.saveS = i.stallS + i.lagS;
    lane.rules.repairS = o.failStop.repairS.value;
    lane.rules.evicts = o.mitigations.evictSlow;
    lane.rules.evictAfterS = o.mitigations.evictAfterS.value;
    lane.rules.evictAbove = o.mitigations.evictAbove.value;
    lane.rules.meanRunS = std::min(outlook.mttfS(), i.plannedEveryS > 0 ? i.plannedEveryS : outlook.mttfS());
    if (std::isfinite(outlook.checkpointIntervalS) && outlook.checkpointIntervalS > 0) {
        const double steps = std::max(1.0, std::round(outlook.checkpointIntervalS / lane.healthyStepS()));
        lane.cadence = {static_cast<std::uint64_t>(steps), i.stallS, i.lagS};
        if (m_outer.innerSteps > 0) { // a round of local SGD ends with a checkpoint, if none came before
            lane.cadence.stepsPerCheckpoint = std::min(lane.cadence.stepsPerCheckpoint, m_outer.innerSteps);
        }
    }
    lane.outlook = std::move(outlook);
    m_lanes.push_back(std::move(lane));
}

void JobCourse::cutEpochs() {
    m_epochStarts.push_back(m_terms.startS);
    double perS = 0;
    if (m_terms.hazards) {
        for (const Hazard& hazard : m_terms.hazards->hazards()) {
            perS += hazard.perUnitS * m_terms.hazards->units(hazard, m_terms.month);
        }
    }
    const double planned = m_lanes.front().rules.plannedEveryS;
    if (!(perS > 0) && !(planned > 0)) {
        return; // nothing happens by chance: one run
    }
    double length = kLongestEpochS;
    if (perS > 0) {
        length = std::clamp(kEventsAnEpoch / perS, kShortestEpochS, kLongestEpochS);
    }
    if (planned > 0) {
        length = planned * std::max(1.0, std::round(length / planned));
    }
    for (double t = m_terms.startS + length; t < m_terms.endS;
         t = m_terms.startS + length * static_cast<double>(m_epochStarts.size())) {
        m_epochStarts.push_back(t);
    }
}

std::size_t JobCourse::epochAt(double timeS) const {
    const auto after = std::ranges::upper_bound(m_epochStarts, timeS);
    return after == m_epochStarts.begin() ? 0 : static_cast<std::size_t>(after - m_epochStarts.begin()) - 1;
}

std::vector<Event> JobCourse::eventsFor(double startS, double endS) const {
    const scenario::Operations& o = m_terms.operations;
    const double evictedS =
        o.mitigations.evictSlow ? o.mitigations.evictAfterS.value + o.failStop.repairS.value : 0;
    const auto matters = [&](const Event& event) {
        return event.timeS < endS &&
               (event.timeS >= startS || event.endS() > startS || event.repairedS > startS ||
                (event.kind == EventKind::FailSlow && event.timeS + evictedS > startS));
    };
    std::vector<Event> events;
    if (m_terms.hazards) {
        const double back = std::max({o.failStop.repairS.value, Hazards::kLongestEpisodeS, evictedS});
        for (const Event& event : m_terms.hazards->between(std::max(0.0, startS - back), endS)) {
            if (matters(event)) {
                events.push_back(event);
            }
        }
    }
    std::ranges::copy_if(m_terms.injections, std::back_inserter(events), matters);
    std::ranges::stable_sort(events, {}, &Event::timeS);
    return events;
}

std::shared_ptr<const JobCourse::Epoch> JobCourse::makeEpoch(std::size_t number) const {
    auto epoch = std::make_shared<Epoch>();
    epoch->number = number;
    const double startS = m_epochStarts[number];
    const double endS = number + 1 < m_epochStarts.size() ? m_epochStarts[number + 1] : m_terms.endS;
    const std::vector<Event> events = eventsFor(startS, endS);
    for (const Lane& lane : m_lanes) {
        epoch->lanes.emplace_back(*m_terms.cluster, *lane.footing, events, startS, endS,
                                  number == 0 && m_terms.begins, lane.rules);
    }
    if (m_outer.innerSteps > 0) {
        cutAtOuterBarriers(*epoch);
    }
    return epoch;
}

/// Rounds of local SGD. Every island makes its inner steps; the outer barrier opens when the last of those
/// has made them that were not interrupted on the way. Who was, goes on as soon as it can and joins with what
/// it has.
void JobCourse::cutAtOuterBarriers(Epoch& epoch) const {
    const std::size_t count = m_lanes.size();
    std::vector<std::vector<Interval>> rounds(count);
    const double endS = epoch.endS();
    for (double from = epoch.startS(); from < endS;) {
        std::vector<double> finishS(count, 0.0);
        double opensS = 0;
        double usualS = 0;
        for (std::size_t l = 0; l < count; ++l) {
            const Schedule& schedule = epoch.lanes[l];
            const Interval& now = schedule.at(from);
            usualS = std::max(usualS, static_cast<double>(m_outer.innerSteps) * m_lanes[l].healthyStepS());
            if (now.phase == Phase::Running) {
                const auto clock = makeClock(l, schedule, epoch.number, rounds[l].size(), from, now.endS);
                const double lastsS = clock->step(m_outer.innerSteps - 1).endS();
                double done = from + lastsS;
                while (done - from < lastsS) { // a sum may round down, and would cut the last step off
                    done = std::nextafter(done, std::numeric_limits<double>::infinity());
                }
                if (done <= now.endS) {
                    finishS[l] = done;
                    opensS = std::max(opensS, done);
                }
            }
        }
        opensS = std::min(opensS > 0 ? opensS : from + usualS, endS);
        const double next = std::min(opensS + m_outer.exchangeS, endS);
        for (std::size_t l = 0; l < count; ++l) {
            for (std::size_t i = epoch.lanes[l].indexAt(from); i < epoch.lanes[l].intervals().size(); ++i) {
                Interval part = epoch.lanes[l].intervals()[i];
                if (part.startS >= next) {
                    break;
                }
                part.keeps = part.keeps || part.endS > next;
                part.startS = std::max(part.startS, from);
                part.endS = std::min(part.endS, next);
                if (part.phase != Phase::Running) {
                    rounds[l].push_back(part);
                    continue;
                }
                Interval waits = part;
                part.endS = std::clamp(finishS[l] > 0 ? finishS[l] : opensS, part.startS, part.endS);
                waits.startS = part.endS;
                waits.phase = Phase::Outer;
                for (const Interval& each : {part, waits}) {
                    if (each.endS > each.startS) {
                        rounds[l].push_back(each);
                    }
                }
            }
        }
        from = next > from ? next : endS;
    }
    for (std::size_t l = 0; l < count; ++l) {
        epoch.lanes[l].replaceIntervals(std::move(rounds[l]));
    }
}

std::shared_ptr<const RunClock> JobCourse::makeClock(std::size_t lane, const Schedule& schedule,
                                                     std::size_t epochNumber, std::size_t interval,
                                                     double startS, double endS) const {
    const Lane& own = m_lanes[lane];
    Slowness slowness;
    for (std::size_t i = 0; i < schedule.events().size(); ++i) {
        Event event = schedule.events()[i];
        if (event.timeS >= endS) {
            break;
        }
        if (event.kind == EventKind::FailSlow && event.endS() > startS && own.footing->uses(event.part)) {
            event.timeS -= startS;
            slowness.events.push_back(event);
            slowness.original.push_back(static_cast<std::uint32_t>(i));
        }
    }
    StepDraw first;
    first.seed = m_terms.seed;
    first.stream = (m_terms.stream % kStretches << kStretchBit) |
                   (static_cast<std::uint32_t>(lane) % kLanes << kLaneBit) |
                   static_cast<std::uint32_t>(epochNumber % kEpochs);
    first.step = (interval % kRuns) << kRunBit;
    return std::make_shared<const RunClock>(own.book, std::move(slowness), own.cadence, first);
}

std::shared_ptr<const JobCourse::Epoch> JobCourse::epoch(std::size_t number) const {
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find(m_epochs, number, [](const auto& e) { return e->number; });
        if (found != m_epochs.end()) {
            m_epochs.splice(m_epochs.begin(), m_epochs, found);
            return *found;
        }
    }
    auto made = makeEpoch(number);
    const std::lock_guard lock(m_mutex);
    m_epochs.push_front(made);
    if (m_epochs.size() > kEpochsKept) {
        m_epochs.pop_back();
    }
    return made;
}

JobCourse::Where JobCourse::at(const std::shared_ptr<const Epoch>& epoch, std::size_t lane,
                               std::size_t interval) const {
    Where where;
    where.epoch = epoch;
    where.schedule = &epoch->lanes[lane];
    where.interval = &where.schedule->intervals()[interval];
    if (where.interval->phase != Phase::Running) {
        return where;
    }
    const ClockKey key{epoch->number, lane, interval};
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find(m_clocks, key, [](const auto& c) { return c.first; });
        if (found != m_clocks.end()) {
            m_clocks.splice(m_clocks.begin(), m_clocks, found);
            where.clock = found->second;
            return where;
        }
    }
    where.clock = makeClock(lane, *where.schedule, epoch->number, interval, where.interval->startS,
                            where.interval->endS);
    const std::lock_guard lock(m_mutex);
    m_clocks.emplace_front(key, where.clock);
    if (m_clocks.size() > kClocksKept) {
        m_clocks.pop_back();
    }
    return where;
}

JobCourse::Where JobCourse::fresh(const std::shared_ptr<const Epoch>& epoch, std::size_t lane,
                                  std::size_t interval) const {
    Where where;
    where.epoch = epoch;
    where.schedule = &epoch->lanes[lane];
    where.interval = &where.schedule->intervals()[interval];
    if (where.interval->phase == Phase::Running) {
        where.clock = makeClock(lane, *where.schedule, epoch->number, interval, where.interval->startS,
                                where.interval->endS);
    }
    return where;
}

JobCourse::Where JobCourse::at(std::size_t lane, double timeS) const {
    const auto here = epoch(epochAt(timeS));
    return at(here, lane, here->lanes[lane].indexAt(timeS));
}

} // namespace atlas::operations
