#include "widgets/command_palette.h"

#include "widgets/fuzzy_match.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kWidth = 520;
constexpr int kRowHeight = 30;
constexpr int kRowsShown = 11;

enum ItemRole { IndexRole = Qt::UserRole, ShortcutRole };

QString nameOf(const QAction& action) {
    QString words = action.text();
    words.remove('&');
    while (words.endsWith(QChar(0x2026)) || words.endsWith('.')) {
        words.chop(1);
    }
    return words;
}

} // namespace

class CommandPalette::Delegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    std::unique_ptr<Theme> theme;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {kWidth, kRowHeight};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        if (!theme) {
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme->selection);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 4, 4);
        }
        const bool enabled = index.flags() & Qt::ItemIsEnabled;
        const QRect row = option.rect.adjusted(14, 0, -14, 0);
        painter->setFont(theme->font(TextRole::Body));
        painter->setPen(enabled ? theme->text : mixed(theme->panel, theme->quietText, 0.6));
        painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        painter->setFont(theme->font(TextRole::Label));
        painter->setPen(theme->quietText);
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, index.data(ShortcutRole).toString());
        painter->restore();
    }
};

CommandPalette::CommandPalette(QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_field(new QLineEdit)
    , m_list(new QListWidget)
    , m_delegate(new Delegate(this)) {
    setAccessibleName(tr("Find anything"));
    m_field->setPlaceholderText(tr("Find a command"));
    m_field->setAccessibleName(tr("Find a command"));
    m_field->installEventFilter(this);
    m_list->setItemDelegate(m_delegate);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(8, 8, 8, 8);
    all->setSpacing(6);
    all->addWidget(m_field);
    all->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
}

void CommandPalette::setActions(const std::vector<QAction*>& actions) {
    m_actions.clear();
    for (QAction* action : actions) {
        if (action != nullptr && !action->isSeparator() && !action->text().isEmpty()) {
            m_actions.emplace_back(action);
        }
    }
    filter();
}

void CommandPalette::setTheme(const Theme& theme) {
    m_delegate->theme = std::make_unique<Theme>(theme);
    setStyleSheet(QStringLiteral("atlas--widgets--CommandPalette { background: %1; border: 1px solid %2 } "
                                 "QListWidget { background: transparent }")
                      .arg(theme.raised.name(), mixed(theme.line, theme.quietText, 0.4).name()));
    m_field->setFont(theme.font(TextRole::Head));
}

void CommandPalette::popUp() {
    m_field->clear();
    filter();
    setFixedWidth(kWidth);
    setFixedHeight(kRowHeight * kRowsShown + 62);
    if (const QWidget* window = parentWidget() != nullptr ? parentWidget()->window() : nullptr) {
        const QPoint middle =
            window->mapToGlobal(QPoint((window->width() - kWidth) / 2, window->height() / 8));
        move(middle);
    }
    show();
    m_field->setFocus();
}

QStringList CommandPalette::shown() const {
    QStringList names;
    for (int i = 0; i < m_list->count(); ++i) {
        names.append(m_list->item(i)->text());
    }
    return names;
}

void CommandPalette::filter() {
    struct Hit {
        int score;
        std::size_t index;
    };
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < m_actions.size(); ++i) {
        if (m_actions[i].isNull() || !m_actions[i]->isVisible()) {
            continue;
        }
        if (const auto score = fuzzyScore(m_field->text(), nameOf(*m_actions[i]))) {
            hits.push_back({*score, i});
        }
    }
    std::ranges::stable_sort(hits, [](const Hit& a, const Hit& b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit& hit : hits) {
        const QAction& action = *m_actions[hit.index];
        auto* item = new QListWidgetItem(nameOf(action), m_list);
        item->setData(IndexRole, static_cast<int>(hit.index));
        item->setData(ShortcutRole, action.shortcut().toString(QKeySequence::NativeText));
        if (!action.isEnabled()) {
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        }
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::choose() {
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr || !(item->flags() & Qt::ItemIsEnabled)) {
        return;
    }
    const QPointer<QAction> action = m_actions[static_cast<std::size_t>(item->data(IndexRole).toInt())];
    // Closed first: the command may open a window of its own.
    accept();
    if (action) {
        action->trigger();
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int rows = m_list->count();
        switch (key->key()) {
        case Qt::Key_Down:
            m_list->setCurrentRow(std::min(rows - 1, m_list->currentRow() + 1));
            return true;
        case Qt::Key_Up:
            m_list->setCurrentRow(std::max(0, m_list->currentRow() - 1));
            return true;
        case Qt::Key_PageDown:
            m_list->setCurrentRow(std::min(rows - 1, m_list->currentRow() + kRowsShown));
            return true;
        case Qt::Key_PageUp:
            m_list->setCurrentRow(std::max(0, m_list->currentRow() - kRowsShown));
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose();
            return true;
        default:
            break;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace atlas::widgets
