// Why one layout of a job is slower than another: the parts of the step that grew.
#pragma once

#include "model/training/step.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlas::explore {

/// A part of a step by its name for people ("pipeline bubble") and its seconds on the critical path.
struct StepPart {
    std::string_view name;
    double seconds = 0;
};

/// All parts in a fixed order; they add up to the step time.
[[nodiscard]] std::vector<StepPart> stepParts(const training::StepAnatomy& step);

/// The parts of `other` less those of `base`, what grew most first. They add up to the difference of the step
/// times exactly.
[[nodiscard]] std::vector<StepPart> stepDifference(const training::StepAnatomy& base,
                                                   const training::StepAnatomy& other);

/// "12 % slower: pipeline bubble +800 ms, expert all-to-all +300 ms; matrix products -200 ms": what explains
/// the difference from the best, and what goes against it. "as fast as the best" where nothing differs.
[[nodiscard]] std::string whyItLoses(const training::StepAnatomy& best, const training::StepAnatomy& other);

} // namespace atlas::explore
