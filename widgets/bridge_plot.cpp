#include "widgets/bridge_plot.h"

#include "model/operations/waterfall.h"
#include "widgets/format.h"

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kBarShare = 0.62; ///< of a slot
constexpr double kWidestBar = 54;
constexpr std::size_t kNamedInFinding = 2;

/// "+12", "−0.4": hundredths of peak.
QString pointsText(double share) {
    const double points = std::abs(share) * 100;
    const QString digits = QString::number(points, 'f', points >= 9.95 ? 0 : 1);
    return (share < 0 ? QString(QChar(0x2212)) : QStringLiteral("+")) + digits;
}

QString totalText(double share) {
    return QString::number(share * 100, 'f', share >= 0.0995 ? 0 : 1);
}

} // namespace

BridgeValues bridgeOf(const WaterfallValues& values) {
    BridgeValues bridge;
    const auto& [a, b] = values.sides;
    bridge.sides = {a.name, b.name};
    bridge.known = !a.bars.empty() && !b.bars.empty();
    if (!bridge.known) {
        return bridge;
    }
    bridge.shares = {a.bars.back().share, b.bars.back().share};
    for (const operations::BridgeStep& step : operations::bridge(a.bars, b.bars)) {
        bridge.steps.push_back({step.name, step.change});
    }
    return bridge;
}

QString bridgeFinding(const BridgeValues& values) {
    if (!values.known) {
        return BridgePlot::tr("There is no bridge: only one side trains");
    }
    std::vector<BridgeValues::Step> steps = values.steps;
    std::ranges::stable_sort(
        steps, [](const auto& x, const auto& y) { return std::abs(x.change) > std::abs(y.change); });
    QStringList parts;
    for (std::size_t i = 0; i < std::min(kNamedInFinding, steps.size()); ++i) {
        parts << QStringLiteral("%1 %2").arg(text(steps[i].name), pointsText(steps[i].change));
    }
    const double more = values.shares[1] - values.shares[0];
    const QString points = QString::number(std::abs(more) * 100, 'f', 1);
    return (more >= 0 ? BridgePlot::tr("B gets %1 of 100 more out of its peak than A: %2")
                      : BridgePlot::tr("B gets %1 of 100 less out of its peak than A: %2"))
        .arg(points, parts.join(QStringLiteral(", ")));
}

void BridgePlot::setValues(const BridgeValues& values) {
    m_values = values;
    rearrange();
}

