// What a matrix answers: which link lies under a point, what to say about it, what the colours mean.
#include "scenes/matrix_scene.h"
#include "scenes/words.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

using cluster::Index;
using cluster::LinkKind;

namespace {

QString bitRate(double bytesPerS) {
    return withPrefix(bytesPerS * 8, QStringLiteral("bit/s"));
}

/// Which GPU's leaf a target is about; kNone for none.
Index leafOf(const cluster::Cluster& cluster, Target target) {
    if (target.kind == TargetKind::Switch && target.index < cluster.switches.size())
        return target.index;
    if (target.kind == TargetKind::Gpu && target.index < cluster.gpuCount)
        return cluster.leafOf(target.index);
    return cluster::kNone;
}

} // namespace

Target MatrixScene::pick(QPointF screen, const Viewport& viewport) const {
    const auto hit = hitAt(m_layout, m_camera.toWorld(screen, viewport));
    if (!hit)
        return {};
    const MatrixTile& tile = m_layout.tiles[hit->tile];
    return {TargetKind::LinkGroup, tile.group, linkAt(*m_cluster, tile, hit->column, hit->line)};
}

HoverText MatrixScene::hoverText(Target target) const {
    HoverText text;
    if (target.kind != TargetKind::LinkGroup || target.index >= m_cluster->linkGroups.size())
        return text;
    const cluster::LinkGroup& group = m_cluster->linkGroups[target.index];
    const cluster::Links& links = m_cluster->links;
    text.title = QString::fromStdString(group.name);
    const bool one = target.part < links.size() && links.a[target.part] >= m_cluster->gpuCount;
    if (one) {
        const auto name = [&](Index end) {
            return QString::fromStdString(m_cluster->switchLabel(end - m_cluster->gpuCount));
        };
        text.rows.emplace_back(tr("from"), name(links.a[target.part]));
        text.rows.emplace_back(group.kind == LinkKind::SpineCore ? tr("first to") : tr("to"),
                               name(links.b[target.part]));
        text.rows.emplace_back(tr("cables"), grouped(links.cables[target.part]));
    }
    text.rows.emplace_back(tr("bundle"),
                           tr("%1 cables, %2 each way").arg(grouped(group.cables), bitRate(group.bytesPerS)));
    const operations::Frame* now = frame();
    if (now == nullptr)
        return text;
    const auto load = static_cast<double>(now->linkLoad[target.index]);
    const double health =
        target.index < now->linkHealth.size() ? static_cast<double>(now->linkHealth[target.index]) : 1.0;
    const bool down = !(load >= 0) || !(health > 0);
    text.rows.emplace_back(tr("load"), down ? tr("down") : percent(load));
    if (!down && one && group.cables > 0)
        text.rows.emplace_back(tr("traffic here"),
                               bitRate(load * group.bytesPerS * links.cables[target.part] / group.cables));
    if (!down && health < 1)
        text.rows.emplace_back(tr("capacity left"), percent(health));
    return text;
}

QRectF MatrixScene::worldRect(Target target) const {
    QRectF rect;
    if (target.kind == TargetKind::LinkGroup) {
        if (target.part < m_cluster->links.size())
            if (const QRectF square = squareOf(target.part); !square.isEmpty())
                return square;
        for (const MatrixTile& tile : m_layout.tiles)
            if (tile.group == target.index)
                rect |= tile.rect;
        return rect;
    }
    const Index leaf = leafOf(*m_cluster, target);
    for (const MatrixTile& tile : m_layout.tiles) {
        if (leaf == cluster::kNone || tile.kind != LinkKind::LeafSpine)
            continue;
        const cluster::RailPlane& plane = m_cluster->railPlanes[tile.plane];
        if (plane.leaves.contains(leaf))
            return {tile.rect.left(), tile.rect.top() + (leaf - plane.leaves.first), tile.rect.width(), 1};
        if (plane.spines.contains(leaf))
            return {tile.rect.left() + (leaf - plane.spines.first), tile.rect.top(), 1, tile.rect.height()};
    }
    Index hall = cluster::kNone;
    if (target.kind == TargetKind::Hall)
        hall = target.index;
    else if (target.kind == TargetKind::Rack && target.index < m_cluster->racks.size())
        hall = m_cluster->racks[target.index].hall;
    for (const MatrixHall& each : m_layout.halls)
        if (each.hall == hall)
            return each.rect;
    return rect;
}

Legend MatrixScene::legend(const Viewport& viewport) const {
    Legend legend;
    legend.hasRamp = true;
    legend.ramp = m_theme.load;
    legend.rampLow = tr("idle link");
    legend.rampHigh = tr("congested");
    for (const MatrixTile& tile : m_layout.tiles)
        if (std::isnan(tileLoad(tile, frame()))) {
            const auto& fault = m_theme.state(operations::GpuState::Fault);
            legend.entries.push_back({fault.colour, fault.pattern, tr("down")});
            break;
        }
    const double squarePx = m_camera.pixelsPerMetre * viewport.devicePixelRatio;
    legend.note = squarePx >= 1
                      ? tr("1 square = 1 link from a leaf (down) to a spine (across), below them the "
                           "uplinks to cores; brighter = more cables")
                      : tr("1 px = %1 links, the worst kept; leaves down, spines across")
                            .arg(QString::number(1 / (squarePx * squarePx), 'f', 1));
    return legend;
}

} // namespace atlas::scenes
