#include "scenes/scene.h"

#include <algorithm>

namespace atlas::scenes {

namespace {
/// Rows painted beside those that are asked for: a curve that the edge of a picture cuts is rounded otherwise
/// than a whole one, and rings and marks are smaller than this.
constexpr int kOverscan = 64;
} // namespace

QImage Scene::image(const Viewport& viewport, PaneRows rows) {
    const QSize whole = viewport.deviceSize();
    const int first = std::clamp(rows.first, 0, whole.height() - 1);
    const int rest = whole.height() - first;
    const int count = rows.count > 0 ? std::min(rows.count, rest) : rest;
    const int top = std::max(0, first - kOverscan);
    const int bottom = std::min(whole.height(), first + count + kOverscan);
    QImage picture(whole.width(), bottom - top, QImage::Format_RGB32);
    if (picture.isNull())
        return picture; // more than the memory holds
    picture.setDevicePixelRatio(viewport.devicePixelRatio);
    picture.setOffset(QPoint(0, top));
    const bool some = count < whole.height();
    if (some)
        keepRows({top, bottom - top});
    {
        RowsPainter painter(picture);
        paint(painter, viewport);
    }
    if (!some)
        return picture;
    keepRows({});
    QImage part = picture.copy(0, first - top, whole.width(), count);
    part.setOffset(QPoint(0, first));
    return part;
}

} // namespace atlas::scenes
