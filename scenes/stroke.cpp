#include "scenes/stroke.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace atlas::scenes {

namespace {

/// From where to where (0 to 1) a line is inside a rectangle (Liang and Barsky 1984).
std::optional<std::pair<double, double>> inside(const QLineF& line, const QRectF& rect) {
    double from = 0;
    double to = 1;
    const auto cut = [&](double towards, double room) {
        if (towards == 0)
            return room >= 0;
        const double at = room / towards;
        if (towards < 0)
            from = std::max(from, at);
        else
            to = std::min(to, at);
        return from < to;
    };
    if (cut(-line.dx(), line.x1() - rect.left()) && cut(line.dx(), rect.right() - line.x1()) &&
        cut(-line.dy(), line.y1() - rect.top()) && cut(line.dy(), rect.bottom() - line.y1()))
        return std::pair{from, to};
    return std::nullopt;
}

} // namespace

void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen) {
    painter.fillPath(QPainterPathStroker(pen).createStroke(path), pen.brush());
}

void drawStroke(QPainter& painter, const QLineF& line, const QPen& pen) {
    QPainterPath path(line.p1());
    path.lineTo(line.p2());
    drawStroke(painter, path, pen);
}

void drawStroke(QPainter& painter, const QPainterPath& path, const QPen& pen, const QRectF& visible) {
    if (visible.contains(path.boundingRect())) {
        drawStroke(painter, path, pen);
        return;
    }
    QPainterPath seen;
    QPen dashes = pen;
    const auto finish = [&] {
        if (!seen.isEmpty())
            drawStroke(painter, seen, dashes);
        seen = QPainterPath();
    };
    const double width = std::max(pen.widthF(), 1e-3);
    double before = 0; // along the path
    QPointF last;
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPointF next = path.elementAt(i);
        if (path.elementAt(i).isLineTo()) {
            const QLineF line(last, next);
            const auto part = inside(line, visible);
            if (part) {
                if (seen.isEmpty() || part->first > 0) {
                    finish();
                    dashes.setDashOffset(pen.dashOffset() + (before + part->first * line.length()) / width);
                    seen.moveTo(line.pointAt(part->first));
                }
                seen.lineTo(line.pointAt(part->second));
            }
            if (!part || part->second < 1)
                finish();
            before += line.length();
        } else {
            finish();
            before = 0;
        }
        last = next;
    }
    finish();
}

} // namespace atlas::scenes
