// The satellites of a cluster that flies: which GPUs each carries, since when, and what it does at an instant
// of the scenario's clock.
#pragma once

#include "model/cluster/cluster.h"
#include "model/orbit/satellite.h"

#include <memory>
#include <optional>
#include <vector>

namespace atlas::orbit {

/// Seconds from the March equinox before it to the first instant of `start`: the equinox is taken as noon of
/// 20 March, within a day of the true one in this century, which turns the Sun by less than a degree.
[[nodiscard]] double sinceEquinoxS(scenario::Month start);

/// One plane of evenly spaced satellites. Immutable.
class Constellation {
public:
    /// A satellite takes the GPUs of the cluster in their order, `gpusPerSatellite` each. Errors: a radiator
    /// that absorbs more than it emits.
    [[nodiscard]] static Result<std::shared_ptr<const Constellation>>
    make(const scenario::OrbitalSite& site, std::shared_ptr<const cluster::Cluster> cluster,
         scenario::Month start);

    [[nodiscard]] const scenario::OrbitalSite& site() const { return m_site; }
    [[nodiscard]] const std::shared_ptr<const cluster::Cluster>& cluster() const { return m_cluster; }
    [[nodiscard]] int count() const { return static_cast<int>(m_launchedS.size()); }
    [[nodiscard]] cluster::Range gpusOf(int satellite) const;
    /// The satellite a GPU flies on; precondition: gpu < cluster()->gpuCount.
    [[nodiscard]] int satelliteOf(cluster::Index gpu) const;
    /// Sized for GPUs of its class.
    [[nodiscard]] const Satellite& sized(int satellite) const;
    /// Simulated seconds at which it begins work; infinite where it never does.
    [[nodiscard]] double launchedS(int satellite) const {
        return m_launchedS[static_cast<std::size_t>(satellite)];
    }

    /// Seconds since the March equinox of a simulated instant.
    [[nodiscard]] double solarTimeS(double timeS) const { return m_equinoxS + timeS; }
    /// Metres from the Earth's centre: z to the north, x in the meridian of the mean Sun. In this frame the
    /// Sun moves with the seasons only, and so does the plane of the orbit.
    [[nodiscard]] Vector place(double timeS, int satellite) const;
    /// Of all satellites, in their order.
    [[nodiscard]] std::vector<Vector> places(double timeS) const { return around(timeS, count()); }
    /// Evenly spaced points of the orbit, the first where satellite 0 is.
    [[nodiscard]] std::vector<Vector> around(double timeS, int points) const;
    /// Towards the Sun in the same frame.
    [[nodiscard]] Vector sun(double timeS) const;
    /// Longitude of the Greenwich meridian in the same frame, radians: at noon of universal time the mean Sun
    /// stands above it. Time 0 is midnight.
    [[nodiscard]] static double greenwichRad(double timeS);
    [[nodiscard]] bool inShadow(double timeS, int satellite) const;
    /// Whether its computers stand still in shadow, for want of a battery.
    [[nodiscard]] bool pausesInShadow() const { return m_site.eclipse == scenario::EclipsePower::Pause; }
    [[nodiscard]] Balance balance(double timeS, int satellite) const;
    /// Seconds until a satellite next enters or leaves the shadow; empty where it does not within an orbit.
    [[nodiscard]] std::optional<double> nextCrossingS(double timeS, int satellite) const;

private:
    Constellation() = default;

    scenario::OrbitalSite m_site;
    std::shared_ptr<const cluster::Cluster> m_cluster;
    std::vector<Satellite> m_sized; ///< by GPU class
    std::vector<double> m_launchedS;
    double m_equinoxS = 0;
};

} // namespace atlas::orbit
