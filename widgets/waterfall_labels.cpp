// Words of the waterfall: names of the bars, their values, the key. Nothing is clipped, nothing overlaps.
#include "widgets/waterfall_plot.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::widgets {

namespace {

QString pointsText(const WaterfallPlot::Bar& bar) {
    const double points = std::abs(bar.share) * 100;
    const QString number =
        points >= 9.95 || points == 0.0 ? QString::number(points, 'f', 0) : QString::number(points, 'f', 1);
    if (bar.total) {
        return number;
    }
    return (bar.share > 0 ? QString(QChar(0x2212)) : QStringLiteral("+")) + number;
}

/// A label broken into lines no wider than `width`; empty where even single words do not fit.
QString wrapped(const QString& label, const QFontMetricsF& metrics, double width) {
    QString text = label;
    text.replace('-', QStringLiteral("-\u200b"));
    QStringList lines;
    for (const QString& word : text.split(QChar(' '), Qt::SkipEmptyParts)) {
        const QString candidate = lines.isEmpty() ? word : lines.last() + ' ' + word;
        if (!lines.isEmpty() && metrics.horizontalAdvance(candidate) <= width) {
            lines.last() = candidate;
        } else {
            const QStringList parts = word.split(QChar(0x200b), Qt::SkipEmptyParts);
            if (metrics.horizontalAdvance(word) <= width || parts.size() < 2) {
                lines.append(word);
            } else {
                lines.append(parts);
            }
        }
    }
    for (QString& line : lines) {
        line.remove(QChar(0x200b));
        if (metrics.horizontalAdvance(line) > width) {
            return {};
        }
    }
    return lines.size() <= 2 ? lines.join('\n') : QString();
}

} // namespace

double WaterfallPlot::layCategoryLabels(const QRectF& area, bool measureOnly) {
    const QFont labelFont = font(TextRole::Label);
    const QFontMetricsF metrics(labelFont);
    const double slot = slotWidth(area);
    QStringList lines;
    bool fits = true;
    int deepest = 1;
    double widest = 0;
    for (const std::string& name : m_categories) {
        const QString label = waterfallLabel(name);
        widest = std::max(widest, metrics.horizontalAdvance(label));
        const QString broken = wrapped(label, metrics, slot - 4);
        fits = fits && !broken.isEmpty();
        deepest = std::max(deepest, static_cast<int>(broken.count('\n')) + 1);
        lines.append(fits ? broken : label);
    }
    const double height =
        fits ? std::ceil(metrics.height()) * deepest
             : std::ceil((widest + metrics.height()) * std::numbers::sqrt2 / 2) + theme().spacing.tight;
    if (measureOnly) {
        return height;
    }
    for (int i = 0; i < static_cast<int>(m_categories.size()); ++i) {
        const std::string& name = m_categories[static_cast<std::size_t>(i)];
        const double centre = area.left() + slot * (i + 0.5);
        const QColor colour = m_values.isTotal(name) ? theme().text : theme().quietText;
        if (fits) {
            addLabel(lines[i], QPointF(centre, area.top()), Qt::AlignHCenter | Qt::AlignTop, TextRole::Label,
                     colour);
            continue;
        }
        // Turned by 45 degrees, the right end of the text under the middle of its slot.
        PlotLabel& label = addLabel(waterfallLabel(name), QPointF(centre, area.top() + metrics.height() / 2),
                                    Qt::AlignRight | Qt::AlignVCenter, TextRole::Label, colour);
        label.slanted = true;
        const double beyond = area.left() - label.outline().boundingRect().left();
        if (beyond > 0) {
            label.rect.translate(beyond, 0);
        }
    }
    return height;
}

