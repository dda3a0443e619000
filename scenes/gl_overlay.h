// An overlay on OpenGL: painted by QPainter into a picture, of which only the touched tiles travel.
#pragma once

#include "scenes/camera.h"
#include "scenes/gl_resources.h"
#include "scenes/overlay.h"

namespace atlas::scenes {

class GlOverlay {
public:
    GlOverlay();
    /// Paints, uploads and blends the overlay over what is there. `program` draws image.frag.
    void draw(const Overlay& overlay, const Viewport& viewport, QOpenGLShaderProgram& program, GlPane& pane);

private:
    void clearTouched();
    void touch(const QRectF& device);

    QImage m_image; ///< premultiplied
    GlTexture m_texture;
    std::vector<bool> m_touched; ///< tiles, row by row
    int m_columns = 0, m_rows = 0;
};

} // namespace atlas::scenes
