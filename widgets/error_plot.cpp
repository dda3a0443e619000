#include "widgets/error_plot.h"

#include "widgets/format.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kRowHeight = 17;    ///< least height of a group, pixels at scale 1
constexpr double kLeastReach = 0.12; ///< the scale always holds the band
constexpr double kMostReach = 0.6;   ///< beyond it lines end in an arrow
constexpr double kNameShare = 0.36;  ///< of the width that names may take

QString signedPercent(double share) {
    return (share > 0 ? QStringLiteral("+") : QString()) + percentText(share);
}

} // namespace

void ErrorPlot::setValues(const ErrorValues& values) {
    m_values = values;
    rearrange();
}

bool ErrorPlot::empty() const {
    return m_values.groups.empty();
}

double ErrorPlot::reach() const {
    double most = kLeastReach;
    for (const auto& group : m_values.groups) {
        most = std::max({most, std::abs(group.low), std::abs(group.high)});
    }
    return std::min(kMostReach, most * 1.08);
}

XyPlot::Scales ErrorPlot::scales(const QRectF& area) const {
    Scales s;
    s.xHigh = reach();
    s.xLow = -s.xHigh;
    s.yLow = 0.5;
    s.yHigh = static_cast<double>(m_shown) + 0.5;
    const int most = std::clamp(static_cast<int>(area.width() / (110 * scale())), 2, 8);
    for (const double at : roundTicks(s.xLow, s.xHigh, most)) {
        s.x.push_back({at, at == 0.0 ? QStringLiteral("0") : signedPercent(at)});
    }
    const QFontMetricsF metrics(font(TextRole::Label));
    for (std::size_t i = 0; i < m_shown; ++i) {
        const QString name =
            metrics.elidedText(m_values.groups[i].name, Qt::ElideRight, kNameShare * area.width());
        s.y.push_back({static_cast<double>(m_shown - i), name});
    }
    return s;
}

void ErrorPlot::arrange(const QRectF& area) {
    m_shown = 0;
    if (empty()) {
        return;
    }
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    const double room = area.height() - 3 * line - theme().spacing.small;
    const auto fitting = static_cast<std::size_t>(std::max(1.0, room / (kRowHeight * scale())));
    m_shown = std::min(m_values.groups.size(), fitting);
    std::vector<EndLabel> counts;
    for (std::size_t i = 0; i < m_shown; ++i) {
        const auto& group = m_values.groups[i];
        counts.push_back({static_cast<double>(m_shown - i),
                          tr("%1 · %2").arg(group.runs).arg(percentText(group.typical)),
                          group.runs < m_values.few ? theme().quietText : theme().text});
    }
    const QString heading = tr("%1 · typical").arg(m_values.noun);
    const double gutter =
        std::max(gutterFor(counts), measure(heading, font(TextRole::Label)).width() + theme().spacing.small);
    const double top = line + theme().spacing.tight;
    const double foot = m_shown < m_values.groups.size() ? line : 0;
    layScales(area.adjusted(0, top, 0, -foot), scales(area), gutter + theme().spacing.small);
    drawGround();
    for (std::size_t i = 0; i < m_shown; ++i) {
        drawGroup(m_values.groups[i], static_cast<double>(m_shown - i));
    }
    layEndLabels(counts, theme().spacing.small);
    const QRectF plot = plotArea();
    tryLabel(heading, QPointF(plot.right() + theme().spacing.small, area.top()), Qt::AlignLeft | Qt::AlignTop,
             TextRole::Label, theme().quietText);
    tryLabel(tr("too little"), QPointF(plot.left(), area.top()), Qt::AlignLeft | Qt::AlignTop,
             TextRole::Label, theme().quietText);
    tryLabel(tr("too much"), QPointF(plot.right(), area.top()), Qt::AlignRight | Qt::AlignTop,
             TextRole::Label, theme().quietText);
    if (m_shown < m_values.groups.size()) {
        std::size_t hidden = 0;
        for (std::size_t i = m_shown; i < m_values.groups.size(); ++i) {
            hidden += m_values.groups[i].runs;
        }
        addLabel(tr("and %1 more with %2 %3; enlarge to see them")
                     .arg(m_values.groups.size() - m_shown)
                     .arg(hidden)
                     .arg(m_values.noun),
                 area.bottomLeft(), Qt::AlignLeft | Qt::AlignBottom, TextRole::Label, theme().quietText);
    }
}

