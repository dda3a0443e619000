// What a floor answers: what lies under a point, what to say about it, what the colours mean.
#include "scenes/floor_overlay.h"
#include "scenes/floor_scene.h"
#include "scenes/words.h"

#include <algorithm>
#include <array>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

QString className(const cluster::Cluster& cluster, Index hall) {
    return QString::fromStdString(
        cluster.gpuClasses[cluster.islands[cluster.halls[hall].island].gpuClass].name);
}

/// The states of a range of GPUs, the most frequent first: "waiting 58, computing 6".
QString stateCounts(const operations::Frame& frame, const cluster::Range& gpus) {
    std::array<std::pair<std::uint32_t, std::size_t>, operations::kStateCount> counts{};
    for (std::size_t s = 0; s < counts.size(); ++s)
        counts[s].second = s;
    for (Index g = gpus.first; g < gpus.end(); ++g)
        if (frame.state[g] < counts.size())
            ++counts[frame.state[g]].first;
    std::sort(counts.rbegin(), counts.rend());
    QStringList parts;
    for (const auto& [count, state] : counts)
        if (count > 0 && parts.size() < 3)
            parts << stateLabel(static_cast<GpuState>(state)).section(':', 0, 0) + ' ' + grouped(count);
    return parts.join(QStringLiteral(", "));
}

double meanUtilisation(const operations::Frame& frame, const cluster::Range& gpus) {
    double sum = 0;
    for (Index g = gpus.first; g < gpus.end(); ++g)
        sum += frame.utilisation[g];
    return gpus.count ? sum / (255.0 * gpus.count) : 0.0;
}

} // namespace

Target FloorScene::pick(QPointF screen, const Viewport& viewport) const {
    const bool drawn = !m_stale && m_map.camera == m_camera && m_map.viewport == viewport;
    const FloorHit hit =
        hitAt(*m_geometry, drawn ? m_map : makeFloorMap(*m_geometry, m_camera, viewport), screen);
    if (hit.gpu != cluster::kNone)
        return {TargetKind::Gpu, hit.gpu};
    if (hit.rack != cluster::kNone)
        return {TargetKind::Rack, hit.rack};
    const QPointF world = m_camera.toWorld(screen, viewport);
    const auto& halls = m_geometry->cluster->halls;
    for (Index h = 0; h < halls.size(); ++h)
        if (halls[h].rect.contains(world.x(), world.y()))
            return {TargetKind::Hall, h};
    return {};
}

QRectF FloorScene::worldRect(Target target) const {
    return floorRect(*m_geometry->cluster, target);
}

HoverText FloorScene::hoverText(Target target) const {
    const cluster::Cluster& cluster = *m_geometry->cluster;
    if (floorRect(cluster, target).isEmpty())
        return {};
    HoverText text;
    const operations::Frame* now = frame();
    const auto group = [&](const QString& title, Index hall, const cluster::Range& gpus) {
        text.title = title;
        text.rows.emplace_back(tr("GPUs"), grouped(gpus.count) + " · " + className(cluster, hall));
        if (now) {
            text.rows.emplace_back(tr("state"), stateCounts(*now, gpus));
            text.rows.emplace_back(tr("utilised"), percent(meanUtilisation(*now, gpus)));
        }
    };
    switch (target.kind) {
    case TargetKind::Hall:
        group(QString::fromStdString(cluster.halls[target.index].name), target.index,
              cluster.halls[target.index].gpus);
        break;
    case TargetKind::Row: {
        const cluster::Row& row = cluster.rows[target.index];
        const Index first = cluster.racks[row.racks.first].gpus.first;
        const QString label = QString::fromStdString(cluster.racks[row.racks.first].label());
        group(tr("Row %1").arg(label.section('-', 0, 1)), row.hall,
              {first, cluster.racks[row.racks.end() - 1].gpus.end() - first});
        break;
    }
    case TargetKind::Rack:
        group(tr("Rack %1").arg(QString::fromStdString(cluster.racks[target.index].label())),
              cluster.racks[target.index].hall, cluster.racks[target.index].gpus);
        break;
    case TargetKind::Gpu: {
        text.title = QString::fromStdString(cluster.gpuLabel(target.index));
        text.title[0] = text.title[0].toUpper();
        text.rows.emplace_back(tr("class"), className(cluster, cluster.hallOf(target.index)));
        if (now) {
            text.rows.emplace_back(tr("state"), stateLabel(static_cast<GpuState>(now->state[target.index])));
            text.rows.emplace_back(tr("utilised"), percent(now->utilisation[target.index] / 255.0));
            if (target.index == now->culprit && now->culpritSlowdown > 1)
                text.rows.emplace_back(tr("slower than its peers"),
                                       QString::number(now->culpritSlowdown, 'f', 2) + QChar(0x00d7));
        }
        break;
    }
    case TargetKind::None:
    case TargetKind::Switch:
    case TargetKind::LinkGroup:
    case TargetKind::Lane:
    case TargetKind::Instant:
        break;
    }
    return text;
}

Legend FloorScene::legend(const Viewport& viewport) const {
    Legend legend;
    const cluster::Cluster& cluster = *m_geometry->cluster;
    const operations::Frame* now = frame();
    const auto stateEntry = [&](GpuState state) {
        legend.entries.push_back(
            {m_theme.state(state).colour, m_theme.state(state).pattern, stateLabel(state)});
    };
    if (m_options.colourBy == ColourBy::State) {
        for (std::size_t s = operations::kStateCount; s-- > 0;)
            if (now ? now->counts[s] > 0 : s == 0)
                legend.entries.push_back({m_theme.states[s].colour, m_theme.states[s].pattern,
                                          stateLabel(static_cast<GpuState>(s))});
        std::reverse(legend.entries.begin(), legend.entries.end());
    } else {
        if (m_options.colourBy == ColourBy::Utilisation) {
            legend.hasRamp = true;
            legend.ramp = m_theme.sequential;
            legend.rampLow = percent(0);
            legend.rampHigh = tr("100 % of the GPU's time");
        } else {
            for (std::size_t c = 0; c < cluster.gpuClasses.size(); ++c)
                legend.entries.push_back({m_theme.classes[c % m_theme.classes.size()], Pattern::Solid,
                                          QString::fromStdString(cluster.gpuClasses[c].name)});
        }
        for (const GpuState state : {GpuState::Unpowered, GpuState::Culprit, GpuState::Fault})
            if (now && now->counts[static_cast<std::size_t>(state)] > 0)
                stateEntry(state);
    }
    if (m_options.blame && now && now->culprit == m_options.blame->culprit)
        for (const BlameGroup& group : m_options.blame->groups)
            if (!group.gpus.empty() && group.group != operations::Group::Own)
                legend.entries.push_back(
                    {m_theme.text, Pattern::Solid, blameLabel(group.group), group.group});
    const double perPixel = makeFloorMap(*m_geometry, m_camera, viewport).gpusPerPixel;
    if (perPixel >= 1.05)
        legend.note =
            tr("1 px = %1 GPUs, coloured by mean; marks = worst")
                .arg(perPixel < 10 ? QString::number(perPixel, 'f', 1) : grouped(std::lround(perPixel)));
    else if (perPixel > 0)
        legend.note = tr("1 GPU = %1 px").arg(grouped(std::max(1L, std::lround(1 / perPixel))));
    return legend;
}

} // namespace atlas::scenes
