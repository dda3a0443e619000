#include "scenes/overlay.h"

namespace atlas::scenes {

void paintOverlay(QPainter& painter, const Overlay& overlay) {
    for (const OverlayItem& item : overlay) {
        painter.save();
        item.paint(painter);
        painter.restore();
    }
}

} // namespace atlas::scenes
