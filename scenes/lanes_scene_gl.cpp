// The OpenGL side of the step timeline.
#include "scenes/gl_picture.h"
#include "scenes/lanes_scene.h"

#include <QOpenGLContext>

namespace atlas::scenes {

bool LanesScene::initializeGl(QString* error) {
    m_gl = GlPicture::make(error);
    return m_gl != nullptr;
}

void LanesScene::renderGl(const Viewport& viewport, unsigned int framebuffer) {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    if (!m_gl) {
        gl.glClearColor(m_theme.ground.redF(), m_theme.ground.greenF(), m_theme.ground.blueF(), 1);
        gl.glClear(GL_COLOR_BUFFER_BIT);
        return;
    }
    update(viewport);
    m_gl->draw({m_image, m_generation, m_theme.ground, m_theme.panel, overlay(), m_viewport});
}

void LanesScene::releaseGl() {
    m_gl.reset();
}

} // namespace atlas::scenes
