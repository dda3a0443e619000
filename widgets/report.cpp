#include "widgets/report.h"

#include "widgets/format.h"
#include "widgets/levers_panel.h"
#include "widgets/page_writer.h"
#include "widgets/strategy_table_model.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPageLayout>
#include <QPageSize>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr std::size_t kStrategiesAbreast = 5;
constexpr double kRangeScale = 0.92; ///< ranges and differences are set smaller than values
constexpr double kLabelShare = 0.17; ///< of the width, for the names of rows
constexpr double kChartAspect = 0.46;

QString tr(const char* text) {
    return QCoreApplication::translate("Report", text);
}

SetCell cell(const QString& words, TextRole role, const QColor& colour) {
    return {{{words, role, colour}}};
}

void heading(PageWriter& page, const Theme& theme, const QString& words, double keepWith) {
    page.space(theme.spacing.large);
    if (page.roomLeft() < keepWith) {
        page.newPage();
    }
    page.paragraph(words, TextRole::Head, theme.text, 1.15);
    page.space(theme.spacing.small);
}

void setFront(PageWriter& page, const Theme& theme, const ReportContent& content) {
    page.paragraph(content.title, TextRole::Figure, theme.text, 1.15);
    page.space(theme.spacing.tight);
    page.paragraph(provenance(content.scenarioFile, content.seed) +
                       (content.comparison.draws > 0
                            ? tr(" · ranges: 5 to 95 % of %1 draws").arg(content.comparison.draws)
                            : QString()),
                   TextRole::Label, theme.quietText);
    if (!content.description.isEmpty()) {
        page.space(theme.spacing.medium);
        page.paragraph(content.description.simplified(), TextRole::Body, theme.text);
    }
    if (!content.findings.isEmpty()) {
        page.space(theme.spacing.medium);
    }
    for (const QString& finding : content.findings) {
        page.paragraph(finding + (finding.endsWith('.') ? QString() : QStringLiteral(".")), TextRole::Strong,
                       theme.text, 1.05);
        page.space(theme.spacing.tight);
    }
}

void setPictures(PageWriter& page, const Theme& theme, const ReportContent& content) {
    const double gap = theme.spacing.large;
    for (std::size_t i = 0; i < content.pictures.size(); i += 2) {
        const std::size_t end = std::min(i + 2, content.pictures.size());
        const double width = (page.width() - gap) / 2;
        double tallest = 0;
        for (std::size_t p = i; p < end; ++p) {
            const QSizeF size = content.pictures[p].image.size();
            tallest = std::max(tallest, size.isEmpty() ? 0.0 : width * size.height() / size.width());
        }
        // Two pictures abreast never fill more than half a page.
        tallest = std::min(tallest, page.bodyHeight() * 0.5);
        const double captionHeight = 36;
        page.space(theme.spacing.large);
        page.block(tallest + captionHeight, [&](QPainter& painter, double) {
            for (std::size_t p = i; p < end; ++p) {
                const auto& picture = content.pictures[p];
                const double x = static_cast<double>(p - i) * (width + gap);
                painter.setFont(theme.font(TextRole::Strong));
                painter.setPen(theme.text);
                painter.drawText(QRectF(x, 0, width, 17), Qt::AlignLeft | Qt::AlignVCenter,
                                 painter.fontMetrics().elidedText(picture.caption, Qt::ElideRight,
                                                                  static_cast<int>(width)));
                painter.setFont(theme.font(TextRole::Label));
                painter.setPen(theme.quietText);
                painter.drawText(QRectF(x, 16, width, 16), Qt::AlignLeft | Qt::AlignVCenter,
                                 painter.fontMetrics().elidedText(picture.detail, Qt::ElideRight,
                                                                  static_cast<int>(width)));
                if (picture.image.isNull()) {
                    continue;
                }
                const QSizeF fitted =
                    QSizeF(picture.image.size()).scaled(width, tallest, Qt::KeepAspectRatio);
                painter.drawImage(QRectF(QPointF(x, captionHeight), fitted), picture.image);
                painter.setPen(QPen(theme.line, 0.75));
                painter.setBrush(Qt::NoBrush);
                painter.drawRect(QRectF(QPointF(x, captionHeight), fitted));
            }
        });
    }
}

