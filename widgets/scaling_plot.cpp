#include "widgets/scaling_plot.h"

#include "widgets/format.h"

#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

using explore::ScalingCurve;
using explore::ScalingPoint;
using units::Dimension;

constexpr double kDot = 2.6;
constexpr double kKnee = 5;
constexpr double kSideRoom = 0.04; ///< decades left and right of the points

/// 1, 2 and 5 times the powers of ten where there are few decades, else the powers.
std::vector<double> logTicks(double low, double high, int most) {
    for (const std::vector<double>& steps : {std::vector<double>{1, 2, 5}, {1, 3}, {1}}) {
        std::vector<double> ticks;
        for (int decade = static_cast<int>(std::floor(low)); decade <= std::ceil(high); ++decade) {
            for (const double step : steps) {
                const double at = std::log10(step) + decade;
                if (at >= low - 1e-9 && at <= high + 1e-9) {
                    ticks.push_back(at);
                }
            }
        }
        if (static_cast<int>(ticks.size()) <= most || steps.size() == 1) {
            return ticks;
        }
    }
    return {};
}

} // namespace

QString metricWords(ScalingMetric metric) {
    switch (metric) {
    case ScalingMetric::TokensPerS:
        return ScalingPlot::tr("tokens/s");
    case ScalingMetric::Mfu:
        return ScalingPlot::tr("MFU of all GPUs");
    case ScalingMetric::UsdPerMtokens:
        return ScalingPlot::tr("$ per million tokens at market rent");
    case ScalingMetric::StepTime:
        break;
    }
    return ScalingPlot::tr("step time");
}

double metricOf(const ScalingPoint& point, ScalingMetric metric) {
    switch (metric) {
    case ScalingMetric::TokensPerS:
        return point.tokensPerS;
    case ScalingMetric::Mfu:
        return point.mfu;
    case ScalingMetric::UsdPerMtokens:
        return point.usdPerMtokens;
    case ScalingMetric::StepTime:
        break;
    }
    return point.step.stepTimeS;
}

QString metricText(double value, ScalingMetric metric) {
    switch (metric) {
    case ScalingMetric::TokensPerS:
        return quantityText(value, Dimension::TokensPerSecond);
    case ScalingMetric::Mfu:
        return percentText(value);
    case ScalingMetric::UsdPerMtokens:
        return quantityText(value, Dimension::Usd);
    case ScalingMetric::StepTime:
        break;
    }
    return quantityText(value, Dimension::Seconds);
}

void ScalingPlot::setValues(const ScalingValues& values) {
    m_values = values;
    rearrange();
}

bool ScalingPlot::empty() const {
    return std::ranges::none_of(m_values.scaling.curves,
                                [](const ScalingCurve& curve) { return curve.firstThatRuns() != nullptr; });
}

QPointF ScalingPlot::valueAt(double gpus, double metric) const {
    return {std::log10(gpus), logarithmic() ? std::log10(metric) : metric};
}

QColor ScalingPlot::colour(std::size_t curve) const {
    const ScalingValues::Look& look = m_values.looks[curve];
    return look.side ? sideColour(theme(), *look.side)
                     : theme().classes[static_cast<std::size_t>(look.classColour) % theme().classes.size()];
}

XyPlot::Scales ScalingPlot::scalesFor(const QRectF& area) const {
    Scales scales;
    scales.xLow = std::numeric_limits<double>::infinity();
    scales.xHigh = -scales.xLow;
    scales.yLow = std::numeric_limits<double>::infinity();
    scales.yHigh = -scales.yLow;
    for (const ScalingCurve& curve : m_values.scaling.curves) {
        for (const ScalingPoint& point : curve.points) {
            const double x = std::log10(static_cast<double>(point.gpus));
            scales.xLow = std::min(scales.xLow, x - kSideRoom);
            scales.xHigh = std::max(scales.xHigh, x + kSideRoom);
            if (point.runs()) {
                const double y = valueAt(1, metricOf(point, m_values.metric)).y();
                scales.yLow = std::min(scales.yLow, y);
                scales.yHigh = std::max(scales.yHigh, y);
            }
        }
    }
    if (!logarithmic()) {
        scales.yLow = 0;
    }
    const double room = std::max(0.02, (scales.yHigh - scales.yLow) * 0.06);
    scales.yLow -= logarithmic() ? room : 0;
    scales.yHigh += room;
    const int yCount = std::clamp(static_cast<int>(area.height() / (30 * scale())), 2, 8);
    if (logarithmic()) {
        for (const double at : logTicks(scales.yLow, scales.yHigh, yCount)) {
            scales.y.push_back({at, metricText(std::pow(10.0, at), m_values.metric)});
        }
    } else {
        for (const double at : roundTicks(0, scales.yHigh, yCount)) {
            scales.y.push_back({at, percentText(at)});
        }
    }
    const int xCount = std::clamp(static_cast<int>(area.width() / (64 * scale())), 2, 18);
    for (const double at : logTicks(scales.xLow, scales.xHigh, xCount)) {
        scales.x.push_back({at, quantityText(std::round(std::pow(10.0, at)), Dimension::Number)});
    }
    if (!scales.x.empty()) {
        scales.x.back().label += ' ' + tr("GPUs");
    }
    return scales;
}

