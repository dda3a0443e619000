#include "widgets/tornado_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kNameShare = 0.42; ///< of the width, for names of facts
constexpr double kTallestBar = 15;
constexpr double kRoom = 0.05;    ///< beside the longest bars, of their span
constexpr double kEndGap = 4;     ///< between a bar and the end it stands for
constexpr double kMostRoom = 0.6; ///< of the plot, for all ends of ranges
constexpr int kRoomPasses = 8;    ///< more room for one end makes the bars shorter, which another gains

} // namespace

void TornadoPlot::setValues(const TornadoValues& values) {
    m_values = values;
    rearrange();
}

void TornadoPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    const double top = layKey(area, {{tr("fact at its low end"), theme().strategies[0]},
                                     {tr("at its high end"), theme().strategies[1]},
                                     {tr("as stated"), Qt::NoBrush, QPen(theme().text, 1.5)}});
    double names = 0;
    double low = m_values.central;
    double high = m_values.central;
    for (const TornadoValues::Bar& bar : m_values.bars) {
        names = std::max(names, measure(bar.name, font(TextRole::Label)).width());
        low = std::min({low, bar.atLow, bar.atHigh});
        high = std::max({high, bar.atLow, bar.atHigh});
    }
    names = std::min(names, area.width() * kNameShare);
    const double span = std::max(high - low, std::abs(m_values.central) * 1e-6);
    const double room = span * kRoom;
    const double left = area.left() + names + theme().spacing.small;
    m_frame = {QRectF(left, area.top() + top, std::max(8.0, area.right() - left - theme().spacing.small),
                      std::max(8.0, area.height() - top - labelHeight() - theme().spacing.small)),
               low - room, high + room, 0, static_cast<double>(m_values.bars.size())};
    makeRoomForEnds(span / (1 - kMostRoom));
    setPlotArea(m_frame.plot);
    layValueAxisBelow(m_frame, m_values.dimension);
    for (std::size_t i = 0; i < m_values.bars.size(); ++i) {
        layBar(i, names);
    }
    const double x = std::round(m_frame.x(m_values.central)) + 0.5;
    addLine(QLineF(x, m_frame.plot.top(), x, m_frame.plot.bottom()), QPen(theme().text, 1.5));
}

void TornadoPlot::makeRoomForEnds(double widest) {
    for (int pass = 0; pass < kRoomPasses && m_frame.xHigh - m_frame.xLow < widest; ++pass) {
        double left = 0; // pixels that are missing
        double right = 0;
        for (const TornadoValues::Bar& bar : m_values.bars) {
            for (const auto& [at, end] : {std::pair{bar.atLow, bar.lowText}, {bar.atHigh, bar.highText}}) {
                const double wide = measure(end, font(TextRole::Label)).width() + kEndGap + 2;
                const double x = m_frame.x(at);
                left = std::max(left, at <= m_values.central ? m_frame.plot.left() - (x - wide) : 0.0);
                right = std::max(right, at >= m_values.central ? x + wide - m_frame.plot.right() : 0.0);
            }
        }
        if (left < 1 && right < 1) {
            return;
        }
        const double perPixel = (m_frame.xHigh - m_frame.xLow) / m_frame.plot.width();
        m_frame.xLow -= left * perPixel;
        m_frame.xHigh += right * perPixel;
    }
}

