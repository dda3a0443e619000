#include "widgets/curves_plot.h"

#include "widgets/format.h"

#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

constexpr double kDayS = 86400;
constexpr double kHeadroom = 0.04; ///< of a linear axis above its highest curve
constexpr double kDotPx = 3.2;
constexpr double kTickEveryPx = 64;

double scaled(double value, const CurveAxis& axis) {
    return axis.logarithmic ? std::log10(value) : value;
}

/// Ticks at 1, 2 and 5 times powers of ten, or at powers only where there are many.
std::vector<Tick> logTicks(double low, double high, AxisUnit unit, int count) {
    std::vector<Tick> ticks;
    const double decades = high - low;
    const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, count))));
    const bool between = decades * 3 <= count;
    for (int p = static_cast<int>(std::floor(low)); p <= static_cast<int>(std::ceil(high)); ++p) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double at = p + std::log10(factor);
            if (at < low - 1e-9 || at > high + 1e-9 || (factor > 1 && !between) || p % every != 0) {
                continue;
            }
            ticks.push_back({at, axisText(std::pow(10.0, p) * factor, unit)});
        }
    }
    return ticks;
}

/// Durations in minutes, hours and days rather than in powers of ten.
std::vector<Tick> durationTicks(double low, double high) {
    std::vector<Tick> ticks;
    for (const double at : {1e-3, 1e-2, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 6 * 3600.0, kDayS, 7 * kDayS,
                            30 * kDayS, 365 * kDayS}) {
        if (std::log10(at) >= low - 1e-9 && std::log10(at) <= high + 1e-9) {
            ticks.push_back({std::log10(at), axisText(at, AxisUnit::Seconds)});
        }
    }
    return ticks;
}

std::vector<Tick> ticksOf(double low, double high, const CurveAxis& axis, int count) {
    if (axis.logarithmic) {
        return axis.unit == AxisUnit::Seconds ? durationTicks(low, high)
                                              : logTicks(low, high, axis.unit, count);
    }
    if (axis.unit == AxisUnit::Days || axis.unit == AxisUnit::Seconds) {
        return timeTicks(low, high, count);
    }
    std::vector<Tick> ticks;
    for (const double at : roundTicks(low, high, count)) {
        ticks.push_back({at, axisText(at, axis.unit)});
    }
    return ticks;
}

} // namespace

QString axisText(double value, AxisUnit unit) {
    value += 0.0; // a zero has no sign
    switch (unit) {
    case AxisUnit::Count:
        return std::abs(value) >= 1e5 ? quantityText(value, units::Dimension::Number) : countText(value);
    case AxisUnit::Seconds:
        return durationText(value);
    case AxisUnit::Share:
        return percentText(value, value < 0.0995 ? 2 : 1);
    case AxisUnit::Excess:
        return value > 0 ? QStringLiteral("+") + percentText(value) : percentText(value);
    case AxisUnit::Days:
        return CurvesPlot::tr("day %1").arg(countText(value / kDayS));
    }
    return {};
}

CurvesPlot::CurvesPlot() = default;

void CurvesPlot::setValues(const CurvesValues& values) {
    m_values = values;
    while (m_lines.size() > m_values.curves.size()) {
        removeSeries(m_lines.back());
        delete m_lines.back();
        m_lines.pop_back();
    }
    while (m_lines.size() < m_values.curves.size()) {
        auto* line = new QLineSeries(this);
        addSeries(line);
        line->attachAxis(xAxis());
        line->attachAxis(yAxis());
        m_lines.push_back(line);
    }
    rearrange();
}

bool CurvesPlot::drawable(QPointF value) const {
    const bool x = std::isfinite(value.x()) && (!m_values.x.logarithmic || value.x() > 0);
    const bool y = std::isfinite(value.y()) && (!m_values.y.logarithmic || value.y() > 0);
    return x && y;
}

bool CurvesPlot::empty() const {
    return std::ranges::none_of(m_values.curves, [this](const Curve& curve) {
        return std::ranges::any_of(curve.points, [this](QPointF p) { return drawable(p); });
    });
}

QPointF CurvesPlot::toAxes(QPointF value) const {
    return {scaled(value.x(), m_values.x), scaled(value.y(), m_values.y)};
}

