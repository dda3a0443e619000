#include "widgets/cash_plot.h"

#include "widgets/format.h"

#include <QAreaSeries>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::widgets {

namespace {

using Strategy = CashValues::Strategy;

QString money(double usd) {
    return quantityText(usd, units::Dimension::Usd);
}

bool hasBand(const Strategy& strategy) {
    return !strategy.balanceUsd.empty() && strategy.lowUsd.size() == strategy.balanceUsd.size() &&
           strategy.highUsd.size() == strategy.balanceUsd.size();
}

double monthAt(const Strategy& strategy, std::size_t i) {
    return strategy.first.index + static_cast<double>(i);
}

/// The balance at the end of a month; empty outside the strategy's months.
std::optional<double> balanceIn(const Strategy& strategy, int month) {
    const int i = month - strategy.first.index;
    if (i < 0 || i >= static_cast<int>(strategy.balanceUsd.size())) {
        return std::nullopt;
    }
    return strategy.balanceUsd[static_cast<std::size_t>(i)];
}

} // namespace

QString cashFinding(const CashValues& values) {
    const auto& [a, b] = values.sides;
    // The latest tranche that is funded in one strategy and later or never in the other tells most.
    for (auto ours = b.tranches.rbegin(); ours != b.tranches.rend(); ++ours) {
        const auto theirs = std::ranges::find(a.tranches, ours->tranche, &finance::CashFlow::Funded::tranche);
        if (theirs == a.tranches.end() || (ours->ever == theirs->ever && ours->funded == theirs->funded)) {
            continue;
        }
        const bool bFirst = ours->ever && (!theirs->ever || ours->funded < theirs->funded);
        const auto& earlier = bFirst ? *ours : *theirs;
        const auto& later = bFirst ? *theirs : *ours;
        if (!earlier.ever) {
            continue;
        }
        return later.ever ? CashPlot::tr("%1 funds %2 by %3, %4 by %5")
                                .arg(bFirst ? "B" : "A", text(earlier.tranche), monthText(earlier.funded),
                                     bFirst ? "A" : "B", monthText(later.funded))
                          : CashPlot::tr("%1 funds %2 by %3, %4 never does")
                                .arg(bFirst ? "B" : "A", text(earlier.tranche), monthText(earlier.funded),
                                     bFirst ? "A" : "B");
    }
    if (!a.balanceUsd.empty() && !b.balanceUsd.empty()) {
        return CashPlot::tr("A ends at %1, B at %2")
            .arg(money(a.balanceUsd.back()), money(b.balanceUsd.back()));
    }
    return CashPlot::tr("No cash flows in this span of time");
}

CashPlot::CashPlot() {
    for (const Side side : kSides) {
        auto* band = new QAreaSeries(new QLineSeries(this), new QLineSeries(this));
        addSeries(band);
        band->attachAxis(xAxis());
        band->attachAxis(yAxis());
        band->setPen(Qt::NoPen);
        m_bands[index(side)] = band;
    }
    for (const Side side : kSides) {
        auto* curve = new QLineSeries(this);
        addSeries(curve);
        curve->attachAxis(xAxis());
        curve->attachAxis(yAxis());
        m_curves[index(side)] = curve;
    }
}

void CashPlot::setValues(const CashValues& values) {
    m_values = values;
    rearrange();
}

bool CashPlot::empty() const {
    return m_values.sides[0].balanceUsd.empty() && m_values.sides[1].balanceUsd.empty();
}

XyPlot::Scales CashPlot::scalesFor(const QRectF& area, double gutter) const {
    Scales scales;
    scales.xLow = std::numeric_limits<double>::infinity();
    scales.xHigh = -scales.xLow;
    double low = 0;
    double high = 0;
    for (const Strategy& strategy : m_values.sides) {
        if (strategy.balanceUsd.empty()) {
            continue;
        }
        scales.xLow = std::min(scales.xLow, monthAt(strategy, 0));
        scales.xHigh = std::max(scales.xHigh, monthAt(strategy, strategy.balanceUsd.size() - 1));
        for (const auto* values : {&strategy.balanceUsd, &strategy.lowUsd, &strategy.highUsd}) {
            for (const double usd : *values) {
                low = std::min(low, usd);
                high = std::max(high, usd);
            }
        }
        low = std::min(low, strategy.endLowUsd.value_or(low));
        high = std::max(high, strategy.endHighUsd.value_or(high));
    }
    if (!(scales.xHigh > scales.xLow)) {
        scales.xHigh = scales.xLow + 1;
    }
    const double room = (high - low) * 0.06;
    scales.yLow = low < 0 ? low - room : low;
    scales.yHigh = high > 0 ? high + room : high;
    if (!(scales.yHigh > scales.yLow)) {
        scales.yHigh = scales.yLow + 1;
    }
    const int yCount = std::clamp(static_cast<int>(area.height() / (36 * scale())), 2, 6);
    for (const double usd : roundTicks(scales.yLow, scales.yHigh, yCount)) {
        scales.y.push_back({usd, usd == 0.0 ? QStringLiteral("0") : money(usd)});
    }
    // Years stand at their January; a span without one names its first month.
    const auto first = static_cast<int>(std::ceil(scales.xLow / 12.0)) * 12;
    const int years = static_cast<int>((scales.xHigh - first) / 12) + 1;
    const int most = std::max(1, static_cast<int>((area.width() - gutter) / (52 * scale())));
    const int every = std::max(1, (years + most - 1) / most);
    for (int month = first; month <= scales.xHigh; month += 12 * every) {
        scales.x.push_back({static_cast<double>(month), QString::number(month / 12)});
    }
    if (scales.x.empty()) {
        scales.x.push_back({scales.xLow, monthText({static_cast<int>(scales.xLow)})});
    }
    return scales;
}

