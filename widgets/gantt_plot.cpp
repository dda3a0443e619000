#include "widgets/gantt_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace atlas::widgets {

namespace {

constexpr double kPowerShare = 0.27; ///< of the height, for power
constexpr double kNameShare = 0.40;  ///< of the width, for names of lanes
constexpr double kTallestBar = 17;
constexpr double kMark = 4;

QString monthOf(double at) {
    return monthText({static_cast<int>(std::floor(at))});
}

} // namespace

void GanttPlot::setValues(const GanttValues& values) {
    m_values = values;
    rearrange();
}

QBrush GanttPlot::fillOf(GanttValues::Kind kind) const {
    switch (kind) {
    case GanttValues::Kind::Build:
        return {mixed(theme().quietText, theme().panel, 0.2), Qt::BDiagPattern};
    case GanttValues::Kind::Powered:
        return mixed(theme().strategies[1], theme().panel, 0.15);
    case GanttValues::Kind::Lease:
        return mixed(theme().strategies[0], theme().panel, 0.1);
    case GanttValues::Kind::Run:
        break;
    }
    return mixed(theme().strategies[2], theme().panel, 0.05);
}

QString GanttPlot::nameOf(GanttValues::Kind kind) const {
    switch (kind) {
    case GanttValues::Kind::Build:
        return tr("ordered and built");
    case GanttValues::Kind::Powered:
        return tr("with power");
    case GanttValues::Kind::Lease:
        return tr("leased away");
    case GanttValues::Kind::Run:
        break;
    }
    return tr("training run");
}

double GanttPlot::layKinds(const QRectF& area) {
    std::set<GanttValues::Kind> kinds;
    bool marks = false;
    for (const GanttValues::Lane& lane : m_values.lanes) {
        for (const GanttValues::Bar& bar : lane.bars) {
            kinds.insert(bar.kind);
        }
        marks = marks || !lane.marks.empty();
    }
    std::vector<KeyItem> key;
    for (const GanttValues::Kind kind : kinds) {
        key.push_back({nameOf(kind), fillOf(kind)});
    }
    if (marks) {
        key.push_back({tr("◆ own cash covers it"), Qt::NoBrush});
    }
    return layKey(area, key);
}

void GanttPlot::arrange(const QRectF& area) {
    if (empty() || m_values.months < 1) {
        return;
    }
    const double top = layKinds(area);
    double names = 0;
    for (const GanttValues::Lane& lane : m_values.lanes) {
        names = std::max(names, measure(lane.name, font(TextRole::Label)).width());
    }
    names = std::min(names, area.width() * kNameShare);
    const double foot = labelHeight() + theme().spacing.tight + 1;
    const double height = area.height() - top - foot;
    const double powerHeight = m_values.powerW.empty() ? 0 : std::max(24.0, height * kPowerShare);
    const double left = area.left() + names + theme().spacing.small;
    const double width = std::max(8.0, area.right() - left - theme().spacing.small);
    m_lanes = {QRectF(left, area.top() + top, width, std::max(8.0, height - powerHeight)),
               static_cast<double>(m_values.first.index),
               static_cast<double>(m_values.first.index + m_values.months), 0,
               static_cast<double>(m_values.lanes.size())};
    m_power = m_lanes;
    m_power.plot = QRectF(left, m_lanes.plot.bottom() + theme().spacing.small, width,
                          std::max(8.0, powerHeight - theme().spacing.small));
    setPlotArea(QRectF(m_lanes.plot.topLeft(), m_power.plot.bottomRight()));
    if (powerHeight > 0) {
        layPower();
    } else {
        layYears(m_lanes);
    }
    for (std::size_t lane = 0; lane < m_values.lanes.size(); ++lane) {
        layLane(lane, names);
    }
}

