// Everybody's time in one step, given when the slowest reached the barrier: drawn on demand, each truncated
// at the maximum, so that a step nobody looks at costs one draw.
#pragma once

#include "model/operations/run_clock.h"

#include <array>
#include <span>
#include <vector>

namespace atlas::operations {

/// Where the bubble of a pipeline stage lies: later stages wait for the first forward, earlier ones for the
/// first backward to come back and at the end. Shares of the bubble and of the busy time.
struct StageTiming {
    float startIdleS = 0;
    float midIdleS = 0;
    float busyBefore = 1; ///< share of the work that comes before the idle time in the middle
};

/// The law of one class in one step, by bin of static speed.
struct ClassLaw {
    MemberClass members;
    cluster::Range gpus; ///< from its first member to its last
    float communicateS = 0;
    float bubbleS = 0;
    std::array<float, StaticSpeeds::kBins> scaleS{}; ///< compute time without noise
    std::array<float, StaticSpeeds::kBins> below{};  ///< P(at the barrier by the maximum)
    std::array<float, StaticSpeeds::kBins> above{};  ///< 1 - below, exact in the tail
    cluster::Index tensorGroup = 1;                  ///< GPUs
    cluster::Index stageRun = 1;                     ///< consecutive GPUs of one pipeline stage
    int firstStage = 0;
    std::vector<StageTiming> stages;
    cluster::Index replicaGpus = 1; ///< consecutive members of one stage and replica
    std::uint32_t firstReplica = 0; ///< counted over classes
    [[nodiscard]] std::uint32_t replicaOf(cluster::Index rank) const {
        return firstReplica + rank % stageRun / replicaGpus;
    }
};

/// Two-thirds of a pipeline's bubble is at or before the backward pass, which takes twice the forward's time.
[[nodiscard]] std::vector<StageTiming> stageTimings(const MemberClass& members, int pipelineStages,
                                                    double microBatches);

class StepMembers {
public:
    static constexpr cluster::Index kBlock = 256;

    /// `at.law` and `speeds` must outlive it.
    StepMembers(const StepAt& at, const StaticSpeeds& speeds);

    [[nodiscard]] cluster::Index culprit() const { return m_culprit; }
    [[nodiscard]] float barrierS() const { return m_barrierS; }
    [[nodiscard]] std::span<const ClassLaw> laws() const { return m_laws; }
    /// Null where the GPU is no member.
    [[nodiscard]] const ClassLaw* lawOf(cluster::Index gpu) const;
    [[nodiscard]] const StepLaw& law() const { return *m_law; }
    /// The slow member that a GPU is, for whatever reason it is slow; null: an ordinary one.
    [[nodiscard]] const SlowMember* slowOf(cluster::Index gpu) const;
    /// Times from the step's start to the barrier of `count` <= kBlock consecutive members of a class.
    void draw(const ClassLaw& law, cluster::Index first, cluster::Index count, float* finishS) const;
    /// Where in the cycle of a micro-batch a tensor-parallel group begins the step, 0..1.
    [[nodiscard]] float phaseOf(cluster::Index tensorGroup) const {
        return static_cast<float>((tensorGroup * 2654435761u + m_phaseKey) >> 8) * 0x1.0p-24f;
    }
    [[nodiscard]] float finishOf(const ClassLaw& law, cluster::Index gpu) const;
    /// When the barrier would open without these GPUs, all other draws unchanged; 0 if nobody is left.
    [[nodiscard]] float barrierWithoutS(cluster::Range gpus) const;
    [[nodiscard]] std::uint8_t binOf(cluster::Index gpu) const { return m_speeds.binOf(gpu); }

private:
    /// Adds to the times of consecutive members what their replicas have to do beyond the mean one.
    void addLoads(const ClassLaw& law, cluster::Index first, cluster::Index count, float* finishS) const;
    /// A slow member with its law truncated at the barrier.
    struct Slow {
        cluster::Index gpu = 0;
        float fixedS = 0, scaleS = 0, below = 0, above = 0;
        const SlowMember* member = nullptr;
    };
    void addSlow(const std::vector<SlowMember>& members, double barrierS);

    const StaticSpeeds& m_speeds;
    const StepLaw* m_law;
    std::vector<ClassLaw> m_laws;
    std::vector<Slow> m_slow; ///< in the order of GPUs
    float m_sigma = 0;
    float m_barrierS = 0;
    float m_evenBarrierS = 0;
    double m_heaviest = 1;
    std::uint32_t m_heaviestReplica = 0; ///< the culprit's
    std::uint64_t m_seed = 0;
    std::uint64_t m_step = 0;
    std::uint32_t m_stream = 0;
    std::uint32_t m_phaseKey = 0;
    cluster::Index m_culprit = cluster::kNone;
};

} // namespace atlas::operations