void CashPlot::arrange(const QRectF& area) {
    std::vector<EndLabel> names;
    for (const Side side : kSides) {
        const Strategy& strategy = m_values.sides[index(side)];
        m_curves[index(side)]->clear();
        m_bands[index(side)]->hide();
        if (strategy.balanceUsd.empty()) {
            continue;
        }
        QString words =
            QString(QChar(letter(side))) + QStringLiteral("  ") + money(strategy.balanceUsd.back());
        const bool band = hasBand(strategy);
        if (band || (strategy.endLowUsd && strategy.endHighUsd)) {
            words += '\n' + rangeText(money(band ? strategy.lowUsd.back() : *strategy.endLowUsd),
                                      money(band ? strategy.highUsd.back() : *strategy.endHighUsd));
        }
        names.push_back(
            {strategy.balanceUsd.back(), words, mixed(theme().text, sideColour(theme(), side), 0.55)});
    }
    if (empty()) {
        return;
    }
    const double gutter = gutterFor(names) + theme().spacing.small;
    layScales(area, scalesFor(area, gutter), gutter);
    layEndLabels(names, 2 * theme().spacing.small);
    for (const Side side : kSides) {
        const Strategy& strategy = m_values.sides[index(side)];
        std::vector<QPointF> points;
        for (std::size_t i = 0; i < strategy.balanceUsd.size(); ++i) {
            points.emplace_back(monthAt(strategy, i), strategy.balanceUsd[i]);
        }
        m_curves[index(side)]->setPen(QPen(sideColour(theme(), side), 1.8 * scale()));
        m_curves[index(side)]->replace(decimated(points, columns()));
        drawBand(side);
        drawEndRange(side);
    }
    for (const Side side : kSides) {
        drawTranches(side);
    }
}

void CashPlot::drawBand(Side side) {
    const Strategy& strategy = m_values.sides[index(side)];
    if (!hasBand(strategy)) {
        return;
    }
    QList<QPointF> low;
    QList<QPointF> high;
    for (std::size_t i = 0; i < strategy.balanceUsd.size(); ++i) {
        low.append({monthAt(strategy, i), strategy.lowUsd[i]});
        high.append({monthAt(strategy, i), strategy.highUsd[i]});
    }
    QAreaSeries* band = m_bands[index(side)];
    QColor tint = sideColour(theme(), side);
    tint.setAlphaF(0.22F);
    band->setBrush(tint);
    band->lowerSeries()->replace(low);
    band->upperSeries()->replace(high);
    band->show();
}

void CashPlot::drawEndRange(Side side) {
    const Strategy& strategy = m_values.sides[index(side)];
    if (strategy.balanceUsd.empty() || hasBand(strategy) || !strategy.endLowUsd || !strategy.endHighUsd) {
        return;
    }
    const double month = monthAt(strategy, strategy.balanceUsd.size() - 1);
    // The two whiskers stand beside each other, so that neither hides the other.
    const double x = toPosition({month, 0}).x() + (side == Side::A ? 3 : 7) * scale();
    const double low = toPosition({month, *strategy.endLowUsd}).y();
    const double high = toPosition({month, *strategy.endHighUsd}).y();
    const QPen pen(sideColour(theme(), side), 1.5 * scale());
    addLine(QLineF(x, low, x, high), pen);
    addLine(QLineF(x - 2, low, x + 2, low), pen);
    addLine(QLineF(x - 2, high, x + 2, high), pen);
}

void CashPlot::drawTranches(Side side) {
    const Strategy& strategy = m_values.sides[index(side)];
    for (const auto& tranche : strategy.tranches) {
        const auto balance = balanceIn(strategy, tranche.funded.index);
        if (!tranche.ever || !balance) {
            continue;
        }
        const QPointF at = toPosition({static_cast<double>(tranche.funded.index), *balance});
        const double radius = 3.2 * scale();
        QPainterPath dot;
        dot.addEllipse(at, radius, radius);
        addShape({dot, QPen(theme().panel, 1.5), theme().text});
        const QString words = text(tranche.tranche) + QStringLiteral(" · ") + monthText(tranche.funded);
        placeBeside(words, at, radius + 3);
    }
}

