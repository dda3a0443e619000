// Paints one number of the strategies table: value, winner's mark, range, difference.
#pragma once

#include "widgets/colours.h"

#include <QStyledItemDelegate>

#include <memory>

namespace atlas::widgets {

class StrategyDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setTheme(const Theme& theme);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets
