#include "widgets/bars_plot.h"

#include "widgets/format.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kSmallestRow = 30; ///< pixels, two bars and a gap
constexpr double kLargestRow = 52;
constexpr double kLabelShare = 0.4; ///< of the width, at most

double larger(const BarsValues::Row& row) {
    return std::max(row.values[0].value_or(0), row.values[1].value_or(0));
}

} // namespace

void BarsPlot::setValues(const BarsValues& values) {
    m_values = values;
    std::ranges::stable_sort(m_values.rows, [](const BarsValues::Row& a, const BarsValues::Row& b) {
        return larger(a) > larger(b);
    });
    rearrange();
}

bool BarsPlot::empty() const {
    return std::ranges::none_of(m_values.rows, [](const BarsValues::Row& row) { return larger(row) > 0; });
}

QString BarsPlot::labelOf(std::size_t row) const {
    if (row < m_values.rows.size()) {
        return m_values.rows[row].label;
    }
    return tr("%1 more").arg(m_values.rows.size() - m_shownRows + 1);
}

void BarsPlot::arrange(const QRectF& area) {
    m_bars.clear();
    if (empty()) {
        return;
    }
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    // The key stands above; then as many rows as there is room for, the rest in the last one.
    double keyX = area.left();
    for (const Side side : kSides) {
        const double mark = std::round(8 * scale());
        const QString words =
            QString(QChar(letter(side))) + QStringLiteral("  ") + m_values.sides[index(side)];
        const double room = area.width() / 2 - mark - 3 * theme().spacing.small;
        const QString fitting = QFontMetricsF(font(TextRole::Label)).elidedText(words, Qt::ElideRight, room);
        QPainterPath square;
        square.addRect(QRectF(keyX, std::round(area.top() + (line - mark) / 2), mark, mark));
        addShape({square, Qt::NoPen, sideColour(theme(), side)});
        addLabel(fitting, QPointF(keyX + mark + theme().spacing.tight, area.top()),
                 Qt::AlignLeft | Qt::AlignTop, TextRole::Label, theme().quietText);
        keyX = area.left() + area.width() / 2;
    }
    const double top = area.top() + line + theme().spacing.small;
    const double smallest = std::max(kSmallestRow * scale(), 2 * line + 4);
    const auto fits = static_cast<std::size_t>(std::max(1.0, std::floor((area.bottom() - top) / smallest)));
    std::size_t useful = m_values.rows.size();
    while (useful > 1 && larger(m_values.rows[useful - 1]) <= 0) {
        --useful; // nothing to see on either side
    }
    m_shownRows = std::min(useful, fits);
    const double pitch =
        std::min((area.bottom() - top) / static_cast<double>(m_shownRows), kLargestRow * scale());

    std::vector<std::array<double, 2>> shown(m_shownRows);
    for (std::size_t r = 0; r < m_values.rows.size(); ++r) {
        for (const Side side : kSides) {
            shown[std::min(r, m_shownRows - 1)][index(side)] +=
                m_values.rows[r].values[index(side)].value_or(0);
        }
    }
    const bool rest = m_shownRows < useful;
    double widestLabel = 0;
    double highest = 0;
    double widestValue = 0;
    for (std::size_t r = 0; r < m_shownRows; ++r) {
        const std::size_t row = rest && r + 1 == m_shownRows ? m_values.rows.size() : r;
        widestLabel = std::max(widestLabel, measure(labelOf(row), font(TextRole::Label)).width());
        for (const double value : shown[r]) {
            highest = std::max(highest, value);
            widestValue =
                std::max(widestValue, measure(axisText(value, m_values.unit), font(TextRole::Label)).width());
        }
    }
    const double labels = std::min(widestLabel, area.width() * kLabelShare);
    const double left = std::round(area.left() + labels + theme().spacing.small);
    const double room = std::max(8.0, area.right() - left - widestValue - theme().spacing.small);
    for (std::size_t r = 0; r < m_shownRows; ++r) {
        const std::size_t row = rest && r + 1 == m_shownRows ? m_values.rows.size() : r;
        const double y = top + pitch * static_cast<double>(r);
        const double height = std::max(2.0, std::floor((pitch - theme().spacing.small) / 2));
        const QString label =
            QFontMetricsF(font(TextRole::Label)).elidedText(labelOf(row), Qt::ElideRight, labels + 1);
        addLabel(label, QPointF(left - theme().spacing.small, y + height), Qt::AlignRight | Qt::AlignVCenter,
                 TextRole::Label, theme().text);
        for (const Side side : kSides) {
            const double value = shown[r][index(side)];
            const bool applies = row >= m_values.rows.size() || m_values.rows[row].values[index(side)];
            const QRectF rect(left, std::round(y) + (side == Side::A ? 0 : height + 1),
                              applies && value > 0 ? std::max(1.0, value / highest * room) : 0, height);
            QPainterPath path;
            path.addRect(rect);
            addShape({path, Qt::NoPen, sideColour(theme(), side)});
            addLabel(applies ? axisText(value, m_values.unit) : notApplicable(),
                     QPointF(rect.right() + theme().spacing.tight, rect.center().y()),
                     Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label, theme().quietText);
            m_bars.push_back({row, side, value, rect});
        }
    }
    addLine(QLineF(left - 0.5, top, left - 0.5, top + pitch * static_cast<double>(m_shownRows)),
            QPen(theme().line, 1), false);
}

DataTable BarsPlot::table() const {
    DataTable table;
    table.name = m_values.name;
    table.columns = {tr("part"), tr("A: %1, %2").arg(m_values.sides[0], m_values.measure),
                     tr("B: %1, %2").arg(m_values.sides[1], m_values.measure)};
    for (const BarsValues::Row& row : m_values.rows) {
        const auto cell = [&](std::size_t side) {
            return row.values[side] ? QVariant(*row.values[side]) : QVariant();
        };
        table.rows.push_back({row.label, cell(0), cell(1)});
    }
    return table;
}

std::unique_ptr<Plot> BarsPlot::copy() const {
    auto plot = std::make_unique<BarsPlot>();
    plot->setValues(m_values);
    return plot;
}

QString BarsPlot::readout(QPointF position) const {
    for (const Bar& bar : m_bars) {
        const QRectF row(0, bar.rect.top() - 1, size().width(), bar.rect.height() + 2);
        if (row.contains(position)) {
            return QStringLiteral("%1\n%2  %3")
                .arg(labelOf(bar.row))
                .arg(QChar(letter(bar.side)))
                .arg(axisText(bar.value, m_values.unit));
        }
    }
    return {};
}

} // namespace atlas::widgets