void CashPlot::placeBeside(const QString& words, QPointF at, double away) {
    // Where the label would stand, nearest first; one that crosses a curve is a last resort.
    const QSizeF size = measure(words, font(TextRole::Label));
    struct Place {
        QPointF anchor;
        Qt::Alignment align;
        QRectF rect;
    };
    std::vector<Place> places;
    for (const double lift : {away, 3 * away, 6 * away}) {
        for (const bool above : {true, false}) {
            for (const bool left : {true, false}) {
                const QPointF anchor = at + QPointF(left ? -away : away, above ? -lift : lift);
                const QPointF corner(left ? anchor.x() - size.width() : anchor.x(),
                                     above ? anchor.y() - size.height() : anchor.y());
                places.push_back(
                    {anchor,
                     (left ? Qt::AlignRight : Qt::AlignLeft) | (above ? Qt::AlignBottom : Qt::AlignTop),
                     QRectF(corner, size)});
            }
        }
    }
    for (const bool clearOfCurves : {true, false}) {
        for (const Place& place : places) {
            if (plotArea().contains(place.rect) && (!clearOfCurves || !crossesCurve(place.rect)) &&
                tryLabel(words, place.anchor, place.align, TextRole::Label, theme().text)) {
                return;
            }
        }
    }
}

bool CashPlot::crossesCurve(const QRectF& rect) const {
    const QRectF room = rect.adjusted(-2, -1, 2, 1);
    for (const Strategy& strategy : m_values.sides) {
        for (std::size_t i = 1; i < strategy.balanceUsd.size(); ++i) {
            const QLineF piece(toPosition({monthAt(strategy, i - 1), strategy.balanceUsd[i - 1]}),
                               toPosition({monthAt(strategy, i), strategy.balanceUsd[i]}));
            if (room.contains(piece.p1()) || room.contains(piece.p2())) {
                return true;
            }
            for (const QLineF& edge :
                 {QLineF(room.topLeft(), room.bottomRight()), QLineF(room.topRight(), room.bottomLeft())}) {
                if (piece.intersects(edge, nullptr) == QLineF::BoundedIntersection) {
                    return true;
                }
            }
        }
    }
    return false;
}

DataTable CashPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("cash");
    table.columns = {tr("side"),      tr("strategy"),   tr("month"),          tr("cumulative cash [USD]"),
                     tr("low [USD]"), tr("high [USD]"), tr("tranches funded")};
    for (const Side side : kSides) {
        const Strategy& strategy = m_values.sides[index(side)];
        for (std::size_t i = 0; i < strategy.balanceUsd.size(); ++i) {
            const scenario::Month month{strategy.first.index + static_cast<int>(i)};
            QStringList funded;
            for (const auto& tranche : strategy.tranches) {
                if (tranche.ever && tranche.funded == month) {
                    funded.append(text(tranche.tranche));
                }
            }
            const bool last = i + 1 == strategy.balanceUsd.size();
            QVariant low;
            QVariant high;
            if (hasBand(strategy)) {
                low = strategy.lowUsd[i];
                high = strategy.highUsd[i];
            } else if (last && strategy.endLowUsd && strategy.endHighUsd) {
                low = *strategy.endLowUsd;
                high = *strategy.endHighUsd;
            }
            table.rows.push_back(
                {QString(QChar(letter(side))), strategy.name,
                 QStringLiteral("%1-%2").arg(month.year()).arg(month.month(), 2, 10, QChar('0')),
                 strategy.balanceUsd[i], low, high, funded.join(QStringLiteral("; "))});
        }
    }
    return table;
}

std::unique_ptr<Plot> CashPlot::copy() const {
    auto plot = std::make_unique<CashPlot>();
    plot->setValues(m_values);
    return plot;
}

QString CashPlot::readout(QPointF position) const {
    if (empty() || !plotArea().contains(position)) {
        return {};
    }
    const scenario::Month month{static_cast<int>(std::lround(toValue(position).x()))};
    QStringList lines = {monthText(month)};
    for (const Side side : kSides) {
        const Strategy& strategy = m_values.sides[index(side)];
        if (const auto balance = balanceIn(strategy, month.index)) {
            lines.append(QStringLiteral("%1  %2").arg(QChar(letter(side))).arg(money(*balance)));
        }
        for (const auto& tranche : strategy.tranches) {
            if (tranche.ever && tranche.funded == month) {
                lines.append(tr("%1  %2 funded").arg(QChar(letter(side))).arg(text(tranche.tranche)));
            }
        }
    }
    return lines.join('\n');
}

QString CashPlot::description() const {
    return cashFinding(m_values);
}

} // namespace atlas::widgets