void WaterfallPlot::layValueLabels(const QRectF& plot) {
    std::vector<const Bar*> order;
    for (const Bar& bar : m_bars) {
        if (std::abs(bar.share) >= kSmallestShare) {
            order.push_back(&bar);
        }
    }
    const auto rank = [](const Bar* bar) {
        return bar->total ? 2.0 + bar->category : (bar->decisive ? 1.5 : std::abs(bar->share));
    };
    std::ranges::stable_sort(order, [&](const Bar* a, const Bar* b) { return rank(a) > rank(b); });
    const int lastSeen = static_cast<int>(m_categories.size()) - 1;
    bool peakDone = false;
    for (const Bar* bar : order) {
        // Both peaks are the same 100: it is written once, over the pair.
        if (bar->total && bar->category == 0 && lastSeen > 0) {
            if (!peakDone) {
                QRectF pair = bar->rect;
                for (const Bar& other : m_bars) {
                    if (other.total && other.category == 0) {
                        pair = pair.united(other.rect);
                    }
                }
                tryLabel(pointsText(*bar), QPointF(pair.center().x(), pair.top() - 1),
                         Qt::AlignHCenter | Qt::AlignBottom, TextRole::Label, theme().quietText);
                peakDone = true;
            }
            continue;
        }
        const bool strong = bar->total || bar->decisive;
        const QColor colour = strong ? theme().text : theme().quietText;
        const TextRole role = bar->total ? TextRole::Strong : TextRole::Label;
        const auto clear = [&](const QRectF& rect) {
            return std::ranges::none_of(m_bars, [&](const Bar& other) {
                return &other != bar && other.rect.adjusted(0, -1, 0, 1).intersects(rect);
            });
        };
        const QString label = pointsText(*bar);
        const QSizeF size = measure(label, font(role));
        const double x = bar->rect.center().x();
        const QRectF above(x - size.width() / 2, bar->rect.top() - 1 - size.height(), size.width(),
                           size.height());
        const QRectF below(x - size.width() / 2, bar->rect.bottom() + 1, size.width(), size.height());
        if (clear(above) &&
            tryLabel(label, QPointF(x, above.bottom()), Qt::AlignHCenter | Qt::AlignBottom, role, colour)) {
            continue;
        }
        if (!bar->total && below.bottom() < plot.bottom() && clear(below)) {
            tryLabel(label, QPointF(x, below.top()), Qt::AlignHCenter | Qt::AlignTop, role, colour);
        }
    }
}

void WaterfallPlot::layKey(const QRectF& plot) {
    const QFontMetricsF metrics(font(TextRole::Label));
    const double mark = std::round(8 * scale());
    double y = 0;
    for (const Side side : kSides) {
        const auto& strategy = m_values.sides[index(side)];
        QString words = QString(QChar(letter(side))) + QStringLiteral("  ") + strategy.name;
        if (strategy.bars.empty() && !strategy.reason.isEmpty()) {
            words += QStringLiteral(": ") + strategy.reason;
        }
        // The bars fall to the right: the key stands over them, as wide as the tall bars leave room for.
        double left = plot.left();
        for (const Bar& bar : m_bars) {
            if (bar.rect.top() < y + metrics.height() + 2) {
                left = std::max(left, bar.rect.right() + theme().spacing.small);
            }
        }
        const double room = plot.right() - left - mark - theme().spacing.tight;
        if (room < metrics.horizontalAdvance(QStringLiteral("A  MMM"))) {
            return;
        }
        words = metrics.elidedText(words, Qt::ElideRight, room);
        if (!tryLabel(words, QPointF(plot.right(), y), Qt::AlignRight | Qt::AlignTop, TextRole::Label,
                      theme().quietText)) {
            return;
        }
        const QRectF rect = labels().back().rect;
        QPainterPath square;
        square.addRect(QRectF(rect.left() - mark - theme().spacing.tight,
                              std::round(rect.center().y() - mark / 2), mark, mark));
        addShape({square, Qt::NoPen, sideColour(theme(), side)});
        y += std::ceil(metrics.height());
    }
}

} // namespace atlas::widgets
