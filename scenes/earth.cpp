#include "scenes/earth.h"

#include "scenes/colour.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
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
constexpr float kGraticuleStep = 15.0f; // degrees
constexpr float kGraticule = 0.16f;     // strength

struct Float3 {
    float x = 0, y = 0, z = 0;
};
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

using Rgb = EarthColours::Rgb;

Rgb mix(const Rgb& a, const Rgb& b, float share) {
    return {a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

float smooth(float from, float to, float x) {
    const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

Rgb rgbOf(const QColor& colour) {
    return {colour.redF(), colour.greenF(), colour.blueF()};
}

QRgb packed(const Rgb& c) {
    const auto channel = [](float v) { return static_cast<int>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f); };
    return qRgb(channel(c.r), channel(c.g), channel(c.b));
}

/// atan2 within 1e-4 radians (Abramowitz and Stegun 4.4.49), several times as fast as the library's.
float angleOf(float y, float x) {
    const float ax = std::fabs(x);
    const float ay = std::fabs(y);
    const float high = std::max(ax, ay);
    const float q = high > 0 ? std::min(ax, ay) / high : 0;
    const float s = q * q;
    float r = ((((0.0208351f * s - 0.0851330f) * s + 0.1801410f) * s - 0.3302995f) * s + 0.9998660f) * q;
    r = ay > ax ? std::numbers::pi_v<float> / 2 - r : r;
    r = x < 0 ? std::numbers::pi_v<float> - r : r;
    return y < 0 ? -r : r;
}

/// What is the same for all pixels.
class Shader {
public:
    Shader(const EarthShading& shading, const QImage& land)
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

    /// x and y from the middle of the pane, y down; pixels as large as `pixel` of the focal length's.
    [[nodiscard]] Rgb at(float x, float y, float pixel) const {
        Float3 ray = m_forward * m_focal + m_right * x + m_up * -y;
        ray = ray * (1 / std::sqrt(dot(ray, ray)));
        const float closest = -dot(m_eye, ray);
        const Float3 foot = m_eye + ray * closest;
        const float away = std::sqrt(dot(foot, foot));
        if (closest <= 0 || away > 1 + static_cast<float>(kAirM / orbit::kEarthRadiusM))
            return m_colours.space;
        const float sharp = closest * pixel / m_focal; // a pixel at the rim, radii
        const float covered = std::clamp((1 - away) / sharp + 0.5f, 0.0f, 1.0f);
        Rgb out = m_colours.space;
        if (covered < 1) {
            const float glow = kAirGlow * std::exp(-std::max(0.0f, away - 1) / kAirScale);
            out = mix(out, m_colours.air, glow * daylightAt(dot(foot, m_sun) / away));
        }
        return covered > 0 ? mix(out, ground(ray, closest, foot, away, pixel), covered) : out;
    }

private:
    static float daylightAt(float sine) { return daylight(sine); }

    [[nodiscard]] Rgb ground(const Float3& ray, float closest, const Float3& foot, float away,
                             float pixel) const {
        const float depth = std::sqrt(std::max(0.0f, 1 - away * away));
        Float3 n = foot + ray * -depth;
        n = n * (1 / std::sqrt(dot(n, n)));
        const float facing = std::max(0.0f, -dot(n, ray));
        const float height = dot(n, m_sun);
        const float day = daylightAt(height);
        const float across = std::sqrt(std::max(0.0f, 1 - n.z * n.z));
        const float lat = angleOf(n.z, across);
        const float lon = angleOf(n.y, n.x) - m_greenwich;
        const float land = smooth(0.35f, 0.65f, landAt(lon, lat));
        const Rgb lit = mix(m_colours.seaDay, m_colours.landDay, land);
        const Rgb dark = mix(m_colours.seaNight, m_colours.landNight, land);
        const float noon = 1 - kNoonLift + kNoonLift * std::sqrt(std::max(0.0f, height));
        Rgb out = mix(dark, {lit.r * noon, lit.g * noon, lit.b * noon}, day);
        // A pixel on the ground, degrees; graticule lines are about one wide.
        const float grain =
            (closest - depth) * pixel / m_focal / std::max(facing, 0.15f) * 180 / std::numbers::pi_v<float>;
        const float line = std::max(lineAt(lon, grain / std::max(across, 0.05f)), lineAt(lat, grain));
        out = mix(out, m_colours.line, kGraticule * line * smooth(0.12f, 0.5f, facing));
        const float rim = 1 - facing;
        return mix(out, m_colours.air, kRimGlow * rim * rim * rim * day);
    }

    [[nodiscard]] static float lineAt(float radians, float width) {
        const float degrees = radians * 180 / std::numbers::pi_v<float>;
        const float off = std::fabs(degrees - kGraticuleStep * std::round(degrees / kGraticuleStep));
        return 1 - smooth(0.3f * width, 1.1f * width, off);
    }

    [[nodiscard]] float landAt(float lon, float lat) const {
        float u = lon / (2 * std::numbers::pi_v<float>)+0.5f;
        u = (u - std::floor(u)) * static_cast<float>(m_columns) - 0.5f;
        const float v = std::clamp((0.5f - lat / std::numbers::pi_v<float>)*static_cast<float>(m_rows) - 0.5f,
                                   0.0f, static_cast<float>(m_rows) - 1.001f);
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

    EarthColours m_colours;
    Float3 m_eye, m_forward, m_right, m_up, m_sun;
    float m_focal, m_greenwich;
    const QImage& m_land;
    int m_columns, m_rows, m_stride;
    const uchar* m_cells;
};

} // namespace

float daylight(float sine) {
    return smooth(-kTwilight, kTwilight, sine);
}

EarthColours earthColours(const Theme& theme) {
    const bool dark = theme.mode == ThemeMode::Dark;
    EarthColours c;
    c.space = rgbOf(theme.ground);
    // Calm: the states of satellites carry the strong colours. By night shores can still be told.
    c.seaDay = rgbOf(mixed(theme.panel, theme.accent, dark ? 0.30 : 0.34));
    c.landDay = rgbOf(dark ? mixed(mixed(theme.panel, theme.accent, 0.34), theme.text, 0.30)
                           : mixed(mixed(theme.panel, theme.accent, 0.10), theme.warning, 0.05));
    c.seaNight =
        rgbOf(dark ? mixed(theme.ground, theme.accent, 0.045) : mixed(theme.quietText, theme.accent, 0.25));
    c.landNight =
        rgbOf(dark ? mixed(theme.ground, theme.text, 0.115) : mixed(theme.quietText, theme.panel, 0.22));
    c.line = rgbOf(dark ? theme.text : theme.panel);
    c.air = rgbOf(dark ? mixed(theme.accent, theme.text, 0.25) : mixed(theme.accent, theme.panel, 0.35));
    return c;
}

QRgb earthPixel(const EarthShading& shading, const QImage& land, QPointF screen) {
    const QPointF off = screen - shading.view.viewport().rect().center();
    return packed(Shader(shading, land)
                      .at(static_cast<float>(off.x()), static_cast<float>(off.y()),
                          static_cast<float>(1 / shading.view.viewport().devicePixelRatio)));
}

void paintEarth(const EarthShading& shading, const QImage& land, QImage& picture) {
    const Shader shader(shading, land);
    const double ratio = shading.view.viewport().devicePixelRatio;
    const auto pixel = static_cast<float>(1 / ratio);
    const QPointF middle = shading.view.viewport().rect().center();
    const QRectF part = shading.view.earthRect(kAirM);
    const QRect rect = QRectF(part.topLeft() * ratio, part.size() * ratio).toAlignedRect() & picture.rect();
    const QRgb space = packed(shading.colours.space);
    const int stride = static_cast<int>(picture.bytesPerLine() / 4);
    auto* const pixels = reinterpret_cast<QRgb*>(picture.bits());
    tbb::parallel_for(tbb::blocked_range<int>(0, picture.height(), 16), [&](const auto& rows) {
        for (int y = rows.begin(); y != rows.end(); ++y) {
            QRgb* const line = pixels + static_cast<std::ptrdiff_t>(y) * stride;
            const bool crossed = y >= rect.top() && y <= rect.bottom() && !rect.isEmpty();
            const int from = crossed ? rect.left() : picture.width();
            const int to = crossed ? rect.right() + 1 : picture.width();
            std::fill(line, line + from, space);
            std::fill(line + to, line + picture.width(), space);
            const auto down = static_cast<float>((y + 0.5) / ratio - middle.y());
            for (int x = from; x < to; ++x)
                line[x] = packed(shader.at(static_cast<float>((x + 0.5) / ratio - middle.x()), down, pixel));
        }
    });
}

} // namespace atlas::scenes
