#include "scenes/gl_ground.h"

#include <QOpenGLContext>

#include <algorithm>

namespace atlas::scenes {

namespace {

constexpr int kTile = 16; // device pixels

/// The one colour of a tile, or nothing.
bool isUniform(const QImage& image, const QRect& tile) {
    const QRgb first = reinterpret_cast<const QRgb*>(image.constScanLine(tile.top()))[tile.left()];
    for (int y = tile.top(); y <= tile.bottom(); ++y) {
        const auto* const line = reinterpret_cast<const QRgb*>(image.constScanLine(y)) + tile.left();
        if (!std::all_of(line, line + tile.width(), [first](QRgb c) { return c == first; }))
            return false;
    }
    return true;
}

void append(std::vector<QRect>& rects, const QRect& tile) {
    const bool goesOn =
        !rects.empty() && rects.back().top() == tile.top() && rects.back().right() + 1 == tile.left();
    if (goesOn)
        rects.back().setRight(tile.right());
    else
        rects.push_back(tile);
}

} // namespace

GroundTiles tilesOf(const QImage& ground, QRgb cleared, QRgb filled) {
    GroundTiles tiles;
    for (int y = 0; y < ground.height(); y += kTile)
        for (int x = 0; x < ground.width(); x += kTile) {
            const QRect tile = QRect(x, y, kTile, kTile) & ground.rect();
            const QRgb colour = ground.pixel(x, y);
            const bool uniform = (colour == cleared || colour == filled) && isUniform(ground, tile);
            if (!uniform)
                append(tiles.textured, tile);
            else if (colour == filled)
                append(tiles.filled, tile);
        }
    return tiles;
}

std::unique_ptr<GlGround> GlGround::make(QString* error) {
    std::unique_ptr<GlGround> ground(new GlGround);
    ground->m_flat = makeProgram("rects.vert", "flat.frag", {}, error);
    ground->m_image = makeProgram("rects.vert", "image.frag", {}, error);
    if (!ground->m_flat || !ground->m_image)
        return nullptr;
    return ground;
}

void GlGround::set(const QImage& ground, const QColor& cleared, const QColor& filled) {
    m_clearedColour = cleared;
    m_filledColour = filled;
    const GroundTiles tiles = tilesOf(ground, cleared.rgb(), filled.rgb());
    m_filled.set(tiles.filled);
    m_textured.set(tiles.textured);
    m_texture.reserve(ground.width(), ground.height());
    m_texture.upload(ground.rect(), ground.constBits(), static_cast<int>(ground.bytesPerLine() / 4));
}

void GlGround::draw(GlPane& pane) {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    gl.glClearColor(m_clearedColour.redF(), m_clearedColour.greenF(), m_clearedColour.blueF(), 1);
    gl.glClear(GL_COLOR_BUFFER_BIT);
    m_flat->bind();
    m_flat->setUniformValue(
        "flatColour", QVector3D(m_filledColour.redF(), m_filledColour.greenF(), m_filledColour.blueF()));
    pane.fill(*m_flat, m_filled);
    m_image->bind();
    m_image->setUniformValue("image", 0);
    m_texture.bind(0);
    pane.fill(*m_image, m_textured);
}

} // namespace atlas::scenes
