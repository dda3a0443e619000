#include "widgets/xy_plot.h"

#include "scenes/time_ticks.h"
#include "widgets/format.h"

#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::widgets {

namespace {

/// Points a curve may have at most, however wide the picture.
constexpr int kMostPoints = 2000;
/// Longest span read as a time of day.
constexpr double kClockSpanS = 3 * 86400.0;

} // namespace

std::vector<Tick> timeTicks(double fromS, double toS, int count) {
    struct Unit {
        double s;
        QString name;
    };
    const std::array<Unit, 5> units{{{86400, XyPlot::tr("days")},
                                     {3600, XyPlot::tr("h")},
                                     {60, XyPlot::tr("min")},
                                     {1, XyPlot::tr("s")},
                                     {1e-3, XyPlot::tr("ms")}}};
    const double span = toS - fromS;
    const auto fitting = std::ranges::find_if(units, [&](const Unit& unit) { return span >= 2 * unit.s; });
    const Unit& unit = fitting == units.end() ? units.back() : *fitting;
    std::vector<Tick> ticks;
    for (const double at : roundTicks(fromS / unit.s, toS / unit.s, count)) {
        ticks.push_back({at * unit.s, QString::number(at, 'g', 10)});
    }
    if (!ticks.empty()) {
        ticks.back().label += ' ' + unit.name;
    }
    return ticks;
}

std::vector<Tick> instantTicks(double fromS, double toS, int count) {
    if (toS - fromS > kClockSpanS) {
        return timeTicks(fromS, toS, count);
    }
    std::vector<Tick> ticks;
    for (const scenes::TimeTick& tick : scenes::timeTicks(fromS, toS, (toS - fromS) / std::max(1, count))) {
        ticks.push_back({tick.timeS, tick.label});
    }
    return ticks;
}

XyPlot::XyPlot()
    : m_x(new QValueAxis(this))
    , m_y(new QValueAxis(this)) {
    addAxis(m_x, Qt::AlignBottom);
    addAxis(m_y, Qt::AlignLeft);
    m_x->setVisible(false);
    m_y->setVisible(false);
}

QPointF XyPlot::toValue(QPointF position) const {
    const QRectF plot = plotArea();
    const double u = (position.x() - plot.left()) / plot.width();
    const double v = (plot.bottom() - position.y()) / plot.height();
    return {m_x->min() + u * (m_x->max() - m_x->min()), m_y->min() + v * (m_y->max() - m_y->min())};
}

QPointF XyPlot::toPosition(QPointF value) const {
    const QRectF plot = plotArea();
    const double u = (value.x() - m_x->min()) / (m_x->max() - m_x->min());
    const double v = (value.y() - m_y->min()) / (m_y->max() - m_y->min());
    return {plot.left() + u * plot.width(), plot.bottom() - v * plot.height()};
}

int XyPlot::columns() const {
    // Two points a column: no more than the screen shows, and never more than an export should carry.
    return std::clamp(static_cast<int>(plotArea().width()), 16, kMostPoints / 2 - 1);
}

void XyPlot::layScales(const QRectF& area, const Scales& scales, double rightGutter) {
    const double lineHeight = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    double leftGutter = 0;
    for (const Tick& tick : scales.y) {
        leftGutter = std::max(leftGutter, measure(tick.label, font(TextRole::Label)).width());
    }
    const double gap = theme().spacing.small;
    const double left = std::round(area.left() + leftGutter + gap);
    const double top = std::round(area.top() + lineHeight / 2 + 1);
    const double bottom = std::round(area.bottom() - lineHeight - theme().spacing.tight - 1);
    const QRectF plot(left, top, std::max(8.0, std::floor(area.right() - rightGutter) - left),
                      std::max(8.0, bottom - top));
    setPlotArea(plot);
    m_x->setRange(scales.xLow, scales.xHigh);
    m_y->setRange(scales.yLow, scales.yHigh);

    const QPen grid(mixed(theme().panel, theme().line, 0.7), 1);
    const QPen axis(mixed(theme().line, theme().quietText, 0.5), 1);
    for (const Tick& tick : scales.y) {
        const double y = std::round(toPosition({scales.xLow, tick.at}).y()) + 0.5;
        const bool base = tick.at == 0.0;
        addLine(QLineF(plot.left(), y, plot.right(), y), base ? axis : grid, false);
        tryLabel(tick.label, QPointF(plot.left() - gap, y), Qt::AlignRight | Qt::AlignVCenter,
                 TextRole::Label, theme().quietText);
    }
    for (const Tick& tick : scales.x) {
        const double x = std::round(toPosition({tick.at, scales.yLow}).x()) + 0.5;
        addLine(QLineF(x, plot.bottom(), x, plot.bottom() + 3), axis, false);
        const double half = measure(tick.label, font(TextRole::Label)).width() / 2;
        // Not below the names of curves, whose ends may lie on the axis.
        const double right = rightGutter > 0 ? plot.right() : area.right();
        const double centre = std::clamp(x, area.left() + half, std::max(area.left() + half, right - half));
        tryLabel(tick.label, QPointF(centre, plot.bottom() + theme().spacing.tight),
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
}

double XyPlot::gutterFor(const std::vector<EndLabel>& labels) const {
    double width = 0;
    for (const EndLabel& label : labels) {
        width = std::max(width, measure(label.text, font(TextRole::Label)).width());
    }
    return labels.empty() ? 0 : width + theme().spacing.small;
}

void XyPlot::layEndLabels(const std::vector<EndLabel>& labels, double gap) {
    struct Placed {
        const EndLabel* label;
        double height;
        double centre;
    };
    std::vector<Placed> placed;
    for (const EndLabel& label : labels) {
        placed.push_back({&label, measure(label.text, font(TextRole::Label)).height(),
                          toPosition({m_x->max(), label.value}).y()});
    }
    std::ranges::stable_sort(placed, [](const Placed& a, const Placed& b) { return a.centre < b.centre; });
    const QRectF plot = plotArea();
    const double bottom = plot.bottom() + 6;
    // Down first, each below the one before; then up again from the bottom.
    double limit = plot.top() - 6;
    for (Placed& p : placed) {
        p.centre = std::max(p.centre, limit + p.height / 2);
        limit = p.centre + p.height / 2;
    }
    limit = bottom;
    for (auto p = placed.rbegin(); p != placed.rend(); ++p) {
        p->centre = std::min(p->centre, limit - p->height / 2);
        limit = p->centre - p->height / 2;
    }
    for (const Placed& p : placed) {
        addLabel(p.label->text, QPointF(plot.right() + gap, p.centre), Qt::AlignLeft | Qt::AlignVCenter,
                 TextRole::Label, p.label->colour);
    }
}

} // namespace atlas::widgets
