#include "scenes/fabric_domains.h"

#include "scenes/label_paint.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

using cluster::Index;

namespace {

constexpr double kDomainPx = 4; // side of the cell of an 8-GPU domain; others by the root of their size
constexpr int kMostCells = 900; // a hall

Index dealt(Index count, Index cells, Index i) {
    return static_cast<Index>(static_cast<std::uint64_t>(count) * i / cells);
}

} // namespace

QRectF DomainCells::squareOf(Index cell, double devicePixelRatio) const {
    const QPointF corner(rect.left() + static_cast<int>(cell) % columns * pitch.width(),
                         rect.top() + static_cast<int>(cell) / columns * pitch.height());
    return snapped(QRectF(corner, pitch - QSizeF(gap, gap)), devicePixelRatio);
}

cluster::Range DomainCells::gpusOf(Index cell) const {
    const Index from = dealt(domains, cells, cell) * size;
    const Index to = std::min<Index>(dealt(domains, cells, cell + 1) * size, gpus.count);
    return {gpus.first + from, to - from};
}

Index DomainCells::cellOf(Index gpu) const {
    const Index domain = (gpu - gpus.first) / size;
    auto cell = static_cast<Index>(static_cast<std::uint64_t>(domain) * cells / domains);
    while (cell + 1 < cells && dealt(domains, cells, cell + 1) <= domain)
        ++cell;
    return cell;
}

std::optional<DomainCells> domainCells(const FabricPane& pane, Index h) {
    const QRectF rect = pane.screen(pane.layout.hallRects[h]).adjusted(4, 4, -4, -4);
    if (!rect.intersects(pane.viewport.rect()) || rect.width() < 8 || rect.height() < 4)
        return std::nullopt;
    const cluster::Hall& hall = pane.cluster.halls[h];
    DomainCells out;
    out.rect = rect;
    out.gpus = hall.gpus;
    out.size = static_cast<Index>(pane.cluster.islands[hall.island].rackType.nvlinkDomainGpus);
    out.domains = std::max<Index>(1, (hall.gpus.count + out.size - 1) / out.size);
    double cell = std::clamp(kDomainPx * std::sqrt(out.size / 8.0), 3.0, 14.0);
    cell = std::min(cell, std::max(2.0, rect.width() / 5)); // a narrow hall still shows a few
    out.gap = std::max(1.0, std::round(cell * 0.2));
    // Close up, cells grow until each is one domain.
    const double area = rect.width() * rect.height();
    const double most = std::min<double>(kMostCells, out.domains);
    if (area / ((cell + out.gap) * (cell + out.gap)) > most) {
        const double grow = std::sqrt(area / most) / (cell + out.gap);
        cell *= grow;
        out.gap *= std::min(grow, 3.0);
    }
    out.columns = std::max(1, static_cast<int>((rect.width() + out.gap) / (cell + out.gap)));
    const int rows = std::max(1, static_cast<int>((rect.height() + out.gap) / (cell + out.gap)));
    out.cells = static_cast<Index>(
        std::min<std::int64_t>(static_cast<std::int64_t>(out.columns) * rows, out.domains));
    out.pitch = {rect.width() / out.columns, rect.height() / rows};
    return out;
}

} // namespace atlas::scenes
