// Every sourced number of a scenario: what it is, how well it is known, and who says so.
#pragma once

#include "model/scenario/scenario.h"
#include "widgets/data_table.h"

#include <QAbstractTableModel>

#include <vector>

namespace atlas::widgets {

struct AssumptionRow {
    QString path;
    catalog::Sourced number;
    units::Dimension dimension = units::Dimension::Number;
};

[[nodiscard]] std::vector<AssumptionRow> assumptionsOf(const scenario::Scenario& scenario);

/// Numbers in SI with the unit's name, ranges, grade, source, key of the fact and note.
[[nodiscard]] DataTable assumptionsTable(const std::vector<AssumptionRow>& rows);

class AssumptionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Path, Value, Range, GradeColumn, Source, ColumnCount };

    explicit AssumptionsModel(QObject* parent = nullptr);

    void setRows(std::vector<AssumptionRow> rows);
    [[nodiscard]] const std::vector<AssumptionRow>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<AssumptionRow> m_rows;
};

} // namespace atlas::widgets
