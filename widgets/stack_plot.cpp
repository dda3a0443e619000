#include "widgets/stack_plot.h"

#include "widgets/format.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kTallestBar = 40;
constexpr double kHiddenBar = 5;
constexpr double kNameShare = 0.42; ///< of the width that names of rows take at most
constexpr double kSwatch = 9;
constexpr double kHairWidth = 0.75; ///< segments thinner than this are not drawn
constexpr double kDarkText = 0.55;  ///< luminance from which a segment takes dark letters

double luminance(const QColor& c) {
    return 0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF();
}

QString elided(const QString& text, const QFont& font, double width) {
    return QFontMetricsF(font).elidedText(text, Qt::ElideRight, width);
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values) {
        total += value;
    }
    return total;
}

} // namespace

bool StackValues::anyHidden() const {
    return std::ranges::any_of(rows, [](const Row& row) { return sum(row.hidden) > 0; });
}

void StackPlot::setValues(const StackValues& values) {
    m_values = values;
    rearrange();
}

QColor StackPlot::colour(const Tint& tint) const {
    using operations::GpuState;
    switch (tint.role) {
    case Tint::Role::Computing:
        return mixed(theme().state(GpuState::Computing).colour, theme().panel, tint.shade);
    case Tint::Role::Communicating:
        return mixed(theme().state(GpuState::Communicating).colour, theme().panel, tint.shade);
    case Tint::Role::Waiting:
        return mixed(theme().state(GpuState::Waiting).colour, theme().panel, tint.shade);
    case Tint::Role::Ramp:
        break;
    }
    return theme().sequentialAt(tint.shade);
}

double StackPlot::longest() const {
    double most = m_values.limit;
    for (const StackValues::Row& row : m_values.rows) {
        most = std::max({most, sum(row.values), sum(row.hidden)});
    }
    return most;
}

void StackPlot::arrange(const QRectF& area) {
    m_segments.clear();
    m_limitX = -1;
    if (empty()) {
        return;
    }
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height();
    const double gap = theme().spacing.small;
    double names = 0;
    for (const StackValues::Row& row : m_values.rows) {
        names = std::max({names, measure(row.name, font(TextRole::Body)).width(),
                          measure(row.detail, font(TextRole::Label)).width()});
    }
    names = std::min(names, area.width() * kNameShare);
    const double legend = layLegend(area, true);
    const double top = m_values.limit > 0 ? line + theme().spacing.tight : 0;
    const QRectF plot(area.left() + names + gap, area.top() + top,
                      std::max(8.0, area.width() - names - gap - 1),
                      std::max(8.0, area.height() - top - line - legend - 2 * gap));
    setPlotArea(plot);
    const double most = longest() > 0 ? longest() * (m_values.limit > 0 ? 1.04 : 1.0) : 1;
    layAxis(plot, most);
    const double slot = plot.height() / static_cast<double>(m_values.rows.size());
    for (std::size_t i = 0; i < m_values.rows.size(); ++i) {
        const QRectF own(area.left(), plot.top() + slot * static_cast<double>(i), names, slot);
        layNames(m_values.rows[i], own, names);
        layRow(i, QRectF(plot.left(), own.top(), plot.width(), slot), plot, most);
    }
    if (m_values.limit > 0) {
        m_limitX = std::round(plot.left() + m_values.limit / most * plot.width()) + 0.5;
        addLine(QLineF(m_limitX, plot.top() - 2, m_limitX, plot.bottom()), QPen(theme().text, 1.5));
        const QString words = quantityText(m_values.limit, m_values.dimension) + ' ' + m_values.limitName;
        const double half = measure(words, font(TextRole::Label)).width() / 2;
        addLabel(words, {std::min(m_limitX, area.right() - half), area.top()},
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().text);
    }
    layLegend(QRectF(area.left(), area.bottom() - legend, area.width(), legend), false);
}

