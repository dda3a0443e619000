// One line of sight to the Earth: what it meets, and what colours it. Asked for at every pixel, or at nodes
// between which pixels are filled in (earth_raster.cpp).
#pragma once

#include "scenes/earth.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace atlas::scenes {

struct Float3 {
    float x = 0, y = 0, z = 0;
};

/// Everything about a place on the ground but whether it is land there.
struct EarthGround {
    using Rgb = EarthColours::Rgb;
    float lon = 0; ///< radians from Greenwich, not brought into one turn
    float lat = 0; ///< radians
    float facing = 0;
    Rgb sea, land, line;              ///< under the light there and behind the air
    float grain = 0;                  ///< a pixel across the line of sight there, radii
    float lineShare = 0;              ///< of a graticule line in what lies under it
    float lonWidth = 0, latWidth = 0; ///< degrees that a pixel is wide there
};

class EarthShader {
public:
    using Rgb = EarthColours::Rgb;

    EarthShader(const EarthShading& shading, const QImage& land);

    /// x and y from the middle of the pane, y down; pixels as large as `pixel` of the focal length's.
    [[nodiscard]] Rgb at(float x, float y, float pixel) const;
    /// What lies there; empty where a pixel there is not all ground.
    [[nodiscard]] std::optional<EarthGround> groundAt(float x, float y, float pixel) const;
    /// What is seen of air beyond the rim.
    struct Air {
        Rgb colour;
        float grain = 0;   ///< a pixel there, radii
        float covered = 0; ///< share of the pixel that is ground
    };
    /// Empty where a line of sight meets neither ground nor air.
    [[nodiscard]] std::optional<Air> airAt(float x, float y, float pixel) const;

    /// Of a ground with a share of land: with what graticule there is.
    [[nodiscard]] static Rgb colourOf(const EarthGround& ground, float land, float graticule) {
        return mix(mix(ground.sea, ground.land, land), ground.line, ground.lineShare * graticule);
    }
    /// How strongly a graticule line covers an angle (degrees) where a pixel is `width` degrees wide.
    [[nodiscard]] static float graticuleAt(float degrees, float width) {
        const float steps = degrees / kGraticuleStep;
        const auto nearest = static_cast<float>(static_cast<int>(steps + (steps < 0 ? -0.5f : 0.5f)));
        return 1 - smooth(0.3f * width, 1.1f * width, std::fabs(degrees - kGraticuleStep * nearest));
    }
    /// Share of land as it is drawn, from what the map has there: shores are as sharp as the map allows.
    [[nodiscard]] static float shoreOf(float share) { return smooth(0.35f, 0.65f, share); }
    [[nodiscard]] static QRgb packed(const Rgb& colour) {
        const auto channel = [](float v) {
            return static_cast<std::uint32_t>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f);
        };
        return 0xff000000u | channel(colour.r) << 16 | channel(colour.g) << 8 | channel(colour.b);
    }

    [[nodiscard]] static Rgb mix(const Rgb& a, const Rgb& b, float share) {
        return {a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
    }
    [[nodiscard]] static float smooth(float from, float to, float x) {
        const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
        return t * t * (3 - 2 * t);
    }

    static constexpr float kGraticuleStep = 15.0f; ///< degrees

private:
    struct Sight {
        Float3 ray, foot; ///< foot: the point of the line nearest to the Earth's centre, radii
        float closest = 0, away = 0;
        bool meets = false; ///< ground or air
        float covered = 0;  ///< share of the pixel that is ground
    };
    [[nodiscard]] Sight sightOf(float x, float y, float pixel) const;
    [[nodiscard]] Rgb airOf(const Sight& sight) const;
    [[nodiscard]] EarthGround groundOf(const Sight& sight, float pixel) const;
    [[nodiscard]] float landAt(float lon, float lat) const;

    EarthColours m_colours;
    Float3 m_eye, m_forward, m_right, m_up, m_sun;
    float m_focal, m_greenwich;
    const QImage& m_land;
    int m_columns, m_rows, m_stride;
    const uchar* m_cells;
};

} // namespace atlas::scenes
