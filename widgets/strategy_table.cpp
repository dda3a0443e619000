#include "widgets/strategy_table.h"

#include "widgets/format.h"
#include "widgets/icons.h"
#include "widgets/strategy_delegate.h"
#include "widgets/strategy_header.h"
#include "widgets/themed_label.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace atlas::widgets {

namespace {

constexpr int kNarrowestColumn = 118;

/// A line that fills as the ranges come in.
class ProgressLine : public QWidget {
public:
    ProgressLine() { setFixedHeight(2); }
    void set(double share, const QColor& colour) {
        m_share = share;
        m_colour = colour;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        if (m_share < 1) {
            QPainter painter(this);
            painter.fillRect(QRectF(0, 0, width() * m_share, height()), m_colour);
        }
    }

private:
    double m_share = 1;
    QColor m_colour;
};

} // namespace

StrategyTable::StrategyTable(QWidget* parent)
    : QWidget(parent)
    , m_model(new StrategyTableModel(this))
    , m_view(new QTableView)
    , m_header(new StrategyHeader(*m_model, m_view))
    , m_delegate(new StrategyDelegate(this))
    , m_title(new ThemedLabel(TextRole::Head))
    , m_subtitle(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_menuButton(new QToolButton)
    , m_menu(new QMenu(this))
    , m_progress(new ProgressLine) {
    m_title->setObjectName(QStringLiteral("title"));
    m_title->setWordWrap(true);
    m_subtitle->setWordWrap(true);
    m_view->setModel(m_model);
    m_view->setHorizontalHeader(m_header);
    m_view->setItemDelegate(m_delegate);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setAccessibleName(tr("Strategies: headline numbers with ranges"));
    m_view->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->verticalHeader()->setHighlightSections(false);
    m_view->setTabKeyNavigation(false);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    m_header->viewport()->installEventFilter(this);

    m_menuButton->setAccessibleName(tr("Menu of the strategies table"));
    m_menuButton->setToolTip(tr("Copy, export"));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_menuButton->setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, [this] { fillMenu(m_view->currentIndex().column()); });

    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_subtitle);
    auto* head = new QHBoxLayout;
    head->addLayout(words, 1);
    head->addWidget(m_menuButton, 0, Qt::AlignTop);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 8, 10);
    all->setSpacing(6);
    all->addLayout(head);
    all->addWidget(m_progress);
    all->addWidget(m_view, 1);
    setFocusProxy(m_view);

    connect(m_header, &StrategyHeader::badgeClicked, this,
            [this](int column, Side side) { emit sideChosen(side, m_model->strategyId(column)); });
    connect(m_header, &QHeaderView::sectionClicked, this, [this](int column) {
        fillMenu(column);
        const int left = m_header->sectionViewportPosition(column);
        m_menu->popup(m_header->viewport()->mapToGlobal(QPoint(left, m_header->height())));
    });
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex& at) {
        if (at.data(StrategyTableModel::ValueRole).isValid()) {
            const auto& strategy = m_model->comparison().strategies[static_cast<std::size_t>(at.column())];
            emit whyRequested(text(strategy.id),
                              text(strategy.headline[static_cast<std::size_t>(at.row())].key));
        }
    });
}

StrategyTable::~StrategyTable() = default;

QString StrategyTable::title() const {
    return m_title->text();
}

void StrategyTable::setComparison(const explore::Comparison& comparison) {
    m_model->setComparison(comparison);
    retitle();
    arrangeColumns();
    fitColumns();
}

void StrategyTable::setSides(const QString& idA, const QString& idB) {
    m_model->setSides(idA, idB);
    arrangeColumns();
}

void StrategyTable::arrangeColumns() {
    // A and B stand first, the others follow in the order of the file.
    int place = 0;
    for (const Side side : kSides) {
        for (int c = 0; c < m_model->columnCount(); ++c) {
            if (m_model->sideOf(c) == side) {
                m_header->moveSection(m_header->visualIndex(c), place++);
            }
        }
    }
    int last = place;
    for (int c = 0; c < m_model->columnCount(); ++c) {
        if (!m_model->sideOf(c)) {
            m_header->moveSection(m_header->visualIndex(c), last++);
        }
    }
}

void StrategyTable::setStart(scenario::Month start) {
    m_model->setStart(start);
    fitColumns();
}

void StrategyTable::setBase(const QString& id) {
    m_model->setBase(id);
    retitle();
}

void StrategyTable::retitle() {
    int wins[64] = {};
    int best = -1;
    const int columns = std::min(m_model->columnCount(), 64);
    for (int c = 0; c < columns; ++c) {
        for (int r = 0; r < m_model->rowCount(); ++r) {
            wins[c] += m_model->index(r, c).data(StrategyTableModel::WinnerRole).toBool() ? 1 : 0;
        }
        if (best < 0 || wins[c] > wins[best]) {
            best = c;
        }
    }
    if (best >= 0 && wins[best] > 0) {
        m_title->setText(tr("%1 is clearly best in %2 of %3 numbers")
                             .arg(m_model->headerData(best, Qt::Horizontal).toString())
                             .arg(wins[best])
                             .arg(m_model->rowCount()));
    } else {
        m_title->setText(columns > 0 ? tr("No strategy is clearly best in any number") : tr("Strategies"));
    }
    const explore::Comparison& comparison = m_model->comparison();
    const QString base = m_model->headerData(m_model->baseColumn(), Qt::Horizontal).toString();
    m_subtitle->setText(
        (comparison.draws > 0
             ? tr("5 to 95 % of %1 draws; differences from %2; ▲ only where ranges do not overlap")
                   .arg(comparison.draws)
                   .arg(base)
             : tr("Central values, ranges follow; differences from %1").arg(base)) +
        (m_model->marked() ? tr("; %1 outside what was checked").arg(outsideMark()) : QString()));
}

