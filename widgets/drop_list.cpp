#include "widgets/drop_list.h"

#include <QPainter>

namespace atlas::widgets {

void DropList::paintEvent(QPaintEvent* event) {
    QComboBox::paintEvent(event);
    // The chevron of the icons, here because a style sheet takes only files of one colour.
    constexpr double kHalf = 3.5;
    constexpr double kFromEdge = 12;
    const QPointF tip(width() - kFromEdge, height() / 2.0 + kHalf / 2);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::Text),
                        1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF{tip + QPointF(-kHalf, -kHalf), tip, tip + QPointF(kHalf, -kHalf)});
}

} // namespace atlas::widgets
