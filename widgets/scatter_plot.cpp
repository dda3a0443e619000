#include "widgets/scatter_plot.h"

#include "widgets/format.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

constexpr double kRadius = 3.4;      ///< of a mark, pixels at scale 1
constexpr double kNear = 12;         ///< a pointer this close to a mark means it, pixels
constexpr double kRoom = 1.12;       ///< factor beyond the outermost points
constexpr double kLegendShare = 0.5; ///< of the width that a legend may take

struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
};

Extent extentOf(const ScatterValues& values) {
    Extent e;
    for (const auto& group : values.groups) {
        for (const auto& point : group.points) {
            e.low = std::min({e.low, point.reported, point.predicted});
            e.high = std::max({e.high, point.reported, point.predicted});
        }
    }
    return e;
}

/// "GB200 · 66"
QString legendWords(const ScatterValues::Group& group) {
    return QStringLiteral("%1 · %2").arg(group.name).arg(group.points.size());
}

/// 1, 2 and 5 times powers of ten; only the powers where the span is wide.
std::vector<Tick> logTicks(double low, double high, int most) {
    for (const auto& steps : {std::vector<double>{1, 2, 5}, std::vector<double>{1}}) {
        std::vector<Tick> ticks;
        for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high; power *= 10) {
            for (const double step : steps) {
                const double at = step * power;
                if (at >= low && at <= high) {
                    ticks.push_back({std::log10(at), quantityText(at, units::Dimension::Number)});
                }
            }
        }
        if (static_cast<int>(ticks.size()) <= most || steps.size() == 1) {
            return ticks;
        }
    }
    return {};
}

QPainterPath polygon(std::initializer_list<QPointF> corners, QPointF centre, double radius) {
    QPolygonF shape;
    for (const QPointF& corner : corners) {
        shape.append(centre + corner * radius);
    }
    QPainterPath path;
    path.addPolygon(shape);
    path.closeSubpath();
    return path;
}

} // namespace

QPainterPath markShape(int group, QPointF centre, double radius) {
    QPainterPath path;
    switch (group % kMarkShapes) {
    case 0:
        path.addEllipse(centre, radius, radius);
        return path;
    case 1:
        path.addRect(
            QRectF(centre.x() - 0.9 * radius, centre.y() - 0.9 * radius, 1.8 * radius, 1.8 * radius));
        return path;
    case 2:
        return polygon({{0, -1.2}, {1.1, 0.8}, {-1.1, 0.8}}, centre, radius);
    case 3:
        return polygon({{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}}, centre, radius);
    case 4:
        return polygon({{0, 1.2}, {1.1, -0.8}, {-1.1, -0.8}}, centre, radius);
    case 5: // a plus
        return polygon({{-0.4, -1.2},
                        {0.4, -1.2},
                        {0.4, -0.4},
                        {1.2, -0.4},
                        {1.2, 0.4},
                        {0.4, 0.4},
                        {0.4, 1.2},
                        {-0.4, 1.2},
                        {-0.4, 0.4},
                        {-1.2, 0.4},
                        {-1.2, -0.4},
                        {-0.4, -0.4}},
                       centre, radius);
    default: // a bar
        path.addRect(QRectF(centre.x() - 1.3 * radius, centre.y() - 0.5 * radius, 2.6 * radius, radius));
        return path;
    }
}

void ScatterPlot::setValues(const ScatterValues& values) {
    m_values = values;
    rearrange();
}

bool ScatterPlot::empty() const {
    return std::ranges::all_of(m_values.groups, [](const auto& group) { return group.points.empty(); });
}

QPointF ScatterPlot::positionOf(const ScatterValues::Point& point) const {
    return toPosition({std::log10(point.reported), std::log10(point.predicted)});
}

XyPlot::Scales ScatterPlot::scales(const QRectF& area) const {
    const Extent e = extentOf(m_values);
    const double low = e.low / kRoom;
    const double high = e.high * kRoom;
    Scales s;
    s.xLow = s.yLow = std::log10(low);
    s.xHigh = s.yHigh = std::log10(high);
    const double tickWidth = 46 * scale();
    s.x = logTicks(low, high, std::max(2, static_cast<int>(area.width() / tickWidth)));
    s.y = logTicks(low, high, std::max(2, static_cast<int>(area.height() / (22 * scale()))));
    return s;
}

double ScatterPlot::legendWidth() const {
    double width = 0;
    for (const auto& group : m_values.groups) {
        width = std::max(width, measure(legendWords(group), font(TextRole::Label)).width());
    }
    return width + 5 * kRadius * scale() + theme().spacing.small;
}

void ScatterPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    const bool beside = legendWidth() < kLegendShare * area.width();
    const double gutter = beside ? legendWidth() + theme().spacing.medium : 0;
    layScales(area.adjusted(0, line + theme().spacing.tight, 0, -line), scales(area), gutter);
    const QRectF plot = plotArea();
    for (const double tenth : {0.0, 1.0}) { // frame of the plot on the left and at the foot
        addLine(tenth == 0.0 ? QLineF(plot.bottomLeft(), plot.topLeft())
                             : QLineF(plot.bottomLeft(), plot.bottomRight()),
                QPen(mixed(theme().line, theme().quietText, 0.5), 1), false);
    }
    addLabel(tr("predicted"), QPointF(area.left(), area.top()), Qt::AlignLeft | Qt::AlignTop, TextRole::Label,
             theme().quietText);
    addLabel(tr("reported, %1").arg(m_values.quantity), QPointF(plot.right(), area.bottom()),
             Qt::AlignRight | Qt::AlignBottom, TextRole::Label, theme().quietText);
    drawBand();
    drawPoints();
    if (beside) {
        drawLegend(area);
    }
}

