#include "widgets/themed_label.h"

#include <QPainter>

namespace atlas::widgets {

QColor inkColour(const Theme& theme, Ink ink) {
    switch (ink) {
    case Ink::Text:
        return theme.text;
    case Ink::Quiet:
        return theme.quietText;
    case Ink::Accent:
        return theme.accent;
    case Ink::Warning:
        return theme.warning;
    case Ink::Negative:
        return theme.negative;
    case Ink::SideA:
        return sideColour(theme, Side::A);
    case Ink::SideB:
        return sideColour(theme, Side::B);
    }
    return theme.text;
}

ThemedLabel::ThemedLabel(TextRole role, Ink ink, QWidget* parent)
    : QLabel(parent)
    , m_role(role)
    , m_ink(ink) {
    setTextFormat(Qt::PlainText);
}

void ThemedLabel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    setFont(theme.font(m_role));
    recolour();
}

void ThemedLabel::setInk(Ink ink) {
    m_ink = ink;
    recolour();
}

void ThemedLabel::recolour() {
    if (m_theme) {
        QPalette p = palette();
        p.setColor(QPalette::WindowText, inkColour(*m_theme, m_ink));
        setPalette(p);
    }
}

void ThemedLabel::setElided(Qt::TextElideMode mode) {
    m_elide = mode;
    update();
}

void ThemedLabel::setText(const QString& text) {
    QLabel::setText(text);
    if (m_elide != Qt::ElideNone) {
        setToolTip(text);
    }
}

QSize ThemedLabel::minimumSizeHint() const {
    QSize hint = QLabel::minimumSizeHint();
    if (m_elide != Qt::ElideNone) {
        hint.setWidth(std::min(hint.width(), fontMetrics().horizontalAdvance(QStringLiteral("MMM…"))));
    }
    return hint;
}

void ThemedLabel::paintEvent(QPaintEvent* event) {
    if (m_elide == Qt::ElideNone) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const QRect rect = contentsRect();
    painter.drawText(rect, static_cast<int>(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), m_elide, rect.width()));
}

} // namespace atlas::widgets
