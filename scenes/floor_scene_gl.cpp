#include "scenes/floor_scene.h"
#include "scenes/gl_floor.h"

namespace atlas::scenes {

bool FloorScene::initializeGl(QString* error) {
    if (error)
        *error = QStringLiteral("the OpenGL painter is not part of this build");
    return false;
}
void FloorScene::renderGl(const Viewport&, unsigned int) {}
void FloorScene::releaseGl() {}

} // namespace atlas::scenes
