// The NVLink domains of a hall as they are drawn at the foot of the fabric: cells whose area follows the size
// of a domain; far away a cell stands for several.
#pragma once

#include "scenes/fabric_overlay.h"

#include <optional>

namespace atlas::scenes {

struct DomainCells {
    QRectF rect;             ///< of all, device-independent pixels
    cluster::Range gpus;     ///< of the hall
    cluster::Index size = 8; ///< GPUs of a domain
    cluster::Index domains = 1, cells = 1;
    int columns = 1;
    QSizeF pitch;
    double gap = 1;

    [[nodiscard]] QRectF squareOf(cluster::Index cell, double devicePixelRatio) const;
    [[nodiscard]] cluster::Range gpusOf(cluster::Index cell) const;
    /// Precondition: the hall contains the GPU.
    [[nodiscard]] cluster::Index cellOf(cluster::Index gpu) const;
};

/// Nothing where the hall is out of sight or too small.
[[nodiscard]] std::optional<DomainCells> domainCells(const FabricPane& pane, cluster::Index hall);

} // namespace atlas::scenes
