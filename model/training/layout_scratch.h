// What the search keeps from one layout to the next: in its innermost loops layouts differ in chunks of the
// pipeline and in recompute only, and have everything dear in common.
#pragma once

#include "model/training/placement.h"

namespace atlas::training {

/// Belongs to one setup and one thread. Answers are those of the functions it calls, whatever was asked
/// before.
class LayoutScratch {
public:
    explicit LayoutScratch(const Setup& setup)
        : m_setup(setup) {}

    /// Replicas of each lane (spreadReplicas()); null where they do not fit.
    [[nodiscard]] const std::array<std::int64_t, kMaxLanes>* replicas(const Layout& layout);
    /// Of one of the setup's lanes, with the setup's model.
    [[nodiscard]] const MemoryParts& memoryParts(std::size_t lane, const Layout& layout);
    [[nodiscard]] const StepParts& stepParts(std::size_t lane, const Layout& layout);

private:
    struct Kept {
        Layout layout; ///< all of it but chunks and recompute
        bool memoryKnown = false;
        bool stepKnown = false;
        MemoryParts memory;
        StepParts step;
    };
    [[nodiscard]] Kept& keptFor(std::size_t lane, const Layout& layout);

    const Setup& m_setup;
    std::array<Kept, kMaxLanes> m_kept;
    Layout m_spreadOf;
    std::array<std::int64_t, kMaxLanes> m_replicas{};
    bool m_spreadKnown = false;
    bool m_spreads = false;
};

/// What a step has in common over chunks and recompute, on a lane and with a model of its own.
[[nodiscard]] StepParts stepPartsOn(const Setup& setup, const Lane& lane, const ModelShape& model,
                                    const Layout& layout);

/// As outcomeOf(), which it fills in; without memory of what `outcome` was.
void evaluate(const Setup& setup, const Layout& layout, Detail detail, LayoutScratch& scratch,
              Outcome& outcome);

} // namespace atlas::training
