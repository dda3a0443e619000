// How labels, plates and callouts look: one manner for every scene.
#pragma once

#include "scenes/overlay.h"
#include "scenes/theme.h"

#include <QPainter>

namespace atlas::scenes {

/// On whole device pixels, so that a hairline stays one.
[[nodiscard]] QRectF snapped(const QRectF& rect, double devicePixelRatio);

/// Between text and quiet text: names of places.
[[nodiscard]] QColor captionColour(const Theme& theme);

/// A raised card with a hairline.
void paintPlate(QPainter& painter, const QRectF& rect, const Theme& theme);

/// One line at the left of `rect`, vertically centred; `quiet` follows in the quiet colour.
void paintLine(QPainter& painter, const QRectF& rect, const QString& text, const QColor& colour,
               const QString& quiet, const Theme& theme);

/// One line in the label's type over whatever is below, set off by a plate of the ground's colour. `theme`
/// has to outlive the item.
[[nodiscard]] OverlayItem labelOver(const QRectF& rect, const QString& text, const QColor& colour,
                                    const Theme& theme);

/// A card with a strong title and a second line; its size comes from calloutSize().
void paintCallout(QPainter& painter, const QRectF& rect, const QString& title, const QString& detail,
                  const Theme& theme);
[[nodiscard]] QSizeF calloutSize(const QString& title, const QString& detail, const Theme& theme);

} // namespace atlas::scenes
