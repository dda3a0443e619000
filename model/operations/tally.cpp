#include "model/operations/tally.h"

#include "model/operations/lane_instant.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

namespace atlas::operations {

namespace {

constexpr int kCellBits = 10; ///< of a float's last ones that a cell of the histogram leaves out

/// Adds single steps to sums.
class StepAdder {
public:
    StepAdder(const Lane& lane, const JobCourse::Where& where)
        : m_lane(lane)
        , m_where(where)
        , m_cluster(lane.book->cluster())
        , m_healthy(*lane.book->healthy())
        , m_nominalS(lane.shape().nominalS() - lane.shape().tailS())
        , m_lastStageS(lane.book->lastStageS()) {
        // What mixing classes, an uneven last stage and lasting spread cost in every step.
        for (const MemberClass& each : lane.shape().classes) {
            m_mismatchGpuS += each.count() * (m_nominalS - each.finishS());
        }
        for (const MemberClass& each : m_healthy.shape->classes) {
            m_lastStageGpuS += each.count() * (m_nominalS + m_lastStageS - each.finishS());
        }
        m_lastStageGpuS = std::max(0.0, m_lastStageGpuS - m_mismatchGpuS);
        m_staticS = m_healthy.barrier->nominalS() - m_nominalS - m_lastStageS;
    }

    void add(const StepAt& at, StepSums& sums) {
        const bool disturbed = at.law != &m_healthy;
        const double healthyS = disturbed ? m_healthy.draw(at.draw).timeS : at.barrierS;
        const double unevenS = at.loadS + m_lastStageS;
        const double slowS = disturbed ? std::max(0.0, at.stepS - healthyS - m_healthy.tailS) : 0;
        ++sums.steps;
        sums.stepS += at.stepS;
        sums.jitterS += at.stepS - slowS - unevenS - m_nominalS - m_healthy.tailS;
        sums.unevenS += unevenS;
        sums.slowS += slowS;
        const FinishTable& table = *at.law->finishes;
        sums.waitGpuSByClass.resize(m_cluster.gpuClasses.size(), 0.0);
        double all = 0;
        for (std::size_t c = 0; c < sums.waitGpuSByClass.size(); ++c) {
            const double waits = table.waitGpuS(c, at.evenBarrierS());
            sums.waitGpuSByClass[c] += waits;
            all += waits;
        }
        addLoad(at, sums);
        const double forSlow = std::min(all, slowS * m_lane.members);
        const double forMix = std::min(all - forSlow, m_mismatchGpuS);
        const double forStage = std::min(all - forSlow - forMix, m_lastStageGpuS);
        const double rest = all - forSlow - forMix - forStage;
        const double noiseS = std::max(1e-300, healthyS - at.loadS - m_lastStageS - m_nominalS);
        const double lasting = std::clamp(m_staticS / noiseS, 0.0, 1.0);
        sums.waitGpuS[static_cast<std::size_t>(Cause::ClassMismatch)] += forMix;
        sums.waitGpuS[static_cast<std::size_t>(Cause::LastStage)] += forStage;
        sums.waitGpuS[static_cast<std::size_t>(Cause::StaticSpread)] += lasting * rest;
        sums.waitGpuS[static_cast<std::size_t>(Cause::Jitter)] += (1 - lasting) * rest;
        if (forSlow > 0) {
            sums.waitGpuS[static_cast<std::size_t>(causeOf(at))] += forSlow;
        }
    }

private:
    /// Waits for the heaviest replica.
    void addLoad(const StepAt& at, StepSums& sums) const {
        const StepLoad& load = at.law->load;
        if (load.even()) {
            return;
        }
        const double waitS = load.waitS(at.heaviest);
        for (const MemberClass& each : at.law->shape->classes) {
            sums.waitGpuSByClass[m_cluster.islands[each.island].gpuClass] += waitS * each.count();
        }
        const double paused = load.pausedShare(load.quantile(at.heaviest));
        sums.waitGpuS[static_cast<std::size_t>(Cause::Collection)] += paused * waitS * m_lane.members;
        sums.waitGpuS[static_cast<std::size_t>(Cause::Sequences)] += (1 - paused) * waitS * m_lane.members;
    }

