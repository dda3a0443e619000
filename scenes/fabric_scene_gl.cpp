// The OpenGL side of the fabric scene.
#include "scenes/fabric_look.h"
#include "scenes/fabric_scene.h"
#include "scenes/gl_fabric.h"

#include <QOpenGLContext>

namespace atlas::scenes {

bool FabricScene::initializeGl(QString* error) {
    m_gl = GlFabric::make(error);
    return m_gl != nullptr;
}

void FabricScene::renderGl(const Viewport& viewport, unsigned int framebuffer) {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    if (!m_gl) {
        gl.glClearColor(m_theme.ground.redF(), m_theme.ground.greenF(), m_theme.ground.blueF(), 1);
        gl.glClear(GL_COLOR_BUFFER_BIT);
        return;
    }
    update(viewport);
    m_gl->draw({m_ground, m_generation, m_theme.ground, m_theme.panel, ribbons(), overlay(), m_viewport});
}

void FabricScene::releaseGl() {
    m_gl.reset();
}

} // namespace atlas::scenes
