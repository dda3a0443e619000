// OpenGL 3.3 core objects with an owner: programs from the bundled shaders, textures that keep their storage.
// All of it needs a current context, to make, use and destroy.
#pragma once

#include <QColor>
#include <QImage>
#include <QOpenGLExtraFunctions>
#include <QOpenGLShaderProgram>

#include <memory>
#include <vector>

namespace atlas::scenes {

/// A program of two bundled shaders. `defines` goes in front of a fragment shader that carries no #version of
/// its own. Null, with the reason in `error`, if it does not build.
[[nodiscard]] std::unique_ptr<QOpenGLShaderProgram> makeProgram(const char* vertex, const char* fragment,
                                                                const QByteArray& defines, QString* error);

/// A 2-D texture with nearest filtering. Storage only grows, so that zooming does not re-specify it.
class GlTexture {
public:
    enum class Format { Bgra8, Rgba8, R32ui, R8, Rgba32f };

    explicit GlTexture(Format format)
        : m_format(format) {}
    GlTexture(const GlTexture&) = delete;
    GlTexture& operator=(const GlTexture&) = delete;
    ~GlTexture();

    void bind(int unit);
    /// Makes room for width x height texels; what was in it may be lost.
    void reserve(int width, int height);
    /// Uploads a rectangle of texels; `rowLength` is the number of texels from row to row in `texels`.
    void upload(const QRect& rect, const void* texels, int rowLength);
    /// Makes it the colour of the framebuffer bound at `target`.
    void attach(unsigned int target) const;

private:
    Format m_format;
    unsigned int m_id = 0;
    int m_width = 0, m_height = 0;
};

/// Rectangles of device pixels in a buffer, for those that stay for many frames.
class GlRects {
public:
    GlRects() = default;
    ~GlRects();
    GlRects(const GlRects&) = delete;
    GlRects& operator=(const GlRects&) = delete;
    void set(const std::vector<QRect>& rects);

private:
    friend class GlPane;
    unsigned int m_buffer = 0;
    int m_corners = 0;
};

/// Draws rectangles of device pixels.
class GlPane {
public:
    GlPane();
    ~GlPane();
    GlPane(const GlPane&) = delete;
    GlPane& operator=(const GlPane&) = delete;

    /// Sets the state a scene needs (no depth, stencil, scissor, culling or blending) and the viewport.
    void begin(const QSize& device);
    /// `program` must have rect.vert as its vertex shader and be bound.
    void fill(QOpenGLShaderProgram& program, const QRect& rect);
    /// The same with rects.vert.
    void fill(QOpenGLShaderProgram& program, const GlRects& rects);
    /// Leaves the context as Qt expects it.
    void end();

private:
    unsigned int m_vertexArray = 0;
    QSize m_device;
};

} // namespace atlas::scenes
