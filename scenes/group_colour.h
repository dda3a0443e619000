// The colour of several GPUs shown as one: the mean of their light, and the worst of them beside it, which is
// never averaged away.
#pragma once

#include "scenes/floor_cells.h"

#include <QColor>

#include <optional>

namespace atlas::scenes {

struct GroupColour {
    QColor colour;
    std::optional<operations::GpuState> worst;                       ///< a culprit or a fault among them
    operations::GpuState dominant = operations::GpuState::Unpowered; ///< of most of them
    double utilisation = 0;                                          ///< mean of those with power, 0..1
};

/// Means of light are squared sRGB, as in colourCells(). Without a frame all are unpowered.
[[nodiscard]] GroupColour groupColour(const cluster::Cluster& cluster, const operations::Frame* frame,
                                      const cluster::Range& gpus, ColourBy by, const Theme& theme);

} // namespace atlas::scenes
