#include "widgets/table_card.h"

#include "widgets/bar_delegate.h"
#include "widgets/format.h"
#include "widgets/themed_label.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QMimeData>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr int kRowHeight = 26;
constexpr int kWidestColumn = 320;
constexpr int kCellPadding = 20;
constexpr int kDigits = 3; ///< significant, of the largest number of a column
constexpr int kMostDecimals = 3;
constexpr double kLargestCount = 1e9; ///< beyond it whole numbers get a prefix too
constexpr int kSortMark = 14;         ///< room for the arrow of the column that is sorted by

bool isNumber(const QVariant& cell) {
    return cell.typeId() == QMetaType::Double || cell.typeId() == QMetaType::Int ||
           cell.typeId() == QMetaType::LongLong;
}

bool isWhole(double value) {
    return value == std::floor(value) && std::abs(value) < kLargestCount;
}

/// Decimals that give the largest number of a column three significant digits and leave the smallest one of
/// them; none for columns of whole numbers and of numbers too far apart for that.
std::optional<int> commonDecimals(const DataTable& table, int column) {
    double largest = 0;
    double smallest = kLargestCount;
    bool whole = true;
    for (const QVariantList& row : table.rows) {
        const QVariant cell = row.value(column);
        const double size = isNumber(cell) ? std::abs(cell.toDouble()) : 0;
        whole = whole && isWhole(size);
        if (size > 0) {
            largest = std::max(largest, size);
            smallest = std::min(smallest, size);
        }
    }
    if (whole || !(largest < kLargestCount)) {
        return {};
    }
    const int decimals = std::max(0, kDigits - 1 - static_cast<int>(std::floor(std::log10(largest))));
    const bool seen = smallest >= std::pow(10.0, -decimals);
    return decimals <= kMostDecimals && seen ? std::optional(decimals) : std::nullopt;
}

} // namespace

void DataTableModel::setTable(const DataTable& table) {
    beginResetModel();
    m_table = table;
    m_decimals.clear();
    for (int column = 0; column < table.columns.size(); ++column) {
        m_decimals.push_back(commonDecimals(table, column));
    }
    endResetModel();
}

void DataTableModel::setBar(int column, int wholeColumn) {
    m_barColumn = column;
    m_wholeColumn = wholeColumn;
}

int DataTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int DataTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QString DataTableModel::numberText(double value, int column) const {
    const std::optional<int> decimals = m_decimals[static_cast<std::size_t>(column)];
    if (decimals) {
        return fixedText(value, *decimals);
    }
    return isWhole(value) ? countText(value) : quantityText(value, units::Dimension::Number);
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const {
    const QVariant cell = m_table.rows[static_cast<std::size_t>(index.row())].value(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return !cell.isValid()  ? notApplicable()
               : isNumber(cell) ? numberText(cell.toDouble(), index.column())
                                : cell;
    case Qt::ToolTipRole:
        return cell.typeId() == QMetaType::QString ? cell : QVariant();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (isNumber(cell) || !cell.isValid() ? Qt::AlignRight : Qt::AlignLeft));
    case SortRole:
        return cell;
    case BarRole: {
        const double whole =
            index.column() == m_barColumn
                ? m_table.rows[static_cast<std::size_t>(index.row())].value(m_wholeColumn).toDouble()
                : 0;
        return whole > 0 ? QVariant(cell.toDouble() / whole) : QVariant();
    }
    default:
        return {};
    }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole && !m_table.rows.empty()) {
        return data(index(0, section), role).toInt() | Qt::TextWordWrap;
    }
    return role == Qt::DisplayRole || role == Qt::ToolTipRole ? m_table.columns.value(section) : QVariant();
}

