#include "scenes/gl_floor.h"

#include "scenes/pattern.h"

#include <algorithm>

namespace atlas::scenes {

namespace {

constexpr int kMostCells = 8192; // of a texture, along a side

std::vector<std::uint32_t> packed(const AxisMap& axis) {
    std::vector<std::uint32_t> out(axis.cell.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint32_t>(axis.cell[i]) | static_cast<std::uint32_t>(axis.weight[i]) << 16 |
                 static_cast<std::uint32_t>(axis.sub[i]) << 25;
    return out;
}

/// Where racks are: no pixel of an aisle is shaded.
std::vector<QRect> rackRects(const HallMap& hall) {
    std::vector<QRect> rects;
    for (const AxisMap::Span& y : hall.y.spans)
        for (const AxisMap::Span& x : hall.x.spans)
            rects.emplace_back(hall.x.first + x.begin, hall.y.first + y.begin, x.end - x.begin,
                               y.end - y.begin);
    return rects;
}

} // namespace

GlFloor::GlFloor() = default;

std::unique_ptr<GlFloor> GlFloor::make(QString* error) {
    std::unique_ptr<GlFloor> floor(new GlFloor);
    floor->m_image = makeProgram("rect.vert", "image.frag", {}, error);
    floor->m_plain = makeProgram("rects.vert", "cells.frag", {}, error);
    floor->m_patterned = makeProgram("rects.vert", "cells.frag", "#define PATTERNED\n", error);
    floor->m_ground = GlGround::make(error);
    if (!floor->m_ground || !floor->m_image || !floor->m_plain || !floor->m_patterned)
        return nullptr;
    const int height = kPatternSize * static_cast<int>(kPatternCount);
    floor->m_masks.reserve(kPatternSize, height);
    floor->m_masks.upload({0, 0, kPatternSize, height}, patternMasks().masks.front().data(), kPatternSize);
    return floor;
}

void GlFloor::draw(const Input& input) {
    m_pane.begin(input.map.viewport.deviceSize());
    const bool moved = input.generation != m_generation;
    if (moved) {
        m_ground->set(input.ground, input.groundColour, input.floor);
        while (m_halls.size() < input.map.halls.size())
            m_halls.push_back(std::make_unique<HallTextures>());
        for (std::size_t h = 0; h < input.map.halls.size(); ++h) {
            const HallMap& hall = input.map.halls[h];
            const auto x = packed(hall.x);
            const auto y = packed(hall.y);
            GlTexture& axes = m_halls[h]->axes;
            axes.reserve(std::max(hall.x.size(), hall.y.size()), 2);
            axes.upload({0, 0, hall.x.size(), 1}, x.data(), hall.x.size());
            axes.upload({0, 1, hall.y.size(), 1}, y.data(), hall.y.size());
            m_halls[h]->racks.set(rackRects(hall));
        }
        m_generation = input.generation;
    }
    m_ground->draw(m_pane);
    for (std::size_t h = 0; h < input.map.halls.size(); ++h)
        drawHall(input, h);
    m_image->bind();
    m_image->setUniformValue("image", 0);
    m_overlay.draw(input.overlay, input.map.viewport, *m_image, m_pane);
    m_pane.end();
}

void GlFloor::drawHall(const Input& input, std::size_t h) {
    const HallMap& hall = input.map.halls[h];
    const HallCells& cells = input.cells.halls[h];
    HallTextures& textures = *m_halls[h];
    if (hall.hidden())
        return;
    if (cells.width > kMostCells || cells.height > kMostCells)
        return; // more racks side by side than pixels on any screen
    textures.cells.reserve(cells.width, cells.height);
    textures.cells.upload({0, 0, cells.width, cells.height}, cells.colour.data(), cells.width);

    QOpenGLShaderProgram& program = hall.patterned() ? *m_patterned : *m_plain;
    program.bind();
    program.setUniformValue("axes", 0);
    program.setUniformValue("cells", 1);
    program.setUniformValue("masks", 2);
    program.setUniformValue("patternShare", static_cast<float>(hall.patternShare));
    program.setUniformValue("floorColour",
                            QVector3D(input.floor.redF(), input.floor.greenF(), input.floor.blueF()));
    QOpenGLContext::currentContext()->extraFunctions()->glUniform2i(program.uniformLocation("origin"),
                                                                    hall.x.first, hall.y.first);
    textures.cells.bind(1);
    m_masks.bind(2);
    textures.axes.bind(0);
    m_pane.fill(program, textures.racks);
}

} // namespace atlas::scenes
