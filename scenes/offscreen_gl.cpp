#include "scenes/offscreen_gl.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions>

namespace atlas::scenes {

OffscreenGl::OffscreenGl() = default;

OffscreenGl::~OffscreenGl() {
    if (m_context && m_context->makeCurrent(m_surface.get()))
        m_framebuffer.reset();
}

std::unique_ptr<OffscreenGl> OffscreenGl::make(QString* reason) {
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    std::unique_ptr<OffscreenGl> gl(new OffscreenGl);
    gl->m_surface = std::make_unique<QOffscreenSurface>();
    gl->m_surface->setFormat(format);
    gl->m_surface->create();
    gl->m_context = std::make_unique<QOpenGLContext>();
    gl->m_context->setFormat(format);
    const bool works = gl->m_surface->isValid() && gl->m_context->create() &&
                       gl->m_context->makeCurrent(gl->m_surface.get()) &&
                       gl->m_context->format().version() >= qMakePair(3, 3);
    if (works)
        return gl;
    if (reason)
        *reason = QStringLiteral("no OpenGL 3.3 core context on this platform");
    return nullptr;
}

void OffscreenGl::makeCurrent() {
    m_context->makeCurrent(m_surface.get());
}

QString OffscreenGl::device() const {
    return QString::fromLatin1(
        reinterpret_cast<const char*>(m_context->functions()->glGetString(GL_RENDERER)));
}

QOpenGLFramebufferObject& OffscreenGl::framebuffer(const QSize& device) {
    makeCurrent();
    if (!m_framebuffer || m_framebuffer->size() != device)
        m_framebuffer = std::make_unique<QOpenGLFramebufferObject>(device);
    m_framebuffer->bind();
    return *m_framebuffer;
}

void OffscreenGl::draw(Scene& scene, const Viewport& viewport) {
    scene.renderGl(viewport, framebuffer(viewport.deviceSize()).handle());
    m_context->functions()->glFinish();
}

QImage OffscreenGl::render(Scene& scene, const Viewport& viewport) {
    QOpenGLFramebufferObject& target = framebuffer(viewport.deviceSize());
    if (!target.isValid())
        return {};
    scene.renderGl(viewport, target.handle());
    target.bind();
    QImage picture = target.toImage().convertToFormat(QImage::Format_RGB32);
    picture.setDevicePixelRatio(viewport.devicePixelRatio);
    return picture;
}

} // namespace atlas::scenes
