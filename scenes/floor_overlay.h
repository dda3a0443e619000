// Marks, trunks, cards, selection, and the culprit's rings and callout of a floor.
#pragma once

#include "model/operations/step_shape.h"
#include "scenes/card_painter.h"
#include "scenes/floor_scene.h"

namespace atlas::scenes {

struct FloorOverlayInput {
    const FloorGeometry& geometry;
    const FloorMap& map;
    const FloorLabels& labels;
    const FloorCells& cells;
    const operations::Frame* frame;
    const FloorOptions& options;
    const Theme& theme;
    CardPainter& cards;
    const operations::Site* site = nullptr;           ///< null: not known
    const operations::StepShape* shape = nullptr;     ///< null: no job, or not known
    const std::vector<NetworkRow>* network = nullptr; ///< null: none
};

/// The items, from bottom to top. They refer to the input and must be painted before it changes.
[[nodiscard]] Overlay floorOverlay(const FloorOverlayInput& input);

/// Where a target is on the floor, metres; empty if it is not on it.
[[nodiscard]] QRectF floorRect(const cluster::Cluster& cluster, Target target);

} // namespace atlas::scenes
