#include "widgets/course_plot.h"

#include "widgets/format.h"

#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

using operations::GpuState;

constexpr double kRoom = 1.06; ///< of the scale above the highest value
constexpr float kBandInk = 0.22F;
constexpr int kPlaces = 16; ///< tried for the name of a level, from left to right

/// The value of a curve at a time, of the nearest point.
const QPointF* nearest(const std::vector<QPointF>& points, double timeS) {
    const auto after = std::ranges::lower_bound(points, timeS, {}, &QPointF::x);
    if (points.empty()) {
        return nullptr;
    }
    if (after == points.begin()) {
        return &points.front();
    }
    if (after == points.end()) {
        return &points.back();
    }
    const auto before = after - 1;
    return timeS - before->x() < after->x() - timeS ? &*before : &*after;
}

} // namespace

CoursePlot::CoursePlot() = default;

void CoursePlot::setValues(const CourseValues& values) {
    m_values = values;
    rearrange();
}

bool CoursePlot::empty() const {
    return std::ranges::all_of(m_values.curves, [](const CourseCurve& c) { return c.points.empty(); });
}

QString CoursePlot::valueText(double value) const {
    return m_values.share ? percentText(value) : quantityText(value, m_values.dimension);
}

double CoursePlot::height(double value) const {
    return m_values.logarithmic ? std::log10(value) : value;
}

QColor CoursePlot::colourOf(CourseInk ink) const {
    switch (ink) {
    case CourseInk::First:
        return theme().state(GpuState::Communicating).colour;
    case CourseInk::Second:
        return theme().state(GpuState::Computing).colour;
    case CourseInk::Third:
        return theme().state(GpuState::Checkpoint).colour;
    case CourseInk::Quiet:
        return theme().quietText;
    case CourseInk::Warning:
        return theme().state(GpuState::Waiting).colour;
    }
    return theme().text;
}

std::vector<Tick> CoursePlot::valueTicks(double low, double high, int count) const {
    std::vector<Tick> ticks;
    if (m_values.logarithmic) {
        for (int decade = static_cast<int>(std::floor(low)); decade <= static_cast<int>(std::ceil(high));
             ++decade) {
            for (const double step : {1.0, 2.0, 5.0}) {
                const double value = step * std::pow(10.0, decade);
                const bool fits = height(value) >= low - 1e-9 && height(value) <= high + 1e-9;
                if (fits && (step == 1.0 || high - low < 2.2)) {
                    ticks.push_back({height(value), valueText(value)});
                }
            }
        }
        return ticks;
    }
    for (const double at : roundTicks(low, high, count)) {
        ticks.push_back({at, valueText(at + 0.0)}); // no minus before zero
    }
    return ticks;
}

void CoursePlot::arrange(const QRectF& area) {
    while (m_lines.size() < m_values.curves.size()) {
        auto* line = new QLineSeries(this);
        addSeries(line);
        line->attachAxis(xAxis());
        line->attachAxis(yAxis());
        m_lines.push_back(line);
    }
    for (QLineSeries* line : m_lines) {
        line->clear();
    }
    if (empty()) {
        return;
    }
    Scales scales;
    scales.xLow = std::numeric_limits<double>::infinity();
    scales.xHigh = -scales.xLow;
    double low = m_values.logarithmic ? std::numeric_limits<double>::infinity() : 0;
    double high = m_values.high > 0 ? height(m_values.high) : -std::numeric_limits<double>::infinity();
    std::vector<EndLabel> names;
    for (const CourseCurve& curve : m_values.curves) {
        for (const QPointF& p : curve.points) {
            scales.xLow = std::min(scales.xLow, p.x());
            scales.xHigh = std::max(scales.xHigh, p.x());
            if (p.y() > 0 || !m_values.logarithmic) {
                low = std::min(low, height(p.y()));
                high = std::max(high, height(p.y()));
            }
        }
        if (!curve.points.empty() && (curve.points.back().y() > 0 || !m_values.logarithmic)) {
            names.push_back({height(curve.points.back().y()),
                             QStringLiteral("%1 %2").arg(curve.name, valueText(curve.points.back().y())),
                             mixed(theme().text, colourOf(curve.ink), 0.6)});
        }
    }
    for (const CourseBand& band : m_values.bands) {
        for (const QPointF& p : band.high) {
            high = std::max(high, height(p.y()));
        }
        for (const QPointF& p : band.low) {
            low = m_values.logarithmic && p.y() <= 0 ? low : std::min(low, height(p.y()));
        }
    }
    for (const CourseLevel& level : m_values.levels) {
        low = std::min(low, height(level.value));
        high = std::max(high, height(level.value));
    }
    if (!(high > low)) {
        high = low + 1;
    }
    scales.xHigh = scales.xHigh > scales.xLow ? scales.xHigh : scales.xLow + 1;
    scales.yLow = m_values.logarithmic ? low - 0.05 * (high - low) : low;
    const bool whole = m_values.share && std::abs(high - 1) < 1e-9;
    scales.yHigh = m_values.logarithmic ? high + 0.05 * (high - low) : (whole ? 1.0 : high * kRoom);
    const double gutter = gutterFor(names);
    scales.y =
        valueTicks(scales.yLow, scales.yHigh, std::max(2, static_cast<int>(area.height() / (44 * scale()))));
    scales.x = instantTicks(scales.xLow, scales.xHigh,
                            std::max(2, static_cast<int>((area.width() - gutter) / (70 * scale()))));
    layScales(area, scales, gutter);
    layEndLabels(names, theme().spacing.small);

    drawBands();
    drawLevels(scales.xLow);
    for (std::size_t i = 0; i < m_values.curves.size(); ++i) {
        const CourseCurve& curve = m_values.curves[i];
        QPen pen(colourOf(curve.ink), (curve.dash == CourseDash::Solid ? 1.8 : 1.3) * scale(),
                 curve.dash == CourseDash::Solid ? Qt::SolidLine : Qt::CustomDashLine);
        if (curve.dash != CourseDash::Solid) {
            pen.setDashPattern(curve.dash == CourseDash::Dashed ? QList<qreal>{4, 3} : QList<qreal>{1, 2.5});
            pen.setCapStyle(Qt::FlatCap);
        }
        m_lines[i]->setPen(pen);
        std::vector<QPointF> points;
        for (const QPointF& p : curve.points) {
            if (p.y() > 0 || !m_values.logarithmic) {
                points.emplace_back(p.x(), height(p.y()));
            }
        }
        m_lines[i]->replace(decimated(points, columns()));
    }
}

