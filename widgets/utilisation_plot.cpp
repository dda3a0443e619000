#include "widgets/utilisation_plot.h"

#include "widgets/format.h"

#include <QGraphicsLineItem>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

using Samples = std::vector<operations::TimelineSample>;
using Share = float operations::TimelineSample::*;

double mean(const Samples& samples, Share share) {
    double sum = 0;
    for (const auto& sample : samples) {
        sum += static_cast<double>(sample.*share);
    }
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

std::vector<QPointF> points(const Samples& samples, Share share) {
    std::vector<QPointF> out;
    out.reserve(samples.size());
    for (const auto& sample : samples) {
        out.emplace_back(sample.timeS, static_cast<double>(sample.*share));
    }
    return out;
}

const operations::TimelineSample& nearest(const Samples& samples, double timeS) {
    const auto after = std::ranges::lower_bound(samples, timeS, {}, &operations::TimelineSample::timeS);
    if (after == samples.begin()) {
        return samples.front();
    }
    if (after == samples.end()) {
        return samples.back();
    }
    const auto before = after - 1;
    return timeS - before->timeS < after->timeS - timeS ? *before : *after;
}

} // namespace

QString utilisationFinding(const UtilisationValues& values) {
    const auto& [a, b] = values.sides;
    const auto waits = [](const Samples& samples) {
        return percentText(mean(samples, &operations::TimelineSample::waiting));
    };
    if (!a.samples.empty() && !b.samples.empty()) {
        return UtilisationPlot::tr("GPUs of A wait %1 of the time, those of B %2")
            .arg(waits(a.samples), waits(b.samples));
    }
    if (!a.samples.empty() || !b.samples.empty()) {
        const bool first = !a.samples.empty();
        return UtilisationPlot::tr("GPUs of %1 wait %2 of the time")
            .arg(first ? "A" : "B", waits(first ? a.samples : b.samples));
    }
    return UtilisationPlot::tr("Nothing runs in this span of time");
}

class UtilisationPlot::NowLine : public QGraphicsLineItem {
public:
    explicit NowLine(QGraphicsItem* parent)
        : QGraphicsLineItem(parent) {
        setZValue(900);
        setAcceptedMouseButtons(Qt::NoButton);
    }
};

UtilisationPlot::UtilisationPlot()
    : m_nowS(std::numeric_limits<double>::quiet_NaN())
    , m_now(new NowLine(this)) {
    for (const Side side : kSides) {
        for (auto* lines : {&m_waiting, &m_utilisation}) {
            auto* line = new QLineSeries(this);
            addSeries(line);
            line->attachAxis(xAxis());
            line->attachAxis(yAxis());
            (*lines)[index(side)] = line;
        }
    }
    m_now->hide();
}

void UtilisationPlot::setValues(const UtilisationValues& values) {
    m_values = values;
    rearrange();
}

void UtilisationPlot::setNow(double timeS) {
    m_nowS = timeS;
    placeNow();
}

bool UtilisationPlot::empty() const {
    return m_values.sides[0].samples.empty() && m_values.sides[1].samples.empty();
}