TableCard::TableCard(const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_model(new DataTableModel(this))
    , m_proxy(new QSortFilterProxyModel(this))
    , m_view(new QTableView)
    , m_bars(new BarDelegate(this))
    , m_reason(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_menu(new QMenu(this))
    , m_head(new CardHead(m_menu, tr("Menu of the table"), tr("Copy, export"))) {
    m_reason->setAlignment(Qt::AlignCenter);
    m_reason->setWordWrap(true);
    m_reason->hide();
    m_proxy->setSourceModel(m_model);
    m_proxy->setSortRole(DataTableModel::SortRole);
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(m_bars);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTabKeyNavigation(false);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(-1, Qt::AscendingOrder);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setTextElideMode(Qt::ElideNone);
    QAction* copy = m_menu->addAction(tr("Copy"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(copy);
    connect(copy, &QAction::triggered, this, &TableCard::copyToClipboard);
    m_menu->addSeparator();
    connect(m_menu->addAction(tr("Export CSV…")), &QAction::triggered, this,
            [this] { emit exportRequested(TableFormat::Csv); });
    connect(m_menu->addAction(tr("Export XLSX…")), &QAction::triggered, this,
            [this] { emit exportRequested(TableFormat::Xlsx); });

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 8, 10);
    all->setSpacing(8);
    all->addWidget(m_head);
    all->addWidget(m_reason, 1);
    all->addWidget(m_view, 1);
    setFocusProxy(m_view);
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex& at) { emit rowActivated(m_proxy->mapToSource(at).row()); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& at) {
                if (!m_selecting && at.isValid()) {
                    emit rowSelected(m_proxy->mapToSource(at).row());
                }
            });
}

TableCard::~TableCard() = default;

void TableCard::setTable(const DataTable& table) {
    const bool sameColumns = table.columns == m_model->table().columns;
    m_selecting = true; // the reset takes the selection away
    m_model->setTable(table);
    m_selecting = false;
    m_reason->setVisible(table.rows.empty());
    m_view->setVisible(!table.rows.empty());
    if (!sameColumns) {
        fitColumns();
    }
}

void TableCard::setBar(int column, int wholeColumn) {
    m_model->setBar(column, wholeColumn);
}

void TableCard::setControls(QWidget* controls) {
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, controls);
}

void TableCard::selectRow(int row) {
    m_selecting = true;
    const QModelIndex at = m_proxy->mapFromSource(m_model->index(row, 0));
    if (row >= 0 && at.isValid()) {
        m_view->selectionModel()->setCurrentIndex(at, QItemSelectionModel::ClearAndSelect |
                                                          QItemSelectionModel::Rows);
    } else {
        m_view->selectionModel()->clear();
    }
    m_selecting = false;
}

void TableCard::setEmptyReason(const QString& reason) {
    m_reason->setText(reason);
}

void TableCard::fitColumns() {
    // As wide as the cells and the longest word of the name, which takes as many lines as it needs.
    const QFontMetrics metrics(m_view->font());
    int lines = 1;
    for (int c = 0; c < m_model->columnCount(); ++c) {
        int width = 0;
        for (int r = 0; r < m_model->rowCount(); ++r) {
            width = std::max(width, metrics.horizontalAdvance(
                                        m_model->data(m_model->index(r, c), Qt::DisplayRole).toString()));
        }
        const QString name = m_model->table().columns.value(c);
        for (const QString& word : name.split(' ')) {
            width = std::max(width, metrics.horizontalAdvance(word) + kSortMark);
        }
        width = std::min(width, kWidestColumn);
        const QRect wrapped = metrics.boundingRect(QRect(0, 0, width, 10'000), Qt::TextWordWrap, name);
        lines = std::max(lines, (wrapped.height() + metrics.height() - 1) / metrics.height());
        m_view->setColumnWidth(c, width + kCellPadding);
    }
    m_view->horizontalHeader()->setFixedHeight(lines * metrics.lineSpacing() + kCellPadding / 2);
    m_view->horizontalHeader()->setStretchLastSection(true);
}

void TableCard::setCaption(const Caption& caption) {
    m_head->setCaption(caption);
    m_view->setAccessibleName(caption.title);
    m_view->setAccessibleDescription(caption.subtitle);
}

void TableCard::setTheme(const Theme& theme) {
    m_bars->setTheme(theme);
    m_head->setTheme(theme);
    m_reason->setTheme(theme);
}

void TableCard::copyToClipboard() const {
    auto* mime = new QMimeData; // the clipboard takes it
    const QString tsv = table().tsv();
    mime->setText(tsv);
    mime->setData(QStringLiteral("text/tab-separated-values"), tsv.toUtf8());
    QGuiApplication::clipboard()->setMimeData(mime);
}

void TableCard::contextMenuEvent(QContextMenuEvent* event) {
    m_menu->popup(event->globalPos());
}

} // namespace atlas::widgets
