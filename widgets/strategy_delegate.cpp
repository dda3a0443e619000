#include "widgets/strategy_delegate.h"

#include "widgets/strategy_table_model.h"

#include <QPainter>

namespace atlas::widgets {

namespace {

constexpr int kPadding = 8;
constexpr int kWinnerGap = 6;

} // namespace

void StrategyDelegate::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
}

QSize StrategyDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    if (!m_theme) {
        return {100, 34};
    }
    const QFontMetrics value(m_theme->font(TextRole::Strong));
    const QFontMetrics small(m_theme->font(TextRole::Label));
    const int first = value.horizontalAdvance(index.data().toString()) + kWinnerGap +
                      value.horizontalAdvance(QChar(0x25b2));
    const int second = small.horizontalAdvance(index.data(StrategyTableModel::RangeRole).toString()) +
                       kPadding +
                       small.horizontalAdvance(index.data(StrategyTableModel::DifferenceRole).toString());
    return {std::max(first, second) + 2 * kPadding, value.height() + small.height() + 7};
}

void StrategyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    if (!m_theme) {
        return;
    }
    painter->save();
    const Theme& theme = *m_theme;
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, theme.selection);
    }
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.line);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(theme.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    const bool there = index.data(StrategyTableModel::ValueRole).isValid();
    const QFont strong = theme.font(there ? TextRole::Strong : TextRole::Body);
    const QFont small = theme.font(TextRole::Label);
    const QFontMetrics strongMetrics(strong);
    const QFontMetrics smallMetrics(small);
    const QString range = index.data(StrategyTableModel::RangeRole).toString();
    const QString difference = index.data(StrategyTableModel::DifferenceRole).toString();
    const QRect box = option.rect.adjusted(kPadding, 3, -kPadding, -3);
    const bool twoLines = !range.isEmpty() || !difference.isEmpty();
    const int top = twoLines ? box.top() : box.center().y() - strongMetrics.height() / 2;

    painter->setFont(strong);
    painter->setPen(there ? theme.text : theme.quietText);
    const QString value = index.data().toString();
    const bool outside = value.endsWith(outsideMark());
    const QString number = outside ? value.chopped(outsideMark().size()) : value;
    const QRect first(box.left(), top, box.width(), strongMetrics.height());
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter, number);
    if (outside) {
        painter->setPen(theme.warning);
        painter->drawText(first.adjusted(strongMetrics.horizontalAdvance(number), 0, 0, 0),
                          Qt::AlignLeft | Qt::AlignVCenter, outsideMark());
    }
    if (index.data(StrategyTableModel::WinnerRole).toBool()) {
        painter->setPen(theme.positive);
        painter->drawText(first.adjusted(strongMetrics.horizontalAdvance(value) + kWinnerGap, 0, 0, 0),
                          Qt::AlignLeft | Qt::AlignVCenter, QString(QChar(0x25b2)));
    }
    painter->setFont(small);
    const QRect second(box.left(), first.bottom() + 1, box.width(), smallMetrics.height());
    painter->setPen(theme.quietText);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter, range);
    if (!difference.isEmpty()) {
        const int direction = index.data(StrategyTableModel::DirectionRole).toInt();
        painter->setPen(direction > 0   ? mixed(theme.text, theme.positive, 0.7)
                        : direction < 0 ? mixed(theme.text, theme.negative, 0.7)
                                        : theme.quietText);
        const int after = range.isEmpty() ? 0 : smallMetrics.horizontalAdvance(range) + kPadding;
        painter->drawText(second.adjusted(after, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, difference);
    }
    painter->restore();
}

} // namespace atlas::widgets
