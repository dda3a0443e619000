// The numbers behind a picture: a small table that every chart and list can hand out as CSV, TSV or XLSX.
#pragma once

#include <QString>
#include <QStringList>
#include <QVariant>

#include <vector>

namespace atlas::widgets {

/// Rows of numbers (double), texts (QString) and gaps (invalid QVariant). Units stand in the column's name.
struct DataTable {
    QString name; ///< sheet or file stem
    QStringList columns;
    std::vector<QVariantList> rows;

    /// RFC 4180 with '.' as decimal point, the shortest digits that read back as the same double, "\n" line
    /// ends. A text that a spreadsheet would run as a formula gets a leading apostrophe.
    [[nodiscard]] QString csv() const;
    /// For the clipboard: tab separated, tabs and line breaks inside a cell become blanks.
    [[nodiscard]] QString tsv() const;
};

enum class TableFormat { Csv, Xlsx };
/// "csv", "xlsx".
[[nodiscard]] QString suffix(TableFormat format);

} // namespace atlas::widgets
