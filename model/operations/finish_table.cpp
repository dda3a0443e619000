#include "model/operations/finish_table.h"

#include <algorithm>

namespace atlas::operations {

FinishTable::FinishTable(const StepShape& shape, const Barrier& barrier, const cluster::Cluster& cluster)
    : m_lowS(barrier.nominalS())
    , m_stepS(kReach * m_lowS / kNodes)
    , m_finishS((kNodes + 1) * cluster.gpuClasses.size(), 0.0)
    , m_count(cluster.gpuClasses.size(), 0.0) {
    const auto classOf = [&](std::size_t memberClass) {
        return cluster.islands[shape.classes[memberClass].island].gpuClass;
    };
    for (std::size_t n = 0; n <= kNodes; ++n) {
        const double t = m_lowS + m_stepS * static_cast<double>(n);
        for (const MemberGroup& group : barrier.groups()) {
            m_finishS[n * m_count.size() + classOf(group.memberClass)] +=
                group.count * std::min(t, barrier.meanBelow(group, t));
        }
    }
    for (std::size_t c = 0; c < shape.classes.size(); ++c) {
        m_count[classOf(c)] += shape.classes[c].count();
    }
}

double FinishTable::waitGpuS(std::size_t gpuClass, double barrierS) const {
    const double at = std::clamp((barrierS - m_lowS) / m_stepS, 0.0, static_cast<double>(kNodes));
    const auto n = std::min(static_cast<std::size_t>(at), kNodes - 1);
    const double x = at - static_cast<double>(n);
    const double* row = &m_finishS[n * m_count.size() + gpuClass];
    const double finishS = (1 - x) * row[0] + x * row[m_count.size()];
    return std::max(0.0, m_count[gpuClass] * barrierS - finishS);
}

} // namespace atlas::operations
