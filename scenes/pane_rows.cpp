#include "scenes/pane_rows.h"

#include <QPaintEngine>

#include <cstdint>

namespace atlas::scenes {

namespace {

/// The pane's picture from its first row on, whose rows before those of `picture` must not be touched.
QImage paneOf(QImage& picture) {
    const qsizetype before = firstRow(picture) * picture.bytesPerLine();
    const auto address =
        reinterpret_cast<std::uintptr_t>(picture.bits()) - static_cast<std::uintptr_t>(before);
    QImage pane(reinterpret_cast<uchar*>(address), picture.width(), firstRow(picture) + picture.height(),
                picture.bytesPerLine(), picture.format());
    pane.setDevicePixelRatio(picture.devicePixelRatio());
    return pane;
}

} // namespace

RowsPainter::RowsPainter(QImage& picture)
    : m_pane(paneOf(picture)) {
    m_pane.paintEngine()->setSystemClip(rectInPane(picture)); // holds whatever clip is set later
    begin(&m_pane);
}

RowsPainter::~RowsPainter() {
    end();
}

} // namespace atlas::scenes