void GanttPlot::layPower() {
    const double most = *std::ranges::max_element(m_values.powerW);
    m_power.yLow = 0;
    m_power.yHigh = std::max(1.0, most * 1.12);
    Frame whole = m_power;
    whole.plot = QRectF(m_lanes.plot.topLeft(), m_power.plot.bottomRight());
    layYears(whole);
    QPainterPath area(m_power.at(m_power.xLow, 0));
    QPainterPath edge;
    for (std::size_t m = 0; m < m_values.powerW.size(); ++m) {
        const double from = m_values.first.index + static_cast<double>(m);
        for (const double x : {from, from + 1}) {
            const QPointF at = m_power.at(x, m_values.powerW[m]);
            area.lineTo(at);
            edge.elementCount() == 0 ? edge.moveTo(at) : edge.lineTo(at);
        }
    }
    area.lineTo(m_power.at(m_power.xHigh, 0));
    area.closeSubpath();
    QColor tint = theme().strategies[1];
    tint.setAlphaF(0.22F);
    addShape({area, Qt::NoPen, tint});
    addShape({edge, QPen(theme().strategies[1], 1.6 * scale()), Qt::NoBrush});
    addLine(QLineF(m_power.plot.bottomLeft(), m_power.plot.bottomRight()),
            QPen(mixed(theme().line, theme().quietText, 0.5), 1));
    const double gap = theme().spacing.small;
    addLabel(elided(tr("Power provisioned"), TextRole::Label, m_power.plot.left() - gap),
             {m_power.plot.left() - gap, m_power.plot.center().y()}, Qt::AlignRight | Qt::AlignVCenter,
             TextRole::Label, theme().quietText);
    double before = -1;
    for (std::size_t m = 0; m < m_values.powerW.size(); ++m) {
        if (m_values.powerW[m] != before) {
            before = m_values.powerW[m];
            // A step too short for its label would be crossed by the next one.
            const auto next =
                std::ranges::find_if(m_values.powerW.begin() + static_cast<std::ptrdiff_t>(m),
                                     m_values.powerW.end(), [&](double w) { return w != before; });
            const auto length = static_cast<double>(next - m_values.powerW.begin()) - static_cast<double>(m);
            if (length / m_values.months * m_power.plot.width() <
                measure(quantityText(before, units::Dimension::Watts), font(TextRole::Label)).width() + 6) {
                continue;
            }
            tryLabel(quantityText(before, units::Dimension::Watts),
                     m_power.at(m_values.first.index + static_cast<double>(m), before) + QPointF(3, -1),
                     Qt::AlignLeft | Qt::AlignBottom, TextRole::Label, theme().text);
        }
    }
}

void GanttPlot::layLane(std::size_t i, double names) {
    const GanttValues::Lane& lane = m_values.lanes[i];
    const double slot = m_lanes.plot.height() / static_cast<double>(m_values.lanes.size());
    const double middle = m_lanes.plot.top() + slot * (static_cast<double>(i) + 0.5);
    const double tall = std::min(kTallestBar * scale(), slot * 0.72);
    const double gap = theme().spacing.small;
    if (slot >= labelHeight() * 0.9) {
        const bool room = slot >= 2 * labelHeight();
        addLabel(room ? onTwoLines(lane.name, TextRole::Label, names)
                      : elided(lane.name, TextRole::Label, names),
                 {m_lanes.plot.left() - gap, middle}, Qt::AlignRight | Qt::AlignVCenter, TextRole::Label,
                 theme().text);
    }
    const auto clearOfMarks = [&](double x) {
        for (const GanttValues::Mark& mark : lane.marks) {
            const double at = m_lanes.x(mark.at);
            if (x > at - 2 * kMark * scale() && x < at + 2 * kMark * scale()) {
                x = at + 2 * kMark * scale();
            }
        }
        return x;
    };
    for (const GanttValues::Bar& bar : lane.bars) {
        const double from = std::max(bar.from, m_lanes.xLow);
        const double to = std::min(bar.to, m_lanes.xHigh);
        if (to <= from) {
            continue;
        }
        const QRectF rect(m_lanes.x(from), std::round(middle - tall / 2), m_lanes.x(to) - m_lanes.x(from),
                          tall);
        const QBrush fill = fillOf(bar.kind);
        const bool hatched = fill.style() != Qt::SolidPattern;
        addRect(rect, fill,
                hatched ? QPen(mixed(theme().quietText, theme().panel, 0.4), 1) : QPen(Qt::NoPen));
        const double room = rect.width() - 2 * theme().spacing.tight;
        if (!bar.words.isEmpty() && measure(bar.words, font(TextRole::Label)).width() <= room &&
            tall >= labelHeight() * 0.85) {
            tryLabel(bar.words, {clearOfMarks(rect.left() + theme().spacing.tight), middle},
                     Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label,
                     hatched ? theme().text : inkOn(fill.color()));
        } else if (!bar.words.isEmpty() && bar.kind == GanttValues::Kind::Run) {
            tryLabel(bar.words, {rect.right() + theme().spacing.tight, middle},
                     Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().text);
        }
    }
    for (const GanttValues::Mark& mark : lane.marks) {
        if (mark.at < m_lanes.xLow || mark.at > m_lanes.xHigh) {
            continue;
        }
        const double x = m_lanes.x(mark.at);
        const double r = kMark * scale();
        QPainterPath diamond(QPointF(x, middle - r));
        diamond.lineTo(x + r, middle);
        diamond.lineTo(x, middle + r);
        diamond.lineTo(x - r, middle);
        diamond.closeSubpath();
        addShape({diamond, QPen(theme().panel, 1.2), theme().text});
    }
}

