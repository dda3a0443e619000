#include "scenes/gl_resources.h"

#include <QFile>
#include <QOpenGLContext>

#include <algorithm>

namespace atlas::scenes {

namespace {

QOpenGLExtraFunctions& gl() {
    return *QOpenGLContext::currentContext()->extraFunctions();
}

// Not in the headers of OpenGL ES, which QOpenGLExtraFunctions follows.
constexpr GLenum kBgra = 0x80E1;
constexpr GLenum kReversed8888 = 0x8367;

struct Transfer {
    GLint internal;
    GLenum format, type;
};

Transfer transferOf(GlTexture::Format format) {
    switch (format) {
    case GlTexture::Format::Bgra8:
        return {GL_RGBA8, kBgra, kReversed8888};
    case GlTexture::Format::Rgba8:
        return {GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE};
    case GlTexture::Format::R32ui:
        return {GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT};
    case GlTexture::Format::Rgba32f:
        return {GL_RGBA32F, GL_RGBA, GL_FLOAT};
    case GlTexture::Format::R8:
        break;
    }
    return {GL_R8, GL_RED, GL_UNSIGNED_BYTE};
}

QByteArray shaderSource(const char* name, QString* error) {
    QFile file(QStringLiteral(":/atlas/shaders/") + QLatin1String(name));
    if (!file.open(QIODevice::ReadOnly) && error)
        *error = QStringLiteral("shader %1 is not in the program").arg(QLatin1String(name));
    return file.readAll();
}

} // namespace

std::unique_ptr<QOpenGLShaderProgram> makeProgram(const char* vertex, const char* fragment,
                                                  const QByteArray& defines, QString* error) {
    auto program = std::make_unique<QOpenGLShaderProgram>();
    QByteArray body = shaderSource(fragment, error);
    if (!body.startsWith("#version"))
        body = "#version 330 core\n" + defines + body;
    const bool built = program->addShaderFromSourceCode(QOpenGLShader::Vertex, shaderSource(vertex, error)) &&
                       program->addShaderFromSourceCode(QOpenGLShader::Fragment, body) && program->link();
    if (built)
        return program;
    if (error)
        *error = QStringLiteral("shader %1 does not build: %2").arg(QLatin1String(fragment), program->log());
    return nullptr;
}

GlTexture::~GlTexture() {
    if (m_id && QOpenGLContext::currentContext())
        gl().glDeleteTextures(1, &m_id);
}

void GlTexture::bind(int unit) {
    gl().glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    if (m_id == 0) {
        gl().glGenTextures(1, &m_id);
        gl().glBindTexture(GL_TEXTURE_2D, m_id);
        for (const auto& [name, value] :
             {std::pair{GL_TEXTURE_MIN_FILTER, GL_NEAREST}, std::pair{GL_TEXTURE_MAG_FILTER, GL_NEAREST},
              std::pair{GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE}, std::pair{GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE},
              std::pair{GL_TEXTURE_MAX_LEVEL, 0}})
            gl().glTexParameteri(GL_TEXTURE_2D, static_cast<GLenum>(name), value);
        return;
    }
    gl().glBindTexture(GL_TEXTURE_2D, m_id);
}

void GlTexture::reserve(int width, int height) {
    bind(0);
    if (width <= m_width && height <= m_height)
        return;
    m_width = std::max(m_width, (width + 63) / 64 * 64);
    m_height = std::max(m_height, height);
    const Transfer t = transferOf(m_format);
    gl().glTexImage2D(GL_TEXTURE_2D, 0, t.internal, m_width, m_height, 0, t.format, t.type, nullptr);
}

void GlTexture::upload(const QRect& rect, const void* texels, int rowLength) {
    bind(0);
    const Transfer t = transferOf(m_format);
    gl().glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    gl().glPixelStorei(GL_UNPACK_ROW_LENGTH, rowLength);
    gl().glTexSubImage2D(GL_TEXTURE_2D, 0, rect.x(), rect.y(), rect.width(), rect.height(), t.format, t.type,
                         texels);
    // Qt's text uploads rely on the defaults.
    gl().glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    gl().glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

void GlTexture::attach(unsigned int target) const {
    gl().glFramebufferTexture2D(target, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, m_id, 0);
}

GlRects::~GlRects() {
    if (m_buffer && QOpenGLContext::currentContext())
        gl().glDeleteBuffers(1, &m_buffer);
}

void GlRects::set(const std::vector<QRect>& rects) {
    std::vector<float> corners;
    corners.reserve(rects.size() * 12);
    for (const QRect& r : rects) {
        const auto x0 = static_cast<float>(r.x());
        const auto y0 = static_cast<float>(r.y());
        const auto x1 = static_cast<float>(r.x() + r.width());
        const auto y1 = static_cast<float>(r.y() + r.height());
        corners.insert(corners.end(), {x0, y0, x1, y0, x0, y1, x0, y1, x1, y0, x1, y1});
    }
    m_corners = static_cast<int>(corners.size() / 2);
    if (m_buffer == 0)
        gl().glGenBuffers(1, &m_buffer);
    gl().glBindBuffer(GL_ARRAY_BUFFER, m_buffer);
    gl().glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(corners.size() * sizeof(float)),
                      corners.data(), GL_STATIC_DRAW);
    gl().glBindBuffer(GL_ARRAY_BUFFER, 0);
}

GlPane::GlPane() {
    gl().glGenVertexArrays(1, &m_vertexArray);
}

GlPane::~GlPane() {
    if (QOpenGLContext::currentContext())
        gl().glDeleteVertexArrays(1, &m_vertexArray);
}

void GlPane::begin(const QSize& device) {
    m_device = device;
    for (const GLenum capability : {GL_DEPTH_TEST, GL_STENCIL_TEST, GL_SCISSOR_TEST, GL_CULL_FACE, GL_BLEND})
        gl().glDisable(capability);
    gl().glViewport(0, 0, device.width(), device.height());
    gl().glBindVertexArray(m_vertexArray);
}

void GlPane::fill(QOpenGLShaderProgram& program, const QRect& rect) {
    gl().glUniform4i(program.uniformLocation("rect"), rect.x(), rect.y(), rect.width(), rect.height());
    gl().glUniform2i(program.uniformLocation("pane"), m_device.width(), m_device.height());
    gl().glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void GlPane::fill(QOpenGLShaderProgram& program, const GlRects& rects) {
    if (rects.m_corners == 0)
        return;
    gl().glUniform2i(program.uniformLocation("pane"), m_device.width(), m_device.height());
    gl().glBindBuffer(GL_ARRAY_BUFFER, rects.m_buffer);
    gl().glEnableVertexAttribArray(0);
    gl().glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, nullptr);
    gl().glDrawArrays(GL_TRIANGLES, 0, rects.m_corners);
    gl().glDisableVertexAttribArray(0);
    gl().glBindBuffer(GL_ARRAY_BUFFER, 0);
}

void GlPane::end() {
    gl().glDisable(GL_BLEND);
    gl().glBindVertexArray(0);
    gl().glUseProgram(0);
    gl().glActiveTexture(GL_TEXTURE0);
    gl().glBindTexture(GL_TEXTURE_2D, 0);
}

} // namespace atlas::scenes