void ScatterPlot::drawBand() {
    const QRectF plot = plotArea();
    const double low = toValue(plot.bottomLeft()).x();
    const double high = toValue(plot.topRight()).x();
    const double half = std::log10(m_values.band);
    QPainterPath band(toPosition({low, low - half}));
    band.lineTo(toPosition({high, high - half}));
    band.lineTo(toPosition({high, high + half}));
    band.lineTo(toPosition({low, low + half}));
    band.closeSubpath();
    QPainterPath inside;
    inside.addRect(plot);
    QColor tint = theme().accent;
    tint.setAlphaF(0.14F);
    addShape({band.intersected(inside), Qt::NoPen, tint}, false);
    addLine(QLineF(toPosition({low, low}), toPosition({high, high})), QPen(theme().quietText, 1), false);
    const double gap = theme().spacing.small;
    tryLabel(tr("promised too much"), plot.topLeft() + QPointF(gap, gap / 2), Qt::AlignLeft | Qt::AlignTop,
             TextRole::Label, theme().quietText);
    if (!tryLabel(tr("promised too little · shaded: %1").arg(m_values.bandWords),
                  plot.bottomRight() - QPointF(gap, gap / 2), Qt::AlignRight | Qt::AlignBottom,
                  TextRole::Label, theme().quietText)) {
        tryLabel(tr("promised too little"), plot.bottomRight() - QPointF(gap, gap / 2),
                 Qt::AlignRight | Qt::AlignBottom, TextRole::Label, theme().quietText);
    }
}

void ScatterPlot::drawPoints() {
    const double radius = kRadius * scale();
    for (std::size_t g = 0; g < m_values.groups.size(); ++g) {
        const QColor colour = theme().classes[g % theme().classes.size()];
        QColor fill = colour;
        fill.setAlphaF(0.6F); // where many lie, one sees how many
        for (const auto& point : m_values.groups[g].points) {
            addShape({markShape(static_cast<int>(g), positionOf(point), radius), QPen(colour, 1), fill});
        }
    }
    std::vector<const ScatterValues::Point*> worst;
    for (const auto& group : m_values.groups) {
        for (const auto& point : group.points) {
            if (point.rank > 0) {
                worst.push_back(&point);
            }
        }
    }
    std::ranges::sort(worst, {}, &ScatterValues::Point::rank);
    for (const auto* point : worst) {
        const QPointF at = positionOf(*point);
        const QString number = QString::number(point->rank);
        const double away = radius + 3;
        // On the side away from the diagonal, where there is more room.
        const bool above = point->predicted > point->reported;
        if (!tryLabel(number, at + QPointF(above ? -away : away, 0),
                      (above ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, TextRole::Label,
                      theme().text)) {
            tryLabel(number, at + QPointF(0, above ? -away : away),
                     Qt::AlignHCenter | (above ? Qt::AlignBottom : Qt::AlignTop), TextRole::Label,
                     theme().text);
        }
    }
}

void ScatterPlot::drawLegend(const QRectF& area) {
    const double radius = kRadius * scale();
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height() + 3;
    const double left = area.right() - legendWidth() + theme().spacing.small;
    double y = plotArea().top() + line / 2;
    for (std::size_t g = 0; g < m_values.groups.size(); ++g) {
        if (m_values.groups[g].points.empty()) {
            continue;
        }
        const QColor colour = theme().classes[g % theme().classes.size()];
        addShape({markShape(static_cast<int>(g), QPointF(left + 1.5 * radius, y), radius), QPen(colour, 1),
                  colour});
        tryLabel(legendWords(m_values.groups[g]), QPointF(left + 4.5 * radius, y),
                 Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().text);
        y += line;
    }
}

DataTable ScatterPlot::table() const {
    DataTable out;
    out.name = QStringLiteral("predicted_against_reported");
    out.columns = {tr("group"), tr("what"), tr("reported, %1").arg(m_values.quantity),
                   tr("predicted, %1").arg(m_values.quantity), tr("predicted over reported")};
    for (const auto& group : m_values.groups) {
        for (const auto& point : group.points) {
            out.rows.push_back({group.name, QString(point.words).replace('\n', QStringLiteral("; ")),
                                point.reported, point.predicted, point.predicted / point.reported});
        }
    }
    return out;
}

std::unique_ptr<Plot> ScatterPlot::copy() const {
    auto made = std::make_unique<ScatterPlot>();
    made->setValues(m_values);
    return made;
}

QString ScatterPlot::readout(QPointF position) const {
    const ScatterValues::Point* nearest = nullptr;
    double least = kNear * scale();
    for (const auto& group : m_values.groups) {
        for (const auto& point : group.points) {
            const QPointF offset = positionOf(point) - position;
            const double distance = std::hypot(offset.x(), offset.y());
            if (distance < least) {
                least = distance;
                nearest = &point;
            }
        }
    }
    return nearest == nullptr ? QString() : nearest->words;
}

QString ScatterPlot::description() const {
    std::size_t within = 0;
    std::size_t all = 0;
    for (const auto& group : m_values.groups) {
        for (const auto& point : group.points) {
            const double ratio = point.predicted / point.reported;
            within += ratio <= m_values.band && ratio >= 1 / m_values.band ? 1 : 0;
            ++all;
        }
    }
    return tr("Predicted against reported %1, logarithmic: %2 of %3 points are %4")
        .arg(m_values.quantity)
        .arg(within)
        .arg(all)
        .arg(m_values.bandWords);
}

} // namespace atlas::widgets
