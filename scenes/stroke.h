// Lines that look the same whatever part of a picture is made. QPainter works a line out from what is left of
// it by the edge of the picture; the shape that it covers does not depend on that.
#pragma once

#include <QLineF>
#include <QPainter>
#include <QPainterPath>

namespace atlas::scenes {

void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen);
void drawStroke(QPainter& painter, const QLineF& line, const QPen& pen);
/// Of a path of straight lines only what is inside `visible`, with its dashes where they are on the whole: a
/// line that goes far beyond the pane costs no more than what is seen of it. `visible` is the whole pane's,
/// with room for the pen, whatever part of the picture is made.
void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen, const QRectF& visible);

} // namespace atlas::scenes
