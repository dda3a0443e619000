// When the slowest member reaches the barrier: the maximum of all members' times, drawn without drawing them.
#pragma once

#include "model/operations/static_speeds.h"
#include "model/operations/step_noise.h"
#include "model/operations/step_shape.h"

#include <vector>

namespace atlas::operations {

/// Members with one law: same class, same bin of static speed. Their time is fixedS + scaleS (1 + J).
struct MemberGroup {
    std::size_t memberClass = 0;
    std::size_t bin = 0;
    double count = 0;
    double fixedS = 0;
    double scaleS = 0;
};

/// ln P(barrier <= t) for members of these groups; see Barrier.
[[nodiscard]] double logBarrierCdf(const std::vector<MemberGroup>& groups, const StepNoise& noise,
                                   int backups, double t);
/// About E[barrier], without a table: where -ln(-ln F) is Euler's constant, as at the mean of a Gumbel
/// variate.
[[nodiscard]] double typicalBarrierS(const std::vector<MemberGroup>& groups, const StepNoise& noise,
                                     int backups);

/// The distribution of the barrier: P(max <= t) is the product over groups of P(member <= t)^count, inverted
/// once into a table over the reduced variate -ln(-ln u), in which a maximum is nearly linear. With `backups`
/// the slowest so many replicas are not waited for: the barrier opens with the (backups + 1)-th latest
/// member, late members taken to be in replicas of their own (there are far more replicas than backups).
class Barrier {
public:
    Barrier(const StepShape& shape, const StaticSpeeds& speeds, StepNoise noise, int backups = 0);

    /// ln P(barrier <= t).
    [[nodiscard]] double logCdf(double t) const;
    /// The maximum for a uniform draw.
    [[nodiscard]] double quantile(double u) const;
    /// E[max].
    [[nodiscard]] double meanS() const { return m_mean; }
    /// The group of the slowest member given the maximum: with the probability of its share of the density.
    [[nodiscard]] const MemberGroup& slowest(double maximumS, double u) const;
    /// P(member of the group <= t).
    [[nodiscard]] double cdf(const MemberGroup& group, double t) const;
    /// E[time | time <= t] of a member of the group.
    [[nodiscard]] double meanBelow(const MemberGroup& group, double t) const;
    [[nodiscard]] const std::vector<MemberGroup>& groups() const { return m_groups; }
    [[nodiscard]] const StepNoise& noise() const { return m_noise; }
    [[nodiscard]] int backups() const { return m_backups; }
    [[nodiscard]] double nominalS() const { return m_lowest; } ///< no maximum is below it
    /// Sum over all members of E[time | time <= t], each at most t.
    [[nodiscard]] double meanFinishS(double t) const;

private:
    struct Node {
        double time = 0;
        double slope = 0; ///< d time / d variate
    };
    void tabulate();
    [[nodiscard]] double slopeAt(double t) const;

    std::vector<MemberGroup> m_groups;
    StepNoise m_noise;
    int m_backups = 0;
    double m_lowest = 0; ///< the slowest group's time without noise
    double m_mean = 0;
    std::vector<Node> m_table;
};

} // namespace atlas::operations
