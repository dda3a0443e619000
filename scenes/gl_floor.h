// The floor's painter in OpenGL 3.3: a quad a hall, a texel a cell, the same tables as the raster painter.
#pragma once

#include "scenes/floor_cells.h"
#include "scenes/gl_ground.h"
#include "scenes/gl_overlay.h"

namespace atlas::scenes {

class GlFloor {
public:
    /// Builds programs and textures in the current context; null with a reason in `error` if it cannot.
    static std::unique_ptr<GlFloor> make(QString* error);

    struct Input {
        const FloorMap& map;
        const FloorCells& cells;
        const QImage& ground; ///< RGB32, the pane without racks
        unsigned generation;  ///< changes with map and ground
        QColor groundColour;  ///< most of the ground outside halls
        QColor floor;         ///< inside halls: what cells blend with
        const Overlay& overlay;
    };
    /// Draws into the bound framebuffer.
    void draw(const Input& input);

private:
    GlFloor();
    void drawHall(const Input& input, std::size_t hall);

    struct HallTextures {
        GlTexture axes{GlTexture::Format::R32ui};
        GlTexture cells{GlTexture::Format::Bgra8};
        GlRects racks; ///< the pixels of racks: spans along x times spans along y
    };

    std::unique_ptr<QOpenGLShaderProgram> m_image, m_plain, m_patterned;
    GlPane m_pane;
    std::unique_ptr<GlGround> m_ground;
    GlTexture m_masks{GlTexture::Format::R8};
    std::vector<std::unique_ptr<HallTextures>> m_halls; ///< by place in FloorMap::halls
    GlOverlay m_overlay;
    unsigned m_generation = 0;
};

} // namespace atlas::scenes
