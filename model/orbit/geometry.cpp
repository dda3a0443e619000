#include "model/orbit/geometry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::orbit {

namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr int kDaysOfYear = 365;

struct SunPlace {
    double rightAscension = 0;
    double declination = 0;
};

/// The mean Sun on the ecliptic: the equation of time is left out (at most four degrees).
SunPlace sunAt(double sinceEquinoxS) {
    const double longitude = kTwoPi * sinceEquinoxS / kTropicalYearS;
    return {std::atan2(std::cos(kObliquityRad) * std::sin(longitude), std::cos(longitude)),
            std::asin(std::sin(kObliquityRad) * std::sin(longitude))};
}

double nodeFromSunRad(const Path& path) {
    return (path.ascendingNodeH - 12.0) / 24.0 * kTwoPi;
}

} // namespace

double dot(const Vector& a, const Vector& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

Vector operator+(const Vector& a, const Vector& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
Vector operator-(const Vector& a, const Vector& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
Vector operator*(const Vector& a, double factor) {
    return {a.x * factor, a.y * factor, a.z * factor};
}
Vector cross(const Vector& a, const Vector& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double length(const Vector& a) {
    return std::sqrt(dot(a, a));
}
Vector unit(const Vector& a) {
    const double l = length(a);
    return l > 0 ? a * (1 / l) : a;
}

double periodS(double altitudeM) {
    const double a = kEarthRadiusM + altitudeM;
    return kTwoPi * std::sqrt(a * a * a / kEarthMu);
}

double sunSynchronousInclinationRad(double altitudeM) {
    const double a = kEarthRadiusM + altitudeM;
    const double turn = kTwoPi / kTropicalYearS;
    const double cosine = -2.0 / 3.0 * turn * std::pow(a, 3.5) /
                          (kEarthJ2 * kEarthEquatorM * kEarthEquatorM * std::sqrt(kEarthMu));
    return std::acos(std::max(-1.0, cosine));
}

double betaRad(const Path& path, double sinceEquinoxS) {
    const SunPlace sun = sunAt(sinceEquinoxS);
    const double inclination = sunSynchronousInclinationRad(path.altitudeM);
    const double sine = std::sin(inclination) * std::cos(sun.declination) * std::sin(nodeFromSunRad(path)) +
                        std::cos(inclination) * std::sin(sun.declination);
    return std::asin(std::clamp(sine, -1.0, 1.0));
}

double eclipseFraction(double altitudeM, double betaRad) {
    const double radius = kEarthRadiusM + altitudeM;
    const double edge = std::sqrt(altitudeM * (altitudeM + 2 * kEarthRadiusM)) / radius;
    const double cosine = std::cos(betaRad);
    return edge >= cosine ? 0.0 : std::acos(edge / cosine) / std::numbers::pi;
}

EclipseYear eclipseYear(const Path& path) {
    EclipseYear year;
    for (int day = 0; day < kDaysOfYear; ++day) {
        const double share =
            eclipseFraction(path.altitudeM, betaRad(path, (day + 0.5) / kDaysOfYear * kTropicalYearS));
        year.mean += share / kDaysOfYear;
        year.worst = std::max(year.worst, share);
        year.daysWithout += share == 0.0 ? 1 : 0;
    }
    year.worstS = year.worst * periodS(path.altitudeM);
    return year;
}

Vector positionM(const Path& path, double timeS, int index, int count) {
    const double radius = kEarthRadiusM + path.altitudeM;
    const double along =
        kTwoPi * (timeS / periodS(path.altitudeM) + static_cast<double>(index) / std::max(1, count));
    const double node = sunAt(timeS).rightAscension + nodeFromSunRad(path);
    const double inclination = sunSynchronousInclinationRad(path.altitudeM);
    const double u = std::cos(along);
    const double v = std::sin(along);
    return {radius * (u * std::cos(node) - v * std::cos(inclination) * std::sin(node)),
            radius * (u * std::sin(node) + v * std::cos(inclination) * std::cos(node)),
            radius * v * std::sin(inclination)};
}

Vector sunDirection(double sinceEquinoxS) {
    const SunPlace sun = sunAt(sinceEquinoxS);
    return {std::cos(sun.declination) * std::cos(sun.rightAscension),
            std::cos(sun.declination) * std::sin(sun.rightAscension), std::sin(sun.declination)};
}

bool inShadow(const Vector& positionM, const Vector& sun) {
    const double towards = dot(positionM, sun);
    return towards < 0 && dot(positionM, positionM) - towards * towards < kEarthRadiusM * kEarthRadiusM;
}

double slantRangeM(double altitudeM, double elevationRad) {
    const double radius = kEarthRadiusM + altitudeM;
    const double down = kEarthRadiusM * std::sin(elevationRad);
    return std::sqrt(radius * radius - kEarthRadiusM * kEarthRadiusM + down * down) - down;
}

} // namespace atlas::orbit
