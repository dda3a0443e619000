// The Earth on OpenGL, and an overlay above it.
#pragma once

#include "scenes/earth.h"
#include "scenes/gl_overlay.h"

namespace atlas::scenes {

class GlEarth {
public:
    /// Builds the programs and uploads the land in the current context; null with a reason in `error` if it
    /// cannot.
    static std::unique_ptr<GlEarth> make(QString* error);

    /// Draws into the bound framebuffer. Without `shading` all is `space`.
    void draw(const EarthShading* shading, const QColor& space, const Overlay& overlay,
              const Viewport& viewport);

private:
    GlEarth() = default;
    void drawEarth(const EarthShading& shading, const QSize& device);

    std::unique_ptr<QOpenGLShaderProgram> m_image, m_earth;
    GlPane m_pane;
    GlTexture m_land{GlTexture::Format::R8};
    GlOverlay m_overlay;
};

} // namespace atlas::scenes
