// Pictures of some rows of a pane, for panes too large to be held whole. QImage::offset() says which row of
// the pane a picture begins with: everything that writes pixels asks it where in the pane it is.
#pragma once

#include <QImage>
#include <QPainter>

namespace atlas::scenes {

/// Rows of a pane, device pixels.
struct PaneRows {
    int first = 0;
    int count = 0; ///< 0: all from `first` on
    bool operator==(const PaneRows&) const = default;
};

/// The first row of the pane that a picture shows.
[[nodiscard]] inline int firstRow(const QImage& picture) {
    return picture.offset().y();
}

/// What lies in a picture, in device pixels of the pane.
[[nodiscard]] inline QRect rectInPane(const QImage& picture) {
    return picture.rect().translated(picture.offset());
}

/// The pane's row `y`, which must be one of the picture's.
[[nodiscard]] inline QRgb* rowOfPane(QImage& picture, int y) {
    return reinterpret_cast<QRgb*>(picture.scanLine(y - firstRow(picture)));
}

/// Paints a picture of the pane where it lies, device pixel on device pixel, on a device of the same ratio.
inline void paintRows(QPainter& painter, const QImage& picture) {
    // A picture with a ratio would be scaled there and back: 1.3 and 1/1.3 do not make 1.
    const QImage plain(picture.constBits(), picture.width(), picture.height(), picture.bytesPerLine(),
                       picture.format());
    const double ratio = picture.devicePixelRatio();
    painter.save();
    painter.scale(1 / ratio, 1 / ratio);
    painter.drawImage(QPointF(0, firstRow(picture)), plain);
    painter.restore();
}

/// Paints on a picture in the pane's coordinates, device pixel for device pixel as on the whole pane: what is
/// painted is not moved, which would round it otherwise, but cut.
class RowsPainter : public QPainter {
public:
    explicit RowsPainter(QImage& picture);
    ~RowsPainter();

private:
    QImage m_pane; ///< down to the picture's last row; has memory where the picture lies
};

} // namespace atlas::scenes
