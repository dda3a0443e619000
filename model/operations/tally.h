// Sums over the steps of runs: what `account` and `waterfall` of a span are made of.
#pragma once

#include "model/operations/step_samples.h"
#include "model/operations/waterfall.h"

#include <vector>

namespace atlas::operations {

/// Counts of step times, in cells as wide as one 8192nd of the power of two below them.
class StepTimes {
public:
    void add(float stepS);
    void add(const StepTimes& other);
    /// The time that a share of the steps do not exceed; 0 without steps.
    [[nodiscard]] double quantile(double share) const;
    [[nodiscard]] double mostS() const { return static_cast<double>(m_mostS); }

private:
    void reach(std::uint32_t cell);
    std::vector<std::uint64_t> m_counts;
    std::uint32_t m_first = 0; ///< cell of the first count
    std::uint64_t m_all = 0;
    float m_mostS = 0;
};

/// Sums over steps.
struct StepSums {
    std::uint64_t steps = 0;
    double stepS = 0;
    double jitterS = 0; ///< barriers without anything slow and with even work, beyond the plan's
    double unevenS = 0; ///< for work that is not shared out evenly
    double slowS = 0;   ///< beyond those
    std::array<double, kCauseCount> waitGpuS{};
    std::vector<double> waitGpuSByClass; ///< [cluster.gpuClasses]
    void add(const StepSums& other);
};

/// One interval of a schedule within a span.
struct RunTally {
    Phase phase = Phase::Idle;
    double phaseS = 0; ///< of the interval within the span, without checkpoints
    double checkpointS = 0;
    double capacity = 1;
    std::uint64_t checkpoints = 0;
    StepSums kept; ///< steps that begin in the span and whose progress stayed
    StepSums all;  ///< that begin in the span and end
    std::vector<float> stepS;
};
[[nodiscard]] RunTally tallyOf(const Lane& lane, const JobCourse::Where& where, double fromS, double toS);

/// A lane over a span.
class LaneTally {
public:
    explicit LaneTally(const Lane& lane);
    void add(const RunTally& run);
    void addEvents(const Schedule& schedule, double fromS, double toS);
    /// For the waterfall of a span of `seconds`.
    [[nodiscard]] LanePart part(double seconds) const;

private:
    friend class AccountBuilder;
    const Lane* m_lane;
    std::array<double, kPhaseCount> m_phaseS{};
    StepSums m_kept;
    StepSums m_all;
    double m_keptReplicaS = 0; ///< time in kept steps times the replicas that ran
    double m_keptSteps = 0;    ///< kept steps times those
    std::uint64_t m_checkpoints = 0, m_interruptions = 0, m_planned = 0, m_evictions = 0;
    StepTimes m_times;
};

class AccountBuilder {
public:
    AccountBuilder(const cluster::Cluster& cluster, double fromS, double toS);
    void addIdle(double seconds);
    void add(const Lane& lane, const LaneTally& tally);
    [[nodiscard]] Account finished();

private:
    const cluster::Cluster& m_cluster;
    Account m_account;
    StepTimes m_times;
    double m_stepS = 0;
    double m_progressS = 0; ///< undisturbed step time of the steps kept
    double m_wholeS = 0;    ///< of the time of jobs
};

/// A lane around an instant, for charts.
struct LaneSample {
    StepShares shares;
    double stepS = 0; ///< 0 where nothing steps
};
/// At an instant where samples lie closer than a few steps; the mean until the next sample beyond that,
/// expected where samples lie days apart.
[[nodiscard]] LaneSample sampleOf(const JobCourse& job, std::size_t lane, double timeS, double spacingS);

} // namespace atlas::operations
