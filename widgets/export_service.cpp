#include "widgets/export_service.h"

#include "widgets/png_stream.h"
#include "widgets/safe_file.h"
#include "widgets/xlsx.h"

#include <QBuffer>
#include <QFileInfo>
#include <QSaveFile>
#include <QStorageInfo>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr double kMostPacked = 1032; // times that deflate can shorten anything (zlib, technical details)
constexpr double kPartBytes = 64e6;  // of the part of a picture in hand

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

Diagnostics exportParts(const QString& path, const PictureParts& picture, const QString& provenance) {
    if (ending(path) != QLatin1String("png")) {
        return wrongEnding(path, ".png");
    }
    const QSize size = picture.size;
    const std::string told = std::to_string(size.width()) + " x " + std::to_string(size.height()) + " pixels";
    if (std::max(size.width(), size.height()) > kLargestPicture) {
        return failure(told + " are more than a picture may have",
                       "ask for at most " + std::to_string(kLargestPicture) + " a side");
    }
    const double bytes = 3.0 * size.width() * size.height();
    const double room = static_cast<double>(QStorageInfo(QFileInfo(path).absolutePath()).bytesAvailable());
    const std::string noRoom = "the disk has no room for a picture of " + told;
    const std::string remedy = "make room in " + QFileInfo(path).absolutePath().toStdString() +
                               ", write elsewhere, or ask for a smaller picture";
    if (room >= 0 && bytes / kMostPacked > room) {
        return failure(noRoom, remedy); // however empty it is
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return cannotWrite(path, file.errorString());
    }
    PngStream png(file, size, picture.transparent, provenance);
    const auto rowBytes = static_cast<double>(size.width()) * sizeof(QRgb);
    const int step = std::clamp(static_cast<int>(kPartBytes / rowBytes), 1, std::max(1, size.height()));
    for (int first = 0; first < size.height(); first += step) {
        const QImage part = picture.rows({first, std::min(step, size.height() - first)});
        if (part.isNull()) {
            return failure("the memory does not hold " + std::to_string(step) + " rows of a picture of " +
                               told,
                           "close other programs, or ask for a smaller picture");
        }
        if (!png.write(part)) {
            return failure(noRoom + ": " + file.errorString().toStdString(), remedy);
        }
    }
    if (!png.finish() || !file.commit()) {
        return failure(noRoom + ": " + file.errorString().toStdString(), remedy);
    }
    return {};
}

Diagnostics exportImage(const QString& path, const QImage& image, const QString& provenance) {
    if (ending(path) != QLatin1String("png")) {
        return wrongEnding(path, ".png");
    }
    return writeSafely(path, pngFile(image, provenance));
}

} // namespace atlas::widgets
