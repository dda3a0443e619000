// A chart as a picture: title, subtitle, plot and provenance, as PNG, SVG, PDF, CSV. The same values give the
// same bytes on every run, with a display and without.
#pragma once

#include "model/core/result.h"
#include "widgets/plot.h"

#include <QByteArray>
#include <QImage>
#include <QSizeF>
#include <QString>

namespace atlas::widgets {

/// The words round a plot.
struct Caption {
    QString title;       ///< the finding, a sentence
    QString subtitle;    ///< what, unit, span
    QString provenance;  ///< scenario, version, seed; set small at the foot of exports
    QString caveat = {}; ///< how far the numbers lie outside what was checked; empty inside
};

enum class ChartFormat { Png, Svg, Pdf, Csv };
[[nodiscard]] QString suffix(ChartFormat format);

struct PictureOptions {
    Theme theme;
    QSizeF size{760, 420}; ///< device-independent pixels
    double pixelRatio = 2; ///< of PNG: device pixels a device-independent pixel
};

/// Room around title and plot, device-independent pixels.
inline constexpr double kPictureMargin = 16;

/// Draws the whole picture in (0, 0, size).
void paintPicture(QPainter& painter, const QSizeF& size, const Plot& plot, const Caption& caption,
                  const Theme& theme);

[[nodiscard]] QImage chartImage(const Plot& plot, const Caption& caption, const PictureOptions& options);
/// The bytes of a file. Decimated for vectors; text stays text in SVG, fonts are embedded in PDF.
[[nodiscard]] QByteArray chartFile(const Plot& plot, const Caption& caption, const PictureOptions& options,
                                   ChartFormat format);

/// Dots an inch in which the fonts of a theme come out at their size; writers are set to it.
[[nodiscard]] int logicalDpi();

/// PDF bytes as QPdfWriter made them, with the moment of writing taken out: the same content gives the same
/// bytes. The length does not change, so the cross-reference table stays right.
[[nodiscard]] QByteArray withoutDates(QByteArray pdf);

/// While alive, hashes are seeded the same in every run: QPdfWriter numbers its fonts in the order of a hash.
class DeterministicHashes {
public:
    DeterministicHashes();
    ~DeterministicHashes();
    Q_DISABLE_COPY_MOVE(DeterministicHashes)
};

} // namespace atlas::widgets
