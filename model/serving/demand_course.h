// Demand at any instant: day, week, growth, surges, and noise; a pure function of seed and time.
#pragma once

#include "model/core/philox.h"
#include "model/scenario/scenario.h"

#include <array>
#include <cstdint>

namespace atlas::serving {

/// A standard normal process: independent at whole x, in between the two neighbours weighted by cosine and
/// sine, so that it is standard normal everywhere.
[[nodiscard]] double smoothNormal(std::uint64_t seed, random::Purpose purpose, std::uint64_t id, double x);

struct DemandInputs {
    std::uint64_t seed = 7;
    int startWeekday = 0; ///< of time 0, 0 Monday
    double peakOverMean = 1;
    double weekendFactor = 1;
    double growthPerMonth = 1;
    double burstiness = 0;
    double surgeEveryS = 1e300;
    double surgeHeight = 0;
    double surgeS = 1800;
    /// From scenario values.
    [[nodiscard]] static DemandInputs of(const scenario::Traffic& traffic, const scenario::ServeJob& job,
                                         std::uint64_t seed, int startWeekday);
};

class DemandCourse {
public:
    explicit DemandCourse(const DemandInputs& inputs);

    /// Relative to a weekday's peak, without growth, surges and noise: day and week alone, in a line between
    /// full hours.
    [[nodiscard]] double shapeAt(double timeS) const;
    /// With surges and noise.
    [[nodiscard]] double relativeAt(double timeS) const;
    /// Factor since time 0, compounding over months of 30.44 days.
    [[nodiscard]] double growthAt(double timeS) const;
    /// Height of the surges that run at an instant, over demand without.
    [[nodiscard]] double surgeAt(double timeS) const;
    /// Mean of shapeAt over a week.
    [[nodiscard]] double weekMean() const { return m_weekMean; }

private:
    [[nodiscard]] double hourly(std::int64_t hour) const;
    DemandInputs m_in;
    std::array<double, 24> m_profile{};
    double m_weekMean = 1;
};

} // namespace atlas::serving