void CoursePlot::drawBands() {
    for (const CourseBand& band : m_values.bands) {
        QPainterPath path;
        for (std::size_t i = 0; i < band.high.size(); ++i) {
            const QPointF at = toPosition({band.high[i].x(), height(band.high[i].y())});
            i == 0 ? path.moveTo(at) : path.lineTo(at);
        }
        for (auto p = band.low.rbegin(); p != band.low.rend(); ++p) {
            path.lineTo(toPosition({p->x(), height(p->y())}));
        }
        path.closeSubpath();
        QColor fill = colourOf(band.ink);
        fill.setAlphaF(kBandInk);
        addShape({path, Qt::NoPen, fill}, false);
    }
}

bool CoursePlot::clear(const QRectF& rect) const {
    for (const CourseCurve& curve : m_values.curves) {
        for (std::size_t i = 0; i + 1 < curve.points.size(); ++i) {
            const QPointF& a = curve.points[i];
            const QPointF& b = curve.points[i + 1];
            if (m_values.logarithmic && (a.y() <= 0 || b.y() <= 0)) {
                continue;
            }
            const QPointF from = toPosition({a.x(), height(a.y())});
            const QPointF to = toPosition({b.x(), height(b.y())});
            if (QRectF(from, to).normalized().adjusted(-1, -1, 1, 1).intersects(rect)) {
                return false;
            }
        }
    }
    return true;
}

/// Names of levels stand where no curve runs, above the line or below it.
void CoursePlot::drawLevels(double left) {
    for (const CourseLevel& level : m_values.levels) {
        const double y = std::round(toPosition({left, height(level.value)}).y()) + 0.5;
        QPen pen(mixed(theme().panel, theme().text, 0.6), 1, Qt::CustomDashLine);
        pen.setDashPattern({2, 3});
        addLine(QLineF(plotArea().left(), y, plotArea().right(), y), pen);
        const QSizeF size = measure(level.name, font(TextRole::Label));
        const double from = plotArea().left() + theme().spacing.tight;
        const double room = plotArea().width() - size.width() - 2 * theme().spacing.tight;
        bool placed = false;
        for (const bool above : {true, false}) {
            for (int step = 0; step <= kPlaces && !placed; ++step) {
                const QPointF anchor(from + room * step / kPlaces, above ? y - 2 : y + 2);
                const QRectF rect(anchor.x(), above ? anchor.y() - size.height() : anchor.y(), size.width(),
                                  size.height());
                placed =
                    plotArea().contains(rect) && clear(rect) &&
                    tryLabel(level.name, anchor, Qt::AlignLeft | (above ? Qt::AlignBottom : Qt::AlignTop),
                             TextRole::Label, theme().quietText);
            }
        }
        if (!placed) { // over the curves, on a plate of its own
            addLabel(level.name, QPointF(from, y - 2), Qt::AlignLeft | Qt::AlignBottom, TextRole::Label,
                     theme().quietText)
                .plate = theme().panel;
        }
    }
}

void CoursePlot::activate(QPointF position) {
    if (!empty() && plotArea().adjusted(-4, 0, 4, 0).contains(position)) {
        emit seekRequested(std::clamp(toValue(position).x(), xAxis()->min(), xAxis()->max()));
    }
}

DataTable CoursePlot::table() const {
    DataTable table;
    table.name = m_values.name;
    table.columns = {tr("curve"), tr("time [s]"), m_values.column};
    for (const CourseCurve& curve : m_values.curves) {
        for (const QPointF& p : curve.points) {
            table.rows.push_back({curve.name, p.x(), p.y()});
        }
    }
    for (const CourseBand& band : m_values.bands) {
        for (const QPointF& p : band.low) {
            table.rows.push_back({tr("%1, lowest").arg(band.name), p.x(), p.y()});
        }
        for (const QPointF& p : band.high) {
            table.rows.push_back({tr("%1, highest").arg(band.name), p.x(), p.y()});
        }
    }
    return table;
}

std::unique_ptr<Plot> CoursePlot::copy() const {
    auto plot = std::make_unique<CoursePlot>();
    plot->setValues(m_values);
    return plot;
}

QString CoursePlot::readout(QPointF position) const {
    if (empty() || !plotArea().contains(position)) {
        return {};
    }
    const double timeS = toValue(position).x();
    QStringList lines = {clockText(timeS)};
    for (const CourseCurve& curve : m_values.curves) {
        if (const QPointF* point = nearest(curve.points, timeS)) {
            lines.append(QStringLiteral("%1  %2").arg(curve.name, valueText(point->y())));
        }
    }
    return lines.join('\n');
}

} // namespace atlas::widgets
