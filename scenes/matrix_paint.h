// How a matrix is drawn: tiles as pixels, words around them, marks over them.
#pragma once

#include "scenes/matrix_scene.h"

namespace atlas::scenes {

struct MatrixPane {
    const cluster::Cluster& cluster;
    const MatrixLayout& layout;
    const Camera& camera;
    const Viewport& viewport;
    const Theme& theme;
    [[nodiscard]] QRectF screen(const QRectF& world) const { return camera.toScreen(world, viewport); }
    [[nodiscard]] QRectF screen(const MatrixTile& tile) const { return screen(tile.rect); }
};

/// Over all of `target` (RGB32, the pane's device pixels or some rows of them). `loads` as of tileLoad(), by
/// tile. Where several links share a pixel the worst is kept; a tile is never thinner than a pixel.
void paintMatrix(const MatrixPane& pane, const std::vector<double>& loads, QImage& target);

/// Islands, halls, trunks; rails, leaves and spines where there is room. No two overlap.
[[nodiscard]] std::vector<MatrixLabel> planMatrixLabels(const MatrixPane& pane);
void paintMatrixLabels(QPainter& painter, const std::vector<MatrixLabel>& labels, const Theme& theme);

} // namespace atlas::scenes
