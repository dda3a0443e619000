#include "widgets/money_bridge_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kBarShare = 0.62; ///< of a slot
constexpr double kWidestBar = 64;
constexpr int kNameLines = 3;

QString usdText(double usd) {
    return quantityText(usd, units::Dimension::Usd);
}

} // namespace

double MoneyBridgeValues::error() const {
    double at = 0;
    double worst = 0;
    for (const Bar& bar : bars) {
        if (bar.total) {
            worst = &bar == &bars.front() ? 0.0 : std::max(worst, std::abs(bar.usd - at));
            at = bar.usd;
        } else {
            at += bar.usd;
        }
    }
    return worst;
}

void MoneyBridgePlot::setValues(const MoneyBridgeValues& values) {
    m_values = values;
    rearrange();
}

/// A name over at most kNameLines lines of a width, the last one cut.
QString MoneyBridgePlot::wrapped(const QString& name, double width) const {
    QStringList lines;
    for (const QString& word : name.split(' ')) {
        const QString longer = lines.isEmpty() ? word : lines.last() + ' ' + word;
        if (!lines.isEmpty() &&
            (measure(longer, font(TextRole::Label)).width() <= width || lines.size() == kNameLines)) {
            lines.last() = longer;
        } else {
            lines << word;
        }
    }
    for (QString& line : lines) {
        line = elided(line, TextRole::Label, width);
    }
    return lines.join('\n');
}

void MoneyBridgePlot::arrange(const QRectF& area) {
    m_rects.clear();
    if (empty()) {
        return;
    }
    double at = 0;
    double low = 0;
    double high = 0;
    for (const MoneyBridgeValues::Bar& bar : m_values.bars) {
        at = bar.total ? bar.usd : at + bar.usd;
        low = std::min(low, at);
        high = std::max(high, at);
    }
    const double room = std::max(1.0, (high - low)) * 0.1; // for the figures over and under the bars
    m_frame.yLow = low < 0 ? low - room : 0;
    m_frame.yHigh = high + room;
    const double line = labelHeight();
    const double left =
        valueGutter(m_frame.yLow, m_frame.yHigh, units::Dimension::Usd, valueTicks(area.height()));
    const double width = std::max(8.0, area.width() - left);
    const double slot = width / static_cast<double>(m_values.bars.size());
    double names = line;
    for (const MoneyBridgeValues::Bar& bar : m_values.bars) {
        names = std::max(names, measure(wrapped(bar.name, slot - 4), font(TextRole::Label)).height());
    }
    m_frame.xLow = 0;
    m_frame.xHigh = static_cast<double>(m_values.bars.size());
    m_frame.plot = QRectF(area.left() + left, area.top() + line / 2, width,
                          std::max(8.0, area.height() - names - theme().spacing.tight - line / 2));
    setPlotArea(m_frame.plot);
    layValueAxis(m_frame, units::Dimension::Usd);
    const double thick = std::min(kWidestBar * scale(), slot * kBarShare);
    at = 0;
    for (std::size_t i = 0; i < m_values.bars.size(); ++i) {
        const MoneyBridgeValues::Bar& bar = m_values.bars[i];
        const double from = bar.total ? 0 : at;
        const double to = bar.total ? bar.usd : at + bar.usd;
        const double x = m_frame.plot.left() + slot * (static_cast<double>(i) + 0.5) - thick / 2;
        const double y0 = m_frame.y(from);
        const double y1 = m_frame.y(to);
        const QRectF rect(x, std::min(y0, y1), thick, std::max(1.0, std::abs(y1 - y0)));
        m_rects.push_back(rect);
        const QColor sign = bar.usd >= 0 ? theme().positive : theme().negative;
        const QColor total = bar.tint >= 0 ? theme().strategies[static_cast<std::size_t>(bar.tint) % 6]
                                           : mixed(theme().quietText, theme().panel, 0.15);
        // A gain is full and a loss hatched: no sign is told by colour alone.
        if (!bar.total && bar.usd < 0) {
            addRect(rect, mixed(theme().panel, sign, 0.25), QPen(sign, 1));
            addRect(rect, QBrush(sign, Qt::BDiagPattern));
        } else {
            addRect(rect, bar.total ? total : sign);
        }
        if (i + 1 < m_values.bars.size()) {
            const double next = m_frame.plot.left() + slot * (static_cast<double>(i) + 1.5) - thick / 2;
            addLine(QLineF(rect.right(), y1, next, y1), QPen(theme().quietText, 1, Qt::DotLine));
        }
        const bool under = to < from;
        const QString words = bar.total ? usdText(bar.usd)
                                        : (bar.usd >= 0 ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) +
                                              usdText(std::abs(bar.usd));
        tryLabel(words, {rect.center().x(), under ? rect.bottom() + 2 : rect.top() - 2},
                 Qt::AlignHCenter | (under ? Qt::AlignTop : Qt::AlignBottom),
                 bar.total ? TextRole::Strong : TextRole::Label, theme().text);
        at = to;
        layNames(i, slot, m_frame.plot.bottom() + theme().spacing.tight);
    }
}

void MoneyBridgePlot::layNames(std::size_t i, double slot, double top) {
    const double x = m_frame.plot.left() + slot * (static_cast<double>(i) + 0.5);
    PlotLabel& label = addLabel(wrapped(m_values.bars[i].name, slot - 4), {x, top},
                                Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    label.align = Qt::AlignHCenter | Qt::AlignTop;
}

DataTable MoneyBridgePlot::table() const {
    DataTable table;
    table.name = m_values.name;
    table.columns = {tr("step"), tr("kind"), tr("value [USD]")};
    for (const MoneyBridgeValues::Bar& bar : m_values.bars) {
        table.rows.push_back({bar.name, bar.total ? tr("total") : tr("step"), bar.usd});
    }
    return table;
}

std::unique_ptr<Plot> MoneyBridgePlot::copy() const {
    auto plot = std::make_unique<MoneyBridgePlot>();
    plot->setValues(m_values);
    return plot;
}

QString MoneyBridgePlot::readout(QPointF position) const {
    for (std::size_t i = 0; i < m_rects.size(); ++i) {
        if (m_rects[i].adjusted(-4, -4, 4, 4).contains(position)) {
            return m_values.bars[i].name + '\n' + usdText(m_values.bars[i].usd);
        }
    }
    return {};
}

} // namespace atlas::widgets
