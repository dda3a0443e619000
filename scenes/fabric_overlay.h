// What is around the ribbons of a fabric: blocks and words that stand still, and what changes with the frame.
#pragma once

#include "scenes/fabric_scene.h"

namespace atlas::scenes {

struct FabricPane {
    const cluster::Cluster& cluster;
    const FabricLayout& layout;
    const Camera& camera;
    const Viewport& viewport;
    const Theme& theme;

    [[nodiscard]] QRectF screen(const QRectF& world) const { return camera.toScreen(world, viewport); }
    /// A block as drawn: at least a few pixels high.
    [[nodiscard]] QRectF block(const FabricNode& node) const;
};

/// Captions of halls, names of layers, fabrics of islands, switches of large blocks. None overlap; `taken`
/// receives their places and those of blocks.
[[nodiscard]] std::vector<FabricLabel> planFabricLabels(const FabricPane& pane, std::vector<QRectF>& taken);

/// Ground, blocks and labels, over all of `target`.
void paintFabricGround(const FabricPane& pane, const std::vector<FabricLabel>& labels, QImage& target);

/// States of the NVLink domains, loads of trunks and of the hottest links, outlines. The items refer to the
/// pane's members and to `frame`.
[[nodiscard]] Overlay fabricOverlay(const FabricPane& pane, const operations::Frame* frame,
                                    const FabricOptions& options, const std::vector<FabricLabel>& labels,
                                    const std::vector<QRectF>& taken);

} // namespace atlas::scenes
