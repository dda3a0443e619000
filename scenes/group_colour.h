// The colour of several GPUs shown as one: the mean of their light, and the worst of them beside it, which is
// never averaged away.
#pragma once

#include "scenes/floor_cells.h"

#include <QColor>

#include <limits>
#include <optional>

namespace atlas::scenes {

struct GroupColour {
    QColor colour;
    std::optional<operations::GpuState> worst;                       ///< a culprit or a fault among them
    operations::GpuState dominant = operations::GpuState::Unpowered; ///< of most of them
    double utilisation = 0;                                          ///< mean of those with power, 0..1
    /// Mean of the quantity they are coloured by, of those that have one; NaN where none has, and where the
    /// colours are of no quantity.
    double quantity = std::numeric_limits<double>::quiet_NaN();
};

/// Means of light are squared sRGB, as in colourCells(). Without a frame all are unpowered.
[[nodiscard]] GroupColour groupColour(const cluster::Cluster& cluster, const operations::Frame* frame,
                                      const cluster::Range& gpus, const Colouring& colouring,
                                      const Theme& theme);

/// Mean of a quantity over the GPUs with power that have one; NaN where none has. Of one class: GPUs of one
/// hall.
[[nodiscard]] double meanQuantity(const cluster::Cluster& cluster, const operations::Frame& frame,
                                  const cluster::Range& gpus, const Colouring& colouring);

} // namespace atlas::scenes
