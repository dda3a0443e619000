#include "widgets/export_service.h"

#include "widgets/safe_file.h"
#include "widgets/xlsx.h"

#include <QBuffer>
#include <QFileInfo>

namespace atlas::widgets {

namespace {

QString ending(const QString& path) {
    return QFileInfo(path).suffix().toLower();
}

Diagnostics wrongEnding(const QString& path, const std::string& known) {
    return failure("cannot tell the format of " + path.toStdString(),
                   "name the file with one of the endings " + known);
}

} // namespace

std::optional<ChartFormat> chartFormatOf(const QString& path) {
    for (const ChartFormat format :
         {ChartFormat::Png, ChartFormat::Svg, ChartFormat::Pdf, ChartFormat::Csv}) {
        if (ending(path) == suffix(format)) {
            return format;
        }
    }
    return std::nullopt;
}

Diagnostics exportChart(const QString& path, const Plot& plot, const Caption& caption,
                        const PictureOptions& options) {
    const auto format = chartFormatOf(path);
    if (!format) {
        return wrongEnding(path, ".png, .svg, .pdf, .csv");
    }
    return writeSafely(path, chartFile(plot, caption, options, *format));
}

Diagnostics exportTable(const QString& path, const DataTable& table) {
    if (ending(path) == QLatin1String("csv")) {
        return writeSafely(path, table.csv().toUtf8());
    }
    if (ending(path) == QLatin1String("tsv")) {
        return writeSafely(path, table.tsv().toUtf8());
    }
    if (ending(path) == QLatin1String("xlsx")) {
        const auto book = xlsxFile({table}, table.name);
        return book ? writeSafely(path, *book) : book.errors();
    }
    return wrongEnding(path, ".csv, .tsv, .xlsx");
}

QByteArray pngFile(const QImage& image, const QString& provenance) {
    QImage whole = image;
    whole.setDevicePixelRatio(1);
    whole.setText(QStringLiteral("Description"), provenance);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    whole.save(&buffer, "PNG");
    return bytes;
}

Diagnostics exportImage(const QString& path, const QImage& image, const QString& provenance) {
    if (ending(path) != QLatin1String("png")) {
        return wrongEnding(path, ".png");
    }
    return writeSafely(path, pngFile(image, provenance));
}

} // namespace atlas::widgets
