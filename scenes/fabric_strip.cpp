// The strip: rails below, cores above, and the trunk's links drawn from the rails of the island that hangs on
// it to the cores of the other.
#include "scenes/fabric_layout.h"

#include <algorithm>
#include <limits>

namespace atlas::scenes {

namespace {

using cluster::Index;
using cluster::LinkKind;

constexpr double kBarHeight = 4;  // pixels
constexpr double kBottomBar = 12; // width, where there is room
constexpr double kTopBar = 28;
constexpr double kMargin = 10;
constexpr double kRibbonPx = 1.1; // a ribbon of the fastest fabric

struct Bar {
    QRectF rect;
    Index hall = cluster::kNone;
    Index island = 0;
};

} // namespace

FabricLayout makeFabricStrip(const cluster::Cluster& cluster, QSizeF size) {
    FabricLayout out;
    out.bounds = {QPointF(0, 0), size};
    out.layerY.assign(5, std::numeric_limits<double>::quiet_NaN());
    const double top = kBarHeight / 2 + 2;
    const double bottom = size.height() - kBarHeight / 2 - 2;
    out.layerY[static_cast<std::size_t>(FabricLayer::Core)] = top;
    out.layerY[static_cast<std::size_t>(FabricLayer::Leaf)] = bottom;
    if (cluster.halls.empty())
        return out;

    const auto halls = static_cast<int>(cluster.halls.size());
    const int barsPerHall = std::clamp(16 / halls, 1, 4);
    const int slots = halls * barsPerHall;
    const double pitch = (size.width() - 2 * kMargin) / slots;
    std::vector<Bar> feet;
    for (int h = 0; h < halls; ++h)
        for (int i = 0; i < barsPerHall; ++i) {
            const double w = std::min(kBottomBar, 0.6 * pitch);
            // Bars of one hall stand a little closer together than halls do.
            const double x =
                kMargin +
                (h * barsPerHall + barsPerHall / 2.0 + (i + 0.5 - barsPerHall / 2.0) * 0.86) * pitch;
            feet.push_back({{x - w / 2, bottom - kBarHeight / 2, w, kBarHeight},
                            static_cast<Index>(h),
                            cluster.halls[static_cast<std::size_t>(h)].island});
        }

    std::vector<Bar> heads;
    double fastest = 0;
    for (Index i = 0; i < cluster.islands.size(); ++i) {
        const auto& island = cluster.islands[i];
        fastest = std::max(fastest, island.fabric.linkBytesPerS.value);
        const double from = kMargin + island.halls.first * barsPerHall * pitch;
        const double width = island.halls.count * barsPerHall * pitch;
        const int bars = std::clamp(static_cast<int>(width / 90), 1, 5);
        for (int b = 0; b < bars; ++b) {
            const double w = std::min(kTopBar, 0.7 * width / bars);
            const double x = from + width * (b + 0.5) / bars;
            heads.push_back({{x - w / 2, top - kBarHeight / 2, w, kBarHeight}, cluster::kNone, i});
        }
    }
    for (const Bar& bar : feet)
        out.nodes.push_back({FabricLayer::Leaf, bar.rect, bar.island, bar.hall, 0, 0, {}, cluster::kNone});
    for (const Bar& bar : heads)
        out.nodes.push_back(
            {FabricLayer::Core, bar.rect, bar.island, cluster::kNone, 0, 0, {}, cluster::kNone});

    const auto join = [&](const Bar& foot, const Bar& head, LinkKind kind, const cluster::Range& groups,
                          double width) {
        FabricRibbon ribbon;
        ribbon.kind = kind;
        ribbon.hall = foot.hall;
        ribbon.groups = groups;
        ribbon.lower = {foot.rect.center().x(), foot.rect.top()};
        ribbon.upper = {head.rect.center().x(), head.rect.bottom()};
        ribbon.width = width;
        ribbon.brightness = cluster.islands[foot.island].fabric.linkBytesPerS.value / std::max(fastest, 1.0);
        out.ribbons.push_back(ribbon);
    };
    // Where halls need no core, their own rails stand for them.
    std::vector<bool> cored(cluster.halls.size(), false);
    for (const auto& group : cluster.linkGroups)
        if (group.kind == LinkKind::SpineCore && group.hallA < cored.size())
            cored[group.hallA] = true;
    for (Index g = 0; g < cluster.linkGroups.size(); ++g) {
        const auto& group = cluster.linkGroups[g];
        const bool ownRails = group.kind == LinkKind::LeafSpine && group.rail == 0 && !cored[group.hallA];
        for (const Bar& foot : feet)
            for (const Bar& head : heads) {
                const double rate =
                    cluster.islands[foot.island].fabric.linkBytesPerS.value / std::max(fastest, 1.0);
                const bool within = foot.hall == group.hallA && head.island == foot.island;
                if (within && (group.kind == LinkKind::SpineCore || ownRails))
                    join(foot, head, group.kind, {g, 1}, std::max(0.6, kRibbonPx * rate));
                else if (group.kind == LinkKind::Trunk && foot.island == group.islandB &&
                         head.island == group.island)
                    join(foot, head, LinkKind::Trunk, {g, 1}, kRibbonPx);
            }
    }
    return out;
}

} // namespace atlas::scenes
