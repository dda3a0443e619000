// A table on a page: the finding as title, rows to read and sort, copied and exported as every chart is.
#pragma once

#include "widgets/chart_picture.h"
#include "widgets/data_table.h"

#include <QAbstractTableModel>
#include <QWidget>

class QMenu;
class QSortFilterProxyModel;
class QTableView;
class QToolButton;

namespace atlas::widgets {

class ThemedLabel;

/// Shows a DataTable: numbers to three significant digits and right-aligned, texts as they are, gaps as a
/// dash.
class DataTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole }; ///< the undressed value

    using QAbstractTableModel::QAbstractTableModel;
    void setTable(const DataTable& table);
    [[nodiscard]] const DataTable& table() const { return m_table; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    DataTable m_table;
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
    [[nodiscard]] const Caption& caption() const { return m_caption; }
    void setTheme(const Theme& theme);
    void copyToClipboard() const;

signals:
    void exportRequested(atlas::widgets::TableFormat format);
    /// A row was activated by double click or Enter; `row` counts in table().
    void rowActivated(int row);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fitColumns();

    QString m_name;
    Caption m_caption;
    DataTableModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QTableView* m_view;
    ThemedLabel* m_title;
    ThemedLabel* m_subtitle;
    ThemedLabel* m_caveat;
    ThemedLabel* m_reason;
    QMenu* m_menu;
    QToolButton* m_menuButton;
};

} // namespace atlas::widgets
