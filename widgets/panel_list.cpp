#include "widgets/panel_list.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kRowHeight = 28;
constexpr int kPadding = 8;
constexpr int kBadge = 18;
constexpr int kIndent = 24; ///< texts stand in one line, with a badge before them or without

enum ItemRole { NoteRole = Qt::UserRole, BadgeRole };

} // namespace

class PanelDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setTheme(const Theme& theme) { m_theme = std::make_unique<Theme>(theme); }
    void setOffered(const QString& letters) { m_offered = letters; }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {120, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        if (!m_theme) {
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QString badge = index.data(BadgeRole).toString();
        const bool hovered = option.state & QStyle::State_MouseOver;
        const bool current = option.state & QStyle::State_HasFocus;
        const QRectF row = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -1.5);
        if (!badge.isEmpty() || hovered || current) {
            painter->setPen(current ? QPen(m_theme->accent, 1) : Qt::NoPen);
            painter->setBrush(badge.isEmpty() ? mixed(m_theme->panel, m_theme->selection, hovered ? 0.6 : 0.0)
                                              : m_theme->selection);
            painter->drawRoundedRect(row, m_theme->cornerRadius, m_theme->cornerRadius);
        }
        int left = option.rect.left() + kPadding;
        const bool lettered = !m_offered.isEmpty();
        painter->setFont(m_theme->font(TextRole::Strong));
        for (const QChar c : badge) {
            painter->setPen(mixed(m_theme->text, sideColour(*m_theme, c == 'A' ? Side::A : Side::B), 0.85));
            painter->drawText(QRect(left, option.rect.top(), kBadge, option.rect.height() - 1),
                              Qt::AlignLeft | Qt::AlignVCenter, lettered ? QString(c) : QString());
            left += 9;
        }
        // Two letters, where one strategy is on both sides, push the text on.
        const int textLeft =
            lettered ? std::max(option.rect.left() + kIndent + 2, left + 4) : option.rect.left() + kPadding;
        int right = option.rect.right() - kPadding;
        if (hovered && lettered) {
            painter->setFont(m_theme->font(TextRole::Label));
            for (qsizetype i = m_offered.size() - 1; i >= 0; --i) {
                const QRectF chip(right - kBadge, option.rect.center().y() - kBadge / 2.0, kBadge, kBadge);
                const QColor colour = sideColour(*m_theme, m_offered[i] == 'A' ? Side::A : Side::B);
                const bool on = badge.contains(m_offered[i]);
                painter->setPen(QPen(colour, 1));
                painter->setBrush(on ? QBrush(colour) : QBrush(m_theme->panel));
                painter->drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
                painter->setPen(on ? m_theme->ground : m_theme->text);
                painter->drawText(chip, Qt::AlignCenter, QString(m_offered[i]));
                right -= kBadge + 4;
            }
        }
        const QString note = index.data(NoteRole).toString();
        if (!note.isEmpty()) {
            painter->setFont(m_theme->font(TextRole::Label));
            painter->setPen(m_theme->quietText);
            painter->drawText(QRect(textLeft, option.rect.top(), right - textLeft, option.rect.height() - 1),
                              Qt::AlignRight | Qt::AlignVCenter, note);
            right -= painter->fontMetrics().horizontalAdvance(note) + kPadding;
        }
        painter->setFont(m_theme->font(TextRole::Body));
        painter->setPen(badge.isEmpty() ? mixed(m_theme->quietText, m_theme->text, 0.65) : m_theme->text);
        painter->drawText(
            QRect(textLeft, option.rect.top(), right - textLeft, option.rect.height() - 1),
            Qt::AlignLeft | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, right - textLeft));
        painter->restore();
    }

private:
    std::unique_ptr<Theme> m_theme;
    QString m_offered;
};

