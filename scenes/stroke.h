// Lines that look the same whatever part of a picture is made. QPainter works a line out from what is left of
// it by the edge of the picture; the shape that it covers does not depend on that.
#pragma once

#include <QLineF>
#include <QPainter>
#include <QPainterPath>

namespace atlas::scenes {

void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen);
void drawStroke(QPainter& painter, const QLineF& line, const QPen& pen);

} // namespace atlas::scenes
