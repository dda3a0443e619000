#include "widgets/page_writer.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kSideMm = 16;
constexpr double kTopMm = 18;
constexpr double kFootMm = 20;
constexpr double kCellGap = 8;
constexpr double kCellPad = 3;
constexpr int kMostLinesInCell = 14;

QString tr(const char* text) {
    return QCoreApplication::translate("PageWriter", text);
}

/// The lines a text falls into at a width.
std::vector<QString> linesOf(const QString& text, const QFont& font, double width) {
    std::vector<QString> lines;
    for (const QString& part : text.split('\n')) {
        QTextLayout layout(part, font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(std::max(1.0, width));
            lines.push_back(part.mid(line.textStart(), line.textLength()).trimmed());
        }
        layout.endLayout();
    }
    return lines;
}

std::vector<QString> cellLines(const SetCell::Line& line, const Theme& theme, double width) {
    std::vector<QString> lines = linesOf(line.text, theme.font(line.role, line.scale), width);
    if (lines.size() > kMostLinesInCell) {
        lines.resize(kMostLinesInCell);
        lines.back() += QChar(0x2026);
    }
    return lines;
}

double lineHeight(const QFont& font) {
    return std::ceil(QFontMetricsF(font).height() * 1.08);
}

} // namespace

PageWriter::PageWriter(QPdfWriter& pdf, const Theme& theme, QString runningTitle, int pages)
    : m_pdf(pdf)
    , m_theme(theme)
    , m_title(std::move(runningTitle))
    , m_pages(pages)
    , m_painter(&pdf) {
    const double mm = pdf.resolution() / 25.4;
    const QSizeF size(pdf.width(), pdf.height());
    m_body = QRectF(kSideMm * mm, kTopMm * mm, size.width() - 2 * kSideMm * mm,
                    size.height() - (kTopMm + kFootMm) * mm);
    m_y = m_body.top();
    m_painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                             QPainter::SmoothPixmapTransform);
}

PageWriter::~PageWriter() {
    foot();
}

void PageWriter::foot() {
    const QFont font = m_theme.font(TextRole::Label, 0.9);
    const double y = m_body.bottom() + m_body.left() * 0.45;
    m_painter.setPen(QPen(m_theme.line, 0.75));
    m_painter.drawLine(QPointF(m_body.left(), y), QPointF(m_body.right(), y));
    m_painter.setFont(font);
    m_painter.setPen(m_theme.quietText);
    const QRectF box(m_body.left(), y + 5, m_body.width(), QFontMetricsF(font).height() + 2);
    const QString number = m_pages > 0 ? tr("%1 of %2").arg(m_page).arg(m_pages) : QString::number(m_page);
    m_painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, number);
    m_painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                       QFontMetricsF(font).elidedText(m_title, Qt::ElideRight, m_body.width() * 0.85));
}

void PageWriter::newPage() {
    foot();
    m_pdf.newPage();
    ++m_page;
    m_y = m_body.top();
}

void PageWriter::space(double height) {
    m_y = std::min(m_y + height, m_body.bottom());
}

void PageWriter::paragraph(const QString& text, TextRole role, const QColor& colour, double scale) {
    const QFont font = m_theme.font(role, scale);
    const double height = lineHeight(font);
    for (const QString& line : linesOf(text, font, m_body.width())) {
        if (roomLeft() < height) {
            newPage();
        }
        m_painter.setFont(font);
        m_painter.setPen(colour);
        m_painter.drawText(QRectF(m_body.left(), m_y, m_body.width() + 2, height),
                           Qt::AlignLeft | Qt::AlignVCenter, line);
        m_y += height;
    }
}

void PageWriter::block(double height, const std::function<void(QPainter&, double)>& draw) {
    if (roomLeft() < height && m_y > m_body.top()) {
        newPage();
    }
    m_painter.save();
    m_painter.translate(m_body.left(), m_y);
    draw(m_painter, m_body.width());
    m_painter.restore();
    m_y += std::min(height, roomLeft());
}

double PageWriter::rowHeight(const std::vector<SetCell>& cells, const std::vector<double>& widths) const {
    double tallest = 0;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        double height = 0;
        for (const SetCell::Line& line : cells[c].lines) {
            height += static_cast<double>(cellLines(line, m_theme, widths[c] - kCellGap).size()) *
                      lineHeight(m_theme.font(line.role, line.scale));
        }
        tallest = std::max(tallest, height);
    }
    return tallest + 2 * kCellPad;
}

void PageWriter::drawRow(const std::vector<SetCell>& cells, const std::vector<double>& widths,
                         double height) {
    double x = m_body.left();
    for (std::size_t c = 0; c < cells.size(); ++c) {
        double y = m_y + kCellPad;
        for (const SetCell::Line& line : cells[c].lines) {
            const QFont font = m_theme.font(line.role, line.scale);
            m_painter.setFont(font);
            m_painter.setPen(line.colour);
            for (const QString& words : cellLines(line, m_theme, widths[c] - kCellGap)) {
                m_painter.drawText(QRectF(x, y, widths[c] - kCellGap + 2, lineHeight(font)),
                                   Qt::AlignLeft | Qt::AlignVCenter, words);
                y += lineHeight(font);
            }
        }
        x += widths[c];
    }
    m_y += height;
    m_painter.setPen(QPen(m_theme.line, 0.75));
    m_painter.drawLine(QPointF(m_body.left(), m_y), QPointF(m_body.right(), m_y));
}

void PageWriter::table(const std::vector<double>& columnShares, const std::vector<SetCell>& header,
                       const std::vector<std::vector<SetCell>>& rows) {
    std::vector<double> widths;
    for (const double share : columnShares) {
        widths.push_back(share * m_body.width());
    }
    const double headerHeight = rowHeight(header, widths);
    const double first = rows.empty() ? 0 : rowHeight(rows.front(), widths);
    // A header never stands alone at the foot of a page.
    if (roomLeft() < headerHeight + first && m_y > m_body.top()) {
        newPage();
    }
    drawRow(header, widths, headerHeight);
    for (const auto& row : rows) {
        const double height = rowHeight(row, widths);
        if (roomLeft() < height) {
            newPage();
            drawRow(header, widths, headerHeight);
        }
        drawRow(row, widths, height);
    }
}

} // namespace atlas::widgets
