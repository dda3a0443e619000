// Sets text, pictures and tables on pages, top to bottom: nothing ever runs over the foot of a page.
#pragma once

#include "widgets/colours.h"

#include <QPainter>
#include <QPdfWriter>

#include <functional>
#include <vector>

namespace atlas::widgets {

/// One cell of a set table: lines of text, each in its role and colour.
struct SetCell {
    struct Line {
        QString text;
        TextRole role = TextRole::Body;
        QColor colour;
        double scale = 1.0; ///< of the role's size
    };
    std::vector<Line> lines;
};

class PageWriter {
public:
    /// `pages`: how many there will be, for "page 3 of 12"; 0 while they are being counted.
    PageWriter(QPdfWriter& pdf, const Theme& theme, QString runningTitle, int pages);
    ~PageWriter();
    PageWriter(const PageWriter&) = delete;
    PageWriter& operator=(const PageWriter&) = delete;

    [[nodiscard]] int page() const { return m_page; }
    [[nodiscard]] double width() const { return m_body.width(); }
    [[nodiscard]] double roomLeft() const { return m_body.bottom() - m_y; }
    [[nodiscard]] double bodyHeight() const { return m_body.height(); }

    void newPage();
    void space(double height);
    /// Wrapped text; breaks between lines where a page ends.
    void paragraph(const QString& text, TextRole role, const QColor& colour, double scale = 1.0);
    /// Draws a block of a fixed height, on the next page if it does not fit here. The painter's origin is the
    /// block's corner.
    void block(double height, const std::function<void(QPainter&, double width)>& draw);
    /// A table whose header comes again on every page. A row that is taller than a page is cut with an
    /// ellipsis.
    void table(const std::vector<double>& columnShares, const std::vector<SetCell>& header,
               const std::vector<std::vector<SetCell>>& rows);

private:
    void foot();
    double rowHeight(const std::vector<SetCell>& cells, const std::vector<double>& widths) const;
    void drawRow(const std::vector<SetCell>& cells, const std::vector<double>& widths, double height);

    QPdfWriter& m_pdf;
    const Theme& m_theme;
    QString m_title;
    int m_pages;
    int m_page = 1;
    QRectF m_body;
    double m_y = 0;
    QPainter m_painter;
};

} // namespace atlas::widgets
