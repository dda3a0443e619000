#include "model/orbit/constellation.h"

#include "model/operations/calendar.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace atlas::orbit {

namespace {

constexpr int kEquinoxMonth = 3;
constexpr double kEquinoxDays = 19.5; // noon of the 20th
constexpr double kCrossingStepS = 20; // coarse search for a crossing; an eclipse lasts minutes
constexpr int kBisections = 24;

} // namespace

double sinceEquinoxS(scenario::Month start) {
    const auto march =
        scenario::Month::of(start.year() - (start.month() < kEquinoxMonth ? 1 : 0), kEquinoxMonth);
    const double since = operations::monthStartS(march, start) - kEquinoxDays * operations::kDayS;
    return since < 0 ? since + kTropicalYearS : since;
}

Result<std::shared_ptr<const Constellation>>
Constellation::make(const scenario::OrbitalSite& site, std::shared_ptr<const cluster::Cluster> cluster,
                    scenario::Month start) {
    std::shared_ptr<Constellation> made(new Constellation);
    made->m_site = site;
    made->m_site.gpusPerSatellite = std::max(1, site.gpusPerSatellite);
    for (const scenario::GpuClass& gpu : cluster->gpuClasses) {
        const double gpuW = gpu.tdpW.value + gpu.hostOverheadW.value;
        auto sized = workingSatellite(made->m_site, gpuW * made->m_site.gpusPerSatellite);
        if (!sized)
            return sized.errors();
        made->m_sized.push_back(*sized);
    }
    made->m_cluster = std::move(cluster);
    made->m_equinoxS = sinceEquinoxS(start);
    const auto each = static_cast<cluster::Index>(made->m_site.gpusPerSatellite);
    for (cluster::Index first = 0; first < made->m_cluster->gpuCount; first += each) {
        const scenario::Month from = made->m_cluster->racks[made->m_cluster->rackOf(first)].poweredFrom;
        made->m_launchedS.push_back(from == cluster::kNeverPowered ? std::numeric_limits<double>::infinity()
                                                                   : operations::monthStartS(start, from));
    }
    return std::shared_ptr<const Constellation>(std::move(made));
}

cluster::Range Constellation::gpusOf(int satellite) const {
    const auto each = static_cast<cluster::Index>(m_site.gpusPerSatellite);
    const cluster::Index first = static_cast<cluster::Index>(satellite) * each;
    return {first, std::min(each, m_cluster->gpuCount - first)};
}

int Constellation::satelliteOf(cluster::Index gpu) const {
    return static_cast<int>(gpu / static_cast<cluster::Index>(m_site.gpusPerSatellite));
}

const Satellite& Constellation::sized(int satellite) const {
    return m_sized[m_cluster->classOf(gpusOf(satellite).first)];
}

namespace {
/// From the frame of the equinox to that of the mean Sun.
Vector turned(const Vector& v, const Vector& sun) {
    const double across = std::hypot(sun.x, sun.y);
    return {(v.x * sun.x + v.y * sun.y) / across, (v.y * sun.x - v.x * sun.y) / across, v.z};
}
} // namespace

Vector Constellation::place(double timeS, int satellite) const {
    const double solar = solarTimeS(timeS);
    return turned(positionM(pathOf(m_site), solar, satellite, count()), sunDirection(solar));
}

std::vector<Vector> Constellation::around(double timeS, int points) const {
    const double solar = solarTimeS(timeS);
    const Vector sun = sunDirection(solar);
    // Two places a quarter of the orbit apart span it.
    const Vector first = turned(positionM(pathOf(m_site), solar, 0, 4), sun);
    const Vector quarter = turned(positionM(pathOf(m_site), solar, 1, 4), sun);
    std::vector<Vector> all(static_cast<std::size_t>(std::max(0, points)));
    for (std::size_t i = 0; i < all.size(); ++i) {
        const double along = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(all.size());
        const double u = std::cos(along);
        const double v = std::sin(along);
        all[i] = {u * first.x + v * quarter.x, u * first.y + v * quarter.y, u * first.z + v * quarter.z};
    }
    return all;
}

Vector Constellation::sun(double timeS) const {
    const Vector s = sunDirection(solarTimeS(timeS));
    return {std::hypot(s.x, s.y), 0, s.z};
}

double Constellation::greenwichRad(double timeS) {
    const double day = timeS / operations::kDayS;
    return 2 * std::numbers::pi * (day - std::floor(day) - 0.5);
}

bool Constellation::inShadow(double timeS, int satellite) const {
    return orbit::inShadow(place(timeS, satellite), sun(timeS));
}

Balance Constellation::balance(double timeS, int satellite) const {
    const double ageYears = std::max(0.0, timeS - launchedS(satellite)) / kTropicalYearS;
    return balanceAt(m_site, sized(satellite), solarTimeS(timeS), satellite, count(), ageYears);
}

std::optional<double> Constellation::nextCrossingS(double timeS, int satellite) const {
    const bool now = inShadow(timeS, satellite);
    const double period = periodS(m_site.altitudeM.value);
    for (double after = kCrossingStepS; after < period + kCrossingStepS; after += kCrossingStepS) {
        if (inShadow(timeS + after, satellite) == now)
            continue;
        double same = after - kCrossingStepS;
        double other = after;
        for (int i = 0; i < kBisections; ++i) {
            const double middle = (same + other) / 2;
            (inShadow(timeS + middle, satellite) == now ? same : other) = middle;
        }
        return other;
    }
    return std::nullopt;
}

} // namespace atlas::orbit
