// A fleet of replicas under its traffic over time: who asks, who serves, what waits, what is promised and
// kept. A pure function of its inputs and time.
#pragma once

#include "model/serving/demand_course.h"
#include "model/serving/pool_load.h"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace atlas::serving {

/// From a time on, other pools (more GPUs get power). Before the first phase nothing is served.
struct FleetPhase {
    double fromS = 0;
    std::vector<FleetPool> pools; ///< the same pools in every phase, none or more replicas
};

/// A replica out of order or slow.
struct ReplicaFault {
    double fromS = 0, untilS = 0;
    std::uint32_t pool = 0;
    std::uint32_t replica = 0;
    double speed = 0; ///< of a sound one; 0: out
};

struct FleetInputs {
    std::uint64_t seed = 7;
    double untilS = 0; ///< end of the horizon
    RequestClasses classes;
    scenario::Traffic traffic;
    DemandInputs demand;
    double userTokensPerDay = 0;
    std::vector<FleetPhase> phases;
    /// Faults that touch [fromS, toS); of one replica none overlap. Pure; empty: nothing ever breaks.
    std::function<std::vector<ReplicaFault>(double fromS, double toS)> faults;
};

/// One kind of requests at an instant, or over a time. Requests a second.
struct KindNow {
    double arrivals = 0;
    double served = 0;
    double givenUp = 0; ///< waited too long
    double waiting = 0; ///< requests before the replicas
    double waitS = 0;   ///< what one has waited that is taken now
    double kept = 0;    ///< share of arrivals for which the promise holds (batch: share done in time)
    std::array<double, 3> firstTokenS{}; ///< p50, p95, p99
    std::array<double, 3> tokenS{};      ///< p50, p95, p99
};

/// The whole fleet at an instant.
struct FleetNow {
    double timeS = 0;
    std::array<KindNow, kKinds> kinds;
    std::vector<PoolNow> pools;
    double offeredLoad = 0; ///< interactive demand over what all sound replicas carry
    double inputTokensPerS = 0;
    double outputTokensPerS = 0;
    [[nodiscard]] double kept() const; ///< promise kept, over interactive requests
};

/// Totals between two instants, requests: arrived = served + givenUp + waiting at the end - at the beginning.
struct FleetTotals {
    Rates arrived{}, served{}, givenUp{}, waitingBefore{}, waitingAfter{};
};

/// The plan of some pools with the load that the inputs' promises allow.
[[nodiscard]] FleetPlan plannedFleet(const FleetInputs& inputs, const std::vector<FleetPool>& pools);

class Fleet {
public:
    /// Demand and service in steps of this length; between them in straight lines.
    static constexpr double kStepS = 300;
    static constexpr int kStepsADay = 288;

    explicit Fleet(FleetInputs inputs);
    /// With the plan of the only phase, as plannedFleet() makes it of the same inputs.
    Fleet(FleetInputs inputs, FleetPlan plan);
    ~Fleet();

    [[nodiscard]] const FleetInputs& inputs() const { return m_in; }
    [[nodiscard]] const DemandCourse& demand() const { return m_demand; }
    /// The plan that holds at a time; null before the first phase.
    [[nodiscard]] const FleetPlan* planAt(double timeS) const;

    /// How much each kind's latency is asked for: not at all, the share of promises kept, or its percentiles
    /// too.
    enum class Detail { Flows, Promises, Latency };
    [[nodiscard]] FleetNow at(double timeS, Detail detail = Detail::Latency) const;
    /// Law of the number in one active sound replica of a pool.
    [[nodiscard]] QueueLaw numberInReplica(const FleetNow& now, std::size_t pool) const;
    [[nodiscard]] FleetTotals totals(double fromS, double toS) const;
    /// Faults of a pool at an instant, by replica.
    [[nodiscard]] std::vector<ReplicaFault> faultsAt(double timeS, std::size_t pool) const;

    /// A time from which something holds that people should know: promises the hardware cannot keep, demand
    /// beyond capacity.
    struct Finding {
        double fromS = 0;
        std::string text;
    };
    [[nodiscard]] std::vector<Finding> findings() const;

private:
    struct Day;
    struct State;
    struct Step;
    [[nodiscard]] double peakRate(double timeS) const;
    [[nodiscard]] Rates arrivalsAt(double timeS) const;
    [[nodiscard]] std::shared_ptr<const Day> day(std::size_t index) const;
    [[nodiscard]] std::shared_ptr<const Day> computed(std::size_t index, const State& state) const;
    void advance(State& state, Step& step, double fromS, std::span<const ReplicaFault> faults) const;
    void scale(State& state, Step& step, const FleetPlan* plan, const Rates& offered) const;
    void serveBatch(State& state, Step& step, const FleetPlan* plan) const;
    void addLatency(FleetNow& now, const FleetPlan& plan, Detail detail) const;

    FleetInputs m_in;
    DemandCourse m_demand;
    std::vector<FleetPlan> m_plans;
    mutable std::mutex m_mutex;
    mutable std::vector<State> m_states; ///< at the beginning of each day, as far as computed
    mutable std::vector<std::pair<std::size_t, std::shared_ptr<const Day>>> m_days; ///< lately asked for
};

} // namespace atlas::serving
