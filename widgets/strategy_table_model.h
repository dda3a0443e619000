// The strategies table as a model: headline numbers as rows, strategies as columns.
#pragma once

#include "model/explore/compare.h"
#include "widgets/data_table.h"
#include "widgets/side.h"

#include <QAbstractTableModel>

#include <optional>

namespace atlas::widgets {

/// Stands behind a value from outside what was checked (model/validation/validity.h).
[[nodiscard]] QString outsideMark();

class StrategyTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        RangeRole = Qt::UserRole, ///< "33–39 %", empty where no range is known
        DifferenceRole,           ///< from the base: "+25 pp", empty in the base and where one does not apply
        DirectionRole,            ///< of the difference: 1 better, -1 worse, 0 neither
        WinnerRole,               ///< bool: better than every other beyond doubt
        CaveatRole, ///< how far outside what was checked: "550,000 GPUs is 239 times ...", or empty
        ValueRole,  ///< double in SI, invalid where it does not apply
    };

    explicit StrategyTableModel(QObject* parent = nullptr);

    void setComparison(const explore::Comparison& comparison);
    [[nodiscard]] const explore::Comparison& comparison() const { return m_comparison; }
    /// The strategies shown as A and B; badges in the header.
    void setSides(const QString& idA, const QString& idB);
    [[nodiscard]] std::optional<Side> sideOf(int column) const;
    /// Month of simulated time 0: numbers of months are then shown as dates.
    void setStart(scenario::Month start);
    /// Differences are taken from this strategy.
    void setBase(const QString& id);
    [[nodiscard]] int baseColumn() const;
    [[nodiscard]] QString strategyId(int column) const;
    [[nodiscard]] int columnOf(const QString& id) const; ///< -1 where there is none

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    /// Everything the table says, with ranges and differences in columns of their own.
    [[nodiscard]] DataTable table() const;
    /// True where some value lies outside what was checked.
    [[nodiscard]] bool marked() const;

private:
    [[nodiscard]] const explore::Headline* headline(int row, int column) const;
    [[nodiscard]] bool wins(int row, int column) const;
    [[nodiscard]] QString caveat(int row, int column) const;
    [[nodiscard]] std::optional<double> difference(int row, int column) const;

    explore::Comparison m_comparison;
    QString m_sides[2];
    QString m_base;
    std::optional<scenario::Month> m_start;
};

} // namespace atlas::widgets