void setStrategies(PageWriter& page, const Theme& theme, const ReportContent& content) {
    StrategyTableModel model;
    model.setComparison(content.comparison);
    model.setSides(content.strategyA, content.strategyB);
    model.setBase(content.strategyA);
    if (content.start) {
        model.setStart(*content.start);
    }
    if (model.columnCount() == 0) {
        return;
    }
    heading(page, theme, tr("Strategies"), page.bodyHeight() * 0.6);
    page.paragraph(tr("Differences from %1. ▲ where a strategy is better than every other beyond its range.")
                       .arg(model.headerData(model.baseColumn(), Qt::Horizontal, Qt::DisplayRole).toString()),
                   TextRole::Label, theme.quietText);
    if (model.marked()) {
        page.paragraph(tr("%1 outside what the models were checked against:").arg(outsideMark()),
                       TextRole::Label, theme.text);
        for (const auto& strategy : content.comparison.strategies) {
            if (const std::string words = strategy.validity.words(); !words.empty()) {
                page.paragraph(text(strategy.name) + QStringLiteral(": ") + text(words), TextRole::Label,
                               theme.quietText);
            }
        }
    }
    page.space(theme.spacing.small);
    // A and B lead, as on screen.
    std::vector<int> order;
    for (const Side side : kSides) {
        for (int c = 0; c < model.columnCount(); ++c) {
            if (model.sideOf(c) == side) {
                order.push_back(c);
            }
        }
    }
    for (int c = 0; c < model.columnCount(); ++c) {
        if (std::ranges::find(order, c) == order.end()) {
            order.push_back(c);
        }
    }
    // Shared out evenly: no table of a single lonely column.
    const std::size_t tables = (order.size() + kStrategiesAbreast - 1) / kStrategiesAbreast;
    const std::size_t abreast = (order.size() + tables - 1) / tables;
    for (std::size_t from = 0; from < order.size(); from += abreast) {
        const std::size_t to = std::min(from + abreast, order.size());
        std::vector<double> shares = {kLabelShare};
        std::vector<SetCell> header = {SetCell{}};
        for (std::size_t i = from; i < to; ++i) {
            shares.push_back(std::min(0.2, (1 - kLabelShare) / static_cast<double>(abreast)));
            const auto side = model.sideOf(order[i]);
            SetCell head = cell(model.headerData(order[i], Qt::Horizontal, Qt::DisplayRole).toString(),
                                TextRole::Label, theme.quietText);
            if (side) {
                head.lines.insert(head.lines.begin(), {QString(QChar(letter(*side))), TextRole::Strong,
                                                       sideColour(theme, *side)});
            }
            header.push_back(head);
        }
        std::vector<std::vector<SetCell>> rows;
        for (int r = 0; r < model.rowCount(); ++r) {
            std::vector<SetCell> row = {cell(model.headerData(r, Qt::Vertical, Qt::DisplayRole).toString(),
                                             TextRole::Body, theme.text)};
            for (std::size_t i = from; i < to; ++i) {
                const QModelIndex at = model.index(r, order[i]);
                const bool wins = at.data(StrategyTableModel::WinnerRole).toBool();
                SetCell value = cell(at.data().toString() + (wins ? QStringLiteral("  ▲") : QString()),
                                     TextRole::Strong, theme.text);
                const QString range = at.data(StrategyTableModel::RangeRole).toString();
                const QString difference = at.data(StrategyTableModel::DifferenceRole).toString();
                if (!range.isEmpty()) {
                    value.lines.push_back({range, TextRole::Label, theme.quietText, kRangeScale});
                }
                if (!difference.isEmpty()) {
                    const int direction = at.data(StrategyTableModel::DirectionRole).toInt();
                    value.lines.push_back({difference, TextRole::Label,
                                           direction > 0   ? theme.positive
                                           : direction < 0 ? theme.negative
                                                           : theme.quietText,
                                           kRangeScale});
                }
                row.push_back(value);
            }
            rows.push_back(row);
        }
        page.table(shares, header, rows);
        page.space(theme.spacing.medium);
    }
}

