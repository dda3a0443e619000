// Header of the strategies table: names, and a badge a column to show it as A or as B.
#pragma once

#include "widgets/colours.h"

#include <QHeaderView>

#include <memory>

namespace atlas::widgets {

class StrategyTableModel;

class StrategyHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit StrategyHeader(StrategyTableModel& model, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Where the badge of a side stands in a column, in the header's viewport.
    [[nodiscard]] QRect badgeRect(int column, Side side) const;

signals:
    void badgeClicked(int column, atlas::widgets::Side side);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int column) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int column) const override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    StrategyTableModel& m_model;
    std::unique_ptr<Theme> m_theme;
    QPoint m_pointer{-1, -1};
};

} // namespace atlas::widgets
