// Step <-> time: the steps of one stretch of constant conditions, each as long as its slowest member takes.
#pragma once

#include "model/operations/barrier.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace atlas::operations {

struct StepAt {
    std::uint64_t step = 0; ///< counted from the clock's beginning
    double startS = 0;      ///< seconds since the clock's beginning
    double barrierS = 0;    ///< from the step's start to its barrier
    double stepS = 0;
    [[nodiscard]] double endS() const { return startS + stepS; }
};

/// Cumulative step times, in blocks that are summed when first asked for and kept. Any thread may ask, in any
/// order: the answers are those of summing every step from the beginning.
class StepClock {
public:
    StepClock(std::shared_ptr<const Barrier> barrier, double tailS, std::uint64_t seed, std::uint32_t stream);

    /// The step in progress at a time >= 0 since the clock's beginning.
    [[nodiscard]] StepAt at(double timeS) const;
    [[nodiscard]] StepAt step(std::uint64_t number) const;

private:
    [[nodiscard]] double barrierS(std::uint64_t step) const;
    [[nodiscard]] double blockSumS(std::uint64_t block) const;
    /// Sums blocks until `reached` says so of their number and end; returns with m_mutex held by `lock`.
    template <class Reached>
    void extend(const Reached& reached) const;
    [[nodiscard]] StepAt walk(std::uint64_t block, double blockStartS, double timeS,
                              std::uint64_t step) const;

    std::shared_ptr<const Barrier> m_barrier;
    double m_tailS;
    std::uint64_t m_seed;
    std::uint32_t m_stream;
    mutable std::mutex m_mutex;
    mutable std::vector<double> m_blockStartS{0.0};
};

} // namespace atlas::operations
