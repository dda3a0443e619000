// When the members of each GPU class are done on average, by when the barrier opens: a table, since every
// step of a long account asks.
#pragma once

#include "model/operations/barrier.h"

#include <vector>

namespace atlas::operations {

class FinishTable {
public:
    FinishTable(const StepShape& shape, const Barrier& barrier, const cluster::Cluster& cluster);
    /// GPU-seconds that the members of a class wait at a barrier.
    [[nodiscard]] double waitGpuS(std::size_t gpuClass, double barrierS) const;

private:
    static constexpr std::size_t kNodes = 64;
    static constexpr double kReach = 0.5; ///< beyond the plan's barrier; members hardly gain from later ones
    double m_lowS;
    double m_stepS;
    std::vector<double> m_finishS; ///< [node][class], sums over members
    std::vector<double> m_count;   ///< [class]
};

} // namespace atlas::operations
