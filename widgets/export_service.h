// Writes charts and tables to files by the name's ending; whole files or none.
#pragma once

#include "scenes/pane_rows.h"
#include "widgets/chart_picture.h"
#include "widgets/data_table.h"

#include <functional>
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
/// The same, of a picture that is made in parts: memory for one of them is enough. `rows` gives the rows it
/// is asked for, in order from the top; null where that is more than the memory holds. Errors: a picture too
/// large for a PNG, for memory or for the disk.
struct PictureParts {
    QSize size; ///< pixels
    bool transparent = false;
    std::function<QImage(scenes::PaneRows)> rows;
};
[[nodiscard]] Diagnostics exportParts(const QString& path, const PictureParts& picture,
                                      const QString& provenance);
/// The longest side of a picture in parts, pixels.
inline constexpr int kLargestPicture = 262'144;

[[nodiscard]] QByteArray pngFile(const QImage& image, const QString& provenance);

} // namespace atlas::widgets
