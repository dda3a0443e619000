#include "widgets/month_stack_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kRoom = 1.04;       ///< above the tallest column
constexpr double kHairHeight = 0.35; ///< thinner parts are not drawn

} // namespace

MonthStackValues cumulative(MonthStackValues values) {
    for (MonthStackValues::Layer& layer : values.layers) {
        for (std::size_t m = 1; m < layer.usd.size(); ++m) {
            layer.usd[m] += layer.usd[m - 1];
        }
    }
    return values;
}

void MonthStackPlot::setValues(const MonthStackValues& values) {
    m_values = values;
    rearrange();
}

std::size_t MonthStackPlot::months() const {
    std::size_t count = 0;
    for (const MonthStackValues::Layer& layer : m_values.layers) {
        count = std::max(count, layer.usd.size());
    }
    return count;
}

void MonthStackPlot::arrange(const QRectF& area) {
    m_segments.clear();
    if (empty() || months() == 0) {
        return;
    }
    std::vector<double> up(months(), 0.0);
    std::vector<double> down(months(), 0.0);
    for (const MonthStackValues::Layer& layer : m_values.layers) {
        for (std::size_t m = 0; m < layer.usd.size(); ++m) {
            (layer.usd[m] > 0 ? up : down)[m] += layer.usd[m];
        }
    }
    std::vector<KeyItem> key;
    for (std::size_t l = 0; l < m_values.layers.size(); ++l) {
        key.push_back({m_values.layers[l].name, seriesColour(theme(), l)});
    }
    const double top = layKey(area, key);
    m_frame.xLow = m_values.first.index;
    m_frame.xHigh = m_values.first.index + static_cast<double>(months());
    m_frame.yHigh = std::max(1.0, *std::ranges::max_element(up) * kRoom);
    m_frame.yLow = std::min(-1.0, *std::ranges::min_element(down) * kRoom);
    const double bottom = labelHeight() + theme().spacing.tight + 1;
    const double height = std::max(8.0, area.height() - top - bottom - labelHeight() / 2);
    const double left = valueGutter(m_frame.yLow, m_frame.yHigh, units::Dimension::Usd, valueTicks(height));
    m_frame.plot = QRectF(area.left() + left, area.top() + top + labelHeight() / 2,
                          std::max(8.0, area.width() - left - theme().spacing.small), height);
    setPlotArea(m_frame.plot);
    layYears(m_frame);
    const double column = m_frame.plot.width() / static_cast<double>(months());
    const double gap = column > 5 ? 1 : 0;
    for (std::size_t m = 0; m < months(); ++m) {
        double high = 0;
        double low = 0;
        const double x = m_frame.plot.left() + column * static_cast<double>(m);
        for (std::size_t l = 0; l < m_values.layers.size(); ++l) {
            const double usd = m < m_values.layers[l].usd.size() ? m_values.layers[l].usd[m] : 0.0;
            double& at = usd > 0 ? high : low;
            const double from = m_frame.y(at);
            at += usd;
            const double to = m_frame.y(at);
            const QRectF rect(x, std::min(from, to), column - gap, std::abs(to - from));
            if (rect.height() < kHairHeight) {
                continue;
            }
            m_segments.push_back({l, m, rect});
            addRect(rect, seriesColour(theme(), l));
        }
    }
    layValueAxis(m_frame, units::Dimension::Usd);
}

DataTable MonthStackPlot::table() const {
    DataTable table;
    table.name = m_values.name;
    table.columns = {tr("month")};
    for (const MonthStackValues::Layer& layer : m_values.layers) {
        table.columns << tr("%1 [USD]").arg(layer.name);
    }
    for (std::size_t m = 0; m < months(); ++m) {
        QVariantList row = {text(scenario::Month{m_values.first.index + static_cast<int>(m)}.text())};
        for (const MonthStackValues::Layer& layer : m_values.layers) {
            row << layer.usd[m];
        }
        table.rows.push_back(row);
    }
    return table;
}

std::unique_ptr<Plot> MonthStackPlot::copy() const {
    auto plot = std::make_unique<MonthStackPlot>();
    plot->setValues(m_values);
    return plot;
}

QString MonthStackPlot::readout(QPointF position) const {
    if (empty() || !m_frame.plot.contains(position)) {
        return {};
    }
    const auto m = static_cast<std::size_t>(
        std::clamp(m_frame.xValue(position.x()) - m_frame.xLow, 0.0, static_cast<double>(months()) - 1));
    QStringList lines = {monthText({m_values.first.index + static_cast<int>(m)})};
    for (const MonthStackValues::Layer& layer : m_values.layers) {
        if (layer.usd[m] != 0.0) {
            lines << QStringLiteral("%1  %2").arg(layer.name,
                                                  quantityText(layer.usd[m], units::Dimension::Usd));
        }
    }
    return lines.join('\n');
}

} // namespace atlas::widgets
