#include "model/operations/hazards.h"

#include "model/core/philox.h"
#include "model/operations/calendar.h"
#include "model/operations/step_shape.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;
using cluster::PartKind;

constexpr double kGpusPerNode = 8; ///< GpuClass::nodeFailuresPerS is stated for 8 GPUs
/// No day has more events of one kind: far beyond any rate that leaves a job a minute to run.
constexpr double kMostADay = 20'000;
constexpr double kNormalFrom = 200; ///< mean from which a Poisson count is drawn as a rounded normal

double normal(std::uint32_t a, std::uint32_t b) {
    const double u = (static_cast<double>(a) + 0.5) * 0x1.0p-32;
    const double v = (static_cast<double>(b) + 0.5) * 0x1.0p-32;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * 3.14159265358979323846 * v);
}

/// Poisson count by inversion.
Index poisson(double mean, const std::array<std::uint32_t, 4>& w) {
    if (mean > kNormalFrom) {
        return static_cast<Index>(std::max(0.0, std::round(mean + std::sqrt(mean) * normal(w[0], w[1]))));
    }
    const double u = random::uniform(w[0], w[1]);
    double term = std::exp(-mean);
    double sum = term;
    Index n = 0;
    while (u > sum && n < 10 * kNormalFrom) {
        term *= mean / ++n;
        sum += term;
    }
    return n;
}

double shareOf(double weight, double all) {
    return all > 0 ? weight / all : 0;
}

} // namespace

Hazards::Hazards(std::shared_ptr<const cluster::Cluster> cluster, const scenario::Operations& operations,
                 std::uint64_t seed, scenario::Month start)
    : m_cluster(std::move(cluster))
    , m_repairS(operations.failStop.repairS.value)
    , m_spread(operations.failSlow.spread.value)
    , m_seed(seed)
    , m_start(start) {
    const scenario::FailStop& stop = operations.failStop;
    const scenario::FailSlow& slow = operations.failSlow;
    const double weights =
        stop.gpuWeight.value + stop.trayWeight.value + stop.linkWeight.value + stop.softwareWeight.value;
    const double more = stop.multiplier.value;
    const double slower = slow.multiplier.value;
    for (Index i = 0; i < m_cluster->islands.size(); ++i) {
        const cluster::Island& island = m_cluster->islands[i];
        const double perGpu =
            m_cluster->gpuClasses[island.gpuClass].nodeFailuresPerS.value / kGpusPerNode * more;
        const auto perTray = static_cast<double>(island.rackType.gpusPerTray);
        const double hardware = stop.hardwareShare.value;
        const auto add = [&](EventKind kind, Component component, double perUnitS, double repairs,
                             const scenario::FailSlowKind* episode = nullptr) {
            if (perUnitS > 0) {
                m_hazards.push_back({kind, component, i, perUnitS, repairs,
                                     episode ? episode->lastsS.value : 0,
                                     episode ? episode->excess.value : 0});
            }
        };
        const auto stops = [&](Component component, double weight, double gpus, double repairs) {
            add(EventKind::FailStop, component, perGpu * gpus * shareOf(weight, weights), repairs);
        };
        stops(Component::Gpu, stop.gpuWeight.value, 1, hardware);
        stops(Component::Tray, stop.trayWeight.value, perTray, hardware);
        stops(Component::Link, stop.linkWeight.value, 1, hardware);
        stops(Component::Software, stop.softwareWeight.value, 1, 0);
        add(EventKind::FailStop, Component::Leaf, stop.leafPerS.value * more, 1);
        add(EventKind::FailStop, Component::Rack, stop.rackPerS.value * more, 1);
        add(EventKind::FailStop, Component::Hall, stop.hallPerS.value * more, 1);
        add(EventKind::FailStop, Component::Feed, stop.feedPerS.value * more, 1);
        add(EventKind::FailSlow, Component::Thermal, slow.thermal.perS.value * slower, 0, &slow.thermal);
        add(EventKind::FailSlow, Component::Link, slow.link.perS.value * slower, 0, &slow.link);
        add(EventKind::FailSlow, Component::Host, slow.host.perS.value * slower, 0, &slow.host);
    }
}

