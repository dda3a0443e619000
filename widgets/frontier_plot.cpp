#include "widgets/frontier_plot.h"

#include "widgets/format.h"

#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

using units::Dimension;

constexpr double kDot = 2.2;
constexpr double kRoom = 0.05; ///< decades around the points
constexpr double kSwatch = 16;

/// 1, 2 and 5 times the powers of ten.
std::vector<double> logTicks(double low, double high) {
    std::vector<double> ticks;
    for (int decade = static_cast<int>(std::floor(low)); decade <= std::ceil(high); ++decade) {
        for (const double step : {1.0, 2.0, 5.0}) {
            const double at = std::log10(step) + decade;
            if (at >= low && at <= high) {
                ticks.push_back(at);
            }
        }
    }
    return ticks;
}

QPointF logarithmOf(const FrontierValues::Point& point) {
    return {std::log10(point.userTokensPerS), std::log10(point.tokensPerSPerGpu)};
}

} // namespace

void FrontierPlot::setValues(const FrontierValues& values) {
    m_values = values;
    rearrange();
}

bool FrontierPlot::empty() const {
    return std::ranges::all_of(m_values.curves, [](const auto& curve) { return curve.points.empty(); });
}

QColor FrontierPlot::colour(const FrontierValues::Curve& curve) const {
    return curve.classColour < 0
               ? theme().text
               : theme().classes[static_cast<std::size_t>(curve.classColour) % theme().classes.size()];
}

XyPlot::Scales FrontierPlot::scalesFor(const QRectF& area) const {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    Scales scales{kNone, -kNone, kNone, -kNone, {}, {}};
    for (const FrontierValues::Curve& curve : m_values.curves) {
        for (const FrontierValues::Point& point : curve.points) {
            const QPointF at = logarithmOf(point);
            scales.xLow = std::min(scales.xLow, at.x() - kRoom);
            scales.xHigh = std::max(scales.xHigh, at.x() + kRoom);
            scales.yLow = std::min(scales.yLow, at.y() - kRoom);
            scales.yHigh = std::max(scales.yHigh, at.y() + kRoom);
        }
    }
    const auto every = [](std::vector<double> ticks, double room) {
        const auto most = static_cast<std::size_t>(std::max(2.0, room));
        if (ticks.size() > most) {
            std::erase_if(ticks, [](double at) { return std::abs(at - std::round(at)) > 1e-9; });
        }
        return ticks;
    };
    for (const double at : every(logTicks(scales.yLow, scales.yHigh), area.height() / (22 * scale()))) {
        scales.y.push_back({at, quantityText(std::pow(10.0, at), Dimension::Number)});
    }
    for (const double at : every(logTicks(scales.xLow, scales.xHigh), area.width() / (52 * scale()))) {
        scales.x.push_back({at, quantityText(std::pow(10.0, at), Dimension::Number)});
    }
    if (!scales.x.empty()) {
        scales.x.back().label += ' ' + tr("tokens/s a user");
    }
    return scales;
}

/// Names in rows above the plot; returns their height.
double FrontierPlot::layLegend(const QRectF& area, bool measureOnly) {
    const double line = measure(QStringLiteral("x"), font(TextRole::Label)).height() + 3;
    const double swatch = kSwatch * scale();
    double x = area.left();
    double y = area.top();
    for (const FrontierValues::Curve& curve : m_values.curves) {
        if (curve.points.empty()) {
            continue;
        }
        const double width = swatch + 5 + measure(curve.name, font(TextRole::Label)).width() + 14;
        if (x + width > area.right() && x > area.left()) {
            x = area.left();
            y += line;
        }
        if (!measureOnly) {
            QPen pen(colour(curve), 2 * scale());
            if (curve.dashed) {
                pen.setStyle(Qt::CustomDashLine);
                pen.setDashPattern({3, 1.6});
                pen.setCapStyle(Qt::FlatCap);
            }
            const double middle = std::round(y + line / 2);
            addLine(QLineF(x, middle, x + swatch, middle), pen);
            addLabel(curve.name, {x + swatch + 5, middle}, Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label,
                     theme().text);
        }
        x += width;
    }
    return y + line - area.top();
}

void FrontierPlot::drawPromise() {
    const double x = m_values.promised > 0 ? std::log10(m_values.promised) : -1;
    if (m_values.promised <= 0 || x <= xAxis()->min() || x >= xAxis()->max()) {
        return;
    }
    const double at = std::round(toPosition({x, yAxis()->min()}).x()) + 0.5;
    QPen pen(mixed(theme().panel, theme().text, 0.6), 1, Qt::CustomDashLine);
    pen.setDashPattern({2, 3});
    addLine(QLineF(at, plotArea().top(), at, plotArea().bottom()), pen, false);
    tryLabel(m_values.promisedName, {at + 4, plotArea().bottom() - 3}, Qt::AlignLeft | Qt::AlignBottom,
             TextRole::Label, theme().quietText);
}

void FrontierPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    const double legend = layLegend(area, true) + 4;
    const QRectF below = area.adjusted(0, legend, 0, 0);
    layScales(below, scalesFor(below), 0);
    layLegend(area, false);
    drawPromise();
    for (const FrontierValues::Curve& curve : m_values.curves) {
        QPen pen(colour(curve), (curve.classColour < 0 ? 2.2 : 1.6) * scale());
        if (curve.dashed) {
            pen.setStyle(Qt::CustomDashLine);
            pen.setDashPattern({4, 2.4});
            pen.setCapStyle(Qt::FlatCap);
        }
        for (std::size_t i = 0; i < curve.points.size(); ++i) {
            const QPointF at = toPosition(logarithmOf(curve.points[i]));
            if (i > 0) {
                addLine(QLineF(toPosition(logarithmOf(curve.points[i - 1])), at), pen);
            }
            QPainterPath dot;
            dot.addEllipse(at, kDot * scale(), kDot * scale());
            addShape({dot, Qt::NoPen, QBrush(colour(curve))});
        }
    }
}

QString FrontierPlot::readout(QPointF position) const {
    const FrontierValues::Curve* closest = nullptr;
    const FrontierValues::Point* point = nullptr;
    double away = std::numeric_limits<double>::infinity();
    for (const FrontierValues::Curve& curve : m_values.curves) {
        for (const FrontierValues::Point& each : curve.points) {
            const QPointF apart = toPosition(logarithmOf(each)) - position;
            const double distance = std::hypot(apart.x(), apart.y());
            if (distance < away) {
                away = distance;
                closest = &curve;
                point = &each;
            }
        }
    }
    if (closest == nullptr || !plotArea().adjusted(-4, -4, 4, 4).contains(position)) {
        return {};
    }
    return tr("%1\n%2 a GPU at %3 a user\n%4")
        .arg(closest->name, quantityText(point->tokensPerSPerGpu, Dimension::TokensPerSecond),
             quantityText(point->userTokensPerS, Dimension::TokensPerSecond), point->how);
}

DataTable FrontierPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("serving-frontier");
    table.columns = {tr("curve"), tr("tokens/s a user"), tr("tokens/s a GPU"), tr("how")};
    for (const FrontierValues::Curve& curve : m_values.curves) {
        for (const FrontierValues::Point& point : curve.points) {
            table.rows.push_back({curve.name, point.userTokensPerS, point.tokensPerSPerGpu, point.how});
        }
    }
    return table;
}

std::unique_ptr<Plot> FrontierPlot::copy() const {
    auto plot = std::make_unique<FrontierPlot>();
    plot->setValues(m_values);
    return plot;
}

} // namespace atlas::widgets
