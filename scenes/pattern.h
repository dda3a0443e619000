// The marks of states as small masks, shared by the raster painter, the OpenGL texture and the legend.
#pragma once

#include "scenes/axis_map.h"
#include "scenes/theme.h"

#include <QImage>
#include <QPainter>

namespace atlas::scenes {

/// How much of the state's colour shows at each place of a cell, 0..255; the rest is the floor behind it.
struct PatternMasks {
    using Mask = std::array<std::uint8_t, kPatternSize * kPatternSize>; ///< [v * kPatternSize + u]
    std::array<Mask, kPatternCount> masks;
};
[[nodiscard]] const PatternMasks& patternMasks();

/// The state's cell as a picture, kPatternSize square; worth keeping by those who draw it often.
[[nodiscard]] QImage swatchImage(const Theme& theme, const StateStyle& style);

/// A cell of the legend, as the floor shows it close up.
void paintSwatch(QPainter& painter, const QRectF& rect, const Theme& theme, const StateStyle& style);

} // namespace atlas::scenes
