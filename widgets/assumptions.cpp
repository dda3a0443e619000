#include "widgets/assumptions.h"

#include "widgets/format.h"
#include "widgets/levers_panel.h"

namespace atlas::widgets {

std::vector<AssumptionRow> assumptionsOf(const scenario::Scenario& scenario) {
    std::vector<AssumptionRow> rows;
    scenario::visitInputs(
        scenario, [&](const std::string& path, const scenario::Sourced& number, units::Dimension dimension) {
            rows.push_back({text(path), number, dimension});
        });
    return rows;
}

DataTable assumptionsTable(const std::vector<AssumptionRow>& rows) {
    DataTable table;
    table.name = QStringLiteral("assumptions");
    table.columns = {
        AssumptionsModel::tr("path"),   AssumptionsModel::tr("value"), AssumptionsModel::tr("low"),
        AssumptionsModel::tr("high"),   AssumptionsModel::tr("unit"),  AssumptionsModel::tr("grade"),
        AssumptionsModel::tr("source"), AssumptionsModel::tr("fact"),  AssumptionsModel::tr("note")};
    for (const AssumptionRow& row : rows) {
        const std::string unit(units::unitName(row.dimension));
        table.rows.push_back({row.path, row.number.value, row.number.low, row.number.high, text(unit),
                              gradeText(row.number.grade), text(row.number.source), text(row.number.fact),
                              text(row.number.note)});
    }
    return table;
}

AssumptionsModel::AssumptionsModel(QObject* parent)
    : QAbstractTableModel(parent) {}

void AssumptionsModel::setRows(std::vector<AssumptionRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int AssumptionsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AssumptionsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AssumptionsModel::data(const QModelIndex& at, int role) const {
    if (!at.isValid() || at.row() >= rowCount()) {
        return {};
    }
    const AssumptionRow& row = m_rows[static_cast<std::size_t>(at.row())];
    if (role == Qt::ToolTipRole) {
        return row.path + '\n' + provenanceText(row.number, row.dimension);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (at.column()) {
    case Path:
        return row.path;
    case Value:
        return quantityText(row.number.value, row.dimension);
    case Range:
        return row.number.high > row.number.low ? rangeText(quantityText(row.number.low, row.dimension),
                                                            quantityText(row.number.high, row.dimension))
                                                : QString();
    case GradeColumn:
        return gradeText(row.number.grade);
    case Source:
        return text(row.number.source);
    default:
        return {};
    }
}

QVariant AssumptionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) {
        return {};
    }
    const QString names[] = {tr("Number"), tr("Value"), tr("Range"), tr("Grade"), tr("Source")};
    return section < ColumnCount ? names[section] : QVariant();
}

} // namespace atlas::widgets