void ErrorPlot::drawGround() {
    const QRectF plot = plotArea();
    const double left = std::max(plot.left(), toPosition({-m_values.band, 1}).x());
    const double right = std::min(plot.right(), toPosition({m_values.band, 1}).x());
    QPainterPath band;
    band.addRect(QRectF(left, plot.top(), right - left, plot.height()));
    QColor tint = theme().accent;
    tint.setAlphaF(0.12F);
    addShape({band, Qt::NoPen, tint}, false);
    const double zero = std::round(toPosition({0, 1}).x()) + 0.5;
    addLine(QLineF(zero, plot.top(), zero, plot.bottom()), QPen(theme().quietText, 1), false);
}

void ErrorPlot::drawGroup(const ErrorValues::Group& group, double row) {
    const double limit = reach();
    const auto at = [&](double error) { return toPosition({std::clamp(error, -limit, limit), row}); };
    const double y = at(0).y();
    const bool faint = group.runs < m_values.few;
    const bool off = !faint && std::abs(group.median) > m_values.bias;
    const QColor colour = faint ? theme().quietText : off ? theme().warning : theme().accent;
    addLine(QLineF(at(group.low), at(group.high)), QPen(colour, 1.2 * scale()));
    for (const double end : {group.low, group.high}) {
        const double tip = at(end).x();
        const double cap = 3 * scale();
        if (std::abs(end) <= limit) {
            addLine(QLineF(tip, y - cap, tip, y + cap), QPen(colour, 1.2 * scale()));
        } else { // goes on outside
            const double back = end > 0 ? -cap : cap;
            QPainterPath arrow(QPointF(tip + back, y - cap));
            arrow.lineTo(tip, y);
            arrow.lineTo(tip + back, y + cap);
            addShape({arrow, QPen(colour, 1.2 * scale()), Qt::NoBrush});
        }
    }
    const double half = 4 * scale();
    QColor fill = colour;
    fill.setAlphaF(0.45F);
    QPainterPath bar;
    bar.addRect(
        QRectF(QPointF(at(group.quarter).x(), y - half), QPointF(at(group.threeQuarters).x(), y + half)));
    addShape({bar, QPen(colour, 1), fill});
    // Off is a diamond, good a disc, few an open disc: told by shape as well.
    const double radius = 3.4 * scale();
    QPainterPath mark;
    if (off) {
        const QPointF c = at(group.median);
        mark.addPolygon(QPolygonF({c + QPointF(0, -1.4 * radius), c + QPointF(1.4 * radius, 0),
                                   c + QPointF(0, 1.4 * radius), c + QPointF(-1.4 * radius, 0)}));
        mark.closeSubpath();
    } else {
        mark.addEllipse(at(group.median), radius, radius);
    }
    addShape({mark, QPen(colour, 1.2 * scale()), faint ? QBrush(theme().panel) : QBrush(theme().text)});
}

QString ErrorPlot::sentence(const ErrorValues::Group& group) const {
    return tr("%1: %2 %3, median error %4, in the middle %5; eight of ten from %6 to %7")
        .arg(group.name)
        .arg(group.runs)
        .arg(m_values.noun, percentText(group.typical), signedPercent(group.median), signedPercent(group.low),
             signedPercent(group.high));
}

QString ErrorPlot::readout(QPointF position) const {
    if (m_shown == 0) {
        return {};
    }
    const auto row = static_cast<int>(std::lround(toValue(position).y()));
    if (row < 1 || row > static_cast<int>(m_shown)) {
        return {};
    }
    return sentence(m_values.groups[m_shown - static_cast<std::size_t>(row)])
        .replace(QStringLiteral(": "), QStringLiteral("\n"))
        .replace(QStringLiteral("; "), QStringLiteral("\n"));
}

QString ErrorPlot::description() const {
    QStringList lines;
    for (const auto& group : m_values.groups) {
        lines << sentence(group);
    }
    return lines.join(QStringLiteral(". "));
}

DataTable ErrorPlot::table() const {
    DataTable out;
    out.name = QStringLiteral("errors");
    out.columns = {tr("group"),
                   m_values.noun,
                   tr("one in ten below"),
                   tr("one in four below"),
                   tr("median"),
                   tr("three in four below"),
                   tr("nine in ten below"),
                   tr("median of sizes")};
    for (const auto& g : m_values.groups) {
        out.rows.push_back({g.name, static_cast<double>(g.runs), g.low, g.quarter, g.median, g.threeQuarters,
                            g.high, g.typical});
    }
    return out;
}

std::unique_ptr<Plot> ErrorPlot::copy() const {
    auto made = std::make_unique<ErrorPlot>();
    made->setValues(m_values);
    return made;
}

} // namespace atlas::widgets
