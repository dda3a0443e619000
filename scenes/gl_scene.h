// The OpenGL side of a scene: members of GlScene (scenes/cluster_scene.h), for the file that instantiates it.
#pragma once

#include "scenes/cluster_scene.h"
#include "scenes/gl_copy.h"

#include <QOpenGLContext>
#include <QOpenGLFunctions>

namespace atlas::scenes {

template <class Painter>
GlScene<Painter>::GlScene() = default;

template <class Painter>
GlScene<Painter>::~GlScene() = default;

template <class Painter>
bool GlScene<Painter>::initializeGl(QString* error) {
    releaseGl();
    if (m_glWay == GlWay::Copied || (m_glWay == GlWay::Auto && GlCopy::isFaster())) {
        m_copy = std::make_unique<GlCopy>();
        return true;
    }
    m_gl = Painter::make(error);
    return m_gl != nullptr;
}

template <class Painter>
void GlScene<Painter>::renderGl(const Viewport& viewport, unsigned int framebuffer) {
    QOpenGLContext::currentContext()->functions()->glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    if (m_copy)
        m_copy->draw(*this, viewport, framebuffer);
    else if (m_gl)
        drawGl(*m_gl, viewport);
    else
        clearToGround();
}

template <class Painter>
void GlScene<Painter>::releaseGl() {
    m_gl.reset();
    m_copy.reset();
}

} // namespace atlas::scenes
