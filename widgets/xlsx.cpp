#include "widgets/xlsx.h"

#include <QFile>
#include <QTemporaryDir>

#include <xlsxwriter.h>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kSheetNameLength = 31; ///< the most a workbook allows
constexpr double kNarrowest = 9;
constexpr double kWidest = 60;
/// Workbooks carry the moment they were made; a fixed one keeps the bytes the same (2000-01-01, UTC).
constexpr time_t kCreated = 946684800;
/// The longest text a cell may hold.
constexpr qsizetype kCellLength = 32767;

QString sheetName(const QString& name, std::size_t i) {
    QString out = name.left(kSheetNameLength);
    for (const QChar forbidden : QStringLiteral("[]:*?/\\'")) {
        out.remove(forbidden);
    }
    return out.isEmpty() ? QStringLiteral("Sheet%1").arg(i + 1) : out;
}

void writeSheet(lxw_worksheet* sheet, const DataTable& table, lxw_format* bold) {
    for (qsizetype c = 0; c < table.columns.size(); ++c) {
        const auto column = static_cast<lxw_col_t>(c);
        qsizetype widest = table.columns[c].size();
        worksheet_write_string(sheet, 0, column, table.columns[c].left(kCellLength).toUtf8().constData(),
                               bold);
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            const QVariant cell = table.rows[r].value(c);
            const auto row = static_cast<lxw_row_t>(r + 1);
            if (cell.typeId() == QMetaType::Double) {
                worksheet_write_number(sheet, row, column, cell.toDouble(), nullptr);
            } else if (cell.isValid()) {
                const QString text = cell.toString().left(kCellLength);
                widest = std::max(widest, text.size());
                worksheet_write_string(sheet, row, column, text.toUtf8().constData(), nullptr);
            }
        }
        worksheet_set_column(sheet, column, column,
                             std::clamp(static_cast<double>(widest) + 2, kNarrowest, kWidest), nullptr);
    }
    worksheet_freeze_panes(sheet, 1, 0);
}

} // namespace

Result<QByteArray> xlsxFile(const std::vector<DataTable>& tables, const QString& title) {
    const QTemporaryDir folder;
    if (!folder.isValid()) {
        return failure("cannot make a temporary folder: " + folder.errorString().toStdString(),
                       "check that the folder for temporary files has room");
    }
    const QString path = folder.filePath(QStringLiteral("book.xlsx"));
    lxw_workbook* book = workbook_new(QFile::encodeName(path).constData());
    if (book == nullptr) {
        return failure("cannot make a workbook", "check that there is memory and room for temporary files");
    }
    lxw_format* bold = workbook_add_format(book);
    format_set_bold(bold);
    format_set_text_wrap(bold);
    QByteArray titleText = title.toUtf8();
    QByteArray company = QByteArrayLiteral("Colossus Atlas " ATLAS_VERSION);
    lxw_doc_properties properties = {};
    properties.title = titleText.data();
    properties.comments = company.data();
    properties.created = kCreated;
    workbook_set_properties(book, &properties);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        lxw_worksheet* sheet =
            workbook_add_worksheet(book, sheetName(tables[i].name, i).toUtf8().constData());
        if (sheet != nullptr) {
            writeSheet(sheet, tables[i], bold);
        }
    }
    const lxw_error error = workbook_close(book);
    QFile file(path);
    if (error != LXW_NO_ERROR || !file.open(QIODevice::ReadOnly)) {
        return failure(std::string("cannot write the workbook: ") + lxw_strerror(error),
                       "check that the folder for temporary files has room");
    }
    return file.readAll();
}

} // namespace atlas::widgets
