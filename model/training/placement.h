// Placement policies: what a step takes when classes of GPU share one job.
#pragma once

#include "model/training/work.h"

#include <array>

namespace atlas::training {

inline constexpr std::size_t kMaxLanes = 16;

/// One pool's part in the step.
struct LaneOutcome {
    StepTerms terms;
    std::int64_t replicas = 0; ///< data-parallel replicas on this pool; all of them where stages are split
    std::int64_t gpus = 0;     ///< used
    double microBatches = 0;   ///< a replica
    double stages = 0;         ///< of a pipeline that are on this pool
    double layers = 0;         ///< of a mean stage
    double fullest = 0;        ///< layers of the fullest stage without the head
    bool head = false;         ///< the last stage is on this pool
    double shareOfTokens = 0;
};

/// A step under a policy, without allocation. `fits` says whether every GPU holds its part.
struct Outcome {
    std::size_t lanes = 0;
    std::array<LaneOutcome, kMaxLanes> lane;
    std::size_t critical = 0; ///< the pool that sets the pace
    double outerS = 0;        ///< synchronisation between islands of local SGD, a step
    double stepS = 0;
    double mismatchS = 0;
    Memory memory; ///< of the fullest GPU relative to its capacity
    bool fits = false;
};

/// Replicas that share one set of experts: ep / gcd(ep, cp x tp). A pool takes whole sets of them, so that no
/// expert exchange crosses the trunk.
[[nodiscard]] std::int64_t replicasOfExpertGroup(const Layout& layout);

/// Replicas a pool has room for: whole sets that share experts.
[[nodiscard]] std::int64_t replicasOn(const Pool& pool, const Layout& layout);

/// Inner steps of local SGD between two outer synchronisations.
[[nodiscard]] double innerStepsOf(const Setup& setup);

/// Spreads `dp` replicas over the pools in proportion to their GPUs; false when they do not fit.
[[nodiscard]] bool spreadReplicas(const Setup& setup, const Layout& layout,
                                  std::array<std::int64_t, kMaxLanes>& replicas);

/// How much of an outcome is wanted.
enum class Detail {
    Search, ///< nothing but the memory of a layout that does not fit, no mismatch
    Full
};

/// Evaluates a checked layout.
[[nodiscard]] Outcome outcomeOf(const Setup& setup, const Layout& layout, Detail detail = Detail::Full);

/// What a lane's terms leave out, see StepDetail.
[[nodiscard]] StepDetail detailOn(const Setup& setup, const Layout& layout, const Outcome& outcome,
                                  std::size_t lane);

/// The step in full, for people.
[[nodiscard]] StepAnatomy anatomyOf(const Setup& setup, const Layout& layout, const Outcome& outcome);

} // namespace atlas::training
