#include "widgets/painted_plot.h"

#include "widgets/format.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kSwatch = 9;
constexpr double kDarkText = 0.45; ///< luminance from which a fill takes dark letters

QString axisText(double value, units::Dimension dimension) {
    return value == 0.0 ? QStringLiteral("0") : quantityText(value, dimension);
}

} // namespace

QColor seriesColour(const Theme& theme, std::size_t i) {
    const std::array<QColor, 12> colours = {theme.strategies[1], theme.strategies[0], theme.strategies[2],
                                            theme.strategies[3], theme.strategies[4], theme.classes[0],
                                            theme.strategies[5], theme.classes[4],    theme.classes[5],
                                            theme.classes[3],    theme.classes[2],    theme.classes[1]};
    return colours[i % colours.size()];
}

QColor inkOn(const QColor& fill) {
    const double luminance = 0.2126 * fill.redF() + 0.7152 * fill.greenF() + 0.0722 * fill.blueF();
    return luminance > kDarkText ? QColor(Qt::black) : QColor(Qt::white);
}

double PaintedPlot::Frame::x(double value) const {
    return plot.left() + (value - xLow) / (xHigh - xLow) * plot.width();
}

double PaintedPlot::Frame::y(double value) const {
    return plot.bottom() - (value - yLow) / (yHigh - yLow) * plot.height();
}

double PaintedPlot::Frame::xValue(double position) const {
    return xLow + (position - plot.left()) / plot.width() * (xHigh - xLow);
}

double PaintedPlot::Frame::yValue(double position) const {
    return yLow + (plot.bottom() - position) / plot.height() * (yHigh - yLow);
}

double PaintedPlot::labelHeight() const {
    return measure(QStringLiteral("0"), font(TextRole::Label)).height();
}

QString PaintedPlot::elided(const QString& text, TextRole role, double width) const {
    return QFontMetricsF(font(role)).elidedText(text, Qt::ElideRight, width);
}

QString PaintedPlot::onTwoLines(const QString& text, TextRole role, double width) const {
    if (measure(text, font(role)).width() <= width) {
        return text;
    }
    qsizetype best = -1;
    double least = HUGE_VAL;
    for (qsizetype at = text.indexOf(QLatin1Char(' ')); at > 0; at = text.indexOf(QLatin1Char(' '), at + 1)) {
        const double widest = std::max(measure(text.left(at), font(role)).width(),
                                       measure(text.mid(at + 1), font(role)).width());
        if (widest < least) {
            least = widest;
            best = at;
        }
    }
    if (best < 0) {
        return elided(text, role, width);
    }
    return elided(text.left(best).trimmed(), role, width) + QLatin1Char('\n') +
           elided(text.mid(best + 1).trimmed(), role, width);
}

void PaintedPlot::addRect(const QRectF& rect, const QBrush& fill, const QPen& pen, bool inFront) {
    QPainterPath path;
    path.addRect(rect);
    addShape({path, pen, fill}, inFront);
}

double PaintedPlot::layKey(const QRectF& area, const std::vector<KeyItem>& items) {
    if (items.empty()) {
        return 0;
    }
    const double line = labelHeight() + 4;
    const double swatch = kSwatch * scale();
    double x = area.left();
    double y = area.top() + line / 2;
    for (const KeyItem& item : items) {
        const bool bare = item.stroke.style() == Qt::NoPen && item.fill.style() == Qt::NoBrush;
        const double mark = bare ? -5 : item.stroke.style() == Qt::NoPen ? swatch : 2 * swatch;
        const double width = mark + 5 + measure(item.name, font(TextRole::Label)).width();
        if (x > area.left() && x + width > area.right()) {
            x = area.left();
            y += line;
        }
        if (bare) {
            // its words bring their mark
        } else if (item.stroke.style() == Qt::NoPen) {
            addRect(QRectF(x, y - swatch / 2, swatch, swatch), item.fill);
        } else {
            addLine(QLineF(x, y, x + mark, y), item.stroke);
        }
        addLabel(elided(item.name, TextRole::Label, area.right() - x - mark - 5), {x + mark + 5, y},
                 Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().quietText);
        x += width + 14;
    }
    return y + line / 2 - area.top() + theme().spacing.tight;
}

int PaintedPlot::valueTicks(double height) const {
    return std::clamp(static_cast<int>(height / (40 * scale())), 2, 7);
}

double PaintedPlot::valueGutter(double low, double high, units::Dimension dimension, int count) const {
    double width = 0;
    for (const double at : roundTicks(low, high, count)) {
        width = std::max(width, measure(axisText(at, dimension), font(TextRole::Label)).width());
    }
    return width + theme().spacing.small;
}

void PaintedPlot::layValueAxis(const Frame& frame, units::Dimension dimension) {
    const QPen grid(mixed(theme().panel, theme().line, 0.7), 1);
    const QPen base(mixed(theme().line, theme().quietText, 0.5), 1);
    for (const double at : roundTicks(frame.yLow, frame.yHigh, valueTicks(frame.plot.height()))) {
        const double y = std::round(frame.y(at)) + 0.5;
        addLine(QLineF(frame.plot.left(), y, frame.plot.right(), y), at == 0.0 ? base : grid, at == 0.0);
        tryLabel(axisText(at, dimension), {frame.plot.left() - theme().spacing.small, y},
                 Qt::AlignRight | Qt::AlignVCenter, TextRole::Label, theme().quietText);
    }
}

void PaintedPlot::layValueAxisBelow(const Frame& frame, units::Dimension dimension) {
    const QPen grid(mixed(theme().panel, theme().line, 0.7), 1);
    const int count = std::clamp(static_cast<int>(frame.plot.width() / (96 * scale())), 2, 8);
    for (const double at : roundTicks(frame.xLow, frame.xHigh, count)) {
        const double x = std::round(frame.x(at)) + 0.5;
        addLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()), grid, false);
        tryLabel(axisText(at, dimension), {x, frame.plot.bottom() + theme().spacing.tight},
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
}

void PaintedPlot::layYears(const Frame& frame) {
    const QPen grid(mixed(theme().panel, theme().line, 0.7), 1);
    const int first = static_cast<int>(std::ceil(frame.xLow / 12.0));
    for (int year = first; year * 12 <= frame.xHigh; ++year) {
        const double x = std::round(frame.x(year * 12)) + 0.5;
        addLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()), grid, false);
        tryLabel(QString::number(year), {x + 1, frame.plot.bottom() + theme().spacing.tight},
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
}

} // namespace atlas::widgets
