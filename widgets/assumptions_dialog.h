// The assumptions page: every sourced number, searchable.
#pragma once

#include "widgets/assumptions.h"
#include "widgets/themed_label.h"

#include <QDialog>

class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace atlas::widgets {

class AssumptionsDialog : public QDialog {
    Q_OBJECT
public:
    explicit AssumptionsDialog(QWidget* parent = nullptr);

    void setScenario(const scenario::Scenario& scenario);
    void setTheme(const Theme& theme);
    /// Shows only rows with these letters in path, grade or source.
    void setFilter(const QString& words);
    [[nodiscard]] int shownRows() const;
    [[nodiscard]] DataTable table() const { return assumptionsTable(m_model->rows()); }

signals:
    void exportRequested();

private:
    void count();

    AssumptionsModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QTableView* m_view;
    QLineEdit* m_filter;
    ThemedLabel* m_title;
    ThemedLabel* m_count;
};

} // namespace atlas::widgets
