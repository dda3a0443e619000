// One lane of a job at one instant: what every question about that instant begins with.
#pragma once

#include "model/operations/blame.h"
#include "model/operations/job_course.h"

#include <optional>

namespace atlas::operations {

class LaneInstant {
public:
    /// Precondition: the job's stretch contains the time.
    LaneInstant(const JobCourse& job, std::size_t lane, double timeS);

    [[nodiscard]] const Lane& lane() const { return *m_lane; }
    [[nodiscard]] Phase phase() const;
    /// A step is in progress, and no checkpoint.
    [[nodiscard]] bool stepping() const { return m_members.has_value(); }
    [[nodiscard]] const JobCourse::Where& where() const { return m_where; }
    [[nodiscard]] const Standing& standing() const { return m_where.schedule->standing(*m_where.interval); }

    // Precondition of the rest: stepping().
    [[nodiscard]] const StepAt& step() const { return m_at.step; }
    [[nodiscard]] double stepStartS() const {
        return m_where.interval->startS + m_at.step.startS;
    } ///< absolute
    [[nodiscard]] const StepMembers& members() const { return *m_members; }
    [[nodiscard]] const StepInstant& instant() const { return m_instant; }
    [[nodiscard]] const StepLaw& law() const { return *m_at.step.law; }
    [[nodiscard]] const std::vector<HeldUp>& heldUp() const { return m_heldUp; }
    [[nodiscard]] GpuState stateOf(cluster::Index gpu) const;
    /// The same at another instant of the step.
    [[nodiscard]] GpuState stateOf(cluster::Index gpu, float sinceStartS) const;

    /// When the phase began and ends, absolute; of steps the whole run.
    [[nodiscard]] double phaseStartS() const;
    [[nodiscard]] double phaseEndS() const;

private:
    const Lane* m_lane;
    JobCourse::Where m_where;
    RunClock::At m_at;
    std::optional<StepMembers> m_members;
    std::vector<HeldUp> m_heldUp;
    StepInstant m_instant;
};

/// How far the culprit of a step came in after the mean member, taken apart.
struct Lateness {
    double mismatchS = 0; ///< its class is slower than the mean class
    double staticS = 0;   ///< it is slower than its class, for good
    double slowS = 0;     ///< it is slower than it should be, for now
    double stageS = 0;    ///< it holds the last stage, which has more to do
    double loadS = 0;     ///< its replica got more than its share of the work
    bool pauses = false;  ///< most of that is a collection of garbage
    double jitterS = 0;   ///< the rest
    Cause cause = Cause::Jitter;
    std::int32_t injection = -1;
    [[nodiscard]] double sumS() const { return mismatchS + staticS + slowS + stageS + loadS + jitterS; }
};
[[nodiscard]] Lateness latenessOf(const Lane& lane, const JobCourse::Where& where, const StepAt& at,
                                  const StepMembers& members);

/// The event that makes a member slow, as the schedule tells it; null: it is an ordinary member.
[[nodiscard]] const Event* slownessOf(const JobCourse::Where& where, const cluster::Cluster& cluster,
                                      const StepMembers& members, cluster::Index gpu);

/// Failed and unused GPUs painted over the members of a lane, and idle ones that stand in for them.
void paintStanding(std::uint8_t* state, const cluster::Cluster& cluster, const LaneInstant& now, double timeS,
                   scenario::Month month);

} // namespace atlas::operations