void StackPlot::layAxis(const QRectF& plot, double most) {
    const int count = std::clamp(static_cast<int>(plot.width() / (84 * scale())), 2, 8);
    const QPen grid(mixed(theme().panel, theme().line, 0.7), 1);
    for (const double at : roundTicks(0, most, count)) {
        const double x = std::round(plot.left() + at / most * plot.width()) + 0.5;
        addLine(QLineF(x, plot.top(), x, plot.bottom()), grid, false);
        const QString words = at == 0.0 ? QStringLiteral("0") : quantityText(at, m_values.dimension);
        const double half = measure(words, font(TextRole::Label)).width() / 2;
        tryLabel(words,
                 {std::clamp(x, plot.left() + (at == 0.0 ? half : 0), plot.right() - half),
                  plot.bottom() + theme().spacing.tight},
                 Qt::AlignHCenter | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
}

void StackPlot::layNames(const StackValues::Row& row, const QRectF& slot, double width) {
    const double line = measure(QStringLiteral("0"), font(TextRole::Body)).height();
    const bool two = !row.detail.isEmpty() && slot.height() > 2 * line;
    const double middle = slot.center().y();
    addLabel(elided(row.name, font(TextRole::Body), width), {slot.left(), two ? middle : middle},
             Qt::AlignLeft | (two ? Qt::AlignBottom : Qt::AlignVCenter), TextRole::Body, theme().text);
    if (two) {
        addLabel(elided(row.detail, font(TextRole::Label), width), {slot.left(), middle},
                 Qt::AlignLeft | Qt::AlignTop, TextRole::Label, theme().quietText);
    }
}

void StackPlot::layRow(std::size_t r, const QRectF& slot, const QRectF& plot, double most) {
    const StackValues::Row& row = m_values.rows[r];
    const bool hidden = m_values.anyHidden();
    const double thin = hidden ? kHiddenBar * scale() + 3 : 0;
    const double height = std::max(3.0, std::min(kTallestBar * scale(), slot.height() * 0.72 - thin));
    const double y = std::round(slot.center().y() - (height + thin) / 2);
    double at = 0;
    for (std::size_t p = 0; p < row.values.size(); ++p) {
        const double from = plot.left() + at / most * plot.width();
        at += std::max(0.0, row.values[p]);
        const QRectF rect(from, y, plot.left() + at / most * plot.width() - from, height);
        if (rect.width() < kHairWidth) {
            continue;
        }
        m_segments.push_back({r, p, false, rect});
        const QColor fill = colour(m_values.parts[p].tint);
        QPainterPath path;
        path.addRect(rect.adjusted(0, 0, rect.width() > 3 ? -1 : 0, 0)); // a hair between neighbours
        addShape({path, Qt::NoPen, fill});
        const QColor ink = luminance(fill) > kDarkText ? QColor(Qt::black) : QColor(Qt::white);
        const QString value = quantityText(row.values[p], m_values.dimension);
        for (const QString& words : {m_values.parts[p].name + ' ' + value, value}) {
            if (measure(words, font(TextRole::Label)).width() + 8 < rect.width()) {
                addLabel(words, rect.center(), Qt::AlignCenter, TextRole::Label, ink);
                break;
            }
        }
    }
    at = 0;
    for (std::size_t p = 0; p < row.hidden.size(); ++p) {
        const double from = plot.left() + at / most * plot.width();
        at += std::max(0.0, row.hidden[p]);
        const QRectF rect(from, y + height + 3, plot.left() + at / most * plot.width() - from,
                          kHiddenBar * scale());
        if (rect.width() < kHairWidth) {
            continue;
        }
        m_segments.push_back({r, p, true, rect});
        QPainterPath path;
        path.addRect(rect.adjusted(0, 0, rect.width() > 3 ? -1 : 0, 0));
        addShape({path, Qt::NoPen, QBrush(colour(m_values.parts[p].tint), Qt::Dense4Pattern)});
    }
}

double StackPlot::layLegend(const QRectF& area, bool measureOnly) {
    const double line = measure(QStringLiteral("0"), font(TextRole::Label)).height() + 4;
    const double swatch = kSwatch * scale();
    double x = area.left();
    double y = area.top() + line / 2;
    int lines = 1;
    const auto place = [&](const QString& words, const QBrush& fill) {
        const double width = swatch + 5 + measure(words, font(TextRole::Label)).width() + 14;
        if (x > area.left() && x + width > area.right()) {
            x = area.left();
            y += line;
            ++lines;
        }
        if (!measureOnly) {
            QPainterPath path;
            path.addRect(QRectF(x, y - swatch / 2, swatch, swatch));
            addShape({path, Qt::NoPen, fill});
            addLabel(words, {x + swatch + 5, y}, Qt::AlignLeft | Qt::AlignVCenter, TextRole::Label,
                     theme().quietText);
        }
        x += width;
    };
    for (std::size_t p = 0; p < m_values.parts.size(); ++p) {
        const bool used = std::ranges::any_of(m_values.rows, [&](const StackValues::Row& row) {
            return row.values[p] > 0 || (p < row.hidden.size() && row.hidden[p] > 0);
        });
        if (used) {
            place(m_values.parts[p].name, colour(m_values.parts[p].tint));
        }
    }
    if (m_values.anyHidden()) {
        place(m_values.hiddenName,
              QBrush(theme().state(operations::GpuState::Communicating).colour, Qt::Dense4Pattern));
    }
    return lines * line;
}

DataTable StackPlot::table() const {
    DataTable table;
    table.name = m_values.name;
    const QString unit = QString::fromStdString(std::string(units::unitName(m_values.dimension)));
    table.columns = {tr("row"), tr("detail"), tr("part"), tr("value [%1]").arg(unit)};
    const bool hidden = m_values.anyHidden();
    if (hidden) {
        table.columns << tr("%1 [%2]").arg(m_values.hiddenName, unit);
    }
    if (m_values.limit > 0) {
        table.columns << tr("%1 [%2]").arg(m_values.limitName, unit);
    }
    for (const StackValues::Row& row : m_values.rows) {
        for (std::size_t p = 0; p < m_values.parts.size(); ++p) {
            QVariantList cells = {row.name, row.detail, m_values.parts[p].name, row.values[p]};
            if (hidden) {
                cells << (p < row.hidden.size() ? QVariant(row.hidden[p]) : QVariant());
            }
            if (m_values.limit > 0) {
                cells << m_values.limit;
            }
            table.rows.push_back(cells);
        }
    }
    return table;
}

std::unique_ptr<Plot> StackPlot::copy() const {
    auto plot = std::make_unique<StackPlot>();
    plot->setValues(m_values);
    return plot;
}

QString StackPlot::readout(QPointF position) const {
    for (const Segment& segment : m_segments) {
        const QRectF room = segment.hidden ? segment.rect.adjusted(0, -2, 0, 3) : segment.rect;
        if (!room.contains(position)) {
            continue;
        }
        const StackValues::Row& row = m_values.rows[segment.row];
        const double value = row.values[segment.part];
        QStringList lines = {row.name, QStringLiteral("%1  %2").arg(m_values.parts[segment.part].name,
                                                                    quantityText(value, m_values.dimension))};
        if (const double total = sum(row.values); total > 0) {
            lines[1] += QStringLiteral("  (%1)").arg(percentText(value / total));
        }
        if (segment.part < row.hidden.size() && row.hidden[segment.part] > 0) {
            lines << QStringLiteral("%1  %2").arg(m_values.hiddenName,
                                                  quantityText(row.hidden[segment.part], m_values.dimension));
        }
        return lines.join('\n');
    }
    return {};
}

QString StackPlot::description() const {
    return m_values.finding;
}

} // namespace atlas::widgets