void ScalingPlot::arrange(const QRectF& area) {
    m_marks.clear();
    if (empty()) {
        return;
    }
    std::vector<EndLabel> names;
    for (std::size_t c = 0; c < m_values.scaling.curves.size(); ++c) {
        const auto& points = m_values.scaling.curves[c].points;
        const auto last = std::find_if(points.rbegin(), points.rend(),
                                       [](const ScalingPoint& point) { return point.runs(); });
        if (last != points.rend()) {
            names.push_back({valueAt(1, metricOf(*last, m_values.metric)).y(), m_values.looks[c].label,
                             mixed(colour(c), theme().text, 0.3)});
        }
    }
    const double gutter = gutterFor(names);
    layScales(area, scalesFor(QRectF(area.left(), area.top(), area.width() - gutter, area.height())), gutter);
    layEndLabels(names, theme().spacing.small);
    drawValidated();
    for (std::size_t c = 0; c < m_values.scaling.curves.size(); ++c) {
        drawCurve(c);
    }
    for (std::size_t c = 0; c < m_values.scaling.curves.size(); ++c) {
        drawKnee(c);
    }
}

void ScalingPlot::drawValidated() {
    const double x = std::log10(std::max(1.0, m_values.validatedGpus));
    if (m_values.validatedGpus <= 0 || x <= xAxis()->min() || x >= xAxis()->max()) {
        return;
    }
    const double at = std::round(toPosition({x, yAxis()->min()}).x()) + 0.5;
    addLine(QLineF(at, plotArea().top(), at, plotArea().bottom()), QPen(theme().warning, 1, Qt::DotLine),
            false);
    tryLabel(tr("largest validated run, %1").arg(countText(m_values.validatedGpus)),
             {at + 4, plotArea().bottom() - 3}, Qt::AlignLeft | Qt::AlignBottom, TextRole::Label,
             mixed(theme().warning, theme().text, 0.25));
}

void ScalingPlot::drawCurve(std::size_t c) {
    const ScalingCurve& curve = m_values.scaling.curves[c];
    const bool mix = !curve.cluster.empty();
    const double width = (mix ? 2.4 : 1.6) * scale();
    const ScalingPoint* before = nullptr;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
        const ScalingPoint& point = curve.points[i];
        if (!point.runs()) {
            before = nullptr;
            continue;
        }
        const auto gpus = static_cast<double>(point.gpus);
        const QPointF at = toPosition(valueAt(gpus, metricOf(point, m_values.metric)));
        if (before != nullptr) {
            const QPointF from =
                toPosition(valueAt(static_cast<double>(before->gpus), metricOf(*before, m_values.metric)));
            QPen pen(colour(c), width);
            if (!point.outside.empty()) {
                pen.setStyle(Qt::CustomDashLine);
                pen.setDashPattern({4, 2.4});
                pen.setCapStyle(Qt::FlatCap);
            }
            addLine(QLineF(from, at), pen);
        }
        m_marks.push_back({c, i, at, !point.outside.empty()});
        before = &point;
    }
    for (const Mark& mark : m_marks) {
        if (mark.curve == c) {
            QPainterPath dot;
            dot.addEllipse(mark.at, kDot * scale(), kDot * scale());
            addShape({dot, QPen(colour(c), 1.2), mark.hollow ? QBrush(theme().panel) : QBrush(colour(c))});
        }
    }
}

