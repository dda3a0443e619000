// The Earth as both painters shade it: day and night by the Sun's place, shores, a graticule, air along the
// rim. The formulas stand twice, in earth_shader.cpp and in shaders/earth.frag; a test holds them together.
#pragma once

#include "scenes/globe_view.h"
#include "scenes/theme.h"

#include <QImage>

namespace atlas::scenes {

/// Height to which air is drawn; far thinner than this would not be seen.
inline constexpr double kAirM = 420e3;

/// Colours as numbers 0..1, in the order a shader takes them.
struct EarthColours {
    struct Rgb {
        float r = 0, g = 0, b = 0;
    };
    Rgb space, seaDay, landDay, seaNight, landNight, line, air;
};
[[nodiscard]] EarthColours earthColours(const Theme& theme);

/// Everything that decides a pixel of the Earth.
struct EarthShading {
    GlobeView view;
    Vector sun;
    double greenwichRad = 0;
    EarthColours colours;
};

/// What a surface's height of the Sun makes of it: 0 in the night, 1 by day, between the two while the Sun is
/// less than 8 degrees above or below the horizon. `sine` is of that height.
[[nodiscard]] float daylight(float sine);

/// Colour of the pixel whose middle is `screen` (device-independent pixels).
[[nodiscard]] QRgb earthPixel(const EarthShading& shading, const QImage& land, QPointF screen);

/// Shades all of `picture` (RGB32 of the view's pane, or of some rows of it) with the bundled shores, on all
/// cores. As earthPixel() everywhere within a few grey levels; see earth_raster.cpp for where it takes
/// straight lines.
void paintEarth(const EarthShading& shading, QImage& picture);

} // namespace atlas::scenes
