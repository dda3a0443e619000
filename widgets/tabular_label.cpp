#include "widgets/tabular_label.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace atlas::widgets {

namespace {

double digitWidth(const QFontMetricsF& metrics) {
    double widest = 0;
    for (char digit = '0'; digit <= '9'; ++digit) {
        widest = std::max(widest, metrics.horizontalAdvance(QLatin1Char(digit)));
    }
    return widest;
}

} // namespace

TabularLabel::TabularLabel(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Preferred);
}

void TabularLabel::setText(const QString& text) {
    if (text == m_text) {
        return;
    }
    const bool wider = advance(text) > std::max(advance(m_text), advance(m_template));
    m_text = text;
    setAccessibleName(text);
    if (wider) {
        updateGeometry();
    }
    update();
}

void TabularLabel::setColour(const QColor& colour) {
    m_colour = colour;
    update();
}

void TabularLabel::setTemplate(const QString& text) {
    m_template = text;
    updateGeometry();
}

double TabularLabel::advance(const QString& text) const {
    const QFontMetricsF metrics(font());
    const double digit = digitWidth(metrics);
    double width = 0;
    for (const QChar c : text) {
        width += c.isDigit() ? digit : metrics.horizontalAdvance(c);
    }
    return width;
}

QSize TabularLabel::sizeHint() const {
    return {static_cast<int>(std::ceil(std::max(advance(m_text), advance(m_template)))) + 2,
            QFontMetrics(font()).height()};
}

void TabularLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_colour.isValid() ? m_colour : palette().color(QPalette::WindowText));
    const QFontMetricsF metrics(font());
    const double digit = digitWidth(metrics);
    const double baseline = std::round((height() + metrics.ascent() - metrics.descent()) / 2);
    double x = 0;
    for (const QChar c : m_text) {
        const double own = metrics.horizontalAdvance(c);
        const double cell = c.isDigit() ? digit : own;
        painter.drawText(QPointF(x + (cell - own) / 2, baseline), QString(c));
        x += cell;
    }
}

void TabularLabel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
        update();
    }
    QWidget::changeEvent(event);
}

} // namespace atlas::widgets