void TornadoPlot::layBar(std::size_t i, double names) {
    const TornadoValues::Bar& bar = m_values.bars[i];
    const double slot = m_frame.plot.height() / static_cast<double>(m_values.bars.size());
    const double middle = m_frame.plot.top() + slot * (static_cast<double>(i) + 0.5);
    const double tall = std::min(kTallestBar * scale(), slot * 0.66);
    const bool words = slot >= labelHeight() * 0.9;
    if (words) {
        addLabel(elided(bar.name, TextRole::Label, names),
                 {m_frame.plot.left() - theme().spacing.small, middle}, Qt::AlignRight | Qt::AlignVCenter,
                 TextRole::Label, theme().text);
    }
    const double base = m_frame.x(m_values.central);
    const bool sameSide = (bar.atLow - m_values.central) * (bar.atHigh - m_values.central) > 0;
    const auto draw = [&](double at, double other, bool applies, const QColor& colour, const QString& end,
                          double y, double height) {
        const double x = m_frame.x(at);
        addRect(QRectF(std::min(x, base), y, std::abs(x - base), height),
                applies ? QBrush(colour) : QBrush(colour, Qt::BDiagPattern));
        if (words) {
            // An end that moves nothing is named on the side that the other end leaves free.
            const bool still = std::abs(x - base) < 1;
            const bool right = still ? other <= m_values.central : at > m_values.central;
            tryLabel(end, {x + (right ? kEndGap : -kEndGap), y + height / 2},
                     (right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, TextRole::Label,
                     theme().quietText);
        }
    };
    const double y = std::round(middle - tall / 2);
    const double half = sameSide ? tall / 2 : tall; // both ends on one side stand under each other
    draw(bar.atLow, bar.atHigh, bar.lowApplies, theme().strategies[0], bar.lowText, y, half);
    draw(bar.atHigh, bar.atLow, bar.highApplies, theme().strategies[1], bar.highText, sameSide ? y + half : y,
         half);
}

DataTable TornadoPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("tornado");
    const QString unit = text(std::string(units::unitName(m_values.dimension)));
    table.columns = {tr("fact"),
                     tr("low end"),
                     tr("high end"),
                     tr("%1 at the low end [%2]").arg(m_values.outcome, unit),
                     tr("%1 as stated [%2]").arg(m_values.outcome, unit),
                     tr("%1 at the high end [%2]").arg(m_values.outcome, unit),
                     tr("source")};
    for (const TornadoValues::Bar& bar : m_values.bars) {
        table.rows.push_back({bar.name, bar.lowText, bar.highText,
                              bar.lowApplies ? QVariant(bar.atLow) : QVariant(), m_values.central,
                              bar.highApplies ? QVariant(bar.atHigh) : QVariant(), bar.source});
    }
    return table;
}

std::unique_ptr<Plot> TornadoPlot::copy() const {
    auto plot = std::make_unique<TornadoPlot>();
    plot->setValues(m_values);
    return plot;
}

QString TornadoPlot::readout(QPointF position) const {
    if (empty() || position.y() < m_frame.plot.top() || position.y() > m_frame.plot.bottom()) {
        return {};
    }
    const double slot = m_frame.plot.height() / static_cast<double>(m_values.bars.size());
    const auto i = std::min(m_values.bars.size() - 1,
                            static_cast<std::size_t>((position.y() - m_frame.plot.top()) / slot));
    const TornadoValues::Bar& bar = m_values.bars[i];
    const auto value = [&](double at, bool applies) {
        return applies ? quantityText(at, m_values.dimension) : notApplicable();
    };
    return tr("%1\n%2  %3\n%4  %5\n%6")
        .arg(bar.name, bar.lowText, value(bar.atLow, bar.lowApplies), bar.highText,
             value(bar.atHigh, bar.highApplies), bar.source);
}

namespace {

/// "31 ± 4 %": what an index is, and how far off that may be (two standard errors).
QString shareText(double index, double error) {
    const QString share = percentText(std::max(0.0, index), 0);
    if (!(error > 0)) {
        return share;
    }
    return IndexPlot::tr("%1 ± %2").arg(share, percentText(2 * error, 0));
}

} // namespace

void IndexPlot::setValues(const IndexValues& values) {
    m_values = values;
    rearrange();
}

