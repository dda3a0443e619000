#include "scenes/label_paint.h"

#include "scenes/colour.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

QRectF snapped(const QRectF& r, double ratio) {
    const auto snap = [ratio](double v) { return std::round(v * ratio) / ratio; };
    return {QPointF(snap(r.left()), snap(r.top())), QPointF(snap(r.right()), snap(r.bottom()))};
}

QColor captionColour(const Theme& theme) {
    return mixed(theme.text, theme.quietText, 0.45);
}

void paintPlate(QPainter& painter, const QRectF& rect, const Theme& theme) {
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.cornerRadius, theme.cornerRadius);
}

void paintLine(QPainter& painter, const QRectF& rect, const QString& text, const QColor& colour,
               const QString& quiet, const Theme& theme) {
    constexpr int kFlags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip | Qt::TextSingleLine;
    painter.setPen(colour);
    painter.drawText(rect, kFlags, text);
    if (quiet.isEmpty())
        return;
    const double offset = QFontMetricsF(painter.font()).horizontalAdvance(text);
    painter.setPen(theme.quietText);
    painter.drawText(rect.adjusted(offset, 0, 0, 0), kFlags, quiet);
}

QSizeF calloutSize(const QString& title, const QString& detail, const Theme& theme) {
    const QFontMetricsF strong(theme.font(TextRole::Strong));
    const QFontMetricsF body(theme.font(TextRole::Body));
    const double w = std::max(strong.horizontalAdvance(title), body.horizontalAdvance(detail));
    const double h = strong.height() + (detail.isEmpty() ? 0 : body.height() + 1);
    return {std::ceil(w) + 2.0 * theme.spacing.small, std::ceil(h) + 2.0 * theme.spacing.tight + 2};
}

OverlayItem labelOver(const QRectF& rect, const QString& text, const QColor& colour, const Theme& theme) {
    return {rect.adjusted(-4, -2, 4, 2), [rect, text, colour, &theme](QPainter& p) {
                p.setRenderHint(QPainter::Antialiasing);
                QColor plate = theme.ground;
                plate.setAlpha(210);
                p.setPen(Qt::NoPen);
                p.setBrush(plate);
                p.drawRoundedRect(rect.adjusted(-3, -1, 3, 1), 3, 3);
                p.setFont(theme.font(TextRole::Label));
                paintLine(p, rect, text, colour, {}, theme);
            }};
}

void paintCallout(QPainter& painter, const QRectF& rect, const QString& title, const QString& detail,
                  const Theme& theme) {
    paintPlate(painter, rect, theme);
    const double x = rect.left() + theme.spacing.small;
    double y = rect.top() + theme.spacing.tight + 1;
    const QFontMetricsF strong(theme.font(TextRole::Strong));
    painter.setFont(theme.font(TextRole::Strong));
    painter.setPen(theme.text);
    painter.drawText(QPointF(x, y + strong.ascent()), title);
    if (detail.isEmpty())
        return;
    y += strong.height() + 1;
    painter.setFont(theme.font(TextRole::Body));
    painter.setPen(theme.warning);
    painter.drawText(QPointF(x, y + QFontMetricsF(painter.font()).ascent()), detail);
}

} // namespace atlas::scenes