void BridgePlot::arrange(const QRectF& area) {
    m_bars.clear();
    if (empty()) {
        return;
    }
    m_bars.push_back({{}, 0, m_values.shares[0], {}});
    double level = m_values.shares[0];
    double lowest = 0;
    double highest = std::max(m_values.shares[0], m_values.shares[1]);
    for (const BridgeValues::Step& step : m_values.steps) {
        if (std::abs(step.change) < kSmallestShare) {
            level += step.change; // too small to be seen: it moves the level all the same
            continue;
        }
        m_bars.push_back({step.name, level, level + step.change, {}});
        level += step.change;
        lowest = std::min(lowest, level);
        highest = std::max(highest, level);
    }
    m_bars.push_back({{}, 0, m_values.shares[1], {}});

    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    const QRectF plot(area.left(), std::round(area.top() + 2 * line), area.width(),
                      std::max(8.0, std::round(area.height() - 5.2 * line)));
    const double slot = plot.width() / static_cast<double>(m_bars.size());
    const double width = std::max(2.0, std::floor(std::min(kWidestBar * scale(), slot * kBarShare)));
    const auto yOf = [&](double share) {
        return plot.bottom() - (share - lowest) / (highest - lowest) * plot.height();
    };
    addLine(QLineF(plot.left(), std::round(yOf(0)) + 0.5, plot.right(), std::round(yOf(0)) + 0.5),
            QPen(theme().line, 1), false);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        Bar& bar = m_bars[i];
        const bool end = bar.name.empty();
        const double centre = plot.left() + slot * (static_cast<double>(i) + 0.5);
        const double top = yOf(std::max(bar.from, bar.to));
        const double height = std::max(1.5, yOf(std::min(bar.from, bar.to)) - top);
        bar.rect = QRectF(std::round(centre - width / 2), top, width, height);
        const double change = bar.to - bar.from;
        QPainterPath path;
        path.addRect(bar.rect);
        const Side side = i == 0 ? Side::A : Side::B;
        addShape({path, Qt::NoPen,
                  end          ? sideColour(theme(), side)
                  : change > 0 ? theme().positive
                               : theme().negative});
        const QString value = end ? totalText(bar.to)
                                  : (change > 0 ? QString(QChar(0x25b2)) : QString(QChar(0x25bc))) +
                                        QChar(0x2009) + pointsText(change);
        if (!tryLabel(value, QPointF(centre, bar.rect.top() - 2), Qt::AlignHCenter | Qt::AlignBottom,
                      end ? TextRole::Strong : TextRole::Label, end ? theme().text : theme().quietText)) {
            tryLabel(pointsText(change), QPointF(centre, bar.rect.bottom() + 2),
                     Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
        }
        if (i + 1 < m_bars.size()) {
            const double y = yOf(bar.to);
            addLine(QLineF(bar.rect.right(), y, bar.rect.right() + slot - width, y),
                    QPen(mixed(theme().panel, theme().quietText, 0.6), 1, Qt::DotLine), false);
        }
        // Names stand under the picture, in turn on one of two lines so that neighbours keep apart.
        const QString name = end ? QString(QChar(letter(side))) : waterfallLabel(bar.name);
        const double below = plot.bottom() + theme().spacing.tight + (i % 2 == 0 ? 0 : line);
        const double half = measure(name, font(TextRole::Label)).width() / 2;
        const double x = std::clamp(centre, area.left() + half, area.right() - half);
        tryLabel(name, QPointF(x, below), Qt::AlignHCenter | Qt::AlignTop, TextRole::Label,
                 end ? theme().text : theme().quietText);
    }
    tryLabel(tr("%1 %2 = %3: the steps add up")
                 .arg(totalText(m_values.shares[0]), pointsText(m_values.shares[1] - m_values.shares[0]),
                      totalText(m_values.shares[1])),
             QPointF(area.right(), area.bottom()), Qt::AlignRight | Qt::AlignBottom, TextRole::Label,
             theme().quietText);
}

DataTable BridgePlot::table() const {
    DataTable table;
    table.name = QStringLiteral("bridge");
    table.columns = {tr("part"), tr("change [share of peak]"), tr("level [share of peak]")};
    table.rows.push_back({tr("A: %1").arg(m_values.sides[0]), QVariant(), m_values.shares[0]});
    double level = m_values.shares[0];
    for (const BridgeValues::Step& step : m_values.steps) {
        level += step.change;
        table.rows.push_back({text(step.name), step.change, level});
    }
    table.rows.push_back({tr("B: %1").arg(m_values.sides[1]), QVariant(), m_values.shares[1]});
    return table;
}

std::unique_ptr<Plot> BridgePlot::copy() const {
    auto plot = std::make_unique<BridgePlot>();
    plot->setValues(m_values);
    return plot;
}

QString BridgePlot::readout(QPointF position) const {
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        if (position.x() < bar.rect.left() || position.x() > bar.rect.right()) {
            continue;
        }
        if (bar.name.empty()) {
            const std::size_t side = i == 0 ? 0 : 1;
            return tr("%1\n%2 of peak").arg(m_values.sides[side], percentText(bar.to));
        }
        return tr("%1\nB against A: %2 of 100").arg(text(bar.name), pointsText(bar.to - bar.from));
    }
    return {};
}

} // namespace atlas::widgets