void setCharts(PageWriter& page, const Theme& theme, const ReportContent& content) {
    const double height = std::round(page.width() * kChartAspect);
    for (const auto& chart : content.charts) {
        page.space(theme.spacing.medium);
        page.block(height, [&](QPainter& painter, double width) {
            Caption caption = chart.caption;
            caption.provenance.clear(); // the foot of the page carries it
            Theme paper = theme;
            paper.panel = Qt::white;
            // The picture brings its own margin: its text stands in line with that of the page.
            painter.translate(-kPictureMargin, 0);
            paintPicture(painter, QSizeF(width + 2 * kPictureMargin, height), *chart.plot, caption, paper);
        });
    }
}

void setAppendix(PageWriter& page, const Theme& theme, const ReportContent& content) {
    page.newPage();
    page.paragraph(tr("Appendix: what the numbers stand on"), TextRole::Head, theme.text, 1.15);
    page.space(theme.spacing.small);
    page.paragraph(
        tr("Scenario: %1 (%2). Model: Colossus Atlas %3. Seed %4. The same scenario, version and seed give "
           "the same document.")
            .arg(content.scenarioName, content.scenarioFile, QStringLiteral(ATLAS_VERSION))
            .arg(content.seed),
        TextRole::Body, theme.text);
    for (const auto& strategy : content.comparison.strategies) {
        for (const std::string& note : strategy.notes) {
            page.space(theme.spacing.tight);
            page.paragraph(text(strategy.name) + QStringLiteral(": ") + text(note), TextRole::Label,
                           theme.quietText);
        }
    }
    if (content.assumptions.empty()) {
        return;
    }
    page.space(theme.spacing.medium);
    std::vector<SetCell> header;
    for (const QString& name : {tr("Number"), tr("Value"), tr("Range"), tr("Grade and source")}) {
        header.push_back(cell(name, TextRole::Label, theme.quietText));
    }
    std::vector<std::vector<SetCell>> rows;
    for (const AssumptionRow& row : content.assumptions) {
        const auto& n = row.number;
        SetCell source = cell(gradeText(n.grade), TextRole::Label, theme.text);
        if (!n.source.empty()) {
            source.lines.push_back({text(n.source), TextRole::Label, theme.quietText});
        }
        rows.push_back({cell(row.path, TextRole::Label, theme.text),
                        cell(quantityText(n.value, row.dimension), TextRole::Label, theme.text),
                        cell(n.high > n.low ? rangeText(quantityText(n.low, row.dimension),
                                                        quantityText(n.high, row.dimension))
                                            : QString(),
                             TextRole::Label, theme.text),
                        source});
    }
    page.table({0.32, 0.14, 0.18, 0.36}, header, rows);
}

/// Sets the whole report once; returns the number of pages.
int set(QBuffer& buffer, const ReportContent& content, const Theme& theme, int pages) {
    QPdfWriter pdf(&buffer);
    pdf.setResolution(logicalDpi());
    pdf.setPageSize(QPageSize(QPageSize::A4));
    pdf.setPageMargins(QMarginsF());
    pdf.setTitle(content.title);
    pdf.setCreator(QStringLiteral("Colossus Atlas ") + QStringLiteral(ATLAS_VERSION));
    PageWriter page(pdf, theme, provenance(content.scenarioFile, content.seed), pages);
    setFront(page, theme, content);
    setPictures(page, theme, content);
    setStrategies(page, theme, content);
    setCharts(page, theme, content);
    setAppendix(page, theme, content);
    return page.page();
}

} // namespace

QString provenance(const QString& scenarioFile, std::uint64_t seed) {
    return scenarioFile + QStringLiteral(" · Colossus Atlas ") + QStringLiteral(ATLAS_VERSION) +
           tr(" · seed %1").arg(seed);
}

QByteArray reportPdf(const ReportContent& content, const Theme& theme) {
    const DeterministicHashes sameOrder;
    QBuffer counted;
    counted.open(QIODevice::WriteOnly);
    const int pages = set(counted, content, theme, 0);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    set(buffer, content, theme, pages);
    return withoutDates(buffer.data());
}

} // namespace atlas::widgets