void StrategyTable::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_title->setTheme(theme);
    m_subtitle->setTheme(theme);
    m_header->setTheme(theme);
    m_delegate->setTheme(theme);
    m_view->verticalHeader()->setFont(theme.font(TextRole::Body));
    m_menuButton->setIcon(icon(QStringLiteral("more"), theme.quietText, theme.line));
    fitColumns();
    m_view->viewport()->update();
}

void StrategyTable::setProgress(double share) {
    static_cast<ProgressLine*>(m_progress)->set(share, m_theme ? m_theme->accent : QColor());
}

void StrategyTable::fitColumns() {
    if (m_model->columnCount() == 0) {
        return;
    }
    QStyleOptionViewItem option;
    int needed[64] = {};
    int total = 0;
    const int columns = std::min(m_model->columnCount(), 64);
    for (int c = 0; c < columns; ++c) {
        needed[c] = kNarrowestColumn;
        for (int r = 0; r < m_model->rowCount(); ++r) {
            needed[c] = std::max(needed[c], m_delegate->sizeHint(option, m_model->index(r, c)).width());
        }
        total += needed[c];
    }
    const int room = m_view->viewport()->width();
    const int spare = std::max(0, room - total) / columns;
    for (int c = 0; c < columns; ++c) {
        m_header->resizeSection(c, needed[c] + spare);
    }
    for (int r = 0; r < m_model->rowCount(); ++r) {
        m_view->setRowHeight(r, m_delegate->sizeHint(option, m_model->index(r, 0)).height());
    }
}

void StrategyTable::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitColumns();
}

void StrategyTable::copyToClipboard() const {
    auto* mime = new QMimeData; // the clipboard takes it
    const QString tsv = m_model->table().tsv();
    mime->setText(tsv);
    mime->setData(QStringLiteral("text/tab-separated-values"), tsv.toUtf8());
    QGuiApplication::clipboard()->setMimeData(mime);
}

void StrategyTable::fillMenu(int column) {
    m_menu->clear();
    const QString id = m_model->strategyId(column);
    if (!id.isEmpty()) {
        const QString name = m_model->headerData(column, Qt::Horizontal).toString();
        for (const Side side : kSides) {
            QAction* choose = m_menu->addAction(tr("Show %1 as %2").arg(name).arg(QChar(letter(side))));
            choose->setObjectName(QStringLiteral("choose-%1").arg(QChar(letter(side))));
            connect(choose, &QAction::triggered, this, [this, side, id] { emit sideChosen(side, id); });
        }
        QAction* base = m_menu->addAction(tr("Take differences from %1").arg(name));
        base->setObjectName(QStringLiteral("base"));
        connect(base, &QAction::triggered, this, [this, id] { emit baseChosen(id); });
        m_menu->addSeparator();
    }
    QAction* copy = m_menu->addAction(tr("Copy table"));
    copy->setObjectName(QStringLiteral("copy"));
    connect(copy, &QAction::triggered, this, &StrategyTable::copyToClipboard);
    QAction* csv = m_menu->addAction(tr("Export CSV…"));
    csv->setObjectName(QStringLiteral("export-csv"));
    connect(csv, &QAction::triggered, this, [this] { emit exportRequested(TableFormat::Csv); });
    QAction* xlsx = m_menu->addAction(tr("Export XLSX…"));
    xlsx->setObjectName(QStringLiteral("export-xlsx"));
    connect(xlsx, &QAction::triggered, this, [this] { emit exportRequested(TableFormat::Xlsx); });
}

bool StrategyTable::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && watched == m_view) {
        auto* key = static_cast<QKeyEvent*>(event);
        const QString id = m_model->strategyId(m_view->currentIndex().column());
        if (key->matches(QKeySequence::Copy)) {
            copyToClipboard();
            return true;
        }
        if (key->modifiers() == Qt::NoModifier && !id.isEmpty() &&
            (key->key() == Qt::Key_A || key->key() == Qt::Key_B)) {
            emit sideChosen(key->key() == Qt::Key_A ? Side::A : Side::B, id);
            return true;
        }
    }
    if (event->type() == QEvent::ContextMenu) {
        auto* menu = static_cast<QContextMenuEvent*>(event);
        const int column = watched == m_header->viewport() ? m_header->logicalIndexAt(menu->pos())
                           : menu->reason() == QContextMenuEvent::Keyboard
                               ? m_view->currentIndex().column()
                               : m_view->columnAt(menu->pos().x());
        fillMenu(column);
        m_menu->popup(menu->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace atlas::widgets
