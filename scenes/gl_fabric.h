// The fabric's painter in OpenGL 3.3: one instance a ribbon, its numbers in a small texture.
#pragma once

#include "scenes/gl_ground.h"
#include "scenes/gl_overlay.h"
#include "scenes/ribbon.h"

namespace atlas::scenes {

class GlFabric {
public:
    /// Builds programs in the current context; null with a reason in `error` if it cannot.
    static std::unique_ptr<GlFabric> make(QString* error);

    struct Input {
        const QImage& ground; ///< RGB32, the pane without ribbons
        unsigned generation;  ///< changes with the ground
        QColor groundColour;  ///< most of the ground
        QColor panelColour;   ///< most of the rest
        const std::vector<RibbonDraw>& ribbons;
        const Overlay& overlay;
        const Viewport& viewport;
    };
    /// Draws into the bound framebuffer.
    void draw(const Input& input);

private:
    GlFabric() = default;

    std::unique_ptr<QOpenGLShaderProgram> m_image, m_ribbon;
    GlPane m_pane;
    std::unique_ptr<GlGround> m_ground;
    GlTexture m_ribbons{GlTexture::Format::Rgba32f};
    GlOverlay m_overlay;
    unsigned m_generation = 0;
};

} // namespace atlas::scenes
