// What a training timeline says about spans of time: events, phases, steps.
#include "model/operations/lane_instant.h"
#include "model/operations/training_timeline.h"

#include <algorithm>

namespace atlas::operations {

namespace {

/// Calls `use(schedule, interval, index, epoch)` for the intervals of a lane within [fromS, toS).
template <class Use>
void forIntervals(const JobCourse& job, std::size_t lane, double fromS, double toS, const Use& use) {
    const double from = std::max(fromS, job.terms().startS);
    const double to = std::min(toS, job.terms().endS);
    if (!(from < to)) {
        return;
    }
    for (std::size_t e = job.epochAt(from); e < job.epochCount(); ++e) {
        const auto epoch = job.epoch(e);
        const auto& intervals = epoch->lanes[lane].intervals();
        for (std::size_t i = 0; i < intervals.size(); ++i) {
            if (intervals[i].startS >= to) {
                return;
            }
            if (intervals[i].endS > from && !use(epoch, i)) {
                return;
            }
        }
    }
}

/// Of a run without its checkpoints, what they cut it into.
void addCheckpoints(const RunClock& clock, const Interval& run, const PhaseSpan& whole, std::size_t most,
                    std::vector<PhaseSpan>& out) {
    const std::uint64_t every = clock.cadence().stepsPerCheckpoint;
    PhaseSpan steps = whole;
    std::uint64_t next = every;
    const double from = whole.startS - run.startS;
    if (every > 0 && from > 0) {
        next = (clock.at(from).step.step / every + 1) * every;
    }
    while (every > 0 && out.size() < most) {
        const double begins = run.startS + clock.step(next - 1).endS();
        const double ends = begins + clock.cadence().stallS;
        if (begins >= whole.endS) {
            break;
        }
        if (begins > steps.startS) {
            steps.endS = begins;
            out.push_back(steps);
        }
        PhaseSpan stall = whole;
        stall.phase = Phase::Checkpoint;
        stall.startS = std::max(begins, whole.startS);
        stall.endS = std::min(ends, whole.endS);
        out.push_back(stall);
        steps.startS = stall.endS;
        next += every;
    }
    if (steps.startS < whole.endS) {
        steps.endS = whole.endS;
        out.push_back(steps);
    }
}

} // namespace

std::vector<Event> TrainingTimeline::events(double fromS, double toS) const {
    std::vector<Event> out;
    for (const Stretch& stretch : m_stretches) {
        if (stretch.endS <= fromS || stretch.startS >= toS) {
            continue;
        }
        const JobCourse* job = running(stretch).job.get();
        if (job == nullptr) {
            continue;
        }
        const double from = std::max(fromS, stretch.startS);
        const double to = std::min(toS, stretch.endS);
        for (std::size_t e = job->epochAt(from); e < job->epochCount(); ++e) {
            const auto epoch = job->epoch(e);
            if (epoch->startS() >= to) {
                break;
            }
            const auto told = static_cast<std::ptrdiff_t>(out.size()); // in the epochs before
            for (std::size_t l = 0; l < epoch->lanes.size(); ++l) {
                for (const Event& event : epoch->lanes[l].events()) {
                    // What began before an epoch was told there; what lanes share is told once.
                    const bool begins =
                        event.timeS >= epoch->startS() || (e == job->epochAt(from) && event.endS() > from);
                    const bool own =
                        l == 0 || event.kind == EventKind::Planned || event.kind == EventKind::Eviction;
                    if (begins && own && event.timeS < to && (event.timeS >= from || event.endS() > from)) {
                        out.push_back(event);
                    } else if (begins && l > 0 && event.durationS > 0 && event.kind == EventKind::FailStop) {
                        // The lane it stopped knows how long.
                        for (auto known = out.begin() + told; known != out.end(); ++known) {
                            if (known->timeS == event.timeS && known->part == event.part) {
                                known->durationS = std::max(known->durationS, event.durationS);
                            }
                        }
                    }
                }
            }
        }
    }
    std::ranges::stable_sort(out, {}, &Event::timeS);
    return out;
}

std::vector<PhaseSpan> TrainingTimeline::phases(double fromS, double toS, std::size_t most) const {
    std::vector<PhaseSpan> out;
    for (const Stretch& stretch : m_stretches) {
        const double from = std::max(fromS, stretch.startS);
        const double to = std::min(toS, stretch.endS);
        if (!(from < to)) {
            continue;
        }
        const JobCourse* job = running(stretch).job.get();
        if (job == nullptr) {
            out.push_back({from, to, Phase::Idle, 0});
            continue;
        }
        // Checkpoints one by one only where they are few.
        const Lane& lane = job->lanes().front();
        const double every = static_cast<double>(lane.cadence.stepsPerCheckpoint) * lane.healthyStepS();
        const bool fine = every > 0 && 2 * (to - from) / every < static_cast<double>(most);
        forIntervals(*job, 0, from, to,
                     [&](const std::shared_ptr<const JobCourse::Epoch>& epoch, std::size_t i) {
                         const Schedule& schedule = epoch->lanes[0];
                         const Interval& each = schedule.intervals()[i];
                         const PhaseSpan span{std::max(from, each.startS), std::min(to, each.endS),
                                              each.phase, schedule.standing(each).capacity};
                         if (fine && each.phase == Phase::Running) {
                             addCheckpoints(*job->at(epoch, 0, i).clock, each, span, most, out);
                         } else {
                             out.push_back(span);
                         }
                         return true;
                     });
    }
    return out;
}

std::vector<StepSpan> TrainingTimeline::steps(double fromS, double toS, std::size_t most) const {
    std::vector<StepSpan> out;
    for (const Stretch& stretch : m_stretches) {
        if (stretch.endS <= fromS || stretch.startS >= toS) {
            continue;
        }
        const JobCourse* job = running(stretch).job.get();
        for (std::size_t l = 0; job != nullptr && l < job->lanes().size(); ++l) {
            const std::size_t already = out.size();
            forIntervals(*job, l, fromS, toS,
                         [&](const std::shared_ptr<const JobCourse::Epoch>& epoch, std::size_t i) {
                             const JobCourse::Where where = job->at(epoch, l, i);
                             if (!where.clock) {
                                 return true;
                             }
                             const Interval& run = *where.interval;
                             const double from = std::max(0.0, fromS - run.startS);
                             where.clock->forSteps(
                                 from, std::min(toS, run.endS) - run.startS, [&](const StepAt& at) {
                                     StepSpan span;
                                     span.startS = run.startS + at.startS;
                                     if (span.startS < fromS) { // as it is told: what is asked for may be it
                                         return true;
                                     }
                                     const StepMembers members(at, m_speeds);
                                     span.barrierS = at.barrierS;
                                     span.endS = std::min(run.endS, run.startS + at.endS());
                                     span.step = at.step;
                                     span.culprit = members.culprit();
                                     span.cause = latenessOf(job->lanes()[l], where, at, members).cause;
                                     span.island = job->lanes()[l].island;
                                     out.push_back(span);
                                     return out.size() - already < most;
                                 });
                             return out.size() - already < most;
                         });
        }
    }
    std::ranges::stable_sort(out, {}, &StepSpan::startS);
    if (out.size() > most) {
        out.resize(most);
    }
    return out;
}

} // namespace atlas::operations
