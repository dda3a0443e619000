#include "widgets/waterfall_plot.h"

#include "widgets/format.h"

#include <QAreaSeries>
#include <QFontMetricsF>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace atlas::widgets {

namespace {

constexpr double kWidestBar = 26;
constexpr double kBarShare = 0.36; ///< of a slot's width
constexpr double kLossTint = 0.42; ///< of the side's colour on the panel, for losses
constexpr double kSmallestDrawn = 0.0005;

bool isTotal(const WaterfallValues& values, const std::string& name) {
    for (const auto& side : values.sides) {
        for (const auto& bar : side.bars) {
            if (bar.name == name && bar.total) {
                return true;
            }
        }
    }
    return false;
}

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

QString waterfallLabel(const std::string& name) {
    static const std::map<std::string, QString> kShort = {
        {"idle GPUs", WaterfallPlot::tr("idle")},      {"exposed communication", WaterfallPlot::tr("comm.")},
        {"communication", WaterfallPlot::tr("comm.")}, {"class mismatch", WaterfallPlot::tr("mix")},
        {"mismatch", WaterfallPlot::tr("mix")},        {"jitter tail", WaterfallPlot::tr("jitter")},
        {"fail-slow", WaterfallPlot::tr("fail-slow")}, {"fail-stop", WaterfallPlot::tr("faults")},
        {"checkpoints", WaterfallPlot::tr("ckpt.")},
    };
    const auto known = kShort.find(name);
    return known != kShort.end() ? known->second : text(name);
}

QString waterfallFinding(const WaterfallValues& values) {
    const auto goodput = [](const WaterfallValues::Strategy& side) {
        return QString::number(std::round(side.bars.back().share * 1000) / 10, 'f',
                               side.bars.back().share < 0.0995 ? 1 : 0);
    };
    const auto& [a, b] = values.sides;
    if (!a.bars.empty() && !b.bars.empty()) {
        return WaterfallPlot::tr("A turns %1 of 100 peak FLOPs into training, B turns %2")
            .arg(goodput(a), goodput(b));
    }
    if (!a.bars.empty() || !b.bars.empty()) {
        const bool first = !a.bars.empty();
        return WaterfallPlot::tr("%1 turns %2 of 100 peak FLOPs into training, %3 trains nothing here")
            .arg(first ? "A" : "B", goodput(first ? a : b), first ? "B" : "A");
    }
    return WaterfallPlot::tr("Neither strategy trains on what is shown");
}

WaterfallPlot::WaterfallPlot()
    : m_x(new QValueAxis(this))
    , m_y(new QValueAxis(this)) {
    addAxis(m_x, Qt::AlignBottom);
    addAxis(m_y, Qt::AlignLeft);
    m_x->setVisible(false);
    m_y->setVisible(false);
}

void WaterfallPlot::setValues(const WaterfallValues& values) {
    m_values = values;
    collect();
    fitSeries();
    rearrange();
}

bool WaterfallPlot::empty() const {
    return m_bars.empty();
}

void WaterfallPlot::collect() {
    m_categories.clear();
    m_bars.clear();
    // A category that only one side has keeps its place in the causal chain: before the last total.
    for (const auto& side : m_values.sides) {
        for (std::size_t i = 0; i < side.bars.size(); ++i) {
            const std::string& name = side.bars[i].name;
            if (std::ranges::find(m_categories, name) != m_categories.end()) {
                continue;
            }
            const bool beforeLast = !m_categories.empty() && !side.bars[i].total &&
                                    isTotal(m_values, m_categories.back()) && m_categories.size() > 1;
            m_categories.insert(beforeLast ? m_categories.end() - 1 : m_categories.end(), name);
        }
    }
    for (const Side side : kSides) {
        const auto& bars = m_values.sides[index(side)].bars;
        double level = 0;
        for (const auto& bar : bars) {
            Bar drawn;
            drawn.side = side;
            drawn.category =
                static_cast<int>(std::ranges::find(m_categories, bar.name) - m_categories.begin());
            drawn.share = bar.share;
            drawn.total = bar.total;
            if (bar.total) {
                drawn.from = 0;
                drawn.to = bar.share;
                level = bar.share;
            } else {
                drawn.from = std::min(level, level - bar.share);
                drawn.to = std::max(level, level - bar.share);
                level -= bar.share;
            }
            m_bars.push_back(drawn);
        }
    }
    markDecisive();
}

void WaterfallPlot::markDecisive() {
    const bool both = !m_values.sides[0].bars.empty() && !m_values.sides[1].bars.empty();
    Bar* decisive = nullptr;
    double most = 0;
    for (Bar& bar : m_bars) {
        if (bar.total) {
            continue;
        }
        double excess = bar.share;
        for (const Bar& other : m_bars) {
            if (both && other.category == bar.category && other.side != bar.side) {
                excess -= other.share;
            }
        }
        if (excess > most) {
            most = excess;
            decisive = &bar;
        }
    }
    if (decisive != nullptr) {
        decisive->decisive = true;
    }
}

void WaterfallPlot::fitSeries() {
    while (m_series.size() > m_bars.size()) {
        QAreaSeries* series = m_series.back();
        m_series.pop_back();
        removeSeries(series);
        delete series->upperSeries();
        delete series->lowerSeries();
        delete series;
    }
    while (m_series.size() < m_bars.size()) {
        auto* series = new QAreaSeries(new QLineSeries(this), new QLineSeries(this));
        addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
        series->setPen(Qt::NoPen);
        m_series.push_back(series);
    }
}

QColor WaterfallPlot::fill(const Bar& bar) const {
    const QColor colour = sideColour(theme(), bar.side);
    if (bar.total) {
        return colour;
    }
    if (bar.share < 0) {
        return theme().positive;
    }
    return bar.decisive ? theme().negative : mixed(theme().panel, colour, kLossTint);
}

double WaterfallPlot::slotWidth(const QRectF& area) const {
    return area.width() / static_cast<double>(std::max<std::size_t>(1, m_categories.size()));
}

void WaterfallPlot::arrange(const QRectF& area) {
    if (m_bars.empty()) {
        for (QAreaSeries* series : m_series) {
            series->hide();
        }
        return;
    }
    const double labelHeight = layCategoryLabels(area, true);
    const double top = measure(QStringLiteral("0"), font(TextRole::Label)).height() + 4;
    const double bottom = std::round(area.height() - labelHeight - theme().spacing.tight);
    const QRectF plot(0, std::round(top), area.width(), std::max(8.0, bottom - std::round(top)));
    setPlotArea(plot);
    drawBars(plot, 1.0);
    addLine(QLineF(plot.bottomLeft() + QPointF(0, 0.5), plot.bottomRight() + QPointF(0, 0.5)),
            QPen(theme().line, 1));
    layCategoryLabels(QRectF(area.left(), plot.bottom() + theme().spacing.tight, area.width(), labelHeight),
                      false);
    layValueLabels(plot);
    layKey(plot);
}

void WaterfallPlot::drawBars(const QRectF& plot, double top) {
    double highest = top;
    for (const Bar& bar : m_bars) {
        highest = std::max(highest, bar.to);
    }
    // The horizontal axis counts pixels, so that the edges of bars fall on them.
    m_x->setRange(0, plot.width());
    m_y->setRange(0, highest);
    const double slot = slotWidth(plot);
    const double width = std::max(2.0, std::floor(std::min(kWidestBar * scale(), slot * kBarShare)));
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        Bar& bar = m_bars[i];
        const double centre = std::round(slot * (bar.category + 0.5));
        const double left = bar.side == Side::A ? centre - width - 0.5 : centre + 0.5;
        const double x = std::floor(left + 0.5);
        double yTop = plot.bottom() - bar.to / highest * plot.height();
        double yBottom = plot.bottom() - bar.from / highest * plot.height();
        if (yBottom - yTop < 1.5 && std::abs(bar.share) > kSmallestDrawn) {
            yBottom = yTop + 1.5; // never thinner than can be seen
        }
        bar.rect = QRectF(x, yTop, width, yBottom - yTop);
        const auto level = [&](double y) { return (plot.bottom() - y) / plot.height() * highest; };
        QAreaSeries* series = m_series[i];
        series->upperSeries()->replace({QPointF(x, level(yTop)), QPointF(x + width, level(yTop))});
        series->lowerSeries()->replace({QPointF(x, level(yBottom)), QPointF(x + width, level(yBottom))});
        series->setBrush(fill(bar));
        series->show();
    }
    // A hairline carries the level from one bar to the next, so that the eye can follow one strategy.
    for (std::size_t i = 1; i < m_bars.size(); ++i) {
        const Bar& before = m_bars[i - 1];
        const Bar& bar = m_bars[i];
        if (bar.side != before.side) {
            continue;
        }
        const double carried = before.total || before.share < 0 ? before.to : before.from;
        const double y = plot.bottom() - carried / highest * plot.height();
        addLine(QLineF(before.rect.right(), y, bar.rect.left(), y),
                QPen(mixed(theme().panel, sideColour(theme(), bar.side), 0.5), 1, Qt::DotLine), false);
    }
}

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
        const QColor colour = isTotal(m_values, name) ? theme().text : theme().quietText;
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
        if (std::abs(bar.share) >= kSmallestDrawn) {
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

DataTable WaterfallPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("waterfall");
    table.columns = {tr("part"), tr("kind"), tr("A: %1 [share of peak]").arg(m_values.sides[0].name),
                     tr("B: %1 [share of peak]").arg(m_values.sides[1].name)};
    for (std::size_t c = 0; c < m_categories.size(); ++c) {
        QVariantList row = {text(m_categories[c]),
                            isTotal(m_values, m_categories[c]) ? tr("total") : tr("loss"), QVariant(),
                            QVariant()};
        for (const Bar& bar : m_bars) {
            if (bar.category == static_cast<int>(c)) {
                row[2 + static_cast<int>(index(bar.side))] = bar.share;
            }
        }
        table.rows.push_back(row);
    }
    return table;
}

