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

enum ItemRole { IndexRole = Qt::UserRole, ShortcutRole, PlaceRole };

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
        const QString name = index.data().toString();
        painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, name);
        const int used = painter->fontMetrics().horizontalAdvance(name) + 14;
        painter->setFont(theme->font(TextRole::Label));
        painter->setPen(theme->quietText);
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data(ShortcutRole).toString(),
                                                            Qt::ElideRight, std::max(0, row.width() - used)));
        painter->restore();
    }
};

CommandPalette::CommandPalette(QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_field(new QLineEdit)
    , m_list(new QListWidget)
    , m_delegate(new Delegate(this)) {
    setAccessibleName(tr("Find anything"));
    m_field->setPlaceholderText(tr("Find a command or a place"));
    m_field->setAccessibleName(tr("Find a command or a place"));
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

void CommandPalette::setPlacesOnly() {
    m_placesOnly = true;
    const QString words = tr("Go to: rack 1-203-7, Hall 2, spine 12, slowest …");
    m_field->setPlaceholderText(words);
    m_field->setAccessibleName(words);
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
    m_list->clear();
    addPlaces();
    if (!m_placesOnly) {
        addActions();
    }
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->flags() & Qt::ItemIsEnabled) {
            m_list->setCurrentRow(row);
            return;
        }
    }
}

void CommandPalette::addPlaces() {
    const QString typed = m_field->text().trimmed();
    if (!m_places || typed.isEmpty()) {
        return;
    }
    const std::vector<PaletteEntry> places = m_places(typed);
    const bool near = !places.empty() && places.front().near;
    if (near && !m_placesOnly) {
        return; // a guess does not stand before commands that fit
    }
    if (near || (places.empty() && m_placesOnly)) {
        auto* said = new QListWidgetItem(near ? tr("Nothing is called “%1”. The nearest:").arg(typed)
                                              : tr("Nothing is called “%1” or nearly so").arg(typed),
                                         m_list);
        said->setFlags(Qt::NoItemFlags);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto* item = new QListWidgetItem(places[i].name, m_list);
        item->setData(PlaceRole, static_cast<int>(i));
        item->setData(ShortcutRole, places[i].detail);
    }
}

void CommandPalette::addActions() {
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
    for (const Hit& hit : hits) {
        const QAction& action = *m_actions[hit.index];
        auto* item = new QListWidgetItem(nameOf(action), m_list);
        item->setData(IndexRole, static_cast<int>(hit.index));
        item->setData(ShortcutRole, action.shortcut().toString(QKeySequence::NativeText));
        if (!action.isEnabled()) {
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        }
    }
}

void CommandPalette::choose() {
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr || !(item->flags() & Qt::ItemIsEnabled)) {
        return;
    }
    if (const QVariant place = item->data(PlaceRole); place.isValid()) {
        accept();
        emit placeChosen(place.toInt());
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
