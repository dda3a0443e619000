#include "widgets/data_table.h"

#include <QLocale>

#include <cmath>

namespace atlas::widgets {
namespace {

QString cellText(const QVariant& cell) {
    if (!cell.isValid()) {
        return {};
    }
    if (cell.typeId() == QMetaType::Double) {
        const double value = cell.toDouble();
        const double size = std::abs(value);
        // Plain digits as long as people can read them.
        const char format = size == 0.0 || (size >= 1e-4 && size < 1e15) ? 'f' : 'g';
        return QString::number(value, format, QLocale::FloatingPointShortest);
    }
    return cell.toString();
}

QString csvCell(const QVariant& cell) {
    QString text = cellText(cell);
    if (cell.typeId() == QMetaType::QString && (text.startsWith('=') || text.startsWith('@'))) {
        text.prepend('\'');
    }
    if (text.contains(',') || text.contains('"') || text.contains('\n') || text.contains('\r')) {
        text.replace('"', "\"\"");
        return '"' + text + '"';
    }
    return text;
}

QString tsvCell(const QVariant& cell) {
    return cellText(cell).replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
}

template <class CellText>
QString separated(const DataTable& table, char separator, CellText&& text) {
    QString out;
    const auto line = [&](const QVariantList& cells) {
        for (qsizetype i = 0; i < cells.size(); ++i) {
            if (i > 0) {
                out += separator;
            }
            out += text(cells[i]);
        }
        out += '\n';
    };
    line(QVariantList(table.columns.begin(), table.columns.end()));
    for (const QVariantList& row : table.rows) {
        line(row);
    }
    return out;
}

} // namespace

QString DataTable::csv() const {
    return separated(*this, ',', csvCell);
}

QString DataTable::tsv() const {
    return separated(*this, '\t', tsvCell);
}

QString suffix(TableFormat format) {
    return format == TableFormat::Csv ? QStringLiteral("csv") : QStringLiteral("xlsx");
}

} // namespace atlas::widgets
