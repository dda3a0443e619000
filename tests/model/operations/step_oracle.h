// Steps drawn GPU by GPU with another generator and nothing clever, and how to compare what comes out.
#pragma once

#include "model/operations/step_law.h"
#include "tests/model/operations/operations_fixtures.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace atlas::testing {

/// Largest distance between two empirical distributions, over the distance that one in a thousand pairs of
/// equal distributions exceeds (Kolmogorov-Smirnov).
inline double ksRatio(std::vector<double> a, std::vector<double> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    double distance = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const double next = std::min(a[i], b[j]); // both step over what they have in common
        for (; i < a.size() && a[i] == next; ++i) {
        }
        for (; j < b.size() && b[j] == next; ++j) {
        }
        distance = std::max(distance, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                               static_cast<double>(j) / static_cast<double>(b.size())));
    }
    const double n = static_cast<double>(a.size()) * static_cast<double>(b.size()) /
                     static_cast<double>(a.size() + b.size());
    return distance * std::sqrt(n) / 1.95;
}

/// One GPU that is slow: its time is fixedS + scaleS (1 + J) with these factors on both.
struct SlowGpu {
    cluster::Index gpu = 0;
    double computing = 1; ///< on the compute time
    double network = 1;   ///< on the time of its network
};

/// One step by the law of its members: every GPU of every class draws.
class StepOracle {
public:
    StepOracle(const operations::StepShape& shape, const operations::StaticSpeeds& speeds, double sigma,
               std::uint64_t seed)
        : m_shape(shape)
        , m_speeds(speeds)
        , m_sigma(sigma)
        , m_generator(seed) {}

    struct Step {
        double barrierS = 0;
        double waitGpuSeconds = 0;
        double medianMemberS = 0;
        cluster::Index culprit = 0;
        std::size_t culpritClass = 0;
    };

    /// `replicaGpus`: consecutive members whose latest counts; the `backups` latest replicas are not waited
    /// for.
    Step draw(const std::vector<SlowGpu>& slow = {}, cluster::Index replicaGpus = 1, int backups = 0) {
        m_times.clear();
        for (std::size_t c = 0; c < m_shape.classes.size(); ++c) {
            const operations::MemberClass& members = m_shape.classes[c];
            for (cluster::Index gpu = members.gpus.first; gpu < members.gpus.end(); ++gpu) {
                if (!members.isMember(gpu)) {
                    continue;
                }
                const double e = m_unit(m_generator);
                const double noise = m_sigma * (e < 9 ? e : 9 + 3 * (e - 9));
                double scale = members.computeS * m_speeds.slowdown(m_speeds.binOf(gpu));
                double fixed = members.communicateS + members.bubbleS;
                for (const SlowGpu& each : slow) {
                    if (each.gpu == gpu) {
                        scale *= each.computing;
                        fixed += (each.network - 1) * members.networkS;
                    }
                }
                m_times.push_back({fixed + scale * (1 + noise), gpu, c});
            }
        }
        std::vector<std::size_t> latest; // of every replica
        for (std::size_t first = 0; first < m_times.size(); first += replicaGpus) {
            std::size_t last = first;
            for (std::size_t i = first; i < std::min<std::size_t>(first + replicaGpus, m_times.size()); ++i) {
                last = m_times[i].timeS > m_times[last].timeS ? i : last;
            }
            latest.push_back(last);
        }
        std::ranges::nth_element(latest, latest.begin() + backups, std::greater{},
                                 [this](std::size_t i) { return m_times[i].timeS; });
        const Member& opens = m_times[latest[static_cast<std::size_t>(backups)]];
        Step step{opens.timeS, 0, 0, opens.gpu, opens.memberClass};
        std::vector<double> sorted;
        for (const Member& each : m_times) {
            const double finish = std::min(each.timeS, step.barrierS);
            step.waitGpuSeconds += step.barrierS - finish + m_shape.classes[each.memberClass].bubbleS;
            sorted.push_back(finish);
        }
        std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
        step.medianMemberS = sorted[sorted.size() / 2];
        return step;
    }

private:
    struct Member {
        double timeS;
        cluster::Index gpu;
        std::size_t memberClass;
    };
    const operations::StepShape& m_shape;
    const operations::StaticSpeeds& m_speeds;
    double m_sigma;
    std::mt19937_64 m_generator;
    std::exponential_distribution<double> m_unit{1.0};
    std::vector<Member> m_times;
};

/// Mean of the largest of n Rayleigh variates with standard deviation 1, over their mean: the integral of
/// 1 - (1 - exp(-x^2))^n, term by term.
inline double largestOf(int n) {
    double sum = 0;
    double choose = 1;
    for (int k = 1; k <= n; ++k) {
        choose *= static_cast<double>(n - k + 1) / k;
        sum += (k % 2 == 1 ? 1 : -1) * choose / std::sqrt(k);
    }
    return (sum - 1) * std::sqrt(std::numbers::pi) / 2 / std::sqrt(1 - std::numbers::pi / 4);
}

} // namespace atlas::testing
