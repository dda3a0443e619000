// The walk over all layouts of a job on a machine: which are feasible, and what kills the others.
#pragma once

#include "model/training/placement.h"

#include <array>
#include <stop_token>

namespace atlas::training {

/// Why a layout is out. The order is that of the report.
enum class Killer : std::size_t { Memory, Batch, Machine, Experts, Gathers, Count };
inline constexpr std::size_t kKillers = static_cast<std::size_t>(Killer::Count);

struct Candidate {
    double stepS = 0;
    Layout layout;
};

/// Layouts of one tensor and pipeline degree that use the same other kinds of parallelism and the same
/// sharding, as an index: 8 * experts + 4 * context + sharding.
[[nodiscard]] std::size_t partIndex(const Layout& layout);
inline constexpr std::size_t kParts = 16;

/// What became of the layouts of one kind.
struct SearchCount {
    std::int64_t evaluated = 0;
    std::int64_t feasible = 0;
    std::array<std::int64_t, kKillers> killed{};
    double leastMemory = 0; ///< of the layouts that do not fit
    Candidate best;         ///< stepS 0: none is feasible
};

/// What the search found under one tensor and pipeline degree. Slices are merged in their order, so the
/// result does not depend on the number of threads.
struct SearchSlice {
    int tp = 1, pp = 1;
    std::vector<Candidate> feasible;
    std::array<SearchCount, kParts> parts{};
};

/// Searches all layouts in parallel; what `fixed` holds is kept. Slices are incomplete once `stop` is
/// requested.
[[nodiscard]] std::vector<SearchSlice> searchLayouts(const Setup& setup, const scenario::LayoutChoice& fixed,
                                                     const std::stop_token& stop);

} // namespace atlas::training