QPointF CurvesPlot::place(QPointF value) const {
    return toPosition(toAxes(value));
}

QColor CurvesPlot::colourOf(const std::optional<Side>& side) const {
    return side ? sideColour(theme(), *side) : theme().quietText;
}

void CurvesPlot::arrange(const QRectF& area) {
    if (empty()) {
        for (QLineSeries* line : m_lines) {
            line->clear();
        }
        return;
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Scales scales{kInfinity, -kInfinity, kInfinity, -kInfinity, {}, {}};
    const auto cover = [&](QPointF value) {
        if (drawable(value)) {
            const QPointF at = toAxes(value);
            scales.xLow = std::min(scales.xLow, at.x());
            scales.xHigh = std::max(scales.xHigh, at.x());
            scales.yLow = std::min(scales.yLow, at.y());
            scales.yHigh = std::max(scales.yHigh, at.y());
        }
    };
    for (const Curve& curve : m_values.curves) {
        std::ranges::for_each(curve.points, cover);
    }
    for (const CurveMark& mark : m_values.marks) {
        cover(mark.at);
    }
    const auto fix = [](const CurveAxis& axis, double& low, double& high) {
        if (!axis.logarithmic && !axis.high) {
            high += kHeadroom * (high - low);
        }
        low = axis.low ? scaled(*axis.low, axis) : low;
        high = axis.high ? scaled(*axis.high, axis) : high;
        high = high > low ? high : low + 1;
    };
    fix(m_values.x, scales.xLow, scales.xHigh);
    fix(m_values.y, scales.yLow, scales.yHigh);
    std::vector<EndLabel> names;
    for (const Curve& curve : m_values.curves) {
        if (!curve.label.isEmpty() && !curve.points.empty()) {
            const double end = std::clamp(toAxes(curve.points.back()).y(), scales.yLow, scales.yHigh);
            names.push_back({std::isfinite(end) ? end : scales.yLow, curve.label, colourOf(curve.side)});
        }
    }
    const double gutter = gutterFor(names);
    const double every = kTickEveryPx * scale();
    scales.x = ticksOf(scales.xLow, scales.xHigh, m_values.x,
                       std::max(2, static_cast<int>((area.width() - gutter) / every)));
    scales.y = ticksOf(scales.yLow, scales.yHigh, m_values.y,
                       std::max(2, static_cast<int>(area.height() / (0.6 * every))));
    layScales(area, scales, gutter);
    layEndLabels(names, theme().spacing.small);
    drawCurves();
    drawMarks();
}

void CurvesPlot::drawCurves() {
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const Curve& curve = m_values.curves[i];
        QPen pen(colourOf(curve.side), (curve.side && !curve.dashed ? 1.7 : 1.2) * scale());
        if (curve.dashed) {
            pen.setStyle(Qt::CustomDashLine);
            pen.setDashPattern({3, 2.5});
            pen.setCapStyle(Qt::FlatCap);
        }
        m_lines[i]->setPen(pen);
        std::vector<QPointF> points;
        for (const QPointF& point : curve.points) {
            if (drawable(point)) {
                points.push_back(toAxes(point));
            }
        }
        m_lines[i]->replace(decimated(points, columns()));
    }
}

/// A label over a curve can be read no better than the curve.
bool CurvesPlot::crossesCurve(const QRectF& rect) const {
    for (const QLineSeries* line : m_lines) {
        const auto points = line->points();
        for (qsizetype i = 1; i < points.size(); ++i) {
            const QPointF a = toPosition(points[i - 1]);
            const QPointF b = toPosition(points[i]);
            if (std::max(a.x(), b.x()) < rect.left() || std::min(a.x(), b.x()) > rect.right()) {
                continue;
            }
            // The part of the segment over the rectangle's width.
            const double width = b.x() - a.x();
            const auto yAt = [&](double x) {
                return std::abs(width) < 1e-9 ? a.y() : a.y() + (b.y() - a.y()) * (x - a.x()) / width;
            };
            const double left = std::clamp(rect.left(), std::min(a.x(), b.x()), std::max(a.x(), b.x()));
            const double right = std::clamp(rect.right(), std::min(a.x(), b.x()), std::max(a.x(), b.x()));
            const double y0 = std::abs(width) < 1e-9 ? a.y() : yAt(left);
            const double y1 = std::abs(width) < 1e-9 ? b.y() : yAt(right);
            if (std::max(y0, y1) > rect.top() && std::min(y0, y1) < rect.bottom()) {
                return true;
            }
        }
    }
    return false;
}

