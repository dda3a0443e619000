#include "scenes/fabric_routes.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;
using cluster::LinkKind;

constexpr int kCurvePoints = 14; // a ribbon

/// The ribbon of a kind (and hall, where it has one) whose lower end is nearest.
const FabricRibbon* nearestAbove(const FabricLayout& layout, LinkKind kind, Index hall, double x) {
    const FabricRibbon* best = nullptr;
    for (const FabricRibbon& ribbon : layout.ribbons)
        if (ribbon.kind == kind && (ribbon.hall == hall || kind == LinkKind::Trunk) &&
            (best == nullptr || std::abs(ribbon.lower.x() - x) < std::abs(best->lower.x() - x)))
            best = &ribbon;
    return best;
}

/// From a domain up to a layer, ribbon by ribbon.
std::vector<const FabricRibbon*> climb(const FabricLayout& layout, Index hall, double x, LinkKind top) {
    std::vector<const FabricRibbon*> way;
    for (const LinkKind kind : {LinkKind::Nic, LinkKind::LeafSpine, LinkKind::SpineCore, LinkKind::Trunk}) {
        if (kind > top)
            break;
        if (const FabricRibbon* ribbon = nearestAbove(layout, kind, hall, x)) {
            way.push_back(ribbon);
            x = ribbon->upper.x();
        }
    }
    return way;
}

/// Where a GPU's domain is within its hall, by its place in the order of the hall.
double domainX(const cluster::Cluster& cluster, const FabricLayout& layout, Index gpu) {
    const Index hall = cluster.hallOf(gpu);
    const cluster::Range gpus = cluster.halls[hall].gpus;
    const QRectF& rect = layout.hallRects[hall];
    return rect.left() + rect.width() * (gpu - gpus.first + 0.5) / std::max<Index>(1, gpus.count);
}

} // namespace

void appendRibbon(const FabricRibbon& ribbon, bool upwards, std::vector<QPointF>& out) {
    for (int i = 0; i <= kCurvePoints; ++i) {
        const double t = static_cast<double>(upwards ? i : kCurvePoints - i) / kCurvePoints;
        const double smooth = t * t * (3 - 2 * t);
        out.emplace_back(ribbon.lower.x() + (ribbon.upper.x() - ribbon.lower.x()) * smooth,
                         ribbon.lower.y() + (ribbon.upper.y() - ribbon.lower.y()) * t);
    }
}

std::vector<QPointF> fabricRoute(const cluster::Cluster& cluster, const FabricLayout& layout, Index fromGpu,
                                 Index toGpu) {
    const Index a = cluster.hallOf(fromGpu);
    const Index b = cluster.hallOf(toGpu);
    const LinkKind top = a == b                                               ? LinkKind::LeafSpine
                         : cluster.halls[a].island == cluster.halls[b].island ? LinkKind::SpineCore
                                                                              : LinkKind::Trunk;
    const double fromX = domainX(cluster, layout, fromGpu);
    const double toX = domainX(cluster, layout, toGpu);
    std::vector<QPointF> line{{fromX, layout.hallRects[a].top()}};
    for (const FabricRibbon* ribbon : climb(layout, a, fromX, top))
        appendRibbon(*ribbon, true, line);
    auto down = climb(layout, b, toX, top);
    std::ranges::reverse(down);
    for (const FabricRibbon* ribbon : down)
        appendRibbon(*ribbon, false, line);
    line.emplace_back(toX, layout.hallRects[b].top());
    return line;
}

} // namespace atlas::scenes
