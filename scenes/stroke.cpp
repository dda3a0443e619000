#include "scenes/stroke.h"

namespace atlas::scenes {

void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen) {
    painter.fillPath(QPainterPathStroker(pen).createStroke(path), pen.brush());
}

void drawStroke(QPainter& painter, const QLineF& line, const QPen& pen) {
    QPainterPath path(line.p1());
    path.lineTo(line.p2());
    drawStroke(painter, path, pen);
}

} // namespace atlas::scenes