void CurvesPlot::drawMarks() {
    for (const CurveMark& mark : m_values.marks) {
        if (!drawable(mark.at)) {
            continue;
        }
        const QPointF at = place(mark.at);
        if (!plotArea().adjusted(-1, -1, 1, 1).contains(at)) {
            continue;
        }
        const QColor colour = colourOf(mark.side);
        QPainterPath dot;
        dot.addEllipse(at, kDotPx * scale(), kDotPx * scale());
        addShape({dot, QPen(theme().panel, 1), colour});
        const double away = (kDotPx + 4) * scale();
        const std::pair<QPointF, Qt::Alignment> places[] = {
            {at + QPointF(0, -away), Qt::AlignHCenter | Qt::AlignBottom},
            {at + QPointF(away, -away / 2), Qt::AlignLeft | Qt::AlignBottom},
            {at + QPointF(0, away), Qt::AlignHCenter | Qt::AlignTop},
            {at + QPointF(away, away / 2), Qt::AlignLeft | Qt::AlignTop},
            {at + QPointF(-away, -away / 2), Qt::AlignRight | Qt::AlignBottom},
            {at + QPointF(-away, away / 2), Qt::AlignRight | Qt::AlignTop},
            {at + QPointF(0, -3 * away), Qt::AlignLeft | Qt::AlignBottom},
            {at + QPointF(away, 3 * away), Qt::AlignLeft | Qt::AlignTop},
        };
        const QSizeF size = measure(mark.text, font(TextRole::Label));
        const auto rectAt = [&size](QPointF anchor, Qt::Alignment align) {
            const double x = align & Qt::AlignRight     ? -size.width()
                             : align & Qt::AlignHCenter ? -size.width() / 2
                                                        : 0;
            return QRectF(anchor + QPointF(x, align & Qt::AlignBottom ? -size.height() : 0), size);
        };
        // Clear of the curves where there is such a place, else anywhere.
        bool told = mark.text.isEmpty();
        for (const bool clear : {true, false}) {
            for (const auto& [anchor, align] : places) {
                told = told || ((!clear || !crossesCurve(rectAt(anchor, align))) &&
                                tryLabel(mark.text, anchor, align, TextRole::Label, theme().text));
            }
        }
    }
}

DataTable CurvesPlot::table() const {
    DataTable table;
    table.name = m_values.name;
    table.columns = {tr("curve"), m_values.x.name, m_values.y.name, tr("mark")};
    for (const Curve& curve : m_values.curves) {
        for (const QPointF& point : curve.points) {
            table.rows.push_back({curve.name, point.x(), point.y(), QString()});
        }
    }
    for (const CurveMark& mark : m_values.marks) {
        table.rows.push_back({mark.side ? QString(QChar(letter(*mark.side))) : QString(), mark.at.x(),
                              mark.at.y(), mark.text});
    }
    return table;
}

std::unique_ptr<Plot> CurvesPlot::copy() const {
    auto plot = std::make_unique<CurvesPlot>();
    plot->setValues(m_values);
    return plot;
}

QString CurvesPlot::readout(QPointF position) const {
    if (empty() || !plotArea().contains(position)) {
        return {};
    }
    double x = toValue(position).x();
    x = m_values.x.logarithmic ? std::pow(10.0, x) : x;
    QStringList lines = {axisText(x, m_values.x.unit)};
    for (const Curve& curve : m_values.curves) {
        const auto after = std::ranges::lower_bound(curve.points, x, {}, &QPointF::x);
        if (curve.points.empty() || (after == curve.points.end() && x > curve.points.back().x())) {
            continue;
        }
        const QPointF here = after == curve.points.end() ? curve.points.back() : *after;
        lines.append(QStringLiteral("%1  %2").arg(curve.name, axisText(here.y(), m_values.y.unit)));
    }
    return lines.join('\n');
}

} // namespace atlas::widgets
