#include "widgets/fan_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kStripShare = 0.12; ///< of the width, for the dots of one strategy
constexpr float kWide = 0.13F;
constexpr float kNarrow = 0.24F;
constexpr double kDot = 2.6;

QString usd(double value) {
    return quantityText(value, units::Dimension::Usd);
}

} // namespace

void FanPlot::setValues(const FanValues& values) {
    m_values = values;
    rearrange();
}

bool FanPlot::empty() const {
    return m_values.sides[0].months.empty() && m_values.sides[1].months.empty();
}

void FanPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    double low = 0;
    double high = 0;
    std::size_t months = 0;
    std::vector<KeyItem> key;
    int strips = 0;
    for (const Side side : kSides) {
        const FanValues::Strategy& strategy = m_values.sides[index(side)];
        if (strategy.months.empty()) {
            continue;
        }
        ++strips;
        months = std::max(months, strategy.months.size());
        for (const FanValues::Band& band : strategy.months) {
            low = std::min(low, band.p5);
            high = std::max(high, band.p95);
        }
        for (const double end : strategy.horizons) {
            low = std::min(low, end);
            high = std::max(high, end);
        }
        key.push_back(
            {QStringLiteral("%1  %2").arg(QChar(letter(side))).arg(strategy.name), Qt::NoBrush,
             QPen(sideColour(theme(), side), 2 * scale(), side == Side::A ? Qt::DashLine : Qt::SolidLine)});
    }
    QColor tint = theme().quietText;
    tint.setAlphaF(0.7F);
    QColor pale = tint;
    pale.setAlphaF(0.3F);
    key.push_back({tr("half of all futures"), tint});
    key.push_back({tr("nine of ten"), pale});
    key.push_back({tr("● one of twenty equally likely ends"), Qt::NoBrush});
    const double top = layKey(area, key);
    const double room = (high - low) * 0.04;
    m_frame.yLow = low - room;
    m_frame.yHigh = high + room;
    m_frame.xLow = m_values.first.index;
    m_frame.xHigh = m_values.first.index + static_cast<double>(months);
    const double height = std::max(8.0, area.height() - top - labelHeight() * 1.5 - theme().spacing.small);
    const double left = valueGutter(m_frame.yLow, m_frame.yHigh, units::Dimension::Usd, valueTicks(height));
    const double strip = area.width() * kStripShare;
    m_frame.plot =
        QRectF(area.left() + left, area.top() + top + labelHeight() / 2,
               std::max(8.0, area.width() - left - strip * strips - theme().spacing.small), height);
    setPlotArea(m_frame.plot);
    layYears(m_frame);
    for (const Side side : kSides) {
        drawBand(side, &FanValues::Band::p5, &FanValues::Band::p95, kWide);
    }
    for (const Side side : kSides) {
        drawBand(side, &FanValues::Band::p25, &FanValues::Band::p75, kNarrow);
    }
    layValueAxis(m_frame, units::Dimension::Usd);
    double x = m_frame.plot.right() + theme().spacing.small;
    for (const Side side : kSides) {
        const FanValues::Strategy& strategy = m_values.sides[index(side)];
        if (strategy.months.empty()) {
            continue;
        }
        QPainterPath middle;
        for (std::size_t m = 0; m < strategy.months.size(); ++m) {
            const QPointF at = m_frame.at(m_frame.xLow + static_cast<double>(m) + 1, strategy.months[m].p50);
            m == 0 ? middle.moveTo(at) : middle.lineTo(at);
        }
        addShape(
            {middle,
             QPen(sideColour(theme(), side), 2 * scale(), side == Side::A ? Qt::DashLine : Qt::SolidLine),
             Qt::NoBrush});
        drawDots(side, QRectF(x, m_frame.plot.top(), strip, height));
        x += strip;
    }
}

void FanPlot::drawBand(Side side, double FanValues::Band::*low, double FanValues::Band::*high, float alpha) {
    const auto& months = m_values.sides[index(side)].months;
    if (months.empty()) {
        return;
    }
    QPolygonF outline;
    for (std::size_t m = 0; m < months.size(); ++m) {
        outline << m_frame.at(m_frame.xLow + static_cast<double>(m) + 1, months[m].*high);
    }
    for (std::size_t m = months.size(); m-- > 0;) {
        outline << m_frame.at(m_frame.xLow + static_cast<double>(m) + 1, months[m].*low);
    }
    QPainterPath path;
    path.addPolygon(outline);
    path.closeSubpath();
    QColor tint = sideColour(theme(), side);
    tint.setAlphaF(alpha);
    addShape({path, Qt::NoPen, tint});
}

/// Dots of one height stand beside each other, so that none hides another.
void FanPlot::drawDots(Side side, const QRectF& strip) {
    const FanValues::Strategy& strategy = m_values.sides[index(side)];
    const double radius = kDot * scale();
    std::vector<QPointF> placed;
    for (const double end : strategy.horizons) {
        QPointF at(strip.left() + radius + 4, m_frame.y(end));
        while (std::ranges::any_of(placed,
                                   [&](const QPointF& other) {
                                       return std::hypot(other.x() - at.x(), other.y() - at.y()) <
                                              2 * radius + 0.6;
                                   }) &&
               at.x() < strip.right() - 3 * radius) {
            at.rx() += radius;
        }
        placed.push_back(at);
        QPainterPath dot;
        dot.addEllipse(at, radius, radius);
        addShape({dot, Qt::NoPen, sideColour(theme(), side)});
    }
    tryLabel(QString(QChar(letter(side))),
             {strip.left() + radius + 4, strip.bottom() + theme().spacing.tight},
             Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
}

DataTable FanPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("cash-fan");
    table.columns = {tr("side"),       tr("strategy"),     tr("month"),      tr("5 % [USD]"),
                     tr("25 % [USD]"), tr("median [USD]"), tr("75 % [USD]"), tr("95 % [USD]")};
    for (const Side side : kSides) {
        const FanValues::Strategy& strategy = m_values.sides[index(side)];
        for (std::size_t m = 0; m < strategy.months.size(); ++m) {
            const FanValues::Band& band = strategy.months[m];
            const scenario::Month month{m_values.first.index + static_cast<int>(m)};
            table.rows.push_back({QString(QChar(letter(side))), strategy.name, text(month.text()), band.p5,
                                  band.p25, band.p50, band.p75, band.p95});
        }
    }
    return table;
}

std::unique_ptr<Plot> FanPlot::copy() const {
    auto plot = std::make_unique<FanPlot>();
    plot->setValues(m_values);
    return plot;
}

QString FanPlot::readout(QPointF position) const {
    if (empty() || !m_frame.plot.contains(position)) {
        return {};
    }
    const auto m = static_cast<std::size_t>(std::max(0.0, m_frame.xValue(position.x()) - m_frame.xLow));
    QStringList lines = {monthText({m_values.first.index + static_cast<int>(m)})};
    for (const Side side : kSides) {
        const FanValues::Strategy& strategy = m_values.sides[index(side)];
        if (m < strategy.months.size()) {
            const FanValues::Band& band = strategy.months[m];
            lines << tr("%1  %2, nine of ten in %3")
                         .arg(QChar(letter(side)))
                         .arg(usd(band.p50), rangeText(usd(band.p5), usd(band.p95)));
        }
    }
    return lines.join('\n');
}

} // namespace atlas::widgets
