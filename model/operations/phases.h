// What a job does over time, from spans of hours down to the states of one GPU inside a step.
#pragma once

#include "model/cluster/cluster.h"

#include <cstdint>
#include <vector>

namespace atlas::operations {

enum class GpuState : std::uint8_t;

/// What the job as a whole is doing.
enum class Phase : std::uint8_t {
    Idle,       ///< there is no job, or no GPU has power
    Running,    ///< steps
    Checkpoint, ///< stalled by a checkpoint
    Detecting,  ///< something failed, nobody knows yet: all wait
    Restarting, ///< parts are swapped, the checkpoint is loaded, kernels warm up
    Halted,     ///< too few GPUs are left: waits for a repair
    Outer,      ///< an island at the outer barrier of local SGD
};
inline constexpr std::size_t kPhaseCount = 7;
[[nodiscard]] const char* name(Phase phase);

struct PhaseSpan {
    double startS = 0;
    double endS = 0;
    Phase phase = Phase::Idle;
    /// Of the layout's replicas, those that run: below 1 while failed GPUs are not replaced.
    double capacity = 1;
};

/// Why a step took as long as it did.
enum class Cause : std::uint8_t {
    ClassMismatch, ///< its class is slower
    StaticSpread,  ///< its chip, cooling or place is slower for good
    Jitter,        ///< chance of this step
    Thermal,       ///< fail-slow: it computes slower for a while
    SlowLink,      ///< fail-slow: its network moves less
    SlowHost,      ///< fail-slow: its tray computes slower
    Injection,     ///< a person did it
    LastStage,     ///< imbalance: the stage with logits and loss has more to do
    Sequences,     ///< imbalance: its replica got the longer sequences
    Collection,    ///< imbalance: a process of its replica collects garbage
};
inline constexpr std::size_t kCauseCount = 10;
[[nodiscard]] const char* name(Cause cause);

/// One step, without its members.
struct StepSpan {
    double startS = 0;
    double barrierS = 0; ///< from the start to the barrier
    double endS = 0;
    std::uint64_t step = 0; ///< as Frame::step
    cluster::Index culprit = cluster::kNone;
    Cause cause = Cause::Jitter;
    cluster::Index island = cluster::kNone; ///< whose step it is under local SGD; kNone: everybody's
};

/// A GPU in one state.
struct StateSpan {
    double startS = 0;
    double endS = 0;
    GpuState state{};
};

} // namespace atlas::operations
