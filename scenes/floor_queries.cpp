// What a floor answers: what lies under a point, what to say about it, what the colours mean.
#include "scenes/floor_difference.h"
#include "scenes/floor_overlay.h"
#include "scenes/floor_scene.h"
#include "scenes/group_colour.h"
#include "scenes/group_words.h"
#include "scenes/words.h"

#include <algorithm>

namespace atlas::scenes {

using cluster::Index;

namespace {

/// "376 leaves, 376 spines": what stands in a hall's rows of switches.
QString networkOf(const cluster::Cluster& cluster, Index hall) {
    std::uint64_t leaves = 0;
    std::uint64_t spines = 0;
    for (const cluster::RailPlane& plane : cluster.railPlanes)
        if (plane.hall == hall) {
            leaves += plane.leaves.count;
            spines += plane.spines.count;
        }
    return tr("%1 leaves, %2 spines")
        .arg(grouped(static_cast<std::int64_t>(leaves)), grouped(static_cast<std::int64_t>(spines)));
}

} // namespace

Target FloorScene::pick(QPointF screen, const Viewport& viewport) const {
    const bool drawn = !m_stale && m_map.camera == m_camera && m_map.viewport == viewport;
    const FloorHit hit =
        hitAt(*m_geometry, drawn ? m_map : makeFloorMap(*m_geometry, m_camera, viewport, &m_map), screen);
    if (hit.gpu != cluster::kNone)
        return {TargetKind::Gpu, hit.gpu};
    if (hit.rack != cluster::kNone)
        return {TargetKind::Rack, hit.rack};
    const QPointF world = m_camera.toWorld(screen, viewport);
    if (const Index found = switchAt(m_network, world);
        found != cluster::kNone &&
        switchRect(m_network, found).width() * m_camera.pixelsPerMetre >= kSwitchPx)
        return {TargetKind::Switch, found};
    const auto& halls = m_geometry->cluster->halls;
    for (Index h = 0; h < halls.size(); ++h)
        if (halls[h].rect.contains(world.x(), world.y()))
            return {TargetKind::Hall, h};
    for (const YardBlock& block : m_yard.blocks)
        if (block.rect.contains(world))
            return {TargetKind::Work, static_cast<Index>(block.work)};
    return {};
}

QRectF FloorScene::worldRect(Target target) const {
    if (target.kind == TargetKind::Work)
        for (const YardBlock& block : m_yard.blocks)
            if (block.work == target.index)
                return block.rect;
    if (target.kind == TargetKind::Switch)
        return switchRect(m_network, target.index);
    return floorRect(*m_geometry->cluster, target);
}

HoverText FloorScene::aboutWork(std::size_t index) const {
    HoverText text;
    if (!m_site || index >= m_site->works.size())
        return text;
    const operations::SiteWork& work = m_site->works[index];
    text.title = grouped(work.count) + ' ' + workName(work.kind);
    if (work.powerW > 0)
        text.rows.emplace_back(tr("power"), withPrefix(work.powerW, QStringLiteral("W")));
    if (work.energyJ > 0)
        text.rows.emplace_back(tr("stored"), withPrefix(work.energyJ / 3600, QStringLiteral("Wh")));
    if (!work.note.empty())
        text.rows.emplace_back(tr("note"), QString::fromStdString(work.note));
    text.rows.emplace_back(tr("source"), QString::fromStdString(work.source));
    return text;
}

HoverText FloorScene::aboutSwitch(Index number) const {
    HoverText text;
    for (const NetworkRow& row : m_network)
        for (const SwitchBlock& block : row.blocks) {
            if (!block.switches.contains(number))
                continue;
            const cluster::Cluster& cluster = *m_geometry->cluster;
            text.title = QString::fromStdString(cluster.switchLabel(number));
            text.rows.emplace_back(block.tier == cluster::Tier::Leaf ? tr("leaves of its rail")
                                                                     : tr("spines of its rail"),
                                   grouped(block.switches.count));
            const operations::Frame* now = frame();
            if (now == nullptr || block.group >= now->linkLoad.size())
                return text;
            const auto load = static_cast<double>(now->linkLoad[block.group]);
            text.rows.emplace_back(tr("leaf to spine"), load >= 0 ? percent(load) : tr("down"));
            return text;
        }
    return text;
}

HoverText FloorScene::hoverText(Target target) const {
    if (target.kind == TargetKind::Work)
        return aboutWork(target.index);
    if (target.kind == TargetKind::Switch)
        return aboutSwitch(target.index);
    const cluster::Cluster& cluster = *m_geometry->cluster;
    if (floorRect(cluster, target).isEmpty())
        return {};
    HoverText text;
    const operations::Frame* now = frame();
    /// What is shown is not what they do but how it differs.
    const auto difference = [&](const cluster::Range& gpus) {
        const Colouring colouring(m_options.colourBy, conditions());
        if (const operations::Frame* before = base()) {
            const double a = meanQuantity(cluster, *before, gpus, colouring);
            const double b = meanQuantity(cluster, *now, gpus, colouring);
            text.rows.emplace_back(tr("A"), colouring.text(a));
            text.rows.emplace_back(tr("B"), colouring.text(b));
            text.rows.emplace_back(tr("B − A"), differenceText(colouring, b - a));
        }
    };
    const auto group = [&](const QString& title, const cluster::Range& gpus) {
        text.title = title;
        describeGroup(text, cluster, now, gpus, conditions());
        difference(gpus);
    };
    switch (target.kind) {
    case TargetKind::Hall:
        group(QString::fromStdString(cluster.halls[target.index].name), cluster.halls[target.index].gpus);
        text.rows.emplace_back(tr("network rows"), networkOf(cluster, target.index));
        break;
    case TargetKind::Row: {
        const cluster::Row& row = cluster.rows[target.index];
        const Index first = cluster.racks[row.racks.first].gpus.first;
        const QString label = QString::fromStdString(cluster.racks[row.racks.first].label());
        group(tr("Row %1").arg(label.section('-', 0, 1)),
              {first, cluster.racks[row.racks.end() - 1].gpus.end() - first});
        break;
    }
    case TargetKind::Rack:
        group(tr("Rack %1").arg(QString::fromStdString(cluster.racks[target.index].label())),
              cluster.racks[target.index].gpus);
        break;
    case TargetKind::Gpu:
        describeGpu(text, cluster, now, target.index, conditions());
        difference({target.index, 1});
        break;
    case TargetKind::None:
    case TargetKind::Switch:
    case TargetKind::LinkGroup:
    case TargetKind::Work:
    case TargetKind::Lane:
    case TargetKind::Instant:
        break;
    }
    return text;
}

Legend FloorScene::legend(const Viewport& viewport) const {
    Legend legend;
    const operations::Frame* now = frame();
    const bool differs = base() != nullptr;
    if (differs)
        addDifference(legend, {m_options.colourBy, conditions()}, m_theme);
    else
        addColouring(legend, *m_geometry->cluster, now, {m_options.colourBy, conditions()}, m_theme);
    if (m_options.blame && now && now->culprit == m_options.blame->culprit)
        for (const BlameGroup& group : m_options.blame->groups)
            if (!group.gpus.empty() && group.group != operations::Group::Own)
                legend.entries.push_back(
                    {m_theme.text, Pattern::Solid, blameLabel(group.group), group.group});
    const double perPixel = makeFloorMap(*m_geometry, m_camera, viewport).gpusPerPixel;
    if (perPixel >= 1.05)
        legend.note =
            (differs ? tr("1 px = %1 GPUs, mean of B − A; marks = worst of B")
                     : tr("1 px = %1 GPUs, coloured by mean; marks = worst"))
                .arg(perPixel < 10 ? QString::number(perPixel, 'f', 1) : grouped(std::lround(perPixel)));
    else if (perPixel > 0)
        legend.note = tr("1 GPU = %1 px").arg(grouped(std::max(1L, std::lround(1 / perPixel))));
    return legend;
}

} // namespace atlas::scenes
