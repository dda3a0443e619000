#include "scenes/scene.h"

namespace atlas::scenes {

QImage Scene::image(const Viewport& viewport) {
    QImage picture(viewport.deviceSize(), QImage::Format_RGB32);
    picture.setDevicePixelRatio(viewport.devicePixelRatio);
    QPainter painter(&picture);
    paint(painter, viewport);
    return picture;
}

} // namespace atlas::scenes
