#include "widgets/sankey_plot.h"

#include "widgets/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace atlas::widgets {

namespace {

using finance::FlowStage;
using finance::MoneyFlows;

constexpr double kNodeWidth = 11;
constexpr double kNodeGap = 11; ///< between nodes of a column
constexpr double kRibbonAlpha = 0.42;
constexpr double kLabelShare = 0.24;  ///< of the width, for the names beside the outer columns
constexpr double kWidestShare = 0.32; ///< where a node is too low for a second line
constexpr double kThinnest = 1.5;     ///< a node is at least so tall

QString usd(double value) {
    return quantityText(value, units::Dimension::Usd);
}

} // namespace

void SankeyPlot::setValues(const SankeyValues& values) {
    m_values = values;
    rearrange();
}

double SankeyPlot::throughUsd(std::size_t node) const {
    return std::max(m_values.flows.inUsd(node), m_values.flows.outUsd(node));
}

QColor SankeyPlot::colourOf(std::size_t node) const {
    switch (m_values.flows.nodes[node].stage) {
    case FlowStage::Source:
        return seriesColour(theme(), 2 + node);
    case FlowStage::Tenant:
        return theme().strategies[0];
    case FlowStage::Owner:
        return theme().strategies[1];
    default:
        return mixed(theme().quietText, theme().panel, 0.25);
    }
}

bool SankeyPlot::touchesTenant(std::size_t node) const {
    const auto& flows = m_values.flows;
    return std::ranges::any_of(flows.links, [&](const MoneyFlows::Link& link) {
        return (link.from == node && flows.nodes[link.to].stage == FlowStage::Tenant) ||
               (link.to == node && flows.nodes[link.from].stage == FlowStage::Tenant);
    });
}

double SankeyPlot::roomForNames(std::size_t column, double width) const {
    double wide = width * kLabelShare;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool low = throughUsd(i) * m_perUsd <= labelHeight() / 2;
        if (m_columns[i] == column && throughUsd(i) > 0 && low) {
            const QString one =
                text(m_values.flows.nodes[i].name) + QStringLiteral("  ") + usd(throughUsd(i));
            wide = std::max(wide, measure(one, font(TextRole::Label)).width() + theme().spacing.small + 2);
        }
    }
    return std::min(wide, width * kWidestShare);
}

void SankeyPlot::placeNodes(const QRectF& area) {
    const auto& nodes = m_values.flows.nodes;
    std::array<bool, static_cast<std::size_t>(FlowStage::Count)> used{};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        used[static_cast<std::size_t>(nodes[i].stage)] |= throughUsd(i) > 0;
    }
    std::array<std::size_t, used.size()> column{};
    std::size_t columns = 0;
    for (std::size_t s = 0; s < used.size(); ++s) {
        column[s] = columns;
        columns += used[s] ? 1 : 0;
    }
    m_columns.clear();
    for (const MoneyFlows::Node& node : nodes) {
        m_columns.push_back(column[static_cast<std::size_t>(node.stage)]);
    }
    std::vector<double> total(columns, 0.0);
    std::vector<int> count(columns, 0);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (throughUsd(i) > 0) {
            total[m_columns[i]] += throughUsd(i);
            ++count[m_columns[i]];
        }
    }
    const double gap = std::max(kNodeGap * scale(), labelHeight() * 1.5);
    m_perUsd = HUGE_VAL;
    for (std::size_t c = 0; c < columns; ++c) {
        const double room = area.height() - gap * std::max(0, count[c] - 1);
        m_perUsd = std::min(m_perUsd, std::max(8.0, room) / total[c]);
    }
    const double width = kNodeWidth * scale();
    const double names = roomForNames(0, area.width());
    const double left = area.left() + names;
    const double span = area.width() - names - roomForNames(columns - 1, area.width()) - width;
    m_nodes.assign(nodes.size(), {});
    for (std::size_t c = 0; c < columns; ++c) {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (m_columns[i] == c && throughUsd(i) > 0) {
                order.push_back(i);
            }
        }
        std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return throughUsd(i); });
        // What tenants live on and keep stands on top, where they stand, so that loans pass below them.
        std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return touchesTenant(i); });
        const bool onTop = !order.empty() && (nodes[order.front()].stage == FlowStage::Tenant ||
                                              nodes[order.front()].stage == FlowStage::Lessor);
        const double spare = area.height() - total[c] * m_perUsd - gap * std::max(0, count[c] - 1);
        double y = area.top() + (onTop ? 0.0 : spare / 2);
        const double x =
            left +
            (columns > 1 ? span * static_cast<double>(c) / static_cast<double>(columns - 1) : span / 2);
        for (const std::size_t i : order) {
            const double height = std::max(kThinnest, throughUsd(i) * m_perUsd);
            m_nodes[i].rect = QRectF(std::round(x), y, width, height);
            y += height + gap;
        }
    }
}

