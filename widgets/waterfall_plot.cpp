#include "widgets/waterfall_plot.h"

#include "widgets/format.h"

#include <QAreaSeries>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::widgets {

namespace {

constexpr double kWidestBar = 26;
constexpr double kBarShare = 0.36; ///< of a slot's width
constexpr double kLossTint = 0.42; ///< of the side's colour on the panel, for losses

} // namespace

QString waterfallLabel(const std::string& name) {
    static const std::map<std::string, QString> kShort = {
        {"idle GPUs", WaterfallPlot::tr("idle")},      {"exposed communication", WaterfallPlot::tr("comm.")},
        {"communication", WaterfallPlot::tr("comm.")}, {"class mismatch", WaterfallPlot::tr("mix")},
        {"mismatch", WaterfallPlot::tr("mix")},        {"uneven work", WaterfallPlot::tr("uneven")},
        {"jitter tail", WaterfallPlot::tr("jitter")},  {"fail-slow", WaterfallPlot::tr("fail-slow")},
        {"fail-stop", WaterfallPlot::tr("faults")},    {"checkpoints", WaterfallPlot::tr("ckpt.")},
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

bool WaterfallValues::isTotal(const std::string& name) const {
    for (const auto& side : sides) {
        for (const auto& bar : side.bars) {
            if (bar.name == name && bar.total) {
                return true;
            }
        }
    }
    return false;
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
                                    m_values.isTotal(m_categories.back()) && m_categories.size() > 1;
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
        if (yBottom - yTop < 1.5 && std::abs(bar.share) > kSmallestShare) {
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

DataTable WaterfallPlot::table() const {
    DataTable table;
    table.name = QStringLiteral("waterfall");
    table.columns = {tr("part"), tr("kind"), tr("A: %1 [share of peak]").arg(m_values.sides[0].name),
                     tr("B: %1 [share of peak]").arg(m_values.sides[1].name)};
    for (std::size_t c = 0; c < m_categories.size(); ++c) {
        QVariantList row = {text(m_categories[c]),
                            m_values.isTotal(m_categories[c]) ? tr("total") : tr("loss"), QVariant(),
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