Index Hazards::units(const Hazard& hazard, scenario::Month month) const {
    const cluster::Island& island = m_cluster->islands[hazard.island];
    const Index gpus = poweredOf(*m_cluster, hazard.island, month).count;
    const auto ceilDiv = [](Index a, int b) {
        return (a + static_cast<Index>(b) - 1) / static_cast<Index>(b);
    };
    const auto poweredFirst = [&](Index rack) { return m_cluster->racks[rack].poweredFrom <= month; };
    Index count = 0;
    switch (hazard.component) {
    case Component::Tray:
    case Component::Host:
        return ceilDiv(gpus, island.rackType.gpusPerTray);
    case Component::Rack:
        return ceilDiv(gpus, island.rackType.gpusPerRack());
    case Component::Hall:
        for (Index h = island.halls.first; h < island.halls.end(); ++h) {
            count += poweredFirst(m_cluster->halls[h].racks.first) ? 1 : 0;
        }
        return count;
    case Component::Feed:
        for (Index h = island.halls.first; h < island.halls.end(); ++h) {
            const cluster::Range rows = m_cluster->halls[h].rows;
            for (Index r = rows.first; r < rows.end(); ++r) {
                count += poweredFirst(m_cluster->rows[r].racks.first) ? 1 : 0;
            }
        }
        return count;
    case Component::Leaf:
        for (const cluster::RailPlane& plane : m_cluster->railPlanes) {
            const cluster::Hall& hall = m_cluster->halls[plane.hall];
            count += hall.island == hazard.island && poweredFirst(hall.racks.first) ? plane.leaves.count : 0;
        }
        return count;
    default:
        return gpus;
    }
}

cluster::Part Hazards::partOf(const Hazard& hazard, Index unit) const {
    const cluster::Island& island = m_cluster->islands[hazard.island];
    switch (hazard.component) {
    case Component::Tray:
    case Component::Host:
        return {PartKind::Tray, island.gpus.first + unit * static_cast<Index>(island.rackType.gpusPerTray)};
    case Component::Rack:
        return {PartKind::Rack, island.racks.first + unit};
    case Component::Hall:
        return {PartKind::Hall, island.halls.first + unit};
    case Component::Feed:
        return {PartKind::Row, m_cluster->halls[island.halls.first].rows.first + unit};
    case Component::Leaf:
        for (const cluster::RailPlane& plane : m_cluster->railPlanes) {
            if (m_cluster->halls[plane.hall].island == hazard.island) {
                if (unit < plane.leaves.count) {
                    return {PartKind::Switch, plane.leaves.first + unit};
                }
                unit -= plane.leaves.count;
            }
        }
        return {};
    case Component::Software:
        return {};
    default:
        return {PartKind::Gpu, island.gpus.first + unit};
    }
}

void Hazards::draw(std::size_t number, std::int64_t day, Index units, std::vector<Event>& out) const {
    const Hazard& hazard = m_hazards[number];
    const double mean = std::min(kMostADay, hazard.perUnitS * units * kDayS);
    const auto purpose =
        hazard.kind == EventKind::FailSlow ? random::Purpose::FailSlow : random::Purpose::FailStop;
    const auto key = static_cast<std::uint32_t>(number);
    const auto at = [&](std::uint64_t n) { return (static_cast<std::uint64_t>(day) << 24) + n; };
    const Index count = poisson(mean, random::words(m_seed, purpose, at(0), key));
    for (Index n = 0; n < count; ++n) {
        const auto w = random::words(m_seed, purpose, at(2 * n + 1), key);
        const auto x = random::words(m_seed, purpose, at(2 * n + 2), key);
        Event event;
        event.kind = hazard.kind;
        event.component = hazard.component;
        event.timeS = (static_cast<double>(day) + random::uniform(w[0], w[1])) * kDayS;
        event.part = partOf(hazard, static_cast<Index>((std::uint64_t{w[2]} * units) >> 32));
        event.repairedS = event.timeS;
        if (hazard.kind == EventKind::FailSlow) {
            // Log-normal with the given mean; the excess exponential.
            const double lasts =
                hazard.lastsS * std::exp(m_spread * normal(x[0], x[1]) - m_spread * m_spread / 2);
            event.durationS = std::min(lasts, kLongestEpisodeS);
            event.slowdown = 1 - hazard.excess * std::log((static_cast<double>(x[2]) + 0.5) * 0x1.0p-32);
        } else if (static_cast<double>(w[3]) * 0x1.0p-32 < hazard.repairs) {
            event.repairedS += m_repairS;
        }
        out.push_back(event);
    }
}

std::vector<Event> Hazards::onDay(std::int64_t day) const {
    std::vector<Event> out;
    if (day < 0) {
        return out;
    }
    const scenario::Month month = monthAt(m_start, static_cast<double>(day) * kDayS);
    for (std::size_t h = 0; h < m_hazards.size(); ++h) {
        if (const Index count = units(m_hazards[h], month); count > 0) {
            draw(h, day, count, out);
        }
    }
    std::ranges::stable_sort(out, {}, &Event::timeS);
    return out;
}

std::vector<Event> Hazards::between(double fromS, double toS) const {
    std::vector<Event> out;
    if (m_hazards.empty()) {
        return out;
    }
    for (auto day = static_cast<std::int64_t>(std::floor(fromS / kDayS));
         static_cast<double>(day) * kDayS < toS; ++day) {
        for (const Event& event : onDay(day)) {
            if (event.timeS >= fromS && event.timeS < toS) {
                out.push_back(event);
            }
        }
    }
    return out;
}

} // namespace atlas::operations
