// Where a satellite is and whether the Sun shines on it. Circular, sun-synchronous orbits about a round
// Earth; the Sun's apparent motion is that of the mean Sun.
#pragma once

namespace atlas::orbit {

inline constexpr double kEarthRadiusM = 6371e3;    ///< mean
inline constexpr double kEarthMu = 3.986004418e14; ///< [m3/s2], WGS 84
inline constexpr double kEarthJ2 = 1.08262668e-3;  ///< oblateness, WGS 84
inline constexpr double kEarthEquatorM = 6378137.0;
inline constexpr double kTropicalYearS = 365.2422 * 86400.0;
inline constexpr double kObliquityRad = 0.40909; ///< 23.44 degrees

/// A circular orbit whose plane keeps its angle to the Sun.
struct Path {
    double altitudeM = 600e3;
    double ascendingNodeH = 18.0; ///< local solar time of the ascending node
};

struct Vector {
    double x = 0, y = 0, z = 0;
};
[[nodiscard]] double dot(const Vector& a, const Vector& b);
[[nodiscard]] Vector cross(const Vector& a, const Vector& b);
[[nodiscard]] double length(const Vector& a);
/// Of length one; the zero vector stays.
[[nodiscard]] Vector unit(const Vector& a);
[[nodiscard]] Vector operator+(const Vector& a, const Vector& b);
[[nodiscard]] Vector operator-(const Vector& a, const Vector& b);
[[nodiscard]] Vector operator*(const Vector& a, double factor);

/// 2 pi sqrt(a^3 / mu).
[[nodiscard]] double periodS(double altitudeM);

/// The inclination at which the Earth's oblateness turns the plane once a year: cos i = -(2/3) W a^(7/2) /
/// (J2 R^2 sqrt(mu)), W = 2 pi / year. Defined up to about 6,000 km; beyond, pi.
[[nodiscard]] double sunSynchronousInclinationRad(double altitudeM);

/// Angle between the Sun and the plane of the orbit, by seconds since the March equinox: sin beta = sin i cos
/// d sin(W - a) + cos i sin d, with the Sun's declination d and the node's distance from it W - a.
[[nodiscard]] double betaRad(const Path& path, double sinceEquinoxS);

/// Share of an orbit in the Earth's shadow, a cylinder: acos(sqrt(h^2 + 2 R h) / ((R + h) cos beta)) / pi; 0
/// where the whole orbit is in the light.
[[nodiscard]] double eclipseFraction(double altitudeM, double betaRad);

struct EclipseYear {
    double mean = 0;  ///< share of the year in shadow
    double worst = 0; ///< share of the worst orbit
    double worstS = 0;
    int daysWithout = 0; ///< days on which no orbit has an eclipse
};
/// Day by day over a year.
[[nodiscard]] EclipseYear eclipseYear(const Path& path);

/// Where the `index`-th of `count` evenly spaced satellites of one plane is (metres from the Earth's centre,
/// z to the north, x to the March equinox), `timeS` since the equinox.
[[nodiscard]] Vector positionM(const Path& path, double timeS, int index, int count);
/// Towards the Sun, of length one.
[[nodiscard]] Vector sunDirection(double sinceEquinoxS);
/// True in the Earth's shadow (cylinder).
[[nodiscard]] bool inShadow(const Vector& positionM, const Vector& sun);

/// Distance to a satellite seen at an elevation above the horizon.
[[nodiscard]] double slantRangeM(double altitudeM, double elevationRad);

} // namespace atlas::orbit
