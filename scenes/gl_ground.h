// The still ground of a pane on OpenGL. Most of it is one of two colours: those parts are cleared or filled,
// and only the rest is fetched from the picture.
#pragma once

#include "scenes/gl_resources.h"

#include <QRegion>

namespace atlas::scenes {

/// Tiles of a picture by what they hold.
struct GroundTiles {
    std::vector<QRect> filled;   ///< of the second colour throughout
    std::vector<QRect> textured; ///< of several colours
};
/// Tiles of `ground` that are not of colour `cleared` throughout; runs of tiles of one kind are one
/// rectangle.
[[nodiscard]] GroundTiles tilesOf(const QImage& ground, QRgb cleared, QRgb filled);

class GlGround {
public:
    /// Null with a reason in `error` if the shaders do not build.
    static std::unique_ptr<GlGround> make(QString* error);
    /// Takes a new picture (RGB32) whose two most frequent colours are given.
    void set(const QImage& ground, const QColor& cleared, const QColor& filled);
    /// Draws it over all of the bound framebuffer.
    void draw(GlPane& pane);

private:
    GlGround() = default;
    std::unique_ptr<QOpenGLShaderProgram> m_flat, m_image;
    GlTexture m_texture{GlTexture::Format::Bgra8};
    GlRects m_filled, m_textured;
    QColor m_clearedColour, m_filledColour;
};

} // namespace atlas::scenes
