// The raster painter's picture on OpenGL, without a shader: for devices that are a processor themselves.
#pragma once

#include "scenes/gl_resources.h"
#include "scenes/scene.h"

namespace atlas::scenes {

class GlCopy {
public:
    GlCopy() = default;
    ~GlCopy();
    GlCopy(const GlCopy&) = delete;
    GlCopy& operator=(const GlCopy&) = delete;

    /// True where OpenGL in the current context runs on the processor.
    [[nodiscard]] static bool isFaster();
    /// Paints the scene and copies the picture into `framebuffer`, which must be a picture's size or larger
    /// and have one sample a pixel.
    void draw(Scene& scene, const Viewport& viewport, unsigned int framebuffer);

private:
    QImage m_picture;
    std::vector<std::uint32_t> m_upwards; ///< the picture from its lowest row up, as OpenGL counts, RGBA
    GlTexture m_texture{GlTexture::Format::Rgba8};
    unsigned int m_from = 0; ///< framebuffer around the texture
};

} // namespace atlas::scenes