DataTable GanttPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("build-out");
    table.columns = {tr("lane"), tr("what"), tr("from"), tr("to"), tr("detail")};
    for (const GanttValues::Lane& lane : m_values.lanes) {
        for (const GanttValues::Bar& bar : lane.bars) {
            table.rows.push_back(
                {lane.name, nameOf(bar.kind), monthOf(bar.from), monthOf(bar.to), bar.words});
        }
        for (const GanttValues::Mark& mark : lane.marks) {
            table.rows.push_back({lane.name, tr("own cash covers it"), monthOf(mark.at), {}, mark.words});
        }
    }
    for (std::size_t m = 0; m < m_values.powerW.size(); ++m) {
        const scenario::Month month{m_values.first.index + static_cast<int>(m)};
        table.rows.push_back({tr("Power provisioned"),
                              tr("with power"),
                              monthText(month),
                              {},
                              quantityText(m_values.powerW[m], units::Dimension::Watts)});
    }
    return table;
}

std::unique_ptr<Plot> GanttPlot::copy() const {
    auto plot = std::make_unique<GanttPlot>();
    plot->setValues(m_values);
    return plot;
}

QString GanttPlot::readout(QPointF position) const {
    if (empty()) {
        return {};
    }
    if (m_power.plot.contains(position) && !m_values.powerW.empty()) {
        const auto m = static_cast<std::size_t>(
            std::clamp(m_power.xValue(position.x()) - m_power.xLow, 0.0, m_values.months - 1.0));
        return monthText({m_values.first.index + static_cast<int>(m)}) + '\n' +
               quantityText(m_values.powerW[m], units::Dimension::Watts);
    }
    if (!m_lanes.plot.contains(position)) {
        return {};
    }
    const double slot = m_lanes.plot.height() / static_cast<double>(m_values.lanes.size());
    const auto i = std::min(m_values.lanes.size() - 1,
                            static_cast<std::size_t>((position.y() - m_lanes.plot.top()) / slot));
    const GanttValues::Lane& lane = m_values.lanes[i];
    QStringList lines = {lane.name};
    const double month = m_lanes.xValue(position.x());
    for (const GanttValues::Bar& bar : lane.bars) {
        if (month >= bar.from && month <= bar.to) {
            lines << tr("%1, %2 to %3").arg(nameOf(bar.kind), monthOf(bar.from), monthOf(bar.to));
            if (!bar.words.isEmpty()) {
                lines << bar.words;
            }
        }
    }
    for (const GanttValues::Mark& mark : lane.marks) {
        lines << mark.words;
    }
    return lines.join('\n');
}

} // namespace atlas::widgets
