// A scene whose still part is a picture, on OpenGL: the picture, and an overlay above it.
#pragma once

#include "scenes/gl_ground.h"
#include "scenes/gl_overlay.h"

namespace atlas::scenes {

class GlPicture {
public:
    /// Builds programs in the current context; null with a reason in `error` if it cannot.
    static std::unique_ptr<GlPicture> make(QString* error);

    struct Input {
        const QImage& picture; ///< RGB32
        unsigned generation;   ///< changes with the picture
        QColor groundColour;   ///< most of it
        QColor panelColour;    ///< most of the rest
        const Overlay& overlay;
        const Viewport& viewport;
    };
    /// Draws into the bound framebuffer.
    void draw(const Input& input);

private:
    GlPicture() = default;

    std::unique_ptr<QOpenGLShaderProgram> m_image;
    GlPane m_pane;
    std::unique_ptr<GlGround> m_ground;
    GlOverlay m_overlay;
    unsigned m_generation = 0;
};

} // namespace atlas::scenes
