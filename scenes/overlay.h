// What lies over a scene: marks, rings, outlines, callouts. Items know their bounds, so that the OpenGL side
// uploads only what they touch.
#pragma once

#include <QPainter>

#include <functional>
#include <vector>

namespace atlas::scenes {

struct OverlayItem {
    QRectF bounds; ///< device-independent pixels, everything it paints
    std::function<void(QPainter&)> paint;
};

/// Painted in order.
using Overlay = std::vector<OverlayItem>;

void paintOverlay(QPainter& painter, const Overlay& overlay);

} // namespace atlas::scenes
