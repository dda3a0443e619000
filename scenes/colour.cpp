#include "scenes/colour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

using Triple = std::array<double, 3>;

// sRGB transfer function, IEC 61966-2-1.
double toLinear(double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
double fromLinear(double v) {
    return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

Triple linear(const QColor& c) {
    return {toLinear(c.redF()), toLinear(c.greenF()), toLinear(c.blueF())};
}

QColor fromLinear(const Triple& v) {
    const auto channel = [](double x) {
        return static_cast<float>(std::clamp(fromLinear(std::max(x, 0.0)), 0.0, 1.0));
    };
    return QColor::fromRgbF(channel(v[0]), channel(v[1]), channel(v[2]));
}

Triple times(const std::array<Triple, 3>& m, const Triple& v) {
    Triple out{};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return out;
}

// Linear sRGB to CIE XYZ and back, D65 (IEC 61966-2-1).
constexpr std::array<Triple, 3> kRgbToXyz = {{{0.4124564, 0.3575761, 0.1804375},
                                              {0.2126729, 0.7151522, 0.0721750},
                                              {0.0193339, 0.1191920, 0.9503041}}};
constexpr std::array<Triple, 3> kXyzToRgb = {{{3.2404542, -1.5371385, -0.4985314},
                                              {-0.9692660, 1.8760108, 0.0415560},
                                              {0.0556434, -0.2040259, 1.0572252}}};
constexpr Triple kWhite = {0.95047, 1.0, 1.08883};

constexpr double kDelta = 6.0 / 29.0;
double labF(double t) {
    return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29.0;
}
double labInverse(double t) {
    return t > kDelta ? t * t * t : 3 * kDelta * kDelta * (t - 4.0 / 29.0);
}

} // namespace

double luminance(const QColor& colour) {
    return times(kRgbToXyz, linear(colour))[1];
}

double contrast(const QColor& one, const QColor& other) {
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

Lab lab(const QColor& colour) {
    const Triple xyz = times(kRgbToXyz, linear(colour));
    const double x = labF(xyz[0] / kWhite[0]);
    const double y = labF(xyz[1] / kWhite[1]);
    const double z = labF(xyz[2] / kWhite[2]);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

QColor fromLab(const Lab& v) {
    const double y = (v.l + 16) / 116;
    const Triple xyz = {kWhite[0] * labInverse(y + v.a / 500), kWhite[1] * labInverse(y),
                        kWhite[2] * labInverse(y - v.b / 200)};
    return fromLinear(times(kXyzToRgb, xyz));
}

double difference(const QColor& one, const QColor& other) {
    const Lab a = lab(one);
    const Lab b = lab(other);
    return std::sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

QColor mixed(const QColor& from, const QColor& to, double share) {
    const auto channel = [share](int a, int b) {
        return static_cast<int>(std::lround(a + (b - a) * std::clamp(share, 0.0, 1.0)));
    };
    return {channel(from.red(), to.red()), channel(from.green(), to.green()),
            channel(from.blue(), to.blue())};
}

QColor deuteranope(const QColor& colour) {
    constexpr std::array<Triple, 3> kMachado = {
        {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
    return fromLinear(times(kMachado, linear(colour)));
}

} // namespace atlas::scenes
