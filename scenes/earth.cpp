#include "scenes/earth.h"

#include "scenes/colour.h"
#include "scenes/earth_shader.h"

namespace atlas::scenes {

namespace {

EarthColours::Rgb rgbOf(const QColor& colour) {
    return {colour.redF(), colour.greenF(), colour.blueF()};
}

} // namespace

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
    return EarthShader::packed(EarthShader(shading, land)
                                   .at(static_cast<float>(off.x()), static_cast<float>(off.y()),
                                       static_cast<float>(1 / shading.view.viewport().devicePixelRatio)));
}

} // namespace atlas::scenes
