#include "widgets/hover_card.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {
constexpr int kPointerGap = 14;
constexpr int kColumnGap = 14;
} // namespace

HoverCard::HoverCard(QWidget* parent)
    : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void HoverCard::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    update();
}

void HoverCard::show(const scenes::HoverText& text, QPointF position) {
    if (text.title.isEmpty() && text.rows.empty()) {
        hide();
        return;
    }
    m_text = text;
    const QSize wanted = measured();
    const QSize pane = parentWidget()->size();
    QPoint corner = position.toPoint() + QPoint(kPointerGap, kPointerGap);
    if (corner.x() + wanted.width() > pane.width()) {
        corner.setX(static_cast<int>(position.x()) - kPointerGap - wanted.width());
    }
    if (corner.y() + wanted.height() > pane.height()) {
        corner.setY(static_cast<int>(position.y()) - kPointerGap - wanted.height());
    }
    corner.setX(std::max(0, corner.x()));
    corner.setY(std::max(0, corner.y()));
    setGeometry(QRect(corner, wanted));
    raise();
    QWidget::show();
    update();
}

QSize HoverCard::measured() const {
    const QFontMetricsF head(m_theme.font(scenes::TextRole::Strong));
    const QFontMetricsF body(m_theme.font(scenes::TextRole::Label));
    double names = 0;
    double values = 0;
    for (const auto& [name, value] : m_text.rows) {
        names = std::max(names, body.horizontalAdvance(name));
        values = std::max(values, body.horizontalAdvance(value));
    }
    const double columns = m_text.rows.empty() ? 0 : names + kColumnGap + values;
    const double width = std::max(head.horizontalAdvance(m_text.title), columns) + 2 * m_theme.spacing.small;
    const double height = head.height() + static_cast<double>(m_text.rows.size()) * (body.height() + 2) +
                          2 * m_theme.spacing.small;
    return {static_cast<int>(std::ceil(width)) + 1, static_cast<int>(std::ceil(height))};
}

void HoverCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.line);
    painter.setBrush(m_theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_theme.cornerRadius,
                            m_theme.cornerRadius);
    const double left = m_theme.spacing.small;
    const double right = width() - m_theme.spacing.small;
    double y = m_theme.spacing.small;
    const QFont strong = m_theme.font(scenes::TextRole::Strong);
    const double headHeight = QFontMetricsF(strong).height();
    painter.setFont(strong);
    painter.setPen(m_theme.text);
    painter.drawText(QRectF(left, y, right - left, headHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     m_text.title);
    y += headHeight;
    const QFont label = m_theme.font(scenes::TextRole::Label);
    const double rowHeight = QFontMetricsF(label).height() + 2;
    painter.setFont(label);
    for (const auto& [name, value] : m_text.rows) {
        const QRectF row(left, y, right - left, rowHeight);
        painter.setPen(m_theme.quietText);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setPen(m_theme.text);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, value);
        y += rowHeight;
    }
}

} // namespace atlas::widgets