    /// Why a step is slower than a healthy one.
    [[nodiscard]] Cause causeOf(const StepAt& at) const {
        const Slowness& slowness = m_where.clock->slowness();
        const Event* event = nullptr;
        if (at.slow >= 0) {
            event = &slowness.events[at.law->slow[static_cast<std::size_t>(at.slow)].event];
        } else if (!at.law->wide.empty()) {
            event = &slowness.events[at.law->wide.front()];
        } else {
            return Cause::SlowLink; // only the exchange of gradients is longer
        }
        if (event->injection >= 0) {
            return Cause::Injection;
        }
        return event->component == Component::Host   ? Cause::SlowHost
               : event->component == Component::Link ? Cause::SlowLink
                                                     : Cause::Thermal;
    }

    const Lane& m_lane;
    const JobCourse::Where& m_where;
    const cluster::Cluster& m_cluster;
    const StepLaw& m_healthy;
    double m_nominalS;
    double m_lastStageS;
    double m_mismatchGpuS = 0;
    double m_lastStageGpuS = 0;
    double m_staticS = 0;
};

} // namespace

void StepTimes::reach(std::uint32_t cell) {
    if (m_counts.empty()) {
        m_first = cell;
    }
    if (cell < m_first) {
        m_counts.insert(m_counts.begin(), m_first - cell, 0);
        m_first = cell;
    }
    if (cell - m_first >= m_counts.size()) {
        m_counts.resize(cell - m_first + 1, 0);
    }
}

void StepTimes::add(float stepS) {
    const std::uint32_t cell = std::bit_cast<std::uint32_t>(stepS) >> kCellBits;
    reach(cell);
    ++m_counts[cell - m_first];
    ++m_all;
    m_mostS = std::max(m_mostS, stepS);
}

void StepTimes::add(const StepTimes& other) {
    if (other.m_counts.empty()) {
        return;
    }
    reach(other.m_first);
    reach(other.m_first + static_cast<std::uint32_t>(other.m_counts.size()) - 1);
    for (std::size_t i = 0; i < other.m_counts.size(); ++i) {
        m_counts[other.m_first - m_first + i] += other.m_counts[i];
    }
    m_all += other.m_all;
    m_mostS = std::max(m_mostS, other.m_mostS);
}

double StepTimes::quantile(double share) const {
    const double wanted = share * static_cast<double>(m_all);
    double below = 0;
    for (std::uint32_t i = 0; i < m_counts.size(); ++i) {
        below += static_cast<double>(m_counts[i]);
        if (m_counts[i] > 0 && below >= wanted) {
            const float middle = std::bit_cast<float>(((m_first + i) << kCellBits) | (1u << (kCellBits - 1)));
            return static_cast<double>(std::min(m_mostS, middle));
        }
    }
    return mostS();
}

void StepSums::add(const StepSums& other) {
    steps += other.steps;
    stepS += other.stepS;
    jitterS += other.jitterS;
    slowS += other.slowS;
    unevenS += other.unevenS;
    for (std::size_t c = 0; c < kCauseCount; ++c) {
        waitGpuS[c] += other.waitGpuS[c];
    }
    waitGpuSByClass.resize(std::max(waitGpuSByClass.size(), other.waitGpuSByClass.size()), 0.0);
    for (std::size_t c = 0; c < other.waitGpuSByClass.size(); ++c) {
        waitGpuSByClass[c] += other.waitGpuSByClass[c];
    }
}

RunTally tallyOf(const Lane& lane, const JobCourse::Where& where, double fromS, double toS) {
    const Interval& run = *where.interval;
    RunTally tally;
    tally.phase = run.phase;
    tally.capacity = where.schedule->standing(run).capacity;
    tally.phaseS = std::min(run.endS, toS) - std::max(run.startS, fromS);
    if (!where.clock) {
        return tally;
    }
    // A failure leaves what the last checkpoint holds that was written by then; all else keeps every whole
    // step.
    const double endS = run.endS - run.startS;
    const double from = fromS - run.startS;
    const double to = toS - run.startS;
    const Cadence& cadence = where.clock->cadence();
    StepAdder adder(lane, where);
    StepSums sinceCheckpoint;
    const auto stalled = [&](double beginS, double finishS) {
        tally.checkpointS += std::max(0.0, std::min({finishS, endS, to}) - std::max(beginS, from));
    };
    where.clock->forSteps(0, endS, [&](const StepAt& at) {
        if (at.endS() > endS) {
            return false; // cut off
        }
        // Beyond the span a run that fails is followed to the checkpoint that settles what is kept.
        const bool beyond = at.startS >= to;
        if (beyond && run.keeps) {
            return false;
        }
        if (!beyond && at.startS >= from) {
            adder.add(at, sinceCheckpoint);
            tally.stepS.push_back(static_cast<float>(at.stepS));
        }
        if (cadence.stepsPerCheckpoint > 0 && (at.step + 1) % cadence.stepsPerCheckpoint == 0) {
            const double savedS = at.endS() + cadence.stallS;
            stalled(at.endS(), savedS);
            tally.checkpoints += savedS <= endS && at.endS() >= from && at.endS() < to ? 1 : 0;
            tally.all.add(sinceCheckpoint);
            if (run.keeps || savedS + cadence.lagS <= endS) {
                tally.kept.add(sinceCheckpoint);
            }
            sinceCheckpoint = {};
            return !beyond;
        }
        return true;
    });
    tally.all.add(sinceCheckpoint);
    if (run.keeps) {
        tally.kept.add(sinceCheckpoint);
    }
    tally.phaseS -= tally.checkpointS;
    return tally;
}

LaneTally::LaneTally(const Lane& lane)
    : m_lane(&lane) {}

void LaneTally::add(const RunTally& run) {
    m_phaseS[static_cast<std::size_t>(run.phase)] += run.phaseS;
    m_phaseS[static_cast<std::size_t>(Phase::Checkpoint)] += run.checkpointS;
    m_kept.add(run.kept);
    m_all.add(run.all);
    m_keptReplicaS += run.kept.stepS * run.capacity;
    m_keptSteps += static_cast<double>(run.kept.steps) * run.capacity;
    m_checkpoints += run.checkpoints;
    for (const float stepS : run.stepS) {
        m_times.add(stepS);
    }
}

void LaneTally::addEvents(const Schedule& schedule, double fromS, double toS) {
    m_interruptions += schedule.interruptions(fromS, toS);
    for (const Event& event : schedule.events()) {
        if (event.timeS >= fromS && event.timeS < toS) {
            m_planned += event.kind == EventKind::Planned ? 1 : 0;
            m_evictions += event.kind == EventKind::Eviction ? 1 : 0;
        }
    }
}

LanePart LaneTally::part(double seconds) const {
    LanePart part = expectedPart(*m_lane);
    part.kept = seconds > 0 ? m_keptReplicaS / seconds : 0;
    if (m_kept.steps > 0) {
        const auto steps = static_cast<double>(m_kept.steps);
        part.stepS = m_kept.stepS / steps;
        part.jitterS = m_kept.jitterS / steps;
        part.slowS = m_kept.slowS / steps;
        part.unevenS = m_kept.unevenS / steps;
    }
    return part;
}

AccountBuilder::AccountBuilder(const cluster::Cluster& cluster, double fromS, double toS)
    : m_cluster(cluster) {
    m_account.fromS = fromS;
    m_account.toS = toS;
    m_account.stallGpuSByClass.assign(cluster.gpuClasses.size(), 0.0);
}

void AccountBuilder::addIdle(double seconds) {
    m_account.phaseS[static_cast<std::size_t>(Phase::Idle)] += seconds;
}

void AccountBuilder::add(const Lane& lane, const LaneTally& tally) {
    Account& a = m_account;
    double seconds = 0;
    for (std::size_t p = 0; p < kPhaseCount; ++p) {
        a.phaseS[p] += lane.share * tally.m_phaseS[p];
        seconds += tally.m_phaseS[p];
    }
    const StepSums& all = tally.m_all;
    a.steps += all.steps;
    a.steppingS += lane.share * tally.m_kept.stepS;
    const double running = tally.m_phaseS[static_cast<std::size_t>(Phase::Running)];
    const double lostS = std::max(0.0, running - tally.m_kept.stepS);
    a.lostS += lane.share * lostS;
    a.interruptions += tally.m_interruptions;
    a.planned += tally.m_planned;
    a.evictions += tally.m_evictions;
    a.checkpoints += tally.m_checkpoints;
    for (std::size_t c = 0; c < kCauseCount; ++c) {
        a.waitGpuS[c] += tally.m_kept.waitGpuS[c];
    }
    const double stoppedS = seconds - running + lostS;
    a.stoppedGpuS += stoppedS * lane.members;
    for (const MemberClass& each : lane.shape().classes) {
        a.stallGpuSByClass[m_cluster.islands[each.island].gpuClass] += stoppedS * each.count();
    }
    for (std::size_t c = 0; c < tally.m_kept.waitGpuSByClass.size(); ++c) {
        a.stallGpuSByClass[c] += tally.m_kept.waitGpuSByClass[c];
    }
    m_times.add(tally.m_times);
    m_stepS += all.stepS;
    m_progressS += lane.tokens * tally.m_keptSteps * lane.undisturbedStepS * lane.outlook.useful;
    m_wholeS += lane.tokens * seconds;
}

Account AccountBuilder::finished() {
    Account& a = m_account;
    a.goodput = m_wholeS > 0 ? m_progressS / m_wholeS : 0;
    a.stepMeanS = a.steps > 0 ? m_stepS / static_cast<double>(a.steps) : 0;
    a.stepP50S = m_times.quantile(0.5);
    a.stepP90S = m_times.quantile(0.9);
    a.stepP99S = m_times.quantile(0.99);
    a.stepMaxS = m_times.mostS();
    return a;
}

LaneSample sampleOf(const JobCourse& job, std::size_t lane, double timeS, double spacingS) {
    constexpr double kFewSteps = 2;
    constexpr double kManyS = 86'400; ///< spacing beyond which the expected is shown
    const Lane& own = job.lanes()[lane];
    LaneSample sample;
    const StepLaw& healthy = *own.book->healthy();
    const auto mean = [&](double running, double barrierS) {
        sample.shares =
            meanShares(healthy, {barrierS, meanBarrier(healthy).loadS, meanBarrier(healthy).memberLateS});
        sample.shares.computing *= running;
        sample.shares.communicating *= running;
        sample.shares.waiting *= running;
        sample.stepS = barrierS + healthy.tailS;
    };
    if (spacingS >= kManyS) {
        mean(own.outlook.running * own.outlook.capacity,
             own.undisturbedStepS / own.outlook.pace - healthy.tailS);
        return sample;
    }
    const JobCourse::Where where = job.at(lane, timeS);
    if (spacingS >= kFewSteps * own.healthyStepS()) {
        // The share of the time until the next sample in which the job runs.
        double running = 0;
        const double toS = std::min(timeS + spacingS, job.terms().endS);
        for (std::size_t e = where.epoch->number; e < job.epochCount(); ++e) {
            const auto epoch = job.epoch(e);
            if (epoch->startS() >= toS) {
                break;
            }
            const auto& intervals = epoch->lanes[lane].intervals();
            for (std::size_t i = epoch->lanes[lane].indexAt(timeS);
                 i < intervals.size() && intervals[i].startS < toS; ++i) {
                const double overlap =
                    std::min(intervals[i].endS, toS) - std::max(intervals[i].startS, timeS);
                running += intervals[i].phase == Phase::Running ? std::max(0.0, overlap) : 0;
            }
        }
        const double share = toS > timeS ? running / (toS - timeS) : 1;
        const double stall = own.cadence.stepsPerCheckpoint > 0
                                 ? own.cadence.stallS / (static_cast<double>(own.cadence.stepsPerCheckpoint) *
                                                             own.healthyStepS() +
                                                         own.cadence.stallS)
                                 : 0;
        if (where.clock) {
            const RunClock::At at = where.clock->at(timeS - where.interval->startS);
            sample.shares = meanShares(*at.step.law, barrierOf(at.step));
            sample.stepS = at.step.stepS;
        } else {
            sample.shares = meanShares(healthy, meanBarrier(healthy));
        }
        for (double* each :
             {&sample.shares.computing, &sample.shares.communicating, &sample.shares.waiting}) {
            *each *= share * (1 - stall);
        }
        return sample;
    }
    if (!where.clock) {
        sample.shares.waiting = where.interval->phase == Phase::Detecting ? 1 : 0;
        return sample;
    }
    const RunClock::At at = where.clock->at(timeS - where.interval->startS);
    sample.stepS = at.step.stepS;
    if (at.checkpoint) {
        return sample;
    }
    const double sinceS = timeS - where.interval->startS - at.step.startS;
    const BarrierAt barrier = barrierOf(at.step);
    sample.shares = spacingS < at.step.stepS ? sharesAt(*at.step.law, barrier, sinceS)
                                             : meanShares(*at.step.law, barrier);
    return sample;
}

} // namespace atlas::operations
