// A table on a page: the finding as title, rows to read and sort, copied and exported as every chart is.
#pragma once

#include "widgets/card_head.h"
#include "widgets/data_table.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <optional>
#include <vector>

class QMenu;
class QSortFilterProxyModel;
class QTableView;

namespace atlas::widgets {

class BarDelegate;
class ThemedLabel;

/// Shows a DataTable: numbers right-aligned, all of a column with as many decimals as its largest needs for
/// three significant digits (each its own where they span more than three decades), texts as they are, gaps
/// as a dash.
class DataTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        SortRole = Qt::UserRole, ///< the undressed value
        BarRole                  ///< share of the cell's bar, where it has one
    };

    using QAbstractTableModel::QAbstractTableModel;
    void setTable(const DataTable& table);
    [[nodiscard]] const DataTable& table() const { return m_table; }
    /// Draws a number as a bar too, as long as its share of the number in another column.
    void setBar(int column, int wholeColumn);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString numberText(double value, int column) const;

    DataTable m_table;
    std::vector<std::optional<int>> m_decimals; ///< by column; none: each number its own
    int m_barColumn = -1;
    int m_wholeColumn = -1;
};

class TableCard : public QWidget {
    Q_OBJECT
public:
    /// `name` stands in menus and file names ("ledger").
    explicit TableCard(const QString& name, QWidget* parent = nullptr);
    ~TableCard() override;

    [[nodiscard]] QString name() const { return m_name; }
    void setTable(const DataTable& table);
    /// Said in place of rows where there are none.
    void setEmptyReason(const QString& reason);
    [[nodiscard]] const DataTable& table() const { return m_model->table(); }
    [[nodiscard]] QTableView& view() const { return *m_view; }
    void setCaption(const Caption& caption);
    [[nodiscard]] const Caption& caption() const { return m_head->caption(); }
    void setTheme(const Theme& theme);
    /// Draws the numbers of a column as bars too, see DataTableModel::setBar.
    void setBar(int column, int wholeColumn);
    /// A row of controls between the title and the rows; the card takes it over.
    void setControls(QWidget* controls);
    /// Shows a row of table() as selected, as if by hand but without rowSelected; none where it is not there.
    void selectRow(int row);
    void copyToClipboard() const;

signals:
    void exportRequested(atlas::widgets::TableFormat format);
    /// A row was activated by double click or Enter; `row` counts in table().
    void rowActivated(int row);
    /// A person selected a row; `row` counts in table().
    void rowSelected(int row);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fitColumns();

    QString m_name;
    DataTableModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QTableView* m_view;
    BarDelegate* m_bars;
    bool m_selecting = false; ///< by the program, not by a person
    ThemedLabel* m_reason;
    QMenu* m_menu;
    CardHead* m_head;
};

} // namespace atlas::widgets
