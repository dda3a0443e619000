// The OpenGL side of the floor scene.
#include "scenes/floor_scene.h"
#include "scenes/gl_floor.h"

#include <QOpenGLContext>

namespace atlas::scenes {

bool FloorScene::initializeGl(QString* error) {
    m_gl = GlFloor::make(error);
    return m_gl != nullptr;
}

void FloorScene::renderGl(const Viewport& viewport, unsigned int framebuffer) {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    if (!m_gl) {
        gl.glClearColor(m_theme.ground.redF(), m_theme.ground.greenF(), m_theme.ground.blueF(), 1);
        gl.glClear(GL_COLOR_BUFFER_BIT);
        return;
    }
    update(viewport);
    colourCells(*m_geometry, m_map, frame(), m_options.colourBy, m_theme, m_cells);
    m_gl->draw({m_map, m_cells, m_image, m_generation, m_theme.ground, m_theme.panel, overlay()});
}

void FloorScene::releaseGl() {
    m_gl.reset();
}

} // namespace atlas::scenes
