// Cells of a table with a bar behind the number: its share of a whole.
#pragma once

#include "widgets/colours.h"

#include <QStyledItemDelegate>

#include <memory>

namespace atlas::widgets {

class BarDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = std::make_unique<Theme>(theme); }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets
