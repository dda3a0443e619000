// Tables as a workbook.
#pragma once

#include "model/core/result.h"
#include "widgets/data_table.h"

#include <QByteArray>

namespace atlas::widgets {

/// One sheet a table: bold header that stays in sight, numbers as numbers. The same tables give the same
/// bytes.
[[nodiscard]] Result<QByteArray> xlsxFile(const std::vector<DataTable>& tables, const QString& title);

} // namespace atlas::widgets
