// Who held up a step, by how much, through which group, and what the waiting cost.
#pragma once

#include "model/operations/phases.h"

#include <string>
#include <vector>

namespace atlas::operations {

/// The groups of a layout, innermost first.
enum class Group : std::uint8_t { Own, Tensor, Context, Expert, Pipeline, Data };
[[nodiscard]] const char* name(Group group); ///< "tensor-parallel group"

/// One link of the chain of blame.
struct BlameLink {
    Group group = Group::Own;
    double waitsFromS = 0;  ///< after the step's start: when its first member begins to wait for the culprit
    std::uint64_t gpus = 0; ///< members of the group beyond those of the links before
    double waitGpuSeconds = 0; ///< of those, for the culprit, in this step
    /// Those members, from the first pipeline stage on; empty for the data-parallel group: everybody else.
    std::vector<cluster::Range> ranges;
};

struct Attribution {
    std::uint64_t step = 0;
    double stepStartS = 0;
    double stepS = 0;
    cluster::Index culprit = cluster::kNone;
    std::uint8_t gpuClass = 0; ///< index in Cluster::gpuClasses
    Cause cause = Cause::Jitter;
    std::int32_t injection = -1; ///< index of the injection, where one is the cause
    Group through = Group::Data; ///< the first group that waits for the culprit

    /// How far the culprit came in after the mean member, taken apart; the parts add up.
    double lateS = 0;
    double mismatchS = 0, staticS = 0, jitterS = 0, slowS = 0;
    double stageS = 0; ///< the last stage has more to do
    double loadS = 0;  ///< its replica got more than its share: sequences, or a collection of garbage

    // The same step, all other draws unchanged.
    double withoutCulpritS = 0;
    double withoutClassS = 0; ///< without the culprit's whole class; the step itself where it is the only one
    double withoutSlownessS = 0; ///< nothing slow by failure or injection
    double evenS = 0;            ///< the work of stages and replicas shared out evenly

    double waitGpuSeconds = 0;       ///< of all members at this barrier
    double causedWaitGpuSeconds = 0; ///< what the others would have saved without the culprit
    std::vector<BlameLink> chain;    ///< from the culprit outwards; every group later than the one before
};

} // namespace atlas::operations
