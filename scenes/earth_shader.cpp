#include "scenes/earth_shader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace atlas::scenes {

namespace {

// As in shaders/earth.frag.
constexpr float kTwilight = 0.139f; // sine of the 8 degrees about the horizon
constexpr float kAirScale = 0.011f; // of the glow beyond the rim, radii
constexpr float kAirGlow = 0.62f;   // its strength at the rim
constexpr float kRimGlow = 0.75f;   // of the air in front of the ground
constexpr float kNoonLift = 0.34f;  // how much brighter the ground is under the Sun than at the terminator
constexpr float kGraticule = 0.16f; // strength

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kAirRadii = static_cast<float>(kAirM / orbit::kEarthRadiusM);

using Rgb = EarthColours::Rgb;

Float3 operator*(const Float3& a, float f) {
    return {a.x * f, a.y * f, a.z * f};
}
Float3 operator+(const Float3& a, const Float3& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
float dot(const Float3& a, const Float3& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
Float3 narrowed(const Vector& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

/// atan2 within 1e-4 radians (Abramowitz and Stegun 4.4.49), several times as fast as the library's.
float angleOf(float y, float x) {
    const float ax = std::fabs(x);
    const float ay = std::fabs(y);
    const float high = std::max(ax, ay);
    const float q = high > 0 ? std::min(ax, ay) / high : 0;
    const float s = q * q;
    float r = ((((0.0208351f * s - 0.0851330f) * s + 0.1801410f) * s - 0.3302995f) * s + 0.9998660f) * q;
    r = ay > ax ? kPi / 2 - r : r;
    r = x < 0 ? kPi - r : r;
    return y < 0 ? -r : r;
}

/// Strength of the air's glow a height (radii) beyond the rim: 256 steps of it, in straight lines between.
float glowAt(float height) {
    constexpr std::size_t kSteps = 256;
    static const std::array<float, kSteps + 2> table = [] {
        std::array<float, kSteps + 2> made{};
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = kAirGlow * std::exp(-static_cast<float>(i) * (kAirRadii / kSteps) / kAirScale);
        return made;
    }();
    const float place = std::clamp(height * (kSteps / kAirRadii), 0.0f, static_cast<float>(kSteps));
    const auto below = static_cast<std::size_t>(place);
    return table[below] + (place - static_cast<float>(below)) * (table[below + 1] - table[below]);
}

} // namespace

float daylight(float sine) {
    return EarthShader::smooth(-kTwilight, kTwilight, sine);
}

EarthShader::EarthShader(const EarthShading& shading, const QImage& land)
    : m_colours(shading.colours)
    , m_eye(narrowed(shading.view.eyeM() * (1 / orbit::kEarthRadiusM)))
    , m_forward(narrowed(shading.view.forward()))
    , m_right(narrowed(shading.view.right()))
    , m_up(narrowed(shading.view.up()))
    , m_sun(narrowed(shading.sun))
    , m_focal(static_cast<float>(shading.view.focalPx()))
    , m_greenwich(static_cast<float>(shading.greenwichRad))
    , m_land(land)
    , m_columns(land.width())
    , m_rows(land.height())
    , m_stride(static_cast<int>(land.bytesPerLine()))
    , m_cells(land.constBits()) {}

EarthShader::Sight EarthShader::sightOf(float x, float y, float pixel) const {
    Sight sight;
    const Float3 ray = m_forward * m_focal + m_right * x + m_up * -y;
    sight.ray = ray * (1 / std::sqrt(dot(ray, ray)));
    sight.closest = -dot(m_eye, sight.ray);
    sight.foot = m_eye + sight.ray * sight.closest;
    sight.away = std::sqrt(dot(sight.foot, sight.foot));
    sight.meets = sight.closest > 0 && sight.away <= 1 + kAirRadii;
    const float sharp = sight.closest * pixel / m_focal; // a pixel at the rim, radii
    sight.covered = sight.meets ? std::clamp((1 - sight.away) / sharp + 0.5f, 0.0f, 1.0f) : 0;
    return sight;
}

Rgb EarthShader::airOf(const Sight& sight) const {
    return mix(m_colours.space, m_colours.air,
               glowAt(sight.away - 1) * daylight(dot(sight.foot, m_sun) / sight.away));
}

std::optional<EarthShader::Air> EarthShader::airAt(float x, float y, float pixel) const {
    const Sight sight = sightOf(x, y, pixel);
    if (!sight.meets)
        return std::nullopt;
    return Air{airOf(sight), sight.closest * pixel / m_focal, sight.covered};
}

std::optional<EarthGround> EarthShader::groundAt(float x, float y, float pixel) const {
    const Sight sight = sightOf(x, y, pixel);
    if (sight.covered < 1)
        return std::nullopt;
    return groundOf(sight, pixel);
}

Rgb EarthShader::at(float x, float y, float pixel) const {
    const Sight sight = sightOf(x, y, pixel);
    if (!sight.meets)
        return m_colours.space;
    const Rgb out = sight.covered < 1 ? airOf(sight) : m_colours.space;
    if (sight.covered <= 0)
        return out;
    const EarthGround ground = groundOf(sight, pixel);
    constexpr float kDegrees = 180 / kPi;
    const float graticule = std::max(graticuleAt(ground.lon * kDegrees, ground.lonWidth),
                                     graticuleAt(ground.lat * kDegrees, ground.latWidth));
    return mix(out, colourOf(ground, shoreOf(landAt(ground.lon, ground.lat)), graticule), sight.covered);
}

EarthGround EarthShader::groundOf(const Sight& sight, float pixel) const {
    const float depth = std::sqrt(std::max(0.0f, 1 - sight.away * sight.away));
    Float3 n = sight.foot + sight.ray * -depth;
    n = n * (1 / std::sqrt(dot(n, n)));
    EarthGround ground;
    ground.facing = std::max(0.0f, -dot(n, sight.ray));
    const float height = dot(n, m_sun);
    const float day = daylight(height);
    const float across = std::sqrt(std::max(0.0f, 1 - n.z * n.z));
    ground.lat = angleOf(n.z, across);
    ground.lon = angleOf(n.y, n.x) - m_greenwich;
    const float noon = 1 - kNoonLift + kNoonLift * std::sqrt(std::max(0.0f, height));
    const float rim = 1 - ground.facing;
    const float air = kRimGlow * rim * rim * rim * day;
    const auto lit = [&](const Rgb& dark, const Rgb& bright) {
        return mix(mix(dark, {bright.r * noon, bright.g * noon, bright.b * noon}, day), m_colours.air, air);
    };
    ground.sea = lit(m_colours.seaNight, m_colours.seaDay);
    ground.land = lit(m_colours.landNight, m_colours.landDay);
    ground.line = mix(m_colours.line, m_colours.air, air);
    ground.lineShare = kGraticule * smooth(0.12f, 0.5f, ground.facing);
    // A pixel on the ground, degrees; graticule lines are about one wide.
    ground.latWidth = (sight.closest - depth) * pixel / m_focal / std::max(ground.facing, 0.15f) * 180 / kPi;
    ground.lonWidth = ground.latWidth / std::max(across, 0.05f);
    return ground;
}

float EarthShader::landAt(float lon, float lat) const {
    float u = lon / (2 * kPi) + 0.5f;
    u = (u - std::floor(u)) * static_cast<float>(m_columns) - 0.5f;
    const float v = std::clamp((0.5f - lat / kPi) * static_cast<float>(m_rows) - 0.5f, 0.0f,
                               static_cast<float>(m_rows) - 1.001f);
    const auto left = static_cast<int>(std::floor(u));
    const auto top = static_cast<int>(v);
    const float du = u - static_cast<float>(left);
    const float dv = v - static_cast<float>(top);
    const int a = left < 0 ? m_columns - 1 : left;
    const int b = left + 1 >= m_columns ? 0 : left + 1;
    const uchar* const upper = m_cells + top * m_stride;
    const uchar* const lower = upper + m_stride;
    const auto cell = [](const uchar* row, int i) { return static_cast<float>(row[i]); };
    const float one = cell(upper, a) + (cell(upper, b) - cell(upper, a)) * du;
    const float two = cell(lower, a) + (cell(lower, b) - cell(lower, a)) * du;
    return (one + (two - one) * dv) / 255;
}

} // namespace atlas::scenes
