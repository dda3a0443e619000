#include "scenes/transparent_image.h"

#include <algorithm>

namespace atlas::scenes {

QImage transparentImage(Scene& scene, const Theme& theme, const Viewport& viewport, PaneRows rows) {
    const auto drawnOn = [&](const QColor& ground) {
        Theme other = theme;
        other.ground = ground;
        scene.setTheme(other);
        return scene.image(viewport, rows);
    };
    const QImage black = drawnOn(Qt::black);
    const QImage white = drawnOn(Qt::white);
    scene.setTheme(theme);
    QImage picture(black.size(), QImage::Format_ARGB32_Premultiplied);
    if (picture.isNull() || white.isNull())
        return {}; // more than the memory holds
    picture.setDevicePixelRatio(viewport.devicePixelRatio);
    picture.setOffset(black.offset());
    for (int y = 0; y < picture.height(); ++y) {
        const auto* b = reinterpret_cast<const QRgb*>(black.constScanLine(y));
        const auto* w = reinterpret_cast<const QRgb*>(white.constScanLine(y));
        auto* out = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < picture.width(); ++x) {
            const int through = std::clamp(
                std::max({qRed(w[x]) - qRed(b[x]), qGreen(w[x]) - qGreen(b[x]), qBlue(w[x]) - qBlue(b[x])}),
                0, 255);
            const int alpha = 255 - through;
            out[x] = qRgba(std::min(alpha, qRed(b[x])), std::min(alpha, qGreen(b[x])),
                           std::min(alpha, qBlue(b[x])), alpha);
        }
    }
    return picture;
}

} // namespace atlas::scenes