std::unique_ptr<Plot> WaterfallPlot::copy() const {
    auto plot = std::make_unique<WaterfallPlot>();
    plot->setValues(m_values);
    return plot;
}

QString WaterfallPlot::readout(QPointF position) const {
    if (m_categories.empty() || !plotArea().adjusted(0, 0, 0, size().height()).contains(position)) {
        return {};
    }
    const int category = static_cast<int>((position.x() - plotArea().left()) / slotWidth(plotArea()));
    if (category < 0 || category >= static_cast<int>(m_categories.size())) {
        return {};
    }
    QStringList lines = {text(m_categories[static_cast<std::size_t>(category)])};
    for (const Bar& bar : m_bars) {
        if (bar.category == category) {
            const QString sign = bar.total ? QString() : (bar.share > 0 ? QString(QChar(0x2212)) : "+");
            lines.append(tr("%1  %2 of peak")
                             .arg(QChar(letter(bar.side)))
                             .arg(sign + percentText(std::abs(bar.share))));
        }
    }
    return lines.join('\n');
}

QString WaterfallPlot::description() const {
    QStringList sentences = {waterfallFinding(m_values)};
    for (const Bar& bar : m_bars) {
        if (bar.decisive) {
            sentences.append(
                tr("What sets them apart most is what %1 loses to %2: %3 of peak")
                    .arg(QChar(letter(bar.side)))
                    .arg(text(m_categories[static_cast<std::size_t>(bar.category)]), percentText(bar.share)));
        }
    }
    return sentences.join(QStringLiteral(". "));
}

} // namespace atlas::widgets