void ScalingPlot::drawKnee(std::size_t c) {
    const ScalingCurve& curve = m_values.scaling.curves[c];
    if (!curve.knee) {
        return;
    }
    const ScalingPoint& beyond = curve.knee->beyond;
    const double gpus = curve.knee->kind == explore::ScalingKnee::Kind::Efficiency
                            ? curve.knee->gpus
                            : static_cast<double>(beyond.gpus);
    const QPointF at = toPosition(valueAt(gpus, metricOf(beyond, m_values.metric)));
    const double r = kKnee * scale();
    QPainterPath diamond(at + QPointF(0, -r));
    diamond.lineTo(at + QPointF(r, 0));
    diamond.lineTo(at + QPointF(0, r));
    diamond.lineTo(at + QPointF(-r, 0));
    diamond.closeSubpath();
    addShape({diamond, QPen(theme().panel, 1.2), colour(c)});
}

std::size_t ScalingPlot::nearestCount(double x) const {
    const auto& points = m_values.scaling.curves.front().points;
    std::size_t nearest = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto away = [&](std::size_t k) {
            return std::abs(std::log10(static_cast<double>(points[k].gpus)) - x);
        };
        nearest = away(i) < away(nearest) ? i : nearest;
    }
    return nearest;
}

QString ScalingPlot::readout(QPointF position) const {
    if (empty() || !plotArea().adjusted(-4, -4, 4, 4).contains(position)) {
        return {};
    }
    const std::size_t i = nearestCount(toValue(position).x());
    QStringList lines = {
        tr("%1 GPUs").arg(countText(static_cast<double>(m_values.scaling.curves.front().points[i].gpus)))};
    const ScalingPoint* closest = nullptr;
    std::size_t closestCurve = 0;
    double away = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < m_values.scaling.curves.size(); ++c) {
        const ScalingPoint& point = m_values.scaling.curves[c].points[i];
        lines << QStringLiteral("%1  %2").arg(
            m_values.looks[c].label, point.runs()
                                         ? metricText(metricOf(point, m_values.metric), m_values.metric)
                                         : tr("does not fit"));
        if (point.runs()) {
            const QPointF at =
                toPosition(valueAt(static_cast<double>(point.gpus), metricOf(point, m_values.metric)));
            if (std::abs(at.y() - position.y()) < away) {
                away = std::abs(at.y() - position.y());
                closest = &point;
                closestCurve = c;
            }
        }
    }
    if (closest != nullptr) {
        lines << QStringLiteral("%1: %2").arg(m_values.looks[closestCurve].label,
                                              text(closest->step.layout.text()));
        lines << tr("efficiency %1, goodput %2")
                     .arg(percentText(closest->efficiency), percentText(closest->goodput));
        if (!closest->outside.empty()) {
            lines << text(closest->outside);
        }
    }
    return lines.join('\n');
}

DataTable ScalingPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("scaling");
    table.columns = {tr("curve"),
                     tr("GPUs"),
                     tr("tokens/s"),
                     tr("MFU"),
                     tr("$ per million tokens"),
                     tr("step time [s]"),
                     tr("goodput"),
                     tr("efficiency"),
                     tr("batch [tokens]"),
                     tr("GPUs used"),
                     tr("layout"),
                     tr("outside the validated range"),
                     tr("why nothing runs"),
                     tr("knee [GPUs]"),
                     tr("cause of the knee")};
    for (const ScalingCurve& curve : m_values.scaling.curves) {
        for (const ScalingPoint& p : curve.points) {
            QVariantList row = {text(curve.name), static_cast<double>(p.gpus)};
            if (p.runs()) {
                row << p.tokensPerS << p.mfu << p.usdPerMtokens << p.step.stepTimeS << p.goodput
                    << p.efficiency << p.step.tokensPerStep << static_cast<double>(p.step.gpusUsed)
                    << text(p.step.layout.text()) << text(p.outside) << QVariant();
            } else {
                row << QVariantList(10) << text(p.reason);
            }
            row << (curve.knee ? QVariant(curve.knee->gpus) : QVariant())
                << (curve.knee ? QVariant(text(curve.knee->cause)) : QVariant());
            table.rows.push_back(row);
        }
    }
    return table;
}

std::unique_ptr<Plot> ScalingPlot::copy() const {
    auto plot = std::make_unique<ScalingPlot>();
    plot->setValues(m_values);
    return plot;
}

} // namespace atlas::widgets
