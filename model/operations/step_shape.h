// What a planned step looks like on the floor: who takes part, and how long each part lasts before noise.
#pragma once

#include "model/cluster/cluster.h"
#include "model/training/step.h"

#include <algorithm>
#include <vector>

namespace atlas::operations {

/// Members of one class. Without noise a member reaches the barrier at bubbleS + communicateS + computeS.
struct MemberClass {
    cluster::Range
        gpus; ///< from the first member to the last: a prefix of the island's GPUs, or a part of one
    cluster::Range whole; ///< the prefix, where conditions differ over the class and `gpus` is a part
    /// The last `standby` GPUs of every `domain` are no members: partial-rack operation. None where it is 0.
    cluster::Index domain = 1;
    cluster::Index standby = 0;
    cluster::Index island = 0;
    std::size_t anatomyClass = 0; ///< index in StepAnatomy::classes
    double tokens = 1;            ///< share of the batch
    double computeS = 0;          ///< kernels before the barrier; the part that noise stretches
    double communicateS = 0;      ///< exposed communication inside the micro-batches
    double networkS = 0;          ///< the part of it that leaves the NVLink domain
    double bubbleS = 0;           ///< pipeline fill and drain
    double peakShare = 0;         ///< of the peak FLOP rate of all members
    int firstStage = 0;           ///< pipeline stages its GPUs hold
    int stages = 1;
    /// Members from the first to `gpu`, without it: its rank in the class if it is a member.
    [[nodiscard]] cluster::Index rankOf(cluster::Index gpu) const { return before(gpu - whole.first); }
    /// The member of a rank: the inverse.
    [[nodiscard]] cluster::Index gpuOf(cluster::Index rank) const {
        const cluster::Index used = domain - standby;
        return whole.first + (standby == 0 ? rank : rank / used * domain + rank % used);
    }
    [[nodiscard]] bool isMember(cluster::Index gpu) const {
        return gpus.contains(gpu) && (standby == 0 || (gpu - whole.first) % domain < domain - standby);
    }
    [[nodiscard]] cluster::Index countIn(cluster::Range range) const {
        const cluster::Index first = std::max(range.first, gpus.first);
        const cluster::Index end = std::min(range.end(), gpus.end());
        return end > first ? before(end - whole.first) - before(first - whole.first) : 0;
    }
    [[nodiscard]] cluster::Index count() const { return countIn(gpus); }
    /// Calls `use(first, count)` for runs of members in [first, end), each of at most `most` GPUs.
    template <class Use>
    void forRuns(cluster::Index first, cluster::Index end, cluster::Index most, const Use& use) const;
    /// Consecutive members that hold one stage.
    [[nodiscard]] cluster::Index stageGpus() const {
        return std::max<cluster::Index>(1, before(whole.count) / static_cast<cluster::Index>(stages));
    }
    [[nodiscard]] double fixedS() const { return communicateS + bubbleS; }
    [[nodiscard]] double finishS() const { return fixedS() + computeS; }

private:
    /// Members among the first `n` GPUs of the whole.
    [[nodiscard]] cluster::Index before(cluster::Index n) const {
        return standby == 0 ? n : n / domain * (domain - standby) + std::min(n % domain, domain - standby);
    }
};

template <class Use>
void MemberClass::forRuns(cluster::Index first, cluster::Index end, cluster::Index most,
                          const Use& use) const {
    first = std::max(first, gpus.first);
    end = std::min(end, gpus.end());
    while (first < end) {
        cluster::Index left = end - first;
        if (standby > 0) {
            const cluster::Index at = (first - whole.first) % domain;
            if (at >= domain - standby) {
                first += std::min(left, domain - at);
                continue;
            }
            left = std::min(left, domain - standby - at);
        }
        const cluster::Index count = std::min(left, most);
        use(first, count);
        first += count;
    }
}

/// What one class of an anatomy does, apart from the noise that operations draws.
struct ClassTimes {
    double computeS = 0; ///< before the barrier
    double communicateS = 0;
    double networkS = 0; ///< the part of it that leaves the NVLink domain
    double bubbleS = 0;
    [[nodiscard]] double finishS() const { return computeS + communicateS + bubbleS; }
};

[[nodiscard]] ClassTimes classTimes(const training::StepAnatomy& anatomy, std::size_t index,
                                    int nvlinkDomain);

/// Micro-batches of one replica in one step, at least 1.
[[nodiscard]] double microBatchesOf(const training::Layout& layout);

struct StepShape {
    std::vector<MemberClass> classes; ///< in the order of the islands, none empty
    double reduceS = 0;               ///< after the barrier: exposed gradient exchange, all together
    double optimizerS = 0;            ///< and the update of the weights
    double microBatches = 1;
    training::StepAnatomy anatomy;
    [[nodiscard]] double tailS() const { return reduceS + optimizerS; }
    /// Without noise: the step of the anatomy less its expected wait for jitter, which operations draws.
    [[nodiscard]] double nominalS() const;
    [[nodiscard]] cluster::Index members() const;
    /// Null where the GPU takes no part.
    [[nodiscard]] const MemberClass* classOf(cluster::Index gpu) const;
};

/// The anatomy on the GPUs that have power in `month`. Ranks run tensor, context, data, pipeline, innermost
/// first (the order the planner prices), over the members of each class in the order of the floor; what a
/// layout does not use stays idle. Errors: classes that are not islands of the cluster, a step without
/// compute.
/// `domainGpus`: how many GPUs of an NVLink domain the job uses at most; the others stand by (partial-rack
/// operation). 0: all.
[[nodiscard]] Result<StepShape> shapeOf(const cluster::Cluster& cluster, const training::StepAnatomy& anatomy,
                                        scenario::Month month, int domainGpus = 0);

/// GPUs of an island with power in a month; they are its first ones.
[[nodiscard]] cluster::Range poweredOf(const cluster::Cluster& cluster, cluster::Index island,
                                       scenario::Month month);

} // namespace atlas::operations