PanelList::PanelList(const QString& section, QWidget* parent)
    : QWidget(parent)
    , m_section(new ThemedLabel(TextRole::Section, Ink::Quiet))
    , m_view(new QListWidget)
    , m_delegate(new PanelDelegate(this)) {
    m_section->setText(section);
    m_view->setAccessibleName(section);
    m_view->setItemDelegate(m_delegate);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setSelectionMode(QAbstractItemView::NoSelection);
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setStyleSheet(QStringLiteral("background: transparent"));
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(6);
    all->addWidget(m_section);
    all->addWidget(m_view);
    m_section->setContentsMargins(kPadding, 0, 0, 0);
}

void PanelList::setItems(const std::vector<PanelItem>& items) {
    m_items = items;
    const int row = m_view->currentRow();
    while (m_view->count() > static_cast<int>(items.size())) {
        delete m_view->takeItem(m_view->count() - 1);
    }
    while (m_view->count() < static_cast<int>(items.size())) {
        m_view->addItem(new QListWidgetItem);
    }
    for (int i = 0; i < m_view->count(); ++i) {
        const PanelItem& from = items[static_cast<std::size_t>(i)];
        QListWidgetItem* item = m_view->item(i);
        item->setText(from.text);
        item->setToolTip(from.tip);
        item->setData(NoteRole, from.note);
        item->setData(BadgeRole, from.badge);
        item->setData(Qt::AccessibleDescriptionRole,
                      from.badge.isEmpty() ? from.note : tr("shown as %1").arg(from.badge));
    }
    m_view->setCurrentRow(std::min(row, m_view->count() - 1));
    fitHeight();
}

void PanelList::fitHeight() {
    m_view->setFixedHeight(std::max(1, m_view->count()) * kRowHeight + 2);
}

void PanelList::setOfferedBadges(const QString& letters) {
    m_offered = letters;
    m_delegate->setOffered(letters);
}

void PanelList::setTheme(const Theme& theme) {
    m_section->setTheme(theme);
    m_delegate->setTheme(theme);
    m_view->viewport()->update();
}

QRect PanelList::badgeRect(int row, QChar letter) const {
    const QRect rect = m_view->visualItemRect(m_view->item(row));
    const auto fromRight = static_cast<int>(m_offered.size() - 1 - m_offered.indexOf(letter));
    return {rect.right() - kPadding - kBadge - fromRight * (kBadge + 4), rect.center().y() - kBadge / 2,
            kBadge, kBadge};
}

bool PanelList::eventFilter(QObject* watched, QEvent* event) {
    const auto idOf = [&](int row) { return m_items[static_cast<std::size_t>(row)].id; };
    if (watched == m_view->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int row = m_view->row(m_view->itemAt(mouse->pos()));
        if (row >= 0 && mouse->button() == Qt::LeftButton) {
            for (const QChar letter : m_offered) {
                if (badgeRect(row, letter).contains(mouse->pos())) {
                    emit badgeChosen(idOf(row), letter);
                    return false;
                }
            }
            emit activated(idOf(row), mouse->modifiers());
        }
    } else if (watched == m_view && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_view->currentRow();
        if (row >= 0 &&
            (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space)) {
            emit activated(idOf(row), key->modifiers());
            return true;
        }
        const QString letter = key->text().toUpper();
        if (row >= 0 && letter.size() == 1 && m_offered.contains(letter)) {
            emit badgeChosen(idOf(row), letter[0]);
            return true;
        }
    } else if (event->type() == QEvent::ContextMenu && !m_offered.isEmpty()) {
        const auto* menuEvent = static_cast<QContextMenuEvent*>(event);
        const int row =
            menuEvent->reason() == QContextMenuEvent::Mouse
                ? m_view->row(m_view->itemAt(m_view->viewport()->mapFromGlobal(menuEvent->globalPos())))
                : m_view->currentRow();
        if (row < 0) {
            return false;
        }
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (const QChar letter : m_offered) {
            QAction* action = menu->addAction(tr("Show as %1").arg(letter));
            connect(action, &QAction::triggered, this,
                    [this, id = idOf(row), letter] { emit badgeChosen(id, letter); });
        }
        menu->popup(menuEvent->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace atlas::widgets