void UtilisationPlot::arrange(const QRectF& area) {
    if (empty()) {
        for (const Side side : kSides) {
            m_utilisation[index(side)]->clear();
            m_waiting[index(side)]->clear();
        }
        m_now->hide();
        return;
    }
    Scales scales;
    scales.xLow = std::numeric_limits<double>::infinity();
    scales.xHigh = -scales.xLow;
    std::vector<EndLabel> names;
    for (const Side side : kSides) {
        const Samples& samples = m_values.sides[index(side)].samples;
        if (samples.empty()) {
            continue;
        }
        scales.xLow = std::min(scales.xLow, samples.front().timeS);
        scales.xHigh = std::max(scales.xHigh, samples.back().timeS);
        const double busy = mean(samples, &operations::TimelineSample::utilisation);
        const double waits = mean(samples, &operations::TimelineSample::waiting);
        const QColor colour = sideColour(theme(), side);
        names.push_back({busy, tr("%1 busy %2").arg(QChar(letter(side))).arg(percentText(busy)),
                         mixed(theme().text, colour, 0.55)});
        names.push_back(
            {waits, tr("%1 waiting %2").arg(QChar(letter(side))).arg(percentText(waits)), colour});
    }
    if (!(scales.xHigh > scales.xLow)) {
        scales.xHigh = scales.xLow + 1;
    }
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        const bool named = area.height() > 110 * scale() || share == 0.0 || share == 1.0;
        scales.y.push_back({share, named ? percentText(share) : QString()});
    }
    const double gutter = gutterFor(names);
    scales.x = instantTicks(scales.xLow, scales.xHigh,
                            std::max(2, static_cast<int>((area.width() - gutter) / (70 * scale()))));
    layScales(area, scales, gutter);
    layEndLabels(names, theme().spacing.small);
    for (const Side side : kSides) {
        const Samples& samples = m_values.sides[index(side)].samples;
        const QColor colour = sideColour(theme(), side);
        m_utilisation[index(side)]->setPen(QPen(colour, 1.6 * scale()));
        m_waiting[index(side)]->setPen(
            QPen(mixed(theme().panel, colour, 0.75), 1.2 * scale(), Qt::CustomDashLine));
        QPen dashed = m_waiting[index(side)]->pen();
        dashed.setDashPattern({3, 2.5});
        dashed.setCapStyle(Qt::FlatCap);
        m_waiting[index(side)]->setPen(dashed);
        m_utilisation[index(side)]->replace(
            decimated(points(samples, &operations::TimelineSample::utilisation), columns()));
        m_waiting[index(side)]->replace(
            decimated(points(samples, &operations::TimelineSample::waiting), columns()));
    }
    m_now->setPen(QPen(theme().accent, 1));
    placeNow();
}

void UtilisationPlot::placeNow() {
    const bool seen = !empty() && m_nowS >= xAxis()->min() && m_nowS <= xAxis()->max();
    m_now->setVisible(seen);
    if (seen) {
        const double x = std::round(toPosition({m_nowS, 0}).x()) + 0.5;
        m_now->setLine(x, plotArea().top(), x, plotArea().bottom());
    }
}

void UtilisationPlot::activate(QPointF position) {
    if (!empty() && plotArea().adjusted(-4, 0, 4, 0).contains(position)) {
        emit seekRequested(std::clamp(toValue(position).x(), xAxis()->min(), xAxis()->max()));
    }
}

DataTable UtilisationPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("utilisation");
    table.columns = {tr("side"),
                     tr("strategy"),
                     tr("time [s]"),
                     tr("utilisation [share of powered GPUs]"),
                     tr("waiting [share of powered GPUs]"),
                     tr("step time [s]")};
    for (const Side side : kSides) {
        const auto& strategy = m_values.sides[index(side)];
        for (const auto& sample : strategy.samples) {
            table.rows.push_back({QString(QChar(letter(side))), strategy.name, sample.timeS,
                                  static_cast<double>(sample.utilisation),
                                  static_cast<double>(sample.waiting),
                                  static_cast<double>(sample.stepTimeS)});
        }
    }
    return table;
}

std::unique_ptr<Plot> UtilisationPlot::copy() const {
    auto plot = std::make_unique<UtilisationPlot>();
    plot->setValues(m_values);
    plot->setNow(m_nowS);
    return plot;
}

QString UtilisationPlot::readout(QPointF position) const {
    if (empty() || !plotArea().contains(position)) {
        return {};
    }
    const double timeS = toValue(position).x();
    QStringList lines = {clockText(timeS)};
    for (const Side side : kSides) {
        const Samples& samples = m_values.sides[index(side)].samples;
        if (!samples.empty()) {
            const auto& sample = nearest(samples, timeS);
            lines.append(tr("%1  busy %2, waiting %3")
                             .arg(QChar(letter(side)))
                             .arg(percentText(static_cast<double>(sample.utilisation)),
                                  percentText(static_cast<double>(sample.waiting))));
        }
    }
    return lines.join('\n');
}

QString UtilisationPlot::description() const {
    return utilisationFinding(m_values);
}

} // namespace atlas::widgets
