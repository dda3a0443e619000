// A planned job over a stretch of time: when it runs and what slows it, epoch by epoch.
#pragma once

#include "model/operations/hazards.h"
#include "model/operations/outlook.h"
#include "model/operations/run_clock.h"
#include "model/operations/schedule.h"
#include "model/operations/step_samples.h"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

namespace atlas::operations {

/// What a plan, its cluster and the scenario say about a job.
struct JobTerms {
    std::shared_ptr<const cluster::Cluster> cluster;
    std::shared_ptr<const Hazards> hazards; ///< null: nothing happens by chance
    std::vector<Event> injections;          ///< in order of time
    scenario::Operations operations;
    const StaticSpeeds* speeds = nullptr;
    StepNoise noise;
    scenario::Month month; ///< decides which GPUs have power
    double startS = 0;
    double endS = 0;
    std::uint64_t seed = 0;
    std::uint32_t stream = 0; ///< of the stretch, below 256
    bool begins = true;
};

/// Members that step together: all of them, or one island under local SGD.
struct Lane {
    cluster::Index island = cluster::kNone; ///< kNone: all
    std::shared_ptr<const LawBook> book;
    std::shared_ptr<const Footing> footing;
    Outlook outlook;
    Rules rules;
    Cadence cadence;
    double members = 0;
    double share = 1;  ///< of the members of the job
    double tokens = 1; ///< share of the progress
    [[nodiscard]] const StepShape& shape() const { return book->shape(); }
    /// Mean step with all work shared out evenly and all replicas waited for: what progress is measured by.
    double undisturbedStepS = 0;
    /// Mean step in which nothing is slow by failure.
    [[nodiscard]] double healthyStepS() const { return meanStepS(*book->healthy()); }
    /// Of it, what work that is not shared out evenly costs.
    [[nodiscard]] double unevenStepS() const {
        return book->lastStageS() + meanBarrier(*book->healthy()).loadS;
    }
};

/// Outer barriers of local SGD.
struct OuterBarrier {
    std::uint64_t innerSteps = 0; ///< 0: there is none
    double exchangeS = 0;
};

class JobCourse {
public:
    /// What is to be expected of some classes of the anatomy by themselves.
    using OutlookOf = std::function<Outlook(const std::vector<std::size_t>& classes)>;
    JobCourse(JobTerms terms, const StepShape& shape, const StepVolumes& volumes, const OutlookOf& outlookOf,
              OuterBarrier outer);

    /// Schedules of all lanes over one epoch.
    struct Epoch {
        std::size_t number = 0;
        std::vector<Schedule> lanes;
        [[nodiscard]] double startS() const { return lanes.front().startS(); }
        [[nodiscard]] double endS() const { return lanes.front().endS(); }
    };
    /// A lane at an instant.
    struct Where {
        std::shared_ptr<const Epoch> epoch;
        const Schedule* schedule = nullptr;
        const Interval* interval = nullptr;
        std::shared_ptr<const RunClock> clock; ///< where it runs; its times count from the interval's start
    };

    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    [[nodiscard]] const JobTerms& terms() const { return m_terms; }
    [[nodiscard]] const OuterBarrier& outer() const { return m_outer; }
    [[nodiscard]] std::size_t epochCount() const { return m_epochStarts.size(); }
    [[nodiscard]] std::size_t epochAt(double timeS) const;
    [[nodiscard]] std::shared_ptr<const Epoch> epoch(std::size_t number) const;
    /// Precondition: startS <= timeS < endS.
    [[nodiscard]] Where at(std::size_t lane, double timeS) const;
    [[nodiscard]] Where at(const std::shared_ptr<const Epoch>& epoch, std::size_t lane,
                           std::size_t interval) const;
    /// The same with a clock of its own, which is not kept: for walks through everything.
    [[nodiscard]] Where fresh(const std::shared_ptr<const Epoch>& epoch, std::size_t lane,
                              std::size_t interval) const;

private:
    void addLane(const StepShape& shape, const StepVolumes& volumes, Outlook outlook, cluster::Index island);
    void cutEpochs();
    [[nodiscard]] std::vector<Event> eventsFor(double startS, double endS) const;
    [[nodiscard]] std::shared_ptr<const Epoch> makeEpoch(std::size_t number) const;
    void cutAtOuterBarriers(Epoch& epoch) const;
    [[nodiscard]] std::shared_ptr<const RunClock> makeClock(std::size_t lane, const Schedule& schedule,
                                                            std::size_t epochNumber, std::size_t interval,
                                                            double startS, double endS) const;

    JobTerms m_terms;
    OuterBarrier m_outer;
    std::vector<Lane> m_lanes;
    std::vector<double> m_epochStarts;

    struct ClockKey {
        std::size_t epoch, lane, interval;
        bool operator==(const ClockKey&) const = default;
    };
    // The last used first. What is dropped is made again, with the same bits.
    mutable std::mutex m_mutex;
    mutable std::list<std::shared_ptr<const Epoch>> m_epochs;
    mutable std::list<std::pair<ClockKey, std::shared_ptr<const RunClock>>> m_clocks;
};

} // namespace atlas::operations
