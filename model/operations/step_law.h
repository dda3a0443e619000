// The law of a step under constant conditions: the ordinary members, and the few that are slow by name.
#pragma once

#include "model/operations/barrier.h"
#include "model/operations/events.h"
#include "model/operations/finish_table.h"
#include "model/operations/step_load.h"
#include "model/operations/traffic.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace atlas::operations {

/// A GPU whose time is not that of its bin: fixedS + scaleS (1 + J).
struct SlowMember {
    cluster::Index gpu = 0;
    std::size_t memberClass = 0;
    std::uint32_t event = 0; ///< as the caller counts them
    double fixedS = 0;
    double scaleS = 0;
    [[nodiscard]] double nominalS() const { return fixedS + scaleS; }
};

/// The random part of a step: uniform draws by counter.
struct StepDraw {
    std::uint64_t seed = 0;
    std::uint32_t stream = 0;
    std::uint64_t step = 0;
};

/// When a barrier opened, and for whom it had to wait.
struct BarrierDraw {
    double timeS = 0;
    std::int32_t slow = -1; ///< index in StepLaw::slow; -1: an ordinary member
    double heaviest = 1;    ///< of the replicas' loads, as StepLoad::heaviest() has it
    double loadS = 0;       ///< by how much that makes the step longer; part of timeS
};

/// Conditions of a step. Immutable.
struct StepLaw {
    std::shared_ptr<const StepShape> shape;
    std::shared_ptr<const Barrier> barrier; ///< of all members as if none were slow
    std::shared_ptr<const FinishTable> finishes;
    std::vector<SlowMember> slow;    ///< slowest first
    std::vector<SlowMember> givenUp; ///< nobody waits for them: backup replicas do their work
    std::vector<std::uint32_t> wide; ///< events that are in the shape: halls, power, bundles of links
    StepLoad load;                   ///< what replicas do not share evenly
    double reduceS = 0;
    double tailS = 0;              ///< after the barrier: exchange of gradients and optimizer
    std::vector<float> linkHealth; ///< [linkGroups]; empty: all whole

    /// The maximum of all. The slow members are drawn by name, the ordinary ones only where they can matter.
    [[nodiscard]] BarrierDraw draw(const StepDraw& at) const;

    /// Fills in what `draw` looks up. To be called once after the members are known.
    void finish();

private:
    [[nodiscard]] BarrierDraw drawEven(const StepDraw& at) const;
    [[nodiscard]] double cdf(const SlowMember& member, double t) const;
    [[nodiscard]] double othersBelow(double t) const; ///< P(all slow members but the first <= t)
    [[nodiscard]] double othersQuantile(double u) const;
    [[nodiscard]] BarrierDraw amongOthers(double u) const;
    /// Uniform draws below it: no ordinary member is later than the first slow one.
    double m_ordinarySafe = 0;
    double m_othersSafe = 1; ///< the same for the other slow members
    double m_never = 0;      ///< noise that nobody has
};

/// Mean step of a law in which nobody is slow by name.
[[nodiscard]] double meanStepS(const StepLaw& law);

/// What a job does about slow members.
struct SlowPolicy {
    bool proportional = false; ///< fewer micro-batches for a slow replica, `afterS` after it became slow
    double afterS = 0;
    int backupReplicas = 0;
};

/// Makes the laws of one plan. Barriers are made once for every set of wide conditions.
class LawBook {
public:
    LawBook(std::shared_ptr<const cluster::Cluster> cluster, StepShape shape, LinkTraffic traffic,
            const StaticSpeeds& speeds, StepNoise noise, SlowPolicy policy,
            const scenario::Imbalance& imbalance = {});

    /// The law while `active` episodes last; indices into `events`. `timeS` decides what is known to be slow.
    [[nodiscard]] std::shared_ptr<const StepLaw>
    law(std::span<const Event> events, std::span<const std::uint32_t> active, double timeS) const;
    /// Nothing is slow.
    [[nodiscard]] const std::shared_ptr<const StepLaw>& healthy() const { return m_healthy; }
    /// The same with all work shared out evenly.
    [[nodiscard]] const std::shared_ptr<const StepLaw>& even() const { return m_even; }
    /// What imbalance adds to a healthy step without the load that is drawn: the last stage's excess.
    [[nodiscard]] double lastStageS() const { return m_healthy->shape->nominalS() - m_shape->nominalS(); }
    /// As planned: all work shared out evenly.
    [[nodiscard]] const StepShape& shape() const { return *m_shape; }
    [[nodiscard]] const std::shared_ptr<const StepShape>& plan() const { return m_shape; }
    [[nodiscard]] const LinkTraffic& traffic() const { return m_traffic; }
    [[nodiscard]] const StaticSpeeds& speeds() const { return m_speeds; }
    [[nodiscard]] const cluster::Cluster& cluster() const { return *m_cluster; }
    [[nodiscard]] const StepNoise& noise() const { return m_noise; }
    [[nodiscard]] const SlowPolicy& policy() const { return m_policy; }

private:
    struct Base {
        std::shared_ptr<const StepShape> shape;
        std::shared_ptr<const Barrier> barrier;
        std::shared_ptr<const FinishTable> finishes;
        double reduceS = 0;
        std::vector<float> linkHealth;
    };
    /// What is wide, as (kind of part, part, component, slowdown), and how many replicas are not waited for.
    using BaseKey = std::pair<std::vector<std::array<double, 4>>, int>;
    [[nodiscard]] Base base(std::span<const Event> events, std::span<const std::uint32_t> wide,
                            int backups) const;
    [[nodiscard]] Base makeBase(std::span<const Event> events, std::span<const std::uint32_t> wide,
                                int backups, bool even = false) const;
    void addMembers(const StepShape& shape, const Event& event, std::uint32_t index, double timeS,
                    std::vector<SlowMember>& out) const;
    /// Replicas that an episode slows.
    [[nodiscard]] std::set<std::int64_t> replicasOf(const Event& event) const;

    std::shared_ptr<const cluster::Cluster> m_cluster;
    LinkTraffic m_traffic;
    const StaticSpeeds& m_speeds;
    StepNoise m_noise;
    SlowPolicy m_policy;
    std::shared_ptr<const StepShape> m_shape;
    double m_lastStage = 0; ///< excess of its compute time, relative
    StepLoad m_load;
    std::shared_ptr<const StepLaw> m_healthy;
    std::shared_ptr<const StepLaw> m_even;
    mutable std::mutex m_mutex;
    mutable std::map<BaseKey, Base> m_bases;
};

} // namespace atlas::operations