void SankeyPlot::drawLinks() {
    const auto& links = m_values.flows.links;
    m_ribbons.assign(links.size(), {});
    std::vector<double> outAt(m_nodes.size()), inAt(m_nodes.size());
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        outAt[i] = inAt[i] = m_nodes[i].rect.top();
    }
    // Ribbons leave and arrive in the order of what they lead to, so that they cross as little as can be.
    std::vector<std::size_t> order(links.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> starts(links.size()), ends(links.size());
    std::ranges::stable_sort(order, {}, [&](std::size_t l) { return m_nodes[links[l].to].rect.top(); });
    for (const std::size_t l : order) {
        starts[l] = outAt[links[l].from];
        outAt[links[l].from] += links[l].usd * m_perUsd;
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t l) { return m_nodes[links[l].from].rect.top(); });
    for (const std::size_t l : order) {
        ends[l] = inAt[links[l].to];
        inAt[links[l].to] += links[l].usd * m_perUsd;
    }
    for (std::size_t l = 0; l < links.size(); ++l) {
        const double width = std::max(0.8, links[l].usd * m_perUsd);
        const double x0 = m_nodes[links[l].from].rect.right();
        const double x1 = m_nodes[links[l].to].rect.left();
        const double bend = (x1 - x0) / 2;
        QPainterPath path(QPointF(x0, starts[l]));
        path.cubicTo(x0 + bend, starts[l], x1 - bend, ends[l], x1, ends[l]);
        path.lineTo(x1, ends[l] + width);
        path.cubicTo(x1 - bend, ends[l] + width, x0 + bend, starts[l] + width, x0, starts[l] + width);
        path.closeSubpath();
        m_ribbons[l] = path;
        QColor tint = colourOf(links[l].from);
        tint.setAlphaF(static_cast<float>(kRibbonAlpha));
        addShape({path, Qt::NoPen, tint});
    }
}

void SankeyPlot::labelNodes(const QRectF& area) {
    const std::size_t last = *std::ranges::max_element(m_columns);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const QRectF& rect = m_nodes[i].rect;
        if (rect.isEmpty()) {
            continue;
        }
        addRect(rect, colourOf(i));
        const QString name = text(m_values.flows.nodes[i].name);
        const QString value = usd(throughUsd(i));
        const double middle = rect.center().y();
        const double gap = theme().spacing.small;
        if (m_columns[i] == 0 || m_columns[i] == last) {
            const bool left = m_columns[i] == 0;
            const double room = left ? rect.left() - gap - area.left() : area.right() - rect.right() - gap;
            const QPointF at(left ? rect.left() - gap : rect.right() + gap, middle);
            const Qt::Alignment align = (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
            const QString one = name + QStringLiteral("  ") + value;
            const bool fits = measure(one, font(TextRole::Label)).width() <= room;
            // Between neighbours there is room for a line and a half; a second one needs a node that is no
            // line itself.
            const bool two = rect.height() > labelHeight() / 2;
            const bool nameFits = measure(name, font(TextRole::Label)).width() <= room;
            const QString words = fits       ? one
                                  : !two     ? elided(name, TextRole::Label, room)
                                  : nameFits ? name + '\n' + value
                                             : onTwoLines(one, TextRole::Label, room);
            PlotLabel& label = addLabel(words, at, align, TextRole::Label, theme().text);
            label.align = align;
        } else {
            const QString words = elided(name + QStringLiteral("  ") + value, TextRole::Label,
                                         area.width() * kLabelShare * 1.4);
            if (!tryLabel(words, {rect.center().x(), rect.top() - 3}, Qt::AlignHCenter | Qt::AlignBottom,
                          TextRole::Label, theme().text)) {
                tryLabel(words, {rect.center().x(), rect.bottom() + 3}, Qt::AlignHCenter | Qt::AlignTop,
                         TextRole::Label, theme().text);
            }
        }
    }
}

void SankeyPlot::arrange(const QRectF& area) {
    m_nodes.clear();
    m_ribbons.clear();
    m_perUsd = 0;
    if (empty()) {
        return;
    }
    const double room = labelHeight() + 4;
    const QRectF inner = area.adjusted(0, room, 0, -room);
    setPlotArea(inner);
    placeNodes(inner);
    drawLinks();
    labelNodes(area);
}

DataTable SankeyPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("money-flow");
    table.columns = {tr("span"), tr("from"), tr("to"), tr("for"), tr("paid [USD]")};
    const auto& flows = m_values.flows;
    for (const MoneyFlows::Link& link : flows.links) {
        table.rows.push_back({m_values.span, text(flows.nodes[link.from].name),
                              text(flows.nodes[link.to].name), text(link.what), link.usd});
    }
    return table;
}

std::unique_ptr<Plot> SankeyPlot::copy() const {
    auto plot = std::make_unique<SankeyPlot>();
    plot->setValues(m_values);
    return plot;
}

QString SankeyPlot::readout(QPointF position) const {
    const auto& flows = m_values.flows;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].rect.adjusted(-3, -1, 3, 1).contains(position)) {
            const double in = flows.inUsd(i);
            const double out = flows.outUsd(i);
            QStringList lines = {text(flows.nodes[i].name)};
            if (in > 0) {
                lines << tr("in  %1").arg(usd(in));
            }
            if (out > 0) {
                lines << tr("out  %1").arg(usd(out));
            }
            return lines.join('\n');
        }
    }
    for (std::size_t l = 0; l < m_ribbons.size(); ++l) {
        if (m_ribbons[l].contains(position)) {
            const MoneyFlows::Link& link = flows.links[l];
            return tr("%1 to %2\n%3  %4")
                .arg(text(flows.nodes[link.from].name), text(flows.nodes[link.to].name), text(link.what),
                     usd(link.usd));
        }
    }
    return {};
}

} // namespace atlas::widgets
