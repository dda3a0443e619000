// One step as its members live it: who stands where in the layout, when each reaches the barrier, and how its
// time is made up. What lanes and traces are drawn from.
#pragma once

#include "model/operations/attribution.h"
#include "model/operations/lane_track.h"
#include "model/operations/step_members.h"

#include <memory>
#include <optional>
#include <vector>

namespace atlas::operations {

/// Where a rank stands in the layout, counted from 0.
struct RankPlace {
    std::uint8_t gpuClass = 0; ///< index in Cluster::gpuClasses
    std::int64_t replica = 0;
    int stage = 0, context = 0, tensor = 0;
    bool operator==(const RankPlace&) const = default;
};

/// Nothing where the GPU takes no part.
[[nodiscard]] std::optional<RankPlace> placeOf(const cluster::Cluster& cluster, const StepShape& shape,
                                               cluster::Index gpu);
/// The GPU of a place, whatever its `gpuClass` says; kNone where the layout has no such place.
[[nodiscard]] cluster::Index gpuAt(const StepShape& shape, const RankPlace& place);

/// One member's times in one step, seconds.
struct RankWork {
    cluster::Index gpu = cluster::kNone;
    RankPlace place;
    double finishS = 0;      ///< from the step's start until it reaches the barrier, if nobody held it up
    double communicateS = 0; ///< exposed, inside the micro-batches
    double bubbleS = 0;
    StageTiming timing; ///< where the bubble lies
    double offset = 0;  ///< where in the cycle of a micro-batch it begins, 0..1
    /// The group through which the culprit holds it up in every micro-batch; Own where it waits only at the
    /// barrier. The tensor-parallel group waits before it communicates, the others afterwards.
    Group heldBy = Group::Own;
    bool upstream = false; ///< held up, but not before the first gradient comes back
};

struct StepWork {
    std::shared_ptr<const StepShape> shape; ///< as planned: without what is slow
    StepSpan step;
    double reduceS = 0;          ///< exchange of gradients after the barrier
    std::vector<RankWork> ranks; ///< those that were asked for and take part, in that order
};

enum class WorkDetail : std::uint8_t {
    MicroBatches, ///< forward, backward and each kind of communication of every micro-batch
    Whole,        ///< work, bubbles and waiting
};

/// What one member does from the step's start to its end, without gaps; the states of frames, told apart
/// further (a culprit's too). A micro-batch computes, then communicates what does not hide: forward takes a
/// third of its computing, backward the rest; before the first gradient comes back only forward passes run,
/// and at the end only backward ones (1F1B). Communication is shared out over kinds as in the step's
/// breakdown.
[[nodiscard]] std::vector<LaneSpan> spansOf(const StepWork& work, const RankWork& rank, WorkDetail detail);

/// What a frame shows of a kind of span inside a step.
[[nodiscard]] GpuState stateOf(SpanKind kind);

} // namespace atlas::operations
