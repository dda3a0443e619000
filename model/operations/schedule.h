// When the job runs, and when and why it does not: the conditions of an epoch, laid out before any step is.
#pragma once

#include "model/operations/events.h"
#include "model/operations/footing.h"
#include "model/operations/phases.h"

#include <vector>

namespace atlas::operations {

/// How a job meets what happens.
struct Rules {
    double detectionS = 0;
    double restartS = 0;
    double plannedEveryS = 0; ///< 0: never
    double saveS = 0;         ///< a checkpoint before a restart on purpose
    double repairS = 0;       ///< of what is evicted
    bool evicts = false;
    double evictAfterS = 0;
    double evictAbove = 0; ///< excess of time from which it does
    double meanRunS = 0;   ///< expected until something stops the job: what a restart on purpose may hope for
};

/// A stretch of constant conditions, but for what is slow.
struct Interval {
    double startS = 0;
    double endS = 0;
    Phase phase = Phase::Running; ///< never Checkpoint: those lie among the steps
    std::int32_t standing = 0;    ///< index in Schedule::standings
    bool keeps =
        true; ///< Running: what was done by its end is kept; a failure goes back to the last checkpoint
};

/// One epoch: a few thousand events at most, whatever came before. What is out at its start is known from the
/// events before it, which the caller adds.
class Schedule {
public:
    /// `events`: failures and episodes in order of time, from before the epoch on. `begins`: the job begins
    /// with the epoch; else it comes back from a planned restart where there are such, or just goes on.
    Schedule(const cluster::Cluster& cluster, const Footing& footing, std::vector<Event> events,
             double startS, double endS, bool begins, const Rules& rules);

    [[nodiscard]] const std::vector<Interval>& intervals() const { return m_intervals; }
    [[nodiscard]] const Interval& at(double timeS) const;
    [[nodiscard]] std::size_t indexAt(double timeS) const;
    /// All that happened, with what it cost, in order of time; of those before the epoch what still matters.
    [[nodiscard]] const std::vector<Event>& events() const { return m_events; }
    [[nodiscard]] const std::vector<Standing>& standings() const { return m_standings; }
    [[nodiscard]] const Standing& standing(const Interval& interval) const {
        return m_standings[static_cast<std::size_t>(interval.standing)];
    }
    /// What is out at a time.
    [[nodiscard]] OutRanges outAt(double timeS) const;
    /// Failures that stopped the job in [fromS, toS).
    [[nodiscard]] std::uint64_t interruptions(double fromS, double toS) const;
    /// Runs cut into rounds, for local SGD.
    void replaceIntervals(std::vector<Interval> intervals) { m_intervals = std::move(intervals); }
    [[nodiscard]] double startS() const { return m_startS; }
    [[nodiscard]] double endS() const { return m_endS; }

private:
    class Builder;
    struct Broken {
        double fromS = 0;
        double untilS = 0;
        OutRanges gpus;
    };
    double m_startS;
    double m_endS;
    std::vector<Interval> m_intervals;
    std::vector<Event> m_events;
    std::vector<Standing> m_standings{Standing{}};
    std::vector<Broken> m_broken;
    std::vector<double> m_stops; ///< times
};

} // namespace atlas::operations
