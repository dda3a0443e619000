#include "scenes/gl_copy.h"

#include "scenes/renderer_probe.h"

#include <QOpenGLContext>

#include <algorithm>
#include <bit>

namespace atlas::scenes {

namespace {

QOpenGLExtraFunctions& gl() {
    return *QOpenGLContext::currentContext()->extraFunctions();
}

/// A pixel of a QImage as the bytes red, green, blue, opaque.
std::uint32_t asRgba(QRgb c) {
    static_assert(std::endian::native == std::endian::little);
    return 0xff000000u | (c & 0x0000ff00u) | (c & 0x000000ffu) << 16 | (c >> 16 & 0x000000ffu);
}

} // namespace

GlCopy::~GlCopy() {
    if (m_from && QOpenGLContext::currentContext())
        gl().glDeleteFramebuffers(1, &m_from);
}

bool GlCopy::isFaster() {
    return runsOnProcessor(QString::fromLatin1(reinterpret_cast<const char*>(gl().glGetString(GL_RENDERER))));
}

void GlCopy::draw(Scene& scene, const Viewport& viewport, unsigned int framebuffer) {
    const QSize size = viewport.deviceSize();
    if (m_picture.size() != size)
        m_picture = QImage(size, QImage::Format_RGB32);
    m_picture.setDevicePixelRatio(viewport.devicePixelRatio);
    {
        QPainter painter(&m_picture);
        scene.paint(painter, viewport);
    }
    const auto width = static_cast<std::size_t>(size.width());
    m_upwards.resize(width * static_cast<std::size_t>(size.height()));
    std::uint32_t* to = m_upwards.data();
    for (int y = size.height() - 1; y >= 0; --y, to += width)
        std::transform(reinterpret_cast<const QRgb*>(m_picture.constScanLine(y)),
                       reinterpret_cast<const QRgb*>(m_picture.constScanLine(y)) + width, to, asRgba);
    m_texture.reserve(size.width(), size.height());
    m_texture.upload({{0, 0}, size}, m_upwards.data(), size.width());
    if (m_from == 0)
        gl().glGenFramebuffers(1, &m_from);
    gl().glBindFramebuffer(GL_READ_FRAMEBUFFER, m_from);
    m_texture.attach(GL_READ_FRAMEBUFFER);
    gl().glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
    gl().glDisable(GL_SCISSOR_TEST);
    gl().glBlitFramebuffer(0, 0, size.width(), size.height(), 0, 0, size.width(), size.height(),
                           GL_COLOR_BUFFER_BIT, GL_NEAREST);
    gl().glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    gl().glBindTexture(GL_TEXTURE_2D, 0);
}

} // namespace atlas::scenes
