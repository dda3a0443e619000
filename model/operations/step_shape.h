// What a planned step looks like on the floor: who takes part, and how long each part lasts before noise.
#pragma once

#include "model/cluster/cluster.h"
#include "model/training/step.h"

#include <algorithm>
#include <vector>

namespace atlas::operations {

/// Members of one class. Without noise a member reaches the barrier at bubbleS + communicateS + computeS.
struct MemberClass {
    cluster::Range gpus; ///< members: a prefix of the island's GPUs
    cluster::Index island = 0;
    double computeS = 0;     ///< kernels before the barrier; the part that noise stretches
    double communicateS = 0; ///< exposed communication inside the micro-batches
    double bubbleS = 0;      ///< pipeline fill and drain
    double peakShare = 0;    ///< of the peak FLOP rate of all members
    int firstStage = 0;      ///< pipeline stages its GPUs hold
    int stages = 1;
    /// Consecutive members that hold one stage.
    [[nodiscard]] cluster::Index stageGpus() const {
        return std::max<cluster::Index>(1, gpus.count / static_cast<cluster::Index>(stages));
    }
    [[nodiscard]] double fixedS() const { return communicateS + bubbleS; }
    [[nodiscard]] double finishS() const { return fixedS() + computeS; }
};

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
[[nodiscard]] Result<StepShape> shapeOf(const cluster::Cluster& cluster, const training::StepAnatomy& anatomy,
                                        scenario::Month month);

/// GPUs of an island with power in a month; they are its first ones.
[[nodiscard]] cluster::Range poweredOf(const cluster::Cluster& cluster, cluster::Index island,
                                       scenario::Month month);

} // namespace atlas::operations
