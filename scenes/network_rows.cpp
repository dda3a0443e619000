#include "scenes/network_rows.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/words.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;
using cluster::Tier;

// Metres, inside the clearance between the last line of racks and the wall.
constexpr double kFromWallM = 0.45;
constexpr double kDepthM = 0.4;
constexpr double kGapShare = 0.004;  // of the row, between two rails
constexpr double kSpineHeight = 0.5; // of a leaf's
constexpr double kTwoHeightsPx = 4;  // a row below this is a line
constexpr double kUnitShare = 0.8;   // of a switch's place that it fills

/// The group of leaf to spine links of a rail; kNone where there is none.
Index groupOf(const cluster::Cluster& cluster, const cluster::RailPlane& plane) {
    for (Index g = 0; g < cluster.linkGroups.size(); ++g) {
        const cluster::LinkGroup& group = cluster.linkGroups[g];
        if (group.kind == cluster::LinkKind::LeafSpine && group.hallA == plane.hall &&
            (group.rail == plane.rail || group.rail == 0xffff))
            return g;
    }
    return cluster::kNone;
}

QColor colourOf(const SwitchBlock& block, const operations::Frame* frame, const Theme& theme) {
    if (frame == nullptr || block.group >= frame->linkLoad.size())
        return theme.loadAt(0);
    const auto load = static_cast<double>(frame->linkLoad[block.group]);
    return std::isnan(load) || load < 0 ? theme.state(operations::GpuState::Fault).colour
                                        : theme.loadAt(load);
}

} // namespace

QRectF SwitchBlock::rectOf(Index number) const {
    const double pitch = rect.width() / switches.count;
    return {rect.left() + pitch * (number - switches.first), rect.top(), pitch, rect.height()};
}

std::vector<NetworkRow> makeNetworkRows(const cluster::Cluster& cluster) {
    std::vector<NetworkRow> rows;
    for (Index h = 0; h < cluster.halls.size(); ++h) {
        std::vector<const cluster::RailPlane*> planes;
        double switches = 0;
        for (const cluster::RailPlane& plane : cluster.railPlanes)
            if (plane.hall == h && plane.leaves.count + plane.spines.count > 0) {
                planes.push_back(&plane);
                switches += plane.leaves.count + plane.spines.count;
            }
        if (planes.empty())
            continue;
        const QRectF hall = toQt(cluster.halls[h].rect);
        const QRectF content = toQt(cluster.halls[h].content());
        NetworkRow row;
        row.hall = h;
        row.rect = {content.left(), hall.bottom() - kFromWallM - kDepthM, content.width(), kDepthM};
        const double gap = kGapShare * row.rect.width();
        const double pitch = (row.rect.width() - gap * static_cast<double>(planes.size() - 1)) / switches;
        double x = row.rect.left();
        for (const cluster::RailPlane* plane : planes) {
            const Index group = groupOf(cluster, *plane);
            for (const auto& [range, tier] :
                 {std::pair{plane->leaves, Tier::Leaf}, {plane->spines, Tier::Spine}}) {
                if (range.count == 0)
                    continue;
                const double height = tier == Tier::Leaf ? kDepthM : kSpineHeight * kDepthM;
                row.blocks.push_back(
                    {range, tier, group, {x, row.rect.bottom() - height, pitch * range.count, height}});
                x += pitch * range.count;
            }
            x += gap;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

Index switchAt(const std::vector<NetworkRow>& rows, QPointF world) {
    for (const NetworkRow& row : rows)
        if (row.rect.contains(world))
            for (const SwitchBlock& block : row.blocks)
                if (block.rect.contains(world)) {
                    const double place = (world.x() - block.rect.left()) / block.rect.width();
                    return block.switches.first +
                           std::min(block.switches.count - 1,
                                    static_cast<Index>(std::max(0.0, place * block.switches.count)));
                }
    return cluster::kNone;
}

QRectF switchRect(const std::vector<NetworkRow>& rows, Index number) {
    for (const NetworkRow& row : rows)
        for (const SwitchBlock& block : row.blocks)
            if (block.switches.contains(number))
                return block.rectOf(number);
    return {};
}

QString switchBlockName(const cluster::Cluster& cluster, const SwitchBlock& block) {
    const int rail = cluster.switches[block.switches.first].rail + 1;
    const QString count = grouped(block.switches.count);
    return block.tier == Tier::Leaf ? tr("rail %1 · %2 leaves").arg(rail).arg(count)
                                    : tr("rail %1 · %2 spines").arg(rail).arg(count);
}

QRectF drawnRow(const NetworkRow& row, const Camera& camera, const Viewport& viewport) {
    QRectF rect = camera.toScreen(row.rect, viewport);
    rect.setHeight(std::max(rect.height(), 1 / viewport.devicePixelRatio));
    return rect;
}

void paintNetworkRow(QPainter& painter, const NetworkRow& row, const operations::Frame* frame,
                     const Camera& camera, const Viewport& viewport, const Theme& theme) {
    const QRectF pane = viewport.rect();
    const QRectF whole = drawnRow(row, camera, viewport);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const SwitchBlock& block : row.blocks) {
        QRectF place = camera.toScreen(block.rect, viewport);
        if (whole.height() < kTwoHeightsPx) {
            place.setTop(whole.top());
            place.setBottom(whole.bottom());
        }
        if (!place.intersects(pane))
            continue;
        const QColor colour = colourOf(block, frame, theme);
        const double pitch = place.width() / block.switches.count;
        if (pitch < kSwitchPx) {
            painter.fillRect(snapped(place & pane.adjusted(-8, -8, 8, 8), viewport.devicePixelRatio), colour);
            continue;
        }
        // Only those in sight: a hall may have thousands.
        const auto last = static_cast<double>(block.switches.count - 1);
        const auto at = [&](double x) {
            return static_cast<Index>(std::clamp((x - place.left()) / pitch, 0.0, last));
        };
        for (Index i = at(pane.left()); i <= at(pane.right()); ++i) {
            const QRectF one(place.left() + pitch * i, place.top(), pitch * kUnitShare, place.height());
            painter.fillRect(snapped(one, viewport.devicePixelRatio), colour);
        }
    }
}

} // namespace atlas::scenes
