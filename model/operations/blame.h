// How a stall spreads inside one step: from the culprit to its tensor-parallel group, its stage, its
// pipeline. Its own replica waits in every micro-batch; everybody else only at the barrier.
#pragma once

#include "model/operations/attribution.h"
#include "model/operations/step_members.h"
#include "model/operations/step_painter.h"

#include <vector>

namespace atlas::operations {

/// Members that one of the culprit's groups holds up in every micro-batch.
struct HeldUp {
    Group group = Group::Tensor;
    std::size_t law = 0;     ///< index in StepMembers::laws
    cluster::Index rank = 0; ///< first of `count` consecutive ranks of one stage
    cluster::Index count = 0;
    int stage = 0;
    bool upstream = false; ///< an earlier stage: it feels the culprit only when the backward pass comes to it
};

/// The culprit's groups, innermost first; a GPU is in the innermost one only. Without the culprit, and
/// without the data-parallel group, which is everybody else.
[[nodiscard]] std::vector<HeldUp> heldUpBy(const StepMembers& members);

/// After the step's start, when the first member of a group held up begins to wait, s.
[[nodiscard]] float waitsFromS(const StepMembers& members, const HeldUp& held, float microBatches);

/// Paints them over: they work at the culprit's pace and wait in every micro-batch for as long as they would
/// have waited at the barrier.
void paintHeldUp(std::uint8_t* state, const StepMembers& members, const std::vector<HeldUp>& held,
                 const StepInstant& instant);

/// The state of one GPU of a group that is held up.
[[nodiscard]] GpuState heldUpState(const StepMembers& members, const HeldUp& held, const StepInstant& instant,
                                   cluster::Index gpu);
/// The group that holds a GPU up; null where it is the barrier.
[[nodiscard]] const HeldUp* holding(const StepMembers& members, const std::vector<HeldUp>& held,
                                    cluster::Index gpu);

} // namespace atlas::operations
