// What a fabric answers: what lies under a point, what to say about it, what the colours mean.
#include "scenes/fabric_groups.h"
#include "scenes/fabric_look.h"
#include "scenes/fabric_overlay.h"
#include "scenes/words.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;

constexpr float kReachPx = 4; // beside a ribbon

QString loadText(const operations::Frame& frame, Index group) {
    const auto load = static_cast<double>(frame.linkLoad[group]);
    return load >= 0 ? percent(load) : tr("down");
}

QString bitRate(double bytesPerS) {
    return withPrefix(bytesPerS * 8, QStringLiteral("bit/s"));
}

QString railsOf(const FabricNode& node) {
    return node.rails == 1 ? tr("rail %1").arg(node.firstRail + 1)
                           : tr("rails %1–%2").arg(node.firstRail + 1).arg(node.firstRail + node.rails);
}

} // namespace

Target FabricScene::pick(QPointF screen, const Viewport& viewport) const {
    const Camera camera = drawnCamera(viewport);
    const FabricPane pane{*m_cluster, m_layout, camera, viewport, m_theme};
    for (const FabricNode& node : m_layout.nodes) {
        if (!pane.block(node).adjusted(-2, -2, 2, 2).contains(screen))
            continue;
        if (node.layer == FabricLayer::Domains)
            return {TargetKind::Hall, node.hall};
        if (node.layer == FabricLayer::Trunk)
            return {TargetKind::LinkGroup, node.group};
        if (node.switches.count > 0)
            return {TargetKind::Switch, node.switches.first};
        if (node.hall != cluster::kNone)
            return {TargetKind::Hall, node.hall};
    }
    const auto ratio = static_cast<float>(viewport.devicePixelRatio);
    const FabricRibbon* nearest = nullptr;
    float best = kReachPx * ratio;
    for (const FabricRibbon& ribbon : m_layout.ribbons) {
        const RibbonDraw draw = placeOf(ribbon, camera, viewport);
        const float distance =
            ribbonDistance(draw, screen * viewport.devicePixelRatio) - std::max(draw.halfWidth, 0.5f);
        if (ribbon.groups.count > 0 && distance < best) {
            best = distance;
            nearest = &ribbon;
        }
    }
    if (!nearest)
        return {};
    Index worst = nearest->groups.first;
    if (const operations::Frame* now = frame())
        for (Index g = nearest->groups.first; g < nearest->groups.end(); ++g)
            if (!(now->linkLoad[g] <= now->linkLoad[worst]))
                worst = g;
    return {TargetKind::LinkGroup, worst};
}

HoverText FabricScene::hoverText(Target target) const {
    HoverText text;
    const operations::Frame* now = frame();
    if (target.kind == TargetKind::LinkGroup && target.index < m_cluster->linkGroups.size()) {
        const auto& group = m_cluster->linkGroups[target.index];
        text.title = QString::fromStdString(group.name);
        text.rows.emplace_back(tr("capacity"), bitRate(group.bytesPerS) + tr(" each way"));
        text.rows.emplace_back(tr("cables"), grouped(group.cables));
        if (now) {
            text.rows.emplace_back(tr("load"), loadText(*now, target.index));
            const auto load = static_cast<double>(now->linkLoad[target.index]);
            if (load >= 0)
                text.rows.emplace_back(tr("traffic"), bitRate(load * group.bytesPerS));
        }
    } else if (target.kind == TargetKind::Switch && target.index < m_cluster->switches.size()) {
        text.title = QString::fromStdString(m_cluster->switchLabel(target.index));
        const auto found =
            std::find_if(m_layout.nodes.begin(), m_layout.nodes.end(), [&](const FabricNode& n) {
                return n.layer != FabricLayer::Domains && n.switches.contains(target.index);
            });
        if (found != m_layout.nodes.end()) {
            if (found->rails > 0)
                text.rows.emplace_back(tr("block"), railsOf(*found));
            text.rows.emplace_back(tr("switches here"), grouped(found->switches.count));
        }
        const auto& fabric = m_cluster->islands[m_cluster->switches[target.index].island].fabric;
        text.rows.emplace_back(tr("fabric"), QString::fromStdString(fabric.name));
        text.rows.emplace_back(tr("port"), bitRate(fabric.linkBytesPerS.value));
    } else if (target.kind == TargetKind::Hall && target.index < m_cluster->halls.size()) {
        const auto& hall = m_cluster->halls[target.index];
        const auto& island = m_cluster->islands[hall.island];
        text.title = QString::fromStdString(hall.name);
        text.rows.emplace_back(tr("GPUs"), grouped(hall.gpus.count));
        text.rows.emplace_back(tr("NVLink domain"), tr("%1 GPUs").arg(island.rackType.nvlinkDomainGpus));
        text.rows.emplace_back(tr("fabric"), QString::fromStdString(island.fabric.name));
        text.rows.emplace_back(tr("rails"), QString::number(island.fabric.rails));
    }
    return text;
}

QRectF FabricScene::worldRect(Target target) const {
    if (target.kind == TargetKind::Hall && target.index < m_layout.hallRects.size())
        return m_layout.hallRects[target.index];
    QRectF rect;
    if (target.kind == TargetKind::LinkGroup)
        for (const FabricRibbon& ribbon : m_layout.ribbons)
            if (ribbon.groups.contains(target.index))
                rect |= QRectF(ribbon.lower, ribbon.upper).normalized();
    if (target.kind == TargetKind::Switch)
        for (const FabricNode& node : m_layout.nodes)
            if (node.layer != FabricLayer::Domains && node.switches.contains(target.index))
                rect |= node.rect;
    return rect;
}

Legend FabricScene::legend(const Viewport&) const {
    Legend legend;
    legend.hasRamp = true;
    legend.ramp = m_theme.load;
    legend.rampLow = tr("idle link");
    legend.rampHigh = tr("congested");
    legend.note = tr("width = capacity; brightness = speed of a cable; dashes = traffic");
    if (m_options.mode == FabricMode::Full)
        addFabricGroupLegend(legend, *m_cluster, m_layout, frame(), m_options, m_theme);
    return legend;
}

} // namespace atlas::scenes