void IndexPlot::arrange(const QRectF& area) {
    if (empty()) {
        return;
    }
    const QColor colour = theme().accent;
    const QBrush together(mixed(colour, theme().panel, 0.25), Qt::BDiagPattern);
    const double top = layKey(area, {{tr("alone"), colour},
                                     {tr("together with other facts"), together},
                                     {tr("two standard errors"), Qt::NoBrush, QPen(theme().text, 1)}});
    double names = 0;
    for (const IndexValues::Bar& bar : m_values.bars) {
        names = std::max(names, measure(bar.name, font(TextRole::Label)).width());
    }
    names = std::min(names, area.width() * kNameShare);
    const double left = area.left() + names + theme().spacing.small;
    const double right = measure(shareText(1, 0.1), font(TextRole::Label)).width() + 8;
    double most = 0.01;
    for (const IndexValues::Bar& bar : m_values.bars) {
        most = std::max(most, bar.total + 2 * bar.totalError);
    }
    m_frame = {QRectF(left, area.top() + top, std::max(8.0, area.right() - left - right),
                      std::max(8.0, area.height() - top)),
               0, most, 0, static_cast<double>(m_values.bars.size())};
    setPlotArea(m_frame.plot);
    const double slot = m_frame.plot.height() / static_cast<double>(m_values.bars.size());
    const double tall = std::min(kTallestBar * scale(), slot * 0.66);
    for (std::size_t i = 0; i < m_values.bars.size(); ++i) {
        const IndexValues::Bar& bar = m_values.bars[i];
        const double middle = m_frame.plot.top() + slot * (static_cast<double>(i) + 0.5);
        const double y = std::round(middle - tall / 2);
        // Estimates from samples: alone a fact cannot be behind more than with all others.
        const double total = std::clamp(bar.total, 0.0, most);
        const double first = std::clamp(bar.first, 0.0, total);
        addRect(QRectF(left, y, m_frame.x(first) - left, tall), colour);
        addRect(QRectF(m_frame.x(first), y, m_frame.x(total) - m_frame.x(first), tall), together,
                QPen(mixed(colour, theme().panel, 0.4), 1));
        if (slot >= labelHeight() * 0.9) {
            addLabel(elided(bar.name, TextRole::Label, names), {left - theme().spacing.small, middle},
                     Qt::AlignRight | Qt::AlignVCenter, TextRole::Label, theme().text);
            addLabel(shareText(bar.total, bar.totalError),
                     {m_frame.x(std::min(most, total + 2 * bar.totalError)) + 5, middle},
                     Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().quietText);
        }
        // Two standard errors about the estimate.
        const double low = m_frame.x(std::max(0.0, total - 2 * bar.totalError));
        const double high = m_frame.x(std::min(most, total + 2 * bar.totalError));
        addLine(QLineF(low, middle, high, middle), QPen(theme().text, 1));
    }
}

DataTable IndexPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("sobol");
    table.columns = {tr("fact"), tr("first-order index"), tr("standard error"), tr("total index"),
                     tr("standard error of the total")};
    for (const IndexValues::Bar& bar : m_values.bars) {
        table.rows.push_back({bar.name, bar.first, bar.firstError, bar.total, bar.totalError});
    }
    return table;
}

std::unique_ptr<Plot> IndexPlot::copy() const {
    auto plot = std::make_unique<IndexPlot>();
    plot->setValues(m_values);
    return plot;
}

QString IndexPlot::readout(QPointF position) const {
    if (empty() || position.y() < m_frame.plot.top() || position.y() > m_frame.plot.bottom()) {
        return {};
    }
    const double slot = m_frame.plot.height() / static_cast<double>(m_values.bars.size());
    const auto i = std::min(m_values.bars.size() - 1,
                            static_cast<std::size_t>((position.y() - m_frame.plot.top()) / slot));
    const IndexValues::Bar& bar = m_values.bars[i];
    return tr("%1\n%2 of the variance alone, %3 with others")
        .arg(bar.name, shareText(bar.first, bar.firstError), shareText(bar.total, bar.totalError));
}

} // namespace atlas::widgets
