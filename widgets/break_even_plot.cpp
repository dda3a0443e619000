#include "widgets/break_even_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kStripWidth = 10;
constexpr int kStripSteps = 32;

QString perMonth(double usd) {
    return quantityText(usd, units::Dimension::UsdPerMonth);
}

} // namespace

QString breakEvenFinding(const explore::BreakEvenMap& map) {
    if (map.gain.empty()) {
        return {};
    }
    const QString fee = perMonth(map.feeToday);
    const auto even = map.feeAt(map.mfuToday);
    if (!even) {
        const auto today = std::ranges::lower_bound(map.mfus, map.mfuToday) - map.mfus.begin();
        const auto mfu = std::min(map.mfus.size() - 1, static_cast<std::size_t>(today));
        return map.at(map.feesUsdPerMonth.size() - 1, mfu) > 0
                   ? BreakEvenPlot::tr("Leasing is better at any fee on the map")
                   : BreakEvenPlot::tr("Keeping is better at any fee on the map");
    }
    return *even <= map.feeToday
               ? BreakEvenPlot::tr("Leasing pays down to %1; the fee is %2").arg(perMonth(*even), fee)
               : BreakEvenPlot::tr("Leasing would pay from %1; the fee is %2").arg(perMonth(*even), fee);
}

void BreakEvenPlot::setValues(const explore::BreakEvenMap& map) {
    m_map = map;
    rearrange();
}

double BreakEvenPlot::most() const {
    double most = 1;
    for (const double gain : m_map.gain) {
        most = std::max(most, std::abs(gain));
    }
    return most;
}

void BreakEvenPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    const double line = labelHeight();
    m_frame.xLow = m_map.feesUsdPerMonth.front();
    m_frame.xHigh = m_map.feesUsdPerMonth.back();
    m_frame.yLow = m_map.mfus.front();
    m_frame.yHigh = m_map.mfus.back();
    double names = 0;
    const int count = valueTicks(area.height());
    for (const double mfu : roundTicks(m_frame.yLow, m_frame.yHigh, count)) {
        names = std::max(names, measure(percentText(mfu), font(TextRole::Label)).width());
    }
    const double gap = theme().spacing.small;
    const double strip = kStripWidth * scale() + gap +
                         measure(quantityText(-most(), m_map.dimension), font(TextRole::Label)).width() + gap;
    const double top = line + theme().spacing.small;
    m_frame.plot = QRectF(area.left() + names + gap, area.top() + top,
                          std::max(8.0, area.width() - names - 2 * gap - strip),
                          std::max(8.0, area.height() - top - 2 * line - gap));
    setPlotArea(m_frame.plot);
    addLabel(elided(tr("MFU of %1").arg(text(m_map.keepName)), TextRole::Label, m_frame.plot.width()),
             {area.left(), area.top()}, Qt::AlignLeft | Qt::AlignTop, TextRole::Label, theme().quietText);
    drawCells();
    for (const double mfu : roundTicks(m_frame.yLow, m_frame.yHigh, count)) {
        tryLabel(percentText(mfu), {m_frame.plot.left() - gap, m_frame.y(mfu)},
                 Qt::AlignRight | Qt::AlignVCenter, TextRole::Label, theme().quietText);
    }
    const int across = std::clamp(static_cast<int>(m_frame.plot.width() / (96 * scale())), 2, 8);
    for (const double fee : roundTicks(m_frame.xLow, m_frame.xHigh, across)) {
        const double half = measure(perMonth(fee), font(TextRole::Label)).width() / 2;
        tryLabel(fee == 0.0 ? QStringLiteral("0") : perMonth(fee),
                 {std::min(m_frame.x(fee), m_frame.plot.right() - half + gap),
                  m_frame.plot.bottom() + theme().spacing.tight},
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
    addLabel(elided(tr("fee of “%1”").arg(text(m_map.contract)), TextRole::Label, m_frame.plot.width()),
             {m_frame.plot.center().x(), area.bottom()}, Qt::AlignHCenter | Qt::AlignBottom, TextRole::Label,
             theme().quietText);
    drawLine();
    layScale(
        QRectF(m_frame.plot.right() + gap, m_frame.plot.top(), kStripWidth * scale(), m_frame.plot.height()));
}

void BreakEvenPlot::drawCells() {
    const std::size_t fees = m_map.feesUsdPerMonth.size();
    const std::size_t mfus = m_map.mfus.size();
    const double width = m_frame.plot.width() / static_cast<double>(fees);
    const double height = m_frame.plot.height() / static_cast<double>(mfus);
    for (std::size_t f = 0; f < fees; ++f) {
        for (std::size_t m = 0; m < mfus; ++m) {
            // On whole pixels, so that no seam shows between cells.
            const double left = std::floor(m_frame.plot.left() + width * static_cast<double>(f));
            const double right = std::floor(m_frame.plot.left() + width * static_cast<double>(f + 1));
            const double top = std::floor(m_frame.plot.bottom() - height * static_cast<double>(m + 1));
            const double bottom = std::floor(m_frame.plot.bottom() - height * static_cast<double>(m));
            const QRectF whole(left, top, right - left, bottom - top);
            addRect(whole, theme().divergingAt(m_map.at(f, m) / most()));
        }
    }
}

void BreakEvenPlot::drawLine() {
    QPainterPath line;
    QPointF last;
    for (std::size_t m = 0; m < m_map.mfus.size(); ++m) {
        if (!m_map.indifferentFee[m]) {
            continue;
        }
        const QPointF at = m_frame.at(*m_map.indifferentFee[m], m_map.mfus[m]);
        line.elementCount() == 0 ? line.moveTo(at) : line.lineTo(at);
        last = at;
    }
    addShape({line, QPen(theme().text, 2 * scale()), Qt::NoBrush});
    const auto write = [&](const QString& words, QPointF at, Qt::Alignment align) {
        (void)tryLabel(words, at, align, TextRole::Label, theme().text);
    };
    const double radius = 4 * scale();
    const QPointF today = m_frame.at(m_map.feeToday, m_map.mfuToday);
    if (m_frame.plot.contains(today)) {
        QPainterPath dot;
        dot.addEllipse(today, radius, radius);
        addShape({dot, QPen(theme().panel, 1.5), theme().text});
        const bool left = today.x() > m_frame.plot.center().x();
        write(tr("as stated"), today + QPointF(left ? -radius - 4 : radius + 4, 0),
              (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (!last.isNull()) {
        const bool left = last.x() > m_frame.plot.center().x();
        write(tr("neither is better"), last + QPointF(left ? -8 : 8, 14 * scale()),
              (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    write(tr("leasing is better"), {m_frame.plot.right() - 8, m_frame.plot.bottom() - 8},
          Qt::AlignRight | Qt::AlignBottom);
    write(tr("keeping is better"), {m_frame.plot.left() + 8, m_frame.plot.top() + 8},
          Qt::AlignLeft | Qt::AlignTop);
}

void BreakEvenPlot::layScale(const QRectF& strip) {
    const double step = strip.height() / kStripSteps;
    for (int i = 0; i < kStripSteps; ++i) {
        const double share = 1.0 - 2.0 * (i + 0.5) / kStripSteps;
        addRect(QRectF(strip.left(), strip.top() + step * i, strip.width(), step + 0.5),
                theme().divergingAt(share));
    }
    for (const double share : {1.0, 0.0, -1.0}) {
        const QString words =
            share == 0.0 ? QStringLiteral("0") : quantityText(share * most(), m_map.dimension);
        tryLabel(
            words,
            {strip.right() + theme().spacing.small / 2.0, strip.center().y() - share * strip.height() / 2},
            Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().quietText);
    }
}

DataTable BreakEvenPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("break-even");
    table.columns = {tr("fee [USD/month]"), tr("MFU"),
                     tr("gain of leasing, %1 [USD]").arg(text(m_map.rowLabel)),
                     tr("fee at which neither is better [USD/month]")};
    for (std::size_t f = 0; f < m_map.feesUsdPerMonth.size(); ++f) {
        for (std::size_t m = 0; m < m_map.mfus.size(); ++m) {
            table.rows.push_back({m_map.feesUsdPerMonth[f], m_map.mfus[m], m_map.at(f, m),
                                  m_map.indifferentFee[m] ? QVariant(*m_map.indifferentFee[m]) : QVariant()});
        }
    }
    return table;
}

std::unique_ptr<Plot> BreakEvenPlot::copy() const {
    auto plot = std::make_unique<BreakEvenPlot>();
    plot->setValues(m_map);
    return plot;
}

QString BreakEvenPlot::readout(QPointF position) const {
    if (empty() || !m_frame.plot.contains(position)) {
        return {};
    }
    const auto cell = [](double share, std::size_t count) {
        return std::min(count - 1,
                        static_cast<std::size_t>(std::max(0.0, share) * static_cast<double>(count)));
    };
    const std::size_t f =
        cell((position.x() - m_frame.plot.left()) / m_frame.plot.width(), m_map.feesUsdPerMonth.size());
    const std::size_t m =
        cell((m_frame.plot.bottom() - position.y()) / m_frame.plot.height(), m_map.mfus.size());
    return tr("%1, %2 MFU\nleasing gains %3")
        .arg(perMonth(m_map.feesUsdPerMonth[f]), percentText(m_map.mfus[m]),
             quantityText(m_map.at(f, m), m_map.dimension));
}

} // namespace atlas::widgets
