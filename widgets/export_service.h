// Writes charts and tables to files by the name's ending; whole files or none.
#pragma once

#include "widgets/chart_picture.h"
#include "widgets/data_table.h"

#include <optional>

namespace atlas::widgets {

/// The format a file name asks for; empty where none fits.
[[nodiscard]] std::optional<ChartFormat> chartFormatOf(const QString& path);

/// Writes a chart as .png, .svg, .pdf or .csv. Errors: an ending that is none of these, a file that cannot be
/// written. Returns nothing on success.
[[nodiscard]] Diagnostics exportChart(const QString& path, const Plot& plot, const Caption& caption,
                                      const PictureOptions& options);

/// Writes a table as .csv or .xlsx (.tsv for the clipboard's format).
[[nodiscard]] Diagnostics exportTable(const QString& path, const DataTable& table);

/// Writes a picture of a scene as .png, with its provenance in the file.
[[nodiscard]] Diagnostics exportImage(const QString& path, const QImage& image, const QString& provenance);
[[nodiscard]] QByteArray pngFile(const QImage& image, const QString& provenance);

} // namespace atlas::widgets
