#include "widgets/bar_delegate.h"

#include "widgets/table_card.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kInset = 4;
constexpr int kBarRoom = 46;   ///< more width than the number needs
constexpr double kFull = 0.97; ///< a share from which little room is left

} // namespace

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    const QVariant share = index.data(DataTableModel::BarRole);
    QStyleOptionViewItem words = option;
    if (m_theme && share.isValid()) {
        // The selection first: the bar lies on it, the number on the bar.
        option.widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
        words.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver);
        const double part = std::clamp(share.toDouble(), 0.0, 1.0);
        const QRectF room = QRectF(option.rect).adjusted(kInset, kInset, -kInset, -kInset);
        painter->fillRect(room, mixed(m_theme->panel, m_theme->line, 0.8));
        painter->fillRect(QRectF(room.left(), room.top(), room.width() * part, room.height()),
                          mixed(m_theme->panel, part > kFull ? m_theme->warning : m_theme->accent, 0.35));
    }
    QStyledItemDelegate::paint(painter, words, index);
}

QSize BarDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.data(DataTableModel::BarRole).isValid()) {
        size.rwidth() += kBarRoom;
    }
    return size;
}

} // namespace atlas::widgets
