#include "model/serving/demand_course.h"

#include "model/serving/demand.h"
#include "model/serving/lengths.h"
#include "model/units/unit_table.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::serving {

namespace {

using random::Purpose;

constexpr double kHourS = 3600;
constexpr double kNoiseS = 300;     ///< the five minutes of Traffic::burstiness
constexpr double kLongestSurge = 4; ///< mean durations after which a surge is over for sure
constexpr double kRise = 0.15;      ///< of a surge's duration to its full height, and down again
constexpr std::uint64_t kNoise = 1; ///< counters of Purpose::Demand: noise, and surges from here on
constexpr std::uint64_t kSurges = 1024;
constexpr int kSurgesASlot = 4;

/// Poisson with mean 1, from a uniform variate.
int poissonOne(double u) {
    double p = std::exp(-1.0);
    int n = 0;
    for (double sum = p; u > sum && n < kSurgesASlot; sum += p) {
        ++n;
        p /= n;
    }
    return n;
}

} // namespace

double smoothNormal(std::uint64_t seed, Purpose purpose, std::uint64_t id, double x) {
    const double whole = std::floor(x);
    const auto slot = static_cast<std::uint32_t>(static_cast<std::int64_t>(whole));
    const double before = normalQuantile(random::uniform(seed, purpose, id, slot));
    const double after = normalQuantile(random::uniform(seed, purpose, id, slot + 1));
    const double angle = (x - whole) * std::numbers::pi / 2;
    return before * std::cos(angle) + after * std::sin(angle);
}

DemandInputs DemandInputs::of(const scenario::Traffic& t, const scenario::ServeJob& job, std::uint64_t seed,
                              int startWeekday) {
    DemandInputs in;
    in.seed = seed;
    in.startWeekday = startWeekday;
    in.peakOverMean = std::max(1.0, job.peakOverMean.value);
    in.weekendFactor = std::max(0.0, job.weekendFactor.value);
    in.growthPerMonth = t.growthPerMonth.value;
    in.burstiness = t.burstiness.value;
    in.surgeEveryS = t.surgeEveryS.value;
    in.surgeHeight = t.surgeHeight.value;
    in.surgeS = t.surgeS.value;
    return in;
}

DemandCourse::DemandCourse(const DemandInputs& inputs)
    : m_in(inputs)
    , m_profile(dayProfile(inputs.peakOverMean)) {
    const double peak = std::ranges::max(m_profile);
    for (double& value : m_profile) {
        value /= peak;
    }
    m_weekMean = 0;
    for (int hour = 0; hour < 7 * 24; ++hour) {
        m_weekMean += hourly(hour) / (7 * 24);
    }
}

double DemandCourse::hourly(std::int64_t hour) const {
    const std::int64_t day = hour / 24 + m_in.startWeekday;
    return m_profile[static_cast<std::size_t>(hour % 24)] * (day % 7 >= 5 ? m_in.weekendFactor : 1.0);
}

double DemandCourse::shapeAt(double timeS) const {
    const double hours = std::max(0.0, timeS) / kHourS;
    const double whole = std::floor(hours);
    const auto hour = static_cast<std::int64_t>(whole);
    return std::lerp(hourly(hour), hourly(hour + 1), hours - whole);
}

double DemandCourse::surgeAt(double timeS) const {
    if (!(m_in.surgeHeight > 0) || !(m_in.surgeEveryS < 1e12)) {
        return 0;
    }
    const double longest = kLongestSurge * m_in.surgeS;
    const auto last = static_cast<std::int64_t>(std::floor(timeS / m_in.surgeEveryS));
    const auto first = std::max<std::int64_t>(
        {0, static_cast<std::int64_t>(std::floor((timeS - longest) / m_in.surgeEveryS)), last - 16});
    double height = 0;
    for (std::int64_t slot = first; slot <= last; ++slot) {
        const auto b = static_cast<std::uint32_t>(slot);
        const int surges = poissonOne(random::uniform(m_in.seed, Purpose::Demand, kSurges, b));
        for (int i = 0; i < surges; ++i) {
            const auto a = kSurges + 1 + static_cast<std::uint64_t>(i);
            const auto w = random::words(m_in.seed, Purpose::Demand, a, b);
            const double begin = (static_cast<double>(slot) + random::uniform(w[0], w[1])) * m_in.surgeEveryS;
            const double lasts = std::min(longest, -m_in.surgeS * std::log(random::uniform(w[2], w[3])));
            const double at = (timeS - begin) / lasts;
            if (at > 0 && at < 1) {
                const double tall =
                    -m_in.surgeHeight * std::log(random::uniform(m_in.seed, Purpose::Demand, a + 64, b));
                height += tall * std::min({1.0, at / kRise, (1 - at) / kRise});
            }
        }
    }
    return height;
}

double DemandCourse::relativeAt(double timeS) const {
    double noise = 1;
    if (m_in.burstiness > 0) { // gamma with mean 1, by the cube root of Wilson and Hilferty
        const double z = smoothNormal(m_in.seed, Purpose::Demand, kNoise, std::max(0.0, timeS) / kNoiseS);
        const double w = m_in.burstiness * m_in.burstiness / 9;
        noise = std::pow(std::max(0.0, 1 - w + z * std::sqrt(w)), 3);
    }
    return shapeAt(timeS) * noise * (1 + surgeAt(timeS));
}

double DemandCourse::growthAt(double timeS) const {
    return std::pow(m_in.growthPerMonth, std::max(0.0, timeS) / units::kMonthS);
}

} // namespace atlas::serving
